package io.github.lamplighter.tray;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Says in which folder something changed. An event is a hint; whoever hears of it reads the whole again.
final class FolderWatch implements AutoCloseable {

    private static final WatchEvent.Kind<?>[] KINDS = {
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE,
        StandardWatchEventKinds.OVERFLOW
    };

    private final WatchService service;
    private final Map<WatchKey, Path> folders = new ConcurrentHashMap<>();

    /// @param changed is called from a thread of its own with the folder that was given
    FolderWatch(Consumer<Path> changed) throws IOException {
        this.service = Path.of("/").getFileSystem().newWatchService();
        Thread.ofPlatform().daemon().name("lamplighter-files").start(() -> take(changed));
    }

    /// Watches a folder that exists; one that is watched already stays so.
    void add(Path folder) throws IOException {
        folders.put(folder.register(service, KINDS), folder);
    }

    /// The folders directly below.
    void addBelow(Path folder) throws IOException {
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

    private void take(Consumer<Path> changed) {
        try {
            while (true) {
                WatchKey key = service.take();
                Path folder = folders.get(key);
                // Temporary files of an atomic write, named with a dot, come before the rename that matters.
                boolean matters = key.pollEvents().stream()
                        .anyMatch(event -> !(event.context() instanceof Path name)
                                || !name.toString().startsWith("."));
                if (!key.reset()) {
                    folders.remove(key);
                }
                if (folder != null && matters) {
                    changed.accept(folder);
                }
            }
        } catch (ClosedWatchServiceException e) {
            // Closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
