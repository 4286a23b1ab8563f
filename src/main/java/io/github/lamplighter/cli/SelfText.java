package io.github.lamplighter.cli;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import java.nio.file.Path;
import java.util.List;

/// Texts that the commands about Lamplighter itself share.
final class SelfText {

    private SelfText() {}

    /// One path, or the folder that contains several.
    static String place(List<Path> paths, AppDirectories directories) {
        if (paths.size() == 1) {
            return directories.display(paths.getFirst());
        }
        Path folder = AtomicFile.folderOf(paths.getFirst());
        while (!contains(folder, paths)) {
            folder = AtomicFile.folderOf(folder);
        }
        return directories.display(folder) + "/…";
    }

    private static boolean contains(Path folder, List<Path> paths) {
        return paths.stream().allMatch(path -> path.startsWith(folder));
    }
}
