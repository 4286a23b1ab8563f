package io.github.lamplighter.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The port to service files: unit files of systemd, property lists of launchd.
public interface ServiceFiles {

    /// The text of the file that would be written for `definition`.
    String render(ServiceDefinition definition);

    /// The text of the file on disk, if there is one.
    Optional<String> fileText(String unit);

    /// Whether there is a file that Lamplighter wrote, under a name of its own or an adopted one.
    boolean isWritten(String unit);

    /// The services of tools whose files Lamplighter wrote, also of tools that it no longer manages.
    default List<String> written() {
        return List.of();
    }

    /// Whether a file of Lamplighter's was changed by hand.
    boolean isChangedByHand(String unit);

    /// Whether other files can change what a service file says (systemd's drop-ins).
    default boolean supportsDropIns() {
        return true;
    }

    /// The drop-ins of a service.
    default List<Path> dropIns(String unit) {
        return List.of();
    }

    /// The directory of a service whose file names none.
    default Path defaultWorkingDirectory(Path home) {
        return home;
    }

    /// The environment variables of a service from all sources; empty if they are not known.
    default Optional<ServiceEnvironment> variables(String unit) {
        return Optional.empty();
    }

    /// The command line of the next start, drop-ins included; empty if it is not known, or there are several.
    default List<String> command(String unit) {
        return List.of();
    }

    /// Writes the file atomically and reloads the service manager; does not enable or start the service.
    ServiceOutcome write(ServiceDefinition definition);

    /// Like [#write], but also replaces a file that Lamplighter did not create.
    ServiceOutcome writeOver(ServiceDefinition definition);

    /// Restores the exact text of an earlier file (empty removes the file) and reloads the service manager.
    ServiceOutcome restore(String unit, Optional<String> text);

    /// Removes Lamplighter's file of a stopped, disabled service.
    ServiceOutcome remove(String unit);
}
