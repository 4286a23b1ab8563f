package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// Data that several tools use, such as `~/.jupyter`: a rollback of one restores them for all.
public final class SharedData {

    private SharedData() {}

    /// A sentence for each other tool whose data a rollback to this version replaces.
    ///
    /// @param managed all managed tools
    public static List<String> of(
            Manifest tool, Snapshot kept, Collection<Manifest> managed, AppDirectories directories) {
        return managed.stream()
                .filter(other -> !other.name().equals(tool.name()))
                .flatMap(other -> other.data().stream()
                        .filter(path -> kept.data().stream().anyMatch(copy -> overlap(copy.path(), path)))
                        .limit(1)
                        .map(path -> "%s uses the same data. Its changes since then are undone, too: %s."
                                .formatted(other.name(), directories.display(path))))
                .toList();
    }

    private static boolean overlap(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }
}
