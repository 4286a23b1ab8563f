package io.github.lamplighter.tray;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Starts what the tray has others do: Lamplighter's own commands as child processes, and the window in a scope of its
/// own.
final class TrayCommands {

    /// Long enough for an upgrade, whose steps have limits of their own.
    private static final Duration COMMAND = Duration.ofHours(2);

    private static final Duration DOCTOR = Duration.ofMinutes(10);

    private final ProcessRunner runner;
    private final List<String> launcher;
    private final AppDirectories directories;

    TrayCommands(ProcessRunner runner, List<String> launcher, AppDirectories directories) {
        this.runner = runner;
        this.launcher = List.copyOf(launcher);
        this.directories = directories;
    }

    /// The envelope of a command.
    ///
    /// @param problem why the command failed; empty if it succeeded
    record Result(int exitCode, Optional<JsonNode> data, Optional<String> problem) {}

    /// Runs a command in a thread of its own.
    void run(List<String> arguments, Consumer<Result> done) {
        Thread.ofVirtual().start(() -> done.accept(result(runner.run(Command.of(COMMAND, argv(arguments))))));
    }

    /// Runs the doctor, which updates the glance. It has a low priority, since the user does not wait for it: nice(1)
    /// 10, and the idle class of ionice(1) where util-linux has it.
    void doctor(Runnable done) {
        Thread.ofVirtual().start(() -> {
            runner.run(Command.of(DOCTOR, withLowPriority(argv(List.of("doctor", "--background"))))
                    .keeping(0));
            done.run();
        });
    }

    /// Opens the window; it outlives the tray.
    ///
    /// @return why it could not be started
    Optional<String> window(List<String> arguments, Optional<String> token) {
        List<String> argv = new ArrayList<>(scope());
        argv.addAll(argv(Stream.concat(Stream.of("window"), arguments.stream()).toList()));
        return runner.launch(
                argv,
                token.map(value -> Map.of("XDG_ACTIVATION_TOKEN", Optional.of(value)))
                        .orElse(Map.of()));
    }

    private List<String> withLowPriority(List<String> argv) {
        List<String> result = new ArrayList<>();
        for (List<String> prefix : List.of(List.of("nice", "-n", "10"), List.of("ionice", "-c", "3"))) {
            if (runner.find(prefix.getFirst()).isPresent()) {
                result.addAll(prefix);
            }
        }
        result.addAll(argv);
        return result;
    }

    private List<String> argv(List<String> arguments) {
        return Stream.concat(launcher.stream(), arguments.stream()).toList();
    }

    /// When systemd stops a service it kills its child processes too, unless they have a scope of their own.
    private List<String> scope() {
        boolean systemd = directories
                .runtime()
                .filter(runtime -> Files.exists(runtime.resolve("systemd/private")))
                .isPresent();
        return runner.find("systemd-run")
                .filter(_ -> systemd)
                .map(path -> List.of(path.toString(), "--user", "--scope", "--quiet", "--collect", "--"))
                .orElse(List.of());
    }

    static Result result(ProcessResult result) {
        return switch (result) {
            case ProcessResult.Exited exited -> {
                Optional<JsonNode> envelope = envelope(exited.out());
                Optional<String> said = envelope.map(json ->
                                json.path("errors").path(0).path("message").asString(""))
                        .filter(text -> !text.isEmpty())
                        .or(() -> lastLine(exited.err()));
                yield new Result(
                        exited.status(),
                        envelope.map(json -> json.path("data")),
                        exited.status() == 0
                                ? Optional.empty()
                                : said.or(
                                        () -> Optional.of("The command failed (exit code " + exited.status() + ").")));
            }
            case ProcessResult.TimedOut timed ->
                new Result(
                        1,
                        Optional.empty(),
                        Optional.of("The command did not end within "
                                + timed.limit().toHours() + " h."));
            case ProcessResult.NotStarted not -> new Result(1, Optional.empty(), Optional.of(not.reason()));
        };
    }

    private static Optional<JsonNode> envelope(String out) {
        try {
            return Optional.of(JsonFile.MAPPER.readTree(out)).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> lastLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .reduce((_, last) -> last)
                .map(line -> line.strip().replaceFirst("^lamplighter: ", ""));
    }
}
