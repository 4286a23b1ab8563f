package io.github.lamplighter.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;

/// `rehearse`: runs the verbs that people wait for, one after the other in this process. The launcher trains the
/// ahead-of-time cache with it, in a home that is thrown away.
@Command(name = "rehearse", hidden = true, description = "Runs the quick verbs once; the launcher's own.")
public final class RehearseCommand implements Callable<Integer> {

    private static final List<List<String>> LINES = List.of(
            List.of("--help"),
            List.of("list"),
            List.of("doctor", "--offline"),
            List.of("doctor", "--offline", "--json", "lantern"),
            List.of("status"),
            List.of("status", "--json"),
            List.of("list", "--json"),
            List.of("service", "status", "--json", "lantern"),
            List.of("stop", "lantern"));

    private final Consumer<List<String>> line;

    /// @param line carries out one command line; how it ended does not matter here
    public RehearseCommand(Consumer<List<String>> line) {
        this.line = line;
    }

    @Override
    public Integer call() {
        LINES.forEach(line);
        return ExitCode.OK;
    }
}
