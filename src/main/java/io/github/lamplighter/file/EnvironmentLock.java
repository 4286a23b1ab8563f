package io.github.lamplighter.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A kernel lock for each environment (its real path), released with its holder's process, however that ends.
/// A file next to the empty lock file says who holds it.
public final class EnvironmentLock {

    /// Closing any descriptor of a lock file releases the lock of the whole process, so this process never opens a file
    /// twice that it has locked.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;

    public EnvironmentLock(AppDirectories directories) {
        this.folder = directories.locks();
    }

    public sealed interface Attempt {}

    /// A lock that is held until it is closed.
    public static final class Held implements Attempt, AutoCloseable {
        private final Path file;
        private final Path holder;
        private final FileChannel channel;
        private final FileLock lock;

        private Held(Path file, Path holder, FileChannel channel, FileLock lock) {
            this.file = file;
            this.holder = holder;
            this.channel = channel;
            this.lock = lock;
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(holder);
                lock.release();
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                HELD_HERE.remove(file);
            }
        }
    }

    /// Another process or thread holds the lock.
    ///
    /// @param holder a sentence
    public record Busy(String holder) implements Attempt {}

    /// Takes the lock of `environment` if it is free.
    ///
    /// @param doing shown to others while the lock is held: `Upgrading x since 14:02:11.`
    public Attempt take(Path environment, String doing) throws IOException {
        String name = name(environment);
        Path file = folder.resolve(name + ".lock");
        Path holder = folder.resolve(name + ".holder");
        AtomicFile.makeFolder(folder);
        if (!HELD_HERE.add(file)) {
            return new Busy(sentence(holder));
        }
        boolean taken = false;
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(AtomicFile.PRIVATE)));
        try {
            Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
            if (lock.isEmpty()) {
                return new Busy(sentence(holder));
            }
            AtomicFile.write(holder, doing + "\n");
            taken = true;
            return new Held(file, holder, channel, lock.get());
        } finally {
            if (!taken) {
                channel.close();
                HELD_HERE.remove(file);
            }
        }
    }

    private static String sentence(Path holder) {
        try {
            return Files.readString(holder).strip();
        } catch (IOException e) {
            return "Another Lamplighter process is running.";
        }
    }

    private static String name(Path environment) throws IOException {
        Path real = Files.exists(environment) ? environment.toRealPath() : realParent(environment);
        return Digest.hex(real.toString(), 12);
    }

    /// During a switch by several renames the environment is missing for a moment; its lock stays the same.
    private static Path realParent(Path environment) throws IOException {
        Path absolute = environment.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null || !Files.exists(parent)
                ? absolute
                : parent.toRealPath().resolve(absolute.getFileName());
    }
}
