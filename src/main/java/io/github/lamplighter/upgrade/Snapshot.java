package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// An environment that was replaced, as it was: renamed aside, not copied.
///
/// @param folder of this snapshot, with its data copies
/// @param version that it holds
/// @param takenAt when it was replaced: the date to which declared data would go back
/// @param links the text of each launcher link as it was; empty where there was none
/// @param serviceFile the text of the service file of ours as it was
/// @param data each declared data path, with where its copy lies
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
