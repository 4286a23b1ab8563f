package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A replaced environment, kept for rollback: renamed, not copied.
///
/// @param folder of this snapshot, with its data copies
/// @param version that it holds
/// @param takenAt when it was replaced; a rollback restores data of this time
/// @param links the target of each launcher link at that time; empty where there was none
/// @param serviceFile the text of our service file at that time
/// @param data each declared data path, with the path of its copy
public record Snapshot(
        String id,
        Path folder,
        String version,
        Instant takenAt,
        Map<Path, Optional<String>> links,
        Optional<String> serviceFile,
        Map<Path, Path> data) {

    public Snapshot {
        links = Map.copyOf(links);
        data = Map.copyOf(data);
    }

    /// The replaced environment itself.
    public Path environment() {
        return environment(folder);
    }

    static Path environment(Path folder) {
        return folder.resolve("environment");
    }

    static Path data(Path folder, int number) {
        return folder.resolve("data").resolve(String.valueOf(number));
    }
}
