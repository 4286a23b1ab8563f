package io.github.lamplighter.setup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Copies the folder of a package, with links, modes and times: an AOT cache is only used for files with the times
/// that it recorded.
final class FolderCopy {

    private FolderCopy() {}

    /// Copies `from` to `to`, which doesn't exist, and makes the copy durable.
    static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(file));
                if (attributes.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Files.readSymbolicLink(file));
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                    sync(target);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Path target = to.resolve(from.relativize(folder));
                Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(folder));
                sync(target);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Whether both folders have the same files with the same content.
    static boolean isSame(Path one, Path other) throws IOException {
        Map<Path, String> files = kinds(one);
        if (!files.equals(kinds(other))) {
            return false;
        }
        for (Path file : files.keySet()) {
            Path here = one.resolve(file);
            if (Files.isRegularFile(here, LinkOption.NOFOLLOW_LINKS)
                    && Files.mismatch(here, other.resolve(file)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /// What is quickly read of each file: its kind, size and target.
    private static Map<Path, String> kinds(Path root) throws IOException {
        Map<Path, String> kinds = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                kinds.put(
                        root.relativize(file),
                        attributes.isSymbolicLink()
                                ? "link " + Files.readSymbolicLink(file)
                                : "%d %s".formatted(attributes.size(), Files.isExecutable(file)));
                return FileVisitResult.CONTINUE;
            }
        });
        return kinds;
    }
}
