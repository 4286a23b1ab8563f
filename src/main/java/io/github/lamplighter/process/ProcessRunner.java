package io.github.lamplighter.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The programs of this machine. Every start of another program goes through here: no shell, a time limit, both
/// streams drained, the whole process tree ended on time-out or interruption.
public interface ProcessRunner {

    /// Runs `command` to its end or its limit. Standard input is empty.
    ProcessResult run(Command command);

    /// The same, and hands over each line of both streams as it comes, without its line end.
    ProcessResult run(Command command, Consumer<String> line);

    /// Starts a program that outlives this one, in a session of its own, with no streams.
    ///
    /// @return empty when it was started, else a sentence that says why not
    Optional<String> launch(List<String> argv, Map<String, Optional<String>> environment);

    /// Where a bare name is found on this process's `PATH`; an absolute path is looked at as it is.
    Optional<Path> find(String name);

    /// Where a bare name is found on the given `PATH` value; empty and relative entries find nothing.
    Optional<Path> find(String name, String path);
}
