package io.github.lamplighter.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Atomic writes: a temporary file next to the target, fsync, rename.
public final class AtomicFile {

    /// Permissions of files that only the user may read.
    public static final String PRIVATE = "rw-------";

    /// Permissions of files that other programs read, too (unit files).
    public static final String PUBLIC = "rw-r--r--";

    private AtomicFile() {}

    /// Writes `text` as UTF-8 with [#PRIVATE] permissions; creates the folder (0700) if it is missing.
    ///
    /// @throws IOException if it could not be written; an existing file is then unchanged
    public static void write(Path target, String text) throws IOException {
        write(target, text.getBytes(StandardCharsets.UTF_8), PRIVATE);
    }

    /// Writes `bytes`. Refuses a link as target.
    public static void write(Path target, byte[] bytes, String permissions) throws IOException {
        Path folder = parent(target);
        makeFolder(folder);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(target + " is not a regular file, so it was not changed");
        }
        // Unique among processes and threads. A random name costs a short run 15 ms, to set up its generator.
        Path temporary = folder.resolve(".%s.%d-%d-%x"
                .formatted(
                        target.getFileName(),
                        ProcessHandle.current().pid(),
                        Thread.currentThread().threadId(),
                        System.nanoTime()));
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)))) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            move(temporary, target);
        } catch (AccessDeniedException e) {
            throw (AccessDeniedException) new AccessDeniedException(folder.toString()).initCause(e);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            // Of an open file, without its path.
            throw (FileSystemException) new FileSystemException(target.toString(), null, e.getMessage()).initCause(e);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(folder);
    }

    /// The file that a link of the user's leads to, such as one into a repository of dotfiles: written there, the
    /// link stays. Everything else is `target` itself.
    public static Path throughLink(Path target) {
        if (!Files.isSymbolicLink(target)) {
            return target;
        }
        try {
            Path real = target.toRealPath();
            boolean ours = Files.isRegularFile(real)
                    && Files.getOwner(real).equals(Files.getOwner(target, LinkOption.NOFOLLOW_LINKS));
            return ours ? real : target;
        } catch (IOException e) {
            return target;
        }
    }

    /// Creates a folder and its missing parents, 0700.
    public static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /// Makes renames in a folder durable.
    public static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Why `target` could not be written and what to do, as a phrase after a colon.
    public static String why(Path target, IOException cause) {
        Path folder = folderOf(target);
        String reason = cause instanceof FileSystemException e && e.getReason() != null
                ? e.getReason()
                : String.valueOf(cause.getMessage());
        if (reason.contains("No space left") || reason.contains("quota exceeded")) {
            return "no space left on the disk of %s. Free some space, then try again".formatted(folder);
        }
        if (reason.contains("Read-only file system")) {
            return "the file system of %s is read-only".formatted(folder);
        }
        if (cause instanceof AccessDeniedException || reason.contains("ermission denied")) {
            return "no write permission for %s. If the folder is yours, run `chmod u+rwx '%s'`"
                    .formatted(folder, folder);
        }
        return cause instanceof FileAlreadyExistsException || cause instanceof NotDirectoryException
                ? "%s is not a folder".formatted(folder)
                : FileProblem.why(cause);
    }

    /// The parent folder of `path`.
    public static Path folderOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path.toAbsolutePath() : parent;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(to + " cannot be replaced atomically on this file system", e);
        }
    }

    private static Path parent(Path target) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(target + " has no folder");
        }
        return parent;
    }
}
