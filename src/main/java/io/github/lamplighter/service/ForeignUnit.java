package io.github.lamplighter.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A service not created by Lamplighter that runs a tool. Its components are the settings that adopting it
/// copies.
///
/// @param unit the manager's name of it; the name of a system service begins with [#SYSTEM]
/// @param file its service file
/// @param additions its drop-ins, in the order in which they apply
/// @param enabled whether something on disk starts it
/// @param arguments after the tool's program, as the program gets them
/// @param environment the environment variables that it sets, without `PATH`
/// @param directory its working directory; empty for the manager's default
/// @param killMode systemd's `KillMode=`, if it is set
/// @param stopTimeoutSeconds how long a stop may take, if it is set
/// @param obstacle why Lamplighter cannot write the same service, as a sentence
/// @param autostart the entry of the desktop's autostart that it was made from
/// @param unsupported settings that Lamplighter would not write (`ExecStartPre`, `Nice`)
/// @param text the file and its drop-ins, for display
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
        Optional<Path> autostart,
        List<String> unsupported,
        String text) {

    /// The prefix of system services, as launchctl has it: `system/NAME`.
    public static final String SYSTEM = "system/";

    public ForeignUnit {
        additions = List.copyOf(additions);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        unsupported = List.copyOf(unsupported);
    }

    /// Whether only root can change it.
    public boolean isOfTheSystem() {
        return isOfTheSystem(unit);
    }

    public static boolean isOfTheSystem(String unit) {
        return unit.startsWith(SYSTEM);
    }

    /// The name without the prefix, as its own manager knows it.
    public static String plain(String unit) {
        return isOfTheSystem(unit) ? unit.substring(SYSTEM.length()) : unit;
    }
}
