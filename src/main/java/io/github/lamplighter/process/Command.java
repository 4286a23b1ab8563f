package io.github.lamplighter.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Another program to run: an argument list, never a shell line.
///
/// @param argv the program and its arguments; the first is a bare name or an absolute path
/// @param environment changes to the inherited environment; an empty value removes the variable
/// @param directory its working directory; by default `/`, so that no project's configuration is used
/// @param limit how long it may take; then its whole process tree is killed
/// @param grace how long it has after SIGTERM to exit before it is killed
/// @param outputLimit how many bytes of each stream are kept; the rest is read and discarded
public record Command(
        List<String> argv,
        Map<String, Optional<String>> environment,
        Optional<Path> directory,
        Duration limit,
        Duration grace,
        int outputLimit) {

    /// Enough for every listing that is parsed, and small enough to hold many at once.
    public static final int DEFAULT_OUTPUT_LIMIT = 4 * 1024 * 1024;

    private static final Duration GRACE = Duration.ofSeconds(2);

    public Command {
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least the name of a program");
        }
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    public static Command of(Duration limit, String... argv) {
        return new Command(List.of(argv), Map.of(), Optional.empty(), limit, GRACE, DEFAULT_OUTPUT_LIMIT);
    }

    public static Command of(Duration limit, List<String> argv) {
        return new Command(argv, Map.of(), Optional.empty(), limit, GRACE, DEFAULT_OUTPUT_LIMIT);
    }

    /// The program's file name, for messages.
    public String program() {
        return String.valueOf(Path.of(argv.getFirst()).getFileName());
    }

    /// The same command with `name` set to `value`.
    public Command with(String name, String value) {
        return changed(name, Optional.of(value));
    }

    /// The same command without the inherited variable `name`.
    public Command without(String name) {
        return changed(name, Optional.empty());
    }

    /// The same command with all of `values` set.
    public Command withAll(Map<String, String> values) {
        Command result = this;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            result = result.with(entry.getKey(), entry.getValue());
        }
        return result;
    }

    /// The same command with all of `changes`; an empty value removes the variable.
    public Command changing(Map<String, Optional<String>> changes) {
        Map<String, Optional<String>> all = new LinkedHashMap<>(environment);
        all.putAll(changes);
        return new Command(argv, all, directory, limit, grace, outputLimit);
    }

    public Command in(Path newDirectory) {
        return new Command(argv, environment, Optional.of(newDirectory), limit, grace, outputLimit);
    }

    /// The same command, killed at its limit without SIGTERM.
    public Command abruptly() {
        return new Command(argv, environment, directory, limit, Duration.ZERO, outputLimit);
    }

    public Command keeping(int bytes) {
        return new Command(argv, environment, directory, limit, grace, bytes);
    }

    /// The command as users would type it, for evidence and plans: quoted where needed, without passwords in URLs.
    public String line() {
        return argv.stream().map(Command::quoted).collect(Collectors.joining(" "));
    }

    /// One word of a command line, quoted where needed, without a password in a URL.
    public static String quoted(String word) {
        String argument = word.replaceAll("://[^/@\\s:]*:[^/@\\s]*@", "://");
        boolean plain = !argument.isEmpty() && argument.chars().allMatch(Command::isPlain);
        return plain ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private static boolean isPlain(int character) {
        return Character.isLetterOrDigit(character) || "-_./:=@%+,~^".indexOf(character) >= 0;
    }

    private Command changed(String name, Optional<String> value) {
        Map<String, Optional<String>> changes = new LinkedHashMap<>(environment);
        changes.put(name, value);
        return new Command(argv, changes, directory, limit, grace, outputLimit);
    }
}
