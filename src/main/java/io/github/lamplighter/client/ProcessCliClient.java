package io.github.lamplighter.client;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/// Runs Lamplighter's commands as child processes, with the launcher that started this process.
public final class ProcessCliClient implements CliClient {

    /// Tells the launcher of a checkout not to build.
    private static final String CHILD = "LAMPLIGHTER_CHILD";

    /// Long enough for an upgrade, whose steps have limits of their own.
    private static final Duration LIMIT = Duration.ofHours(2);

    /// The limit for following a log.
    private static final Duration FOLLOWED = Duration.ofHours(12);

    private static final Duration END = Duration.ofSeconds(3);

    private final List<Thread> followers = new CopyOnWriteArrayList<>();
    private final List<String> launcher;
    private final ProcessRunner runner;
    private final Map<String, Optional<String>> environment;

    public ProcessCliClient(List<String> launcher, ProcessRunner runner) {
        this(launcher, runner, Map.of());
    }

    /// @param environment changes to the environment of this process; an empty value removes the variable
    public ProcessCliClient(List<String> launcher, ProcessRunner runner, Map<String, Optional<String>> environment) {
        this.launcher = List.copyOf(launcher);
        this.runner = runner;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Envelope run(List<String> arguments) {
        List<String> argv = new ArrayList<>(arguments);
        argv.add("--json");
        return switch (start(argv)) {
            case ProcessResult.Exited exited -> envelope(exited, arguments);
            case ProcessResult.TimedOut timedOut ->
                Envelope.missing("`lamplighter %s` did not end within %s"
                        .formatted(arguments.getFirst(), timedOut.limit().toHours() + " h"));
            case ProcessResult.NotStarted(String reason) -> Envelope.missing(reason);
        };
    }

    @Override
    public Lines lines(List<String> arguments) {
        return switch (start(arguments)) {
            case ProcessResult.Exited exited ->
                new Lines(exited.out().lines().toList(), exited.status() == 0 ? "" : lastLine(exited.err()));
            case ProcessResult.TimedOut _ -> new Lines(List.of(), "The command did not end in time");
            case ProcessResult.NotStarted(String reason) -> new Lines(List.of(), reason);
        };
    }

    @Override
    public Following follow(List<String> arguments, Consumer<String> line) {
        List<String> argv = new ArrayList<>(launcher);
        argv.addAll(arguments);
        Command command = Command.of(FOLLOWED, argv)
                .changing(environment)
                .with(CHILD, "1")
                .keeping(0);
        Thread thread = Thread.ofVirtual().name("log").start(() -> runner.run(command, line));
        followers.removeIf(old -> !old.isAlive());
        followers.add(thread);
        // An interruption ends the whole process tree.
        return thread::interrupt;
    }

    /// Stops all followers, and waits until their processes have ended.
    public void close() {
        followers.forEach(Thread::interrupt);
        try {
            for (Thread follower : followers) {
                boolean _ = follower.join(END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ProcessResult start(List<String> arguments) {
        List<String> argv = new ArrayList<>(launcher);
        argv.addAll(arguments);
        return runner.run(Command.of(LIMIT, argv).changing(environment).with(CHILD, "1"));
    }

    private static Envelope envelope(ProcessResult.Exited exited, List<String> arguments) {
        try {
            var json = JsonFile.MAPPER.readTree(exited.out());
            if (json.isObject()) {
                return Envelope.of(json);
            }
        } catch (JacksonException e) {
            // Reported below, with the last line of standard error.
        }
        String message = lastLine(exited.err());
        return Envelope.missing(
                message.isEmpty()
                        ? "`lamplighter %s` failed without a message (exit code %d)"
                                .formatted(arguments.getFirst(), exited.status())
                        : message);
    }

    private static String lastLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .reduce((_, last) -> last)
                .map(line -> line.replaceFirst("^lamplighter: ", ""))
                .orElse("");
    }
}
