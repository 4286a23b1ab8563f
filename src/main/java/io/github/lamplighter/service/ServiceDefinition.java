package io.github.lamplighter.service;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The definition of a background service, independent of the service manager.
///
/// @param name the tool's name; the file is `lamplighter-NAME.service` or `io.github.lamplighter.NAME.plist`
/// @param description one line for the manager's lists
/// @param argv the stable launcher (absolute) and its arguments
/// @param environment the variables besides `PATH`; never secrets
/// @param path the cleaned `PATH` of the user's login shell
/// @param workingDirectory its working directory
/// @param environmentFile the environment file with its secrets (0600), which the manager reads
/// @param killMode systemd's `KillMode=`, if the manifest sets it
/// @param stopTimeoutSeconds how long a stop may take before the manager kills the service
/// @param unit the manager's name of an adopted service; empty for Lamplighter's default name
public record ServiceDefinition(
        String name,
        String description,
        List<String> argv,
        Map<String, String> environment,
        String path,
        Path workingDirectory,
        Optional<Path> environmentFile,
        Optional<String> killMode,
        int stopTimeoutSeconds,
        Optional<String> unit) {

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /// Linux accepts no argument or `NAME=value` of 128 KiB or more (MAX_ARG_STRLEN, with its NUL), macOS no
    /// more than 1 MiB in total (ARG_MAX), of which the program's own variables need some.
    private static final int LONGEST = 128 * 1024 - 1;
    private static final int LARGEST = 960 * 1024;

    public ServiceDefinition {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    /// A service with Lamplighter's default name.
    public ServiceDefinition(
            String name,
            String description,
            List<String> argv,
            Map<String, String> environment,
            String path,
            Path workingDirectory,
            Optional<Path> environmentFile,
            Optional<String> killMode,
            int stopTimeoutSeconds) {
        this(
                name,
                description,
                argv,
                environment,
                path,
                workingDirectory,
                environmentFile,
                killMode,
                stopTimeoutSeconds,
                Optional.empty());
    }

    /// The same with another name at its manager.
    ServiceDefinition withUnit(Optional<String> name) {
        return new ServiceDefinition(
                name(),
                description,
                argv,
                environment,
                path,
                workingDirectory,
                environmentFile,
                killMode,
                stopTimeoutSeconds,
                name);
    }

    /// The same with another `PATH`.
    public ServiceDefinition withPath(String other) {
        return new ServiceDefinition(
                name,
                description,
                argv,
                environment,
                other,
                workingDirectory,
                environmentFile,
                killMode,
                stopTimeoutSeconds,
                unit);
    }

    /// Why no service manager can pass this to the program unchanged, as a sentence; empty if it can.
    public Optional<String> problem() {
        if (argv.isEmpty() || !argv.getFirst().startsWith("/")) {
            return Optional.of("A service needs the full path of its program.");
        }
        int total = bytes(path);
        for (int i = 0; i < argv.size(); i++) {
            String what = i == 0 ? "The path of the program" : "Argument " + i;
            Optional<String> problem = problem(what, argv.get(i), 0);
            if (problem.isPresent()) {
                return problem;
            }
            total += bytes(argv.get(i)) + 1;
        }
        for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
            if (!VARIABLE.matcher(entry.getKey()).matches()) {
                return Optional.of("`%s` is not a valid name of an environment variable.".formatted(entry.getKey()));
            }
            Optional<String> problem = problem(
                    "The value of " + entry.getKey(),
                    entry.getValue(),
                    entry.getKey().length() + 1);
            if (problem.isPresent()) {
                return problem;
            }
            total += bytes(entry.getValue()) + entry.getKey().length() + 2;
        }
        if (total > LARGEST) {
            return Optional.of("Its arguments and environment variables are too long together: %d KiB (limit: %d KiB)."
                    .formatted(total / 1024, LARGEST / 1024));
        }
        return problem("PATH", path, "PATH=".length())
                .or(() -> problem("The path of its working directory", workingDirectory.toString(), 0))
                .or(() -> environmentFile.flatMap(
                        file -> problem("The path of its environment file", file.toString(), 0)));
    }

    private static Optional<String> problem(String what, String value, int more) {
        if (!value.codePoints().allMatch(ServiceDefinition::isPlain)) {
            return Optional.of(
                    "%s contains a line break, a control character or an invalid character, which service files can't contain."
                            .formatted(what));
        }
        return bytes(value) + more > LONGEST
                ? Optional.of("%s is too long: %d KiB (limit: 128 KiB).".formatted(what, bytes(value) / 1024))
                : Optional.empty();
    }

    /// Whether both formats can hold a character unchanged: no control character but the tab, no unpaired
    /// surrogate, and no Unicode noncharacter, for which systemd ignores the whole line.
    private static boolean isPlain(int point) {
        return (!Character.isISOControl(point) || point == '\t')
                && Character.getType(point) != Character.SURROGATE
                && (point & 0xFFFE) != 0xFFFE
                && (point < 0xFDD0 || point > 0xFDEF);
    }

    private static int bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }
}
