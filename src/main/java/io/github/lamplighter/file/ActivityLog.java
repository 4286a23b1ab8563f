package io.github.lamplighter.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The log of everything that Lamplighter changed: `activity.jsonl`, one JSON object on each line, append-only.
public final class ActivityLog {

    private static final JsonMapper LINES = JsonMapper.builder().build();

    private final Path file;

    public ActivityLog(AppDirectories directories) {
        this.file = directories.activity();
    }

    /// One change.
    ///
    /// @param what the change: `upgraded from 14.1.0 to 14.1.1`
    /// @param where the path or the unit
    /// @param why the command that made the change
    /// @param back how to undo it: a command, or a sentence
    public record Change(Instant at, String name, String what, String where, String why, String back) {}

    public void add(Change change) {
        String line = LINES.writeValueAsString(JsonFile.MAPPER
                .createObjectNode()
                .put("at", change.at().toString())
                .put("name", change.name())
                .put("what", change.what())
                .put("where", change.where())
                .put("why", change.why())
                .put("back", change.back()));
        try {
            AtomicFile.makeFolder(AtomicFile.folderOf(file));
            try (FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(AtomicFile.PRIVATE)))) {
                // In one write, so that lines of two processes do not mix.
                channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every change, newest first.
    public List<Change> all() {
        List<Change> changes = new ArrayList<>();
        try {
            // Not with readString, which fails at bytes that are not UTF-8.
            new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().forEach(line -> read(line, changes));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return changes.reversed();
    }

    /// Skips a damaged line (torn by a full disk).
    private static void read(String line, List<Change> changes) {
        try {
            JsonNode json = LINES.readTree(line);
            changes.add(new Change(
                    Instant.parse(json.path("at").asString()),
                    json.path("name").asString(""),
                    json.path("what").asString(""),
                    json.path("where").asString(""),
                    json.path("why").asString(""),
                    json.path("back").asString("")));
        } catch (JacksonException | java.time.DateTimeException e) {
            return;
        }
    }
}
