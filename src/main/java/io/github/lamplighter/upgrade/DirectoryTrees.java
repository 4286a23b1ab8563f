package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Copies, measures, deletes and identifies whole folders.
public final class DirectoryTrees {

    private static final Duration COPY_LIMIT = Duration.ofMinutes(30);

    private DirectoryTrees() {}

    /// Copies with links, modes and times, sharing blocks where the file system can.
    ///
    /// @param mark environment variables by which recovery finds a `cp` that outlived its worker
    static void copy(ProcessRunner runner, Map<String, String> mark, Path from, Path to) throws IOException {
        AtomicFile.makeFolder(AtomicFile.folderOf(to));
        if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(to); // cp would copy into it; only an empty one may go
        }
        cp(runner, mark, from.toString(), to);
    }

    /// Replaces a file or the content of a folder without renaming it: for a mount point, in a folder that
    /// this user can't write to, or where there is no space for both.
    ///
    /// @param mark as in [#copy]
    static void refill(ProcessRunner runner, Map<String, String> mark, Path from, Path to) throws IOException {
        if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)
                    || !Files.isRegularFile(to, LinkOption.NOFOLLOW_LINKS)) {
                delete(to);
            }
            cp(runner, mark, from.toString(), to);
            return;
        }
        if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> children = Files.list(to)) {
                for (Path child : children.toList()) {
                    delete(child);
                }
            }
        } else {
            delete(to);
        }
        cp(runner, mark, from + "/.", to);
    }

    private static void cp(ProcessRunner runner, Map<String, String> mark, String from, Path to) throws IOException {
        ProcessResult result = runner.run(Command.of(COPY_LIMIT, "cp", "-a", "--reflink=auto", from, to.toString())
                .withAll(mark));
        if (result instanceof ProcessResult.Exited(int status, var _, String err, var _)
                && status != 0
                && err.contains("reflink")) {
            result = runner.run(
                    Command.of(COPY_LIMIT, "cp", "-a", from, to.toString()).withAll(mark));
        }
        switch (result) {
            case ProcessResult.Exited exited
            when exited.status() != 0 ->
                throw new IOException("could not copy %s to %s: %s".formatted(from, to, reason(exited, to)));
            case ProcessResult.TimedOut timedOut ->
                throw new IOException("copying %s took longer than %d min"
                        .formatted(from, timedOut.limit().toMinutes()));
            case ProcessResult.NotStarted notStarted -> throw new IOException(notStarted.reason());
            case ProcessResult.Exited _ -> {}
        }
    }

    /// `cp` continues after an error, and prints a line for each file that it could not copy.
    private static String reason(ProcessResult.Exited exited, Path to) {
        return FileProblem.ofDisk(exited.err(), to)
                .or(() -> exited.err()
                        .lines()
                        .filter(line -> !line.isBlank())
                        .findFirst()
                        .map(line -> line.strip().replaceFirst("^\\S*cp: ", "")))
                .orElseGet(() -> exited.signal()
                        .map(signal -> "cp was killed by " + signal)
                        .orElse("cp exited with code " + exited.status()));
    }

    /// Deletes a folder with its content, without following links. Ignores a missing folder. What cannot be
    /// deleted does not keep the rest from being deleted.
    ///
    /// @throws IOException for the first thing that could not be deleted
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Deletion deletion = new Deletion();
        Files.walkFileTree(folder, deletion);
        if (deletion.failed.isPresent()) {
            throw deletion.failed.get();
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {

        private Optional<IOException> failed = Optional.empty();

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            open(directory);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return delete(file);
        }

        /// A folder without rights cannot be read, but its owner can change that.
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof AccessDeniedException
                    && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isReadable(file)
                    && open(file)
                    && Files.isReadable(file)) {
                Files.walkFileTree(file, this);
            } else if (!(e instanceof NoSuchFileException)) {
                failed = failed.or(() -> Optional.of(e));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return delete(directory);
        }

        private FileVisitResult delete(Path path) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                failed = failed.or(() -> Optional.of(e));
            }
            return FileVisitResult.CONTINUE;
        }

        private static boolean open(Path directory) {
            try {
                if (!Files.isWritable(directory) || !Files.isReadable(directory) || !Files.isExecutable(directory)) {
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
                }
                return true;
            } catch (IOException e) {
                return false; // the deletion will say why
            }
        }
    }

    /// The size of all files in bytes.
    public static long size(Path folder) throws IOException {
        long[] sum = {0};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    /// The space that trees occupy together in bytes: less than their size, if files have holes or several names.
    ///
    /// @return empty if it could not be found out
    static Optional<Long> occupied(ProcessRunner runner, List<Path> trees) {
        List<String> argv = Stream.concat(
                        Stream.of("du", "-sk", "--"), trees.stream().map(Path::toString))
                .toList();
        return runner.run(Command.of(COPY_LIMIT, argv)) instanceof ProcessResult.Exited exited && exited.status() == 0
                ? Optional.of(1024
                        * exited.out()
                                .lines()
                                .mapToLong(DirectoryTrees::firstNumber)
                                .sum())
                : Optional.empty();
    }

    private static long firstNumber(String line) {
        return Long.parseLong(line.substring(0, line.indexOf('\t')));
    }

    /// The inode at `path`, without following a link; 0 if nothing is there.
    static long identity(Path path) throws IOException {
        try {
            return ((Number) Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS)).longValue();
        } catch (FileSystemException e) {
            return 0;
        }
    }

    /// The path among `places` of the folder with this inode.
    static Optional<Path> find(long identity, List<Path> places) throws IOException {
        for (Path place : places) {
            if (identity != 0 && identity(place) == identity) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }
}
