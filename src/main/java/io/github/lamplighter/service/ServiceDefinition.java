package io.github.lamplighter.service;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What a background service shall be, independent of the service manager.
///
/// @param name the tool's name; the file is `lamplighter-NAME.service` or `io.github.lamplighter.NAME.plist`
/// @param description one line for the manager's listings
/// @param argv the stable launcher (absolute) and its arguments
/// @param environment variables besides `PATH`; never secrets
/// @param path the cleaned `PATH` of the user's login shell
/// @param workingDirectory where it runs
/// @param environmentFile a file of secrets (0600, the user's) that the manager reads itself
/// @param killMode systemd's `KillMode` word, if the manifest says one
/// @param stopTimeoutSeconds how long stopping may take before it is killed
/// @param unit the manager's name of it where that is not Lamplighter's own choice: one that was adopted
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

    /// Linux hands over no single word or `NAME=value` from 128 KiB on (MAX_ARG_STRLEN, with its NUL), macOS no more
    /// than 1 MiB together (ARG_MAX), of which the program's own variables need some.
    private static final int LONGEST = 128 * 1024 - 1;
    private static final int LARGEST = 960 * 1024;

    public ServiceDefinition {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    /// A service under a name of Lamplighter's own.
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

    /// The same under the name that its manager has for it.
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

    /// Why no service manager can be told this so that the program gets exactly it, in a sentence; empty when it can.
    public Optional<String> problem() {
        if (argv.isEmpty() || !argv.getFirst().startsWith("/")) {
            return Optional.of("The program of a service needs a full path.");
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
                return Optional.of("`%s` cannot be the name of a variable.".formatted(entry.getKey()));
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
            return Optional.of("Its arguments and variables are too long together: %d KiB, and %d is what fits."
                    .formatted(total / 1024, LARGEST / 1024));
        }
        return problem("PATH", path, "PATH=".length())
                .or(() -> problem("The path of its folder", workingDirectory.toString(), 0))
                .or(() -> environmentFile.flatMap(
                        file -> problem("The path of its file of variables", file.toString(), 0)));
    }

    private static Optional<String> problem(String what, String value, int more) {
        if (!value.codePoints().allMatch(ServiceDefinition::isPlain)) {
            return Optional.of(
                    "%s has a line end, a control character or half a character, which a service file cannot hold."
                            .formatted(what));
        }
        return bytes(value) + more > LONGEST
                ? Optional.of("%s is too long: %d KiB, and a program can be given less than 128 in one piece."
                        .formatted(what, bytes(value) / 1024))
                : Optional.empty();
    }

    /// What both formats hold and every reader gives back as it was: no control character but the tab, no half of a
    /// surrogate pair, and none of Unicode's noncharacters, for which systemd passes over the whole line.
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
