package io.github.lamplighter.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A JSON file (RFC 8259, UTF-8) that is read whole and written atomically.
public final class JsonFile {

    /// The one mapper: indented, so that a person can read every file of ours.
    public static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private JsonFile() {}

    /// How much the program whose file it is puts up with.
    public enum Form {
        /// JSON as the standard has it: our own files, and what Python's `json` and Rust's serde read (pipx, pip,
        /// Volta).
        STRICT,
        /// As npm reads: a byte order mark is nothing, and a byte that is not UTF-8 (an old name) is a sign of its own
        /// (`json-parse-even-better-errors`, `fs.readFile(…, "utf8")`).
        NPM,
        /// With comments, commas after the last entry and a byte order mark, as editors and many tools have their
        /// settings (JSONC).
        COMMENTED
    }

    /// Made when it is first needed: most runs read no such file.
    private static final class Commented {
        private static final JsonMapper MAPPER = JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
                .build();

        private Commented() {}
    }

    /// What was read.
    public sealed interface Content {
        record Present(JsonNode json) implements Content {}

        record Absent() implements Content {}

        /// It cannot be parsed or read.
        ///
        /// @param line counted from 1; 0 when the file could not be read at all
        /// @param column counted from 1
        /// @param message a phrase (`expected a comma`), without the place
        record Damaged(int line, int column, String message) implements Content {}
    }

    public static Content read(Path file) {
        return read(file, Form.STRICT);
    }

    public static Content read(Path file, Form form) {
        try {
            JsonNode json = switch (form) {
                case STRICT -> MAPPER.readTree(Files.readString(file));
                case NPM -> MAPPER.readTree(unmarked(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
                case COMMENTED -> Commented.MAPPER.readTree(unmarked(Files.readString(file)));
            };
            return json.isMissingNode() ? new Content.Damaged(1, 1, "it is empty") : new Content.Present(json);
        } catch (NoSuchFileException e) {
            return new Content.Absent();
        } catch (CharacterCodingException e) {
            return new Content.Damaged(0, 0, "it is not UTF-8");
        } catch (IOException e) {
            return new Content.Damaged(0, 0, "it cannot be read: " + e.getMessage());
        } catch (JacksonException e) {
            var location = e.getLocation();
            return new Content.Damaged(
                    location == null ? 1 : location.getLineNr(),
                    location == null ? 1 : location.getColumnNr(),
                    inWords(e.getOriginalMessage()));
        }
    }

    private static String unmarked(String text) {
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /// What the parser says is for programmers; what people do wrong by hand is said in their words.
    private static String inWords(String said) {
        if (said.contains("was expecting comma")) {
            return "a comma is missing before this";
        }
        if (said.startsWith("Unexpected end-of-input")) {
            return "it ends in the middle";
        }
        if (said.contains("was expecting double-quote to start")) {
            return "a name in double quotes belongs here; often a comma stands after the last entry";
        }
        if (said.contains("was expecting a colon")) {
            return "a colon is missing before this";
        }
        if (said.contains("maybe a (non-standard) comment")) {
            return "a comment stands here, and JSON has none";
        }
        if (said.contains("code 65279")) {
            return "a byte order mark stands here, and JSON has none";
        }
        return said.startsWith("Unrecognized token") || said.startsWith("Unexpected character")
                ? "this is not JSON; a text stands in double quotes"
                : said.lines().findFirst().orElse(said);
    }

    /// Writes `json` with private permissions.
    public static void write(Path file, JsonNode json) throws IOException {
        AtomicFile.write(file, MAPPER.writeValueAsString(json) + "\n");
    }
}
