package io.github.lamplighter.file;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Reports the folders in which something changed. Events are hints: on any event the listener re-reads everything.
///
/// Events in quick succession are reported once. Files whose name begins with a dot are ignored: they are the temporary
/// files of atomic writes.
public final class DirectoryWatcher implements AutoCloseable {

    private static final WatchEvent.Kind<?>[] KINDS = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE
    };

    /// A program that writes all the time delays a report at most this many times.
    private static final int LONGEST = 8;

    private final WatchService service;
    private final Duration settle;
    private final Consumer<Set<Path>> changed;
    private final Map<WatchKey, Path> folders = new ConcurrentHashMap<>();

    private DirectoryWatcher(WatchService service, Duration settle, Consumer<Set<Path>> changed) {
        this.service = service;
        this.settle = settle;
        this.changed = changed;
    }

    /// Starts watching; [#add] adds folders.
    ///
    /// @param settle how long no event may come before a change is reported
    /// @param changed receives the folders, in another thread
    /// @throws IOException if the system has no watch left (on Linux `fs.inotify.max_user_instances`)
    public static DirectoryWatcher start(Duration settle, Consumer<Set<Path>> changed) throws IOException {
        DirectoryWatcher watch =
                new DirectoryWatcher(Path.of("/").getFileSystem().newWatchService(), settle, changed);
        Thread.ofVirtual().name("lamplighter-files").start(watch::run);
        return watch;
    }

    /// Watches an existing folder, without its subfolders.
    ///
    /// @throws IOException if it does not exist or cannot be watched
    public void add(Path folder) throws IOException {
        folders.put(folder.register(service, KINDS), folder);
    }

    /// Watches the direct subfolders of an existing folder.
    ///
    /// @throws IOException if it cannot be listed, or a subfolder cannot be watched
    public void addBelow(Path folder) throws IOException {
        try (Stream<Path> below = Files.list(folder)) {
            List<Path> all = below.filter(Files::isDirectory).toList();
            for (Path each : all) {
                try {
                    add(each);
                } catch (NoSuchFileException | NotDirectoryException e) {
                    // Deleted in the meantime.
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            // Closed with the process at the latest.
        }
    }

    private void run() {
        try {
            while (true) {
                Set<Path> touched = new LinkedHashSet<>();
                take(service.take()).ifPresent(touched::add);
                long end = System.nanoTime() + settle.multipliedBy(LONGEST).toNanos();
                WatchKey more = service.poll(settle.toMillis(), TimeUnit.MILLISECONDS);
                while (more != null) {
                    take(more).ifPresent(touched::add);
                    more = System.nanoTime() < end ? service.poll(settle.toMillis(), TimeUnit.MILLISECONDS) : null;
                }
                if (!touched.isEmpty()) {
                    changed.accept(Set.copyOf(touched));
                }
            }
        } catch (ClosedWatchServiceException e) {
            // Closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The key's folder, if something relevant changed in it.
    private Optional<Path> take(WatchKey key) {
        Optional<Path> folder = Optional.ofNullable(folders.get(key));
        boolean relevant = key.pollEvents().stream()
                .anyMatch(event -> !(event.context() instanceof Path name)
                        || !name.toString().startsWith("."));
        boolean there = key.reset();
        if (!there) {
            folders.remove(key);
        }
        // A deleted folder is a change, too.
        return folder.filter(_ -> relevant || !there);
    }
}
