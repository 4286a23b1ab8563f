package io.github.lamplighter.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Folders that this user may not read, so that a file in them cannot be called missing.
public final class UnreadableFolders {

    private UnreadableFolders() {}

    /// The folder on the way to `path`, or itself, that keeps its contents to others.
    public static Optional<Path> on(Path path) {
        for (Path at = path; at != null; at = at.getParent()) {
            if (Files.isDirectory(at)) {
                return Files.isReadable(at) && Files.isExecutable(at) ? Optional.empty() : Optional.of(at);
            }
        }
        return Optional.empty();
    }
}
