package io.github.lamplighter.harness;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The JSON Schemas that the program ships, read by somebody else's validator.
public final class Schema {

    /// What `--json` prints: `new Schema(Schema.ENVELOPE).complaints(stdout)` is empty.
    public static final String ENVELOPE = "envelope-1.json";

    /// What a manifest is.
    public static final String MANIFEST = "tool-manifest-1.json";

    private final com.networknt.schema.Schema schema;

    /// @param name one of the two above
    public Schema(String name) {
        this(file(name));
    }

    public Schema(Path file) {
        try {
            String text = Files.readString(file);
            this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(text, InputFormat.JSON);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Where a schema lies among the program's resources.
    public static Path file(String name) {
        return Installed.CHECKOUT
                .resolve("src/main/resources/io/github/lamplighter/tool")
                .resolve(name);
    }

    /// What is wrong with a text; nothing when it is as the schema says.
    public List<String> complaints(String json) {
        return schema.validate(json, InputFormat.JSON).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }
}
