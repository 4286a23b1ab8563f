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

/// The services that the user stopped with Lamplighter, which are not reported until they start again or until
/// the next login. One small file per tool.
///
/// A stop with `systemctl --user stop` is not recorded: the manager does not log the requester, and a program
/// that exits with 0 looks the same.
public final class StoppedByUser {

    private final Path folder;
    private final Supplier<Optional<Instant>> login;
    private final InstantSource clock;

    /// @param login when the service manager of this login started; empty if that is not known
    public StoppedByUser(AppDirectories directories, Supplier<Optional<Instant>> login, InstantSource clock) {
        this.folder = directories.state().resolve("stopped");
        this.login = login;
        this.clock = clock;
    }

    /// Since when the user wants the service stopped; empty if the user does not.
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
            // Then it is reported as not running, which is the safe side.
        }
    }

    void forget(ToolName name) {
        try {
            Files.deleteIfExists(folder.resolve(name.value()));
        } catch (IOException e) {
            // A record older than the next start does not count anyway.
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
