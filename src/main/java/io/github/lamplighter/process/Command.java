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
/// @param directory where it runs; without one in `/`, so that no project's configuration is picked up
/// @param limit how long it may take; then its whole process tree is ended
/// @param grace how long it has after the limit to end by itself, once it was asked to
/// @param outputLimit how many bytes of each stream are kept; the rest is read and dropped
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
            throw new IllegalArgumentException("a command has at least the name of a program");
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

    /// The same command, which is ended at once when its time is over: it would not listen.
    public Command abruptly() {
        return new Command(argv, environment, directory, limit, Duration.ZERO, outputLimit);
    }

    public Command keeping(int bytes) {
        return new Command(argv, environment, directory, limit, grace, bytes);
    }

    /// What a person would type, for evidence and plans: arguments with white space stand in single quotes,
    /// passwords in addresses are left out.
    public String line() {
        return argv.stream().map(Command::quoted).collect(Collectors.joining(" "));
    }

    /// One word of such a line.
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
