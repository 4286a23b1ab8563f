package io.github.lamplighter.window;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Says that something in some folders changed: events are hints, the whole is read again.
final class FolderWatch {

    /// A run of the doctor writes several files: one reading for all of them.
    private static final long SETTLE_MILLIS = 150;

    private final WatchService service;

    private FolderWatch(WatchService service) {
        this.service = service;
    }

    /// Empty where the system cannot watch; then F5 reads again.
    static Optional<FolderWatch> on(List<Path> folders, Runnable changed) {
        try {
            WatchService service = folders.getFirst().getFileSystem().newWatchService();
            for (Path folder : folders) {
                if (Files.isDirectory(folder)) {
                    folder.register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
                }
            }
            Thread.ofVirtual().name("watch of the reports").start(() -> run(service, changed));
            return Optional.of(new FolderWatch(service));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void close() {
        try {
            service.close();
        } catch (IOException e) {
            // It is going away with the process in any case.
        }
    }

    private static void run(WatchService service, Runnable changed) {
        try {
            while (true) {
                WatchKey key = service.take();
                key.pollEvents();
                key.reset();
                WatchKey more = service.poll(SETTLE_MILLIS, TimeUnit.MILLISECONDS);
                while (more != null) {
                    more.pollEvents();
                    more.reset();
                    more = service.poll(SETTLE_MILLIS, TimeUnit.MILLISECONDS);
                }
                changed.run();
            }
        } catch (java.nio.file.ClosedWatchServiceException e) {
            // The window was closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
