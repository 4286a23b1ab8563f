package io.github.lamplighter.demo;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.upgrade.DirectoryTrees;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Removes the demo: its processes, its services and its folder.
public final class RemoveDemo {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String SUFFIX = ".json";

    private final DemoHome demo;
    private final AppDirectories inside;
    private final ServiceManager services;
    private final ProcessTable processes;

    /// @param inside the folders of a Lamplighter in the demo
    /// @param services of the demo
    public RemoveDemo(DemoHome demo, AppDirectories inside, ServiceManager services, ProcessTable processes) {
        this.demo = demo;
        this.inside = inside;
        this.services = services;
        this.processes = processes;
    }

    public DemoOutcome remove() {
        try {
            boolean was = Files.exists(demo.folder(), LinkOption.NOFOLLOW_LINKS);
            if (!was) {
                return removeAll(false);
            }
            // The lock of an upgrade.
            return switch (new EnvironmentLock(inside).take(demo.environment(), "The demo is being removed.")) {
                case EnvironmentLock.Busy(String holder) -> new DemoOutcome.Busy(holder);
                case EnvironmentLock.Held held -> {
                    try (held) {
                        yield removeAll(true);
                    }
                }
            };
        } catch (IOException e) {
            return new DemoOutcome.Failed("Could not remove the demo: %s.".formatted(AtomicFile.why(demo.folder(), e)));
        }
    }

    private DemoOutcome removeAll(boolean was) throws IOException {
        // Windows and tray icons of the demo would write into its folder again.
        demo.endAll(processes);
        ServiceOutcome outcome = removeServices();
        if (!outcome.isSuccess()) {
            return new DemoOutcome.Failed(outcome.reason());
        }
        removeFolder();
        removeParent();
        return new DemoOutcome.Removed(was || outcome instanceof ServiceOutcome.Done, demo.folder());
    }

    /// Moves the folder away first, so that a new demo can be made at the same time.
    private void removeFolder() throws IOException {
        Path away = demo.folder().resolveSibling("demo.removed");
        // Of a removal that was killed.
        DirectoryTrees.delete(away);
        if (Files.exists(demo.folder(), LinkOption.NOFOLLOW_LINKS)) {
            Files.move(demo.folder(), away);
            DirectoryTrees.delete(away);
        }
    }

    private void removeParent() throws IOException {
        try {
            Files.deleteIfExists(AtomicFile.folderOf(demo.folder()));
        } catch (DirectoryNotEmptyException e) {
            // Holds something else of Lamplighter's.
        }
    }

    private ServiceOutcome removeServices() throws IOException {
        ServiceOutcome outcome = new ServiceOutcome.Already("");
        if (services.unavailable().isPresent()) {
            return outcome;
        }
        for (String tool : tools()) {
            String unit = services.unitOf(tool);
            if (services.isWritten(unit)) {
                outcome = outcome.then(() -> services.stop(unit, STOP_LIMIT))
                        .then(() -> services.disable(unit))
                        .then(() -> services.remove(unit));
            }
        }
        return outcome;
    }

    /// The tools that are managed in the demo.
    private Set<String> tools() throws IOException {
        Set<String> names = new TreeSet<>(Set.of(DemoHome.TOOL));
        if (Files.isDirectory(demo.manifests())) {
            try (Stream<Path> files = Files.list(demo.manifests())) {
                files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.endsWith(SUFFIX))
                        .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                        .forEach(names::add);
            }
        }
        return names;
    }
}
