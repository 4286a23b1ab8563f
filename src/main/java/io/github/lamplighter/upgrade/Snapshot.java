package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A replaced environment, kept for rollback: renamed, not copied.
///
/// @param folder of this snapshot, with its data copies
/// @param tool whose upgrade or rollback replaced it; an environment may contain several
/// @param version that it holds
/// @param sequence a higher number than all snapshots before it: clocks get adjusted
/// @param takenAt when it was replaced; a rollback restores data of this time
/// @param links the target of each launcher link at that time; empty where there was none
/// @param serviceFile the text of our service file at that time
/// @param data what was backed up of the tool's data at that time
public record Snapshot(
        String id,
        Path folder,
        String tool,
        String version,
        long sequence,
        Instant takenAt,
        Map<Path, Optional<String>> links,
        Optional<String> serviceFile,
        List<DataCopy> data) {

    public Snapshot {
        links = Map.copyOf(links);
        data = List.copyOf(data);
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
