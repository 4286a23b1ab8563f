package io.github.lamplighter.upgrade;

import io.github.lamplighter.process.ProcessRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Starts the worker of a transaction where no closing window and no ending session of a terminal reaches it.
public final class StartWorker {

    private final ProcessRunner runner;
    private final List<String> launcher;
    private final Function<String, List<String>> scope;

    /// @param launcher what starts Lamplighter again
    /// @param scope what to put before a command so that it runs in a scope of its own, for a transaction's
    /// id; empty
    ///     where there is none: then it only has its own session
    public StartWorker(ProcessRunner runner, List<String> launcher, Function<String, List<String>> scope) {
        this.runner = runner;
        this.launcher = List.copyOf(launcher);
        this.scope = scope;
    }

    /// @return empty when it was started, else a sentence that says why not
    public Optional<String> start(String id, List<String> arguments) {
        List<String> argv = new ArrayList<>(scope.apply(id));
        argv.addAll(launcher);
        argv.add("upgrade-worker");
        argv.addAll(arguments);
        return runner.launch(argv, Map.of());
    }
}
