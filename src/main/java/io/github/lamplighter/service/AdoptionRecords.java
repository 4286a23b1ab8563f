package io.github.lamplighter.service;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Backups of the service file and the manifest from before a service was adopted, in `adopted/NAME/` of the
/// state directory.
public final class AdoptionRecords {

    private static final String RECORD = "adoption.json";
    private static final String MANIFEST = "manifest.json";
    private static final String TEXT = "before.service";

    private final Path folder;

    public AdoptionRecords(AppDirectories directories) {
        this.folder = directories.state().resolve("adopted");
    }

    /// @param unit the manager's name of the service
    /// @param file the path of its file
    /// @param text a copy of that file
    /// @param manifest a copy of the tool's manifest
    public record Adoption(String unit, Path file, Path text, Path manifest) {

        /// Whether `now` equals the backup: the same program wrote the file again.
        public boolean isSame(String now) {
            try {
                return Files.readString(text).equals(now);
            } catch (IOException e) {
                return false;
            }
        }
    }

    public Optional<Adoption> of(String name) {
        Path place = folder.resolve(name);
        return JsonFile.read(place.resolve(RECORD)) instanceof JsonFile.Content.Present(JsonNode json)
                        && Files.isRegularFile(place.resolve(TEXT))
                ? Optional.of(new Adoption(
                        json.path("unit").asString(""),
                        Path.of(json.path("file").asString("/")),
                        place.resolve(TEXT),
                        place.resolve(MANIFEST)))
                : Optional.empty();
    }

    /// Backs up both files, in place of an earlier adoption's backup.
    Path keep(String name, ForeignUnit unit, Path manifest, Instant at) throws IOException {
        Path place = folder.resolve(name);
        AtomicFile.write(place.resolve(TEXT), Files.readString(unit.file()));
        AtomicFile.write(place.resolve(MANIFEST), Files.readString(manifest));
        JsonFile.write(
                place.resolve(RECORD),
                JsonFile.MAPPER
                        .createObjectNode()
                        .put("schema", "lamplighter.adoption/1")
                        .put("unit", unit.unit())
                        .put("file", unit.file().toString())
                        .put("at", at.toString()));
        return place.resolve(TEXT);
    }

    void forget(String name) {
        for (String file : List.of(RECORD, TEXT, MANIFEST, "")) {
            try {
                Files.deleteIfExists(folder.resolve(name).resolve(file));
            } catch (IOException e) {
                // The record is deleted first; without it the other files do not count.
            }
        }
    }
}
