package io.github.lamplighter.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A service that somebody else wrote, and whose program is a tool's.
///
/// @param unit what the manager calls it; one of the system, not of the user, begins with [#SYSTEM]
/// @param file its definition
/// @param additions files that change that definition (drop-ins), in the order in which they count
/// @param enabled whether something on disk starts it
/// @param arguments after the tool's program, as the program gets them
/// @param environment the variables that it sets, without `PATH`
/// @param directory where it runs; empty for the manager's own choice
/// @param environmentFile a file of variables
/// @param killMode systemd's word, if it says one
/// @param stopTimeoutSeconds how long a stop may take, if it says so
/// @param obstacle why Lamplighter could not write the same service, as a sentence
/// @param untaken what of it Lamplighter would not write (`ExecStartPre`, `Nice`), by name
/// @param text the file and its additions, for people
public record ForeignUnit(
        String unit,
        Path file,
        List<Path> additions,
        boolean enabled,
        List<String> arguments,
        Map<String, String> environment,
        Optional<Path> directory,
        Optional<Path> environmentFile,
        Optional<String> killMode,
        OptionalInt stopTimeoutSeconds,
        Optional<String> obstacle,
        List<String> untaken,
        String text) {

    /// As launchctl writes it: `system/NAME`.
    public static final String SYSTEM = "system/";

    public ForeignUnit {
        additions = List.copyOf(additions);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        untaken = List.copyOf(untaken);
    }

    /// Whether only root may change it.
    public boolean isOfTheSystem() {
        return unit.startsWith(SYSTEM);
    }
}
