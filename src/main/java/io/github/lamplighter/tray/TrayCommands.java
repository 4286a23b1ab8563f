package io.github.lamplighter.tray;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.ProcessCliClient;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Starts what the tray has others do: Lamplighter's own commands as child processes, and the window in a
/// scope of its own.
final class TrayCommands {

    private static final Duration DOCTOR = Duration.ofMinutes(10);

    private final ProcessRunner runner;
    private final List<String> launcher;
    private final AppDirectories directories;
    private final RunningWindow runningWindow;
    private final CliClient client;

    TrayCommands(ProcessRunner runner, List<String> launcher, AppDirectories directories, RunningWindow runningWindow) {
        this.runningWindow = runningWindow;
        this.runner = runner;
        this.launcher = List.copyOf(launcher);
        this.directories = directories;
        this.client = new ProcessCliClient(launcher, runner);
    }

    /// Runs a command in a thread of its own.
    void run(List<String> arguments, Consumer<Envelope> done) {
        Thread.ofVirtual().start(() -> done.accept(client.run(arguments)));
    }

    /// Runs the doctor, which updates the glance. It has a low priority, since the user does not wait for it:
    /// nice(1) 10, and the idle class of ionice(1) where util-linux has it.
    ///
    /// @param options which tools, and whether without the network
    void doctor(List<String> options, Runnable done) {
        List<String> arguments = Stream.concat(Stream.of("doctor", "--background"), options.stream())
                .toList();
        Thread.ofVirtual().start(() -> {
            runner.run(Command.of(DOCTOR, withLowPriority(argv(arguments))).keeping(0));
            done.run();
        });
    }

    /// Shows the running window, or starts one, which outlives the tray.
    ///
    /// @param failed receives why it could not be started
    void window(MenuAction.OpenWindow window, Optional<String> token, Consumer<String> failed) {
        Thread.ofVirtual().start(() -> {
            // The window's command starts the check, too.
            if (window.check() || !runningWindow.show(window.tool(), window.ask())) {
                start(window, token).ifPresent(failed);
            }
        });
    }

    private Optional<String> start(MenuAction.OpenWindow window, Optional<String> token) {
        List<String> argv = new ArrayList<>(scope());
        argv.addAll(argv(
                Stream.concat(Stream.of("window"), window.arguments().stream()).toList()));
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
}
