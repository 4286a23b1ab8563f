package io.github.lamplighter.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where paths really lie, each asked once: for a look over many command lines, most of whose programs share their
/// folders. What it has said it says again, so it is made anew for each look.
public final class RealPathCache {

    private final Map<Path, Optional<Path>> known = new ConcurrentHashMap<>();

    /// The path without links; empty when there is no such file.
    public Optional<Path> of(Path path) {
        Optional<Path> before = known.get(path);
        if (before != null) {
            return before;
        }
        Optional<Path> real = resolved(path);
        known.put(path, real);
        return real;
    }

    private Optional<Path> resolved(Path path) {
        Path folder = path.getParent();
        if (folder == null || !path.isAbsolute() || !path.equals(path.normalize())) {
            return asked(path);
        }
        Optional<Path> entry = of(folder).map(real -> real.resolve(path.getFileName()));
        if (entry.isEmpty()) {
            return entry;
        }
        try {
            return Files.readAttributes(entry.get(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .isSymbolicLink()
                    ? asked(path)
                    : entry;
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> asked(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }
}
