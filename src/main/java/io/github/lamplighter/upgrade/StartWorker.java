package io.github.lamplighter.upgrade;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Starts the worker of a transaction, independent of the window or terminal that started it.
public final class StartWorker {

    private static final Duration SCOPE_LIMIT = Duration.ofSeconds(5);

    private final ProcessRunner runner;
    private final List<String> launcher;
    private final Function<String, List<String>> scope;

    /// @param launcher the command that starts Lamplighter
    /// @param scope the prefix that runs a command in its own scope, by transaction id; may be empty
    public StartWorker(ProcessRunner runner, List<String> launcher, Function<String, List<String>> scope) {
        this.runner = runner;
        this.launcher = List.copyOf(launcher);
        this.scope = scope;
    }

    /// @return empty if it was started, else a sentence that says why not
    public Optional<String> start(String id, List<String> arguments) {
        List<String> argv = new ArrayList<>(canScope(id) ? scope.apply(id) : List.of());
        argv.addAll(launcher);
        argv.add("upgrade-worker");
        argv.addAll(arguments);
        return runner.launch(argv, Map.of());
    }

    /// A user manager may refuse a scope, for example in a container that has no system manager: it cannot move
    /// processes that it did not start. The worker would end without a word then, so another command is tried.
    private boolean canScope(String id) {
        List<String> attempt = new ArrayList<>(scope.apply(id + "-attempt"));
        if (attempt.isEmpty()) {
            return false;
        }
        attempt.add("true");
        return runner.run(Command.of(SCOPE_LIMIT, attempt)) instanceof ProcessResult.Exited exited
                && exited.status() == 0;
    }
}
