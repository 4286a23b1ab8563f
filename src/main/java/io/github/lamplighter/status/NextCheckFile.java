package io.github.lamplighter.status;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// `next-check.json`: when the tray icon checks all tools again. It counts as long as a tray icon is running.
public final class NextCheckFile {

    private final Path file;

    public NextCheckFile(AppDirectories directories) {
        this.file = directories.state().resolve("next-check.json");
    }

    /// Empty if it is not known.
    public Optional<Instant> read() {
        if (!(JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(json.path("at").asString("")));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// Without the file, the window does not show the time.
    public void write(Instant at) {
        try {
            JsonFile.write(file, JsonFile.MAPPER.createObjectNode().put("at", at.toString()));
        } catch (IOException _) {
            // As if it were not known.
        }
    }
}
