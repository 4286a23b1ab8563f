package io.github.lamplighter.service;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// Which services the user stopped through Lamplighter, and so does not want to be told about: until the next start,
/// by whomever, or the next login. One small file a tool.
///
/// A clean stop by another hand (`systemctl --user stop`) is not among them: the manager does not record who asked,
/// and a program that ends by itself with status 0 looks just the same.
public final class StoppedByUser {

    private final Path folder;
    private final Supplier<Optional<Instant>> login;
    private final InstantSource clock;

    /// @param login when the service manager of this login began; empty where that cannot be told
    public StoppedByUser(AppDirectories directories, Supplier<Optional<Instant>> login, InstantSource clock) {
        this.folder = directories.state().resolve("stopped");
        this.login = login;
        this.clock = clock;
    }

    /// Since when `state` is what the user wanted; empty when it is not.
    public Optional<Instant> since(ToolName name, ServiceState state) {
        return state.phase() == Phase.STOPPED
                ? read(name)
                        .filter(at -> state.since().filter(at::isBefore).isEmpty())
                        .filter(at -> login.get().filter(at::isBefore).isEmpty())
                : Optional.empty();
    }

    void remember(ToolName name) {
        try {
            AtomicFile.makeFolder(folder);
            AtomicFile.write(folder.resolve(name.value()), clock.instant() + "\n");
        } catch (IOException e) {
            // Then it is reported as not running: louder than it should be, never quieter.
        }
    }

    void forget(ToolName name) {
        try {
            Files.deleteIfExists(folder.resolve(name.value()));
        } catch (IOException e) {
            // What is older than the next start does not count anyway.
        }
    }

    private Optional<Instant> read(ToolName name) {
        try {
            return Optional.of(
                    Instant.parse(Files.readString(folder.resolve(name.value())).strip()));
        } catch (IOException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
