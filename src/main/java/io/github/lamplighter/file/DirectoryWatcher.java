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

/// Says in which folders something changed. An event is a hint: whoever hears of it reads the whole again.
///
/// A run of the doctor writes several files; what comes within a short while is said once. Files whose name begins
/// with a dot are the temporary ones of an atomic write, before the rename that matters, and are not spoken of.
public final class DirectoryWatcher implements AutoCloseable {

    private static final WatchEvent.Kind<?>[] KINDS = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE
    };

    /// Somebody who writes all the time does not put the word off for ever.
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

    /// Begins to watch; [#add] says what.
    ///
    /// @param settle how long it has to be quiet before a change is told, so that a burst is told once
    /// @param changed is called from a thread of its own with the folders, as they were given
    /// @throws IOException when the system has no watch to give (on Linux `fs.inotify.max_user_instances`)
    public static DirectoryWatcher start(Duration settle, Consumer<Set<Path>> changed) throws IOException {
        DirectoryWatcher watch =
                new DirectoryWatcher(Path.of("/").getFileSystem().newWatchService(), settle, changed);
        Thread.ofVirtual().name("lamplighter-files").start(watch::run);
        return watch;
    }

    /// Watches a folder that exists, but not those below; one that is watched already stays so.
    ///
    /// @throws IOException when it does not exist, or cannot be watched
    public void add(Path folder) throws IOException {
        folders.put(folder.register(service, KINDS), folder);
    }

    /// Watches the folders directly below one that exists.
    ///
    /// @throws IOException when it cannot be listed, or one below cannot be watched
    public void addBelow(Path folder) throws IOException {
        try (Stream<Path> below = Files.list(folder)) {
            List<Path> all = below.filter(Files::isDirectory).toList();
            for (Path each : all) {
                try {
                    add(each);
                } catch (NoSuchFileException | NotDirectoryException e) {
                    // It went away again in the meantime.
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            // It goes away with the process in any case.
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

    /// The key's folder, when something in it changed that matters.
    private Optional<Path> take(WatchKey key) {
        Optional<Path> folder = Optional.ofNullable(folders.get(key));
        boolean spoken = key.pollEvents().stream()
                .anyMatch(event -> !(event.context() instanceof Path name)
                        || !name.toString().startsWith("."));
        boolean there = key.reset();
        if (!there) {
            folders.remove(key);
        }
        // That the folder itself is gone is a change too.
        return folder.filter(_ -> spoken || !there);
    }
}
