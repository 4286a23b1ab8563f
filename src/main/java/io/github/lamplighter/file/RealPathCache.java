package io.github.lamplighter.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Real paths (without links), each resolved once. Made for one pass over many command lines, most of whose programs
/// share their folders; a result is never refreshed, so every pass needs a new instance.
public final class RealPathCache {

    private final Map<Path, Optional<Path>> known = new ConcurrentHashMap<>();

    /// The path without links; empty if the file does not exist.
    public Optional<Path> of(Path path) {
        Optional<Path> cached = known.get(path);
        if (cached != null) {
            return cached;
        }
        Optional<Path> real = resolveByFolder(path);
        known.put(path, real);
        return real;
    }

    private Optional<Path> resolveByFolder(Path path) {
        Path folder = path.getParent();
        if (folder == null || !path.isAbsolute() || !path.equals(path.normalize())) {
            return resolve(path);
        }
        Optional<Path> entry = of(folder).map(real -> real.resolve(path.getFileName()));
        if (entry.isEmpty()) {
            return entry;
        }
        try {
            return Files.readAttributes(entry.get(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .isSymbolicLink()
                    ? resolve(path)
                    : entry;
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> resolve(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }
}
