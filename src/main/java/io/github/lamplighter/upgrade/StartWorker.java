package io.github.lamplighter.upgrade;

import io.github.lamplighter.process.ProcessRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Starts the worker of a transaction, independent of the window or terminal that started it.
public final class StartWorker {

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
        List<String> argv = new ArrayList<>(scope.apply(id));
        argv.addAll(launcher);
        argv.add("upgrade-worker");
        argv.addAll(arguments);
        return runner.launch(argv, Map.of());
    }
}
