package io.github.lamplighter.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The port that starts every other program: no shell, a time limit, both streams drained, the whole process tree
/// killed on timeout or interruption.
public interface ProcessRunner {

    /// Runs `command` until it exits or reaches its limit. Standard input is empty.
    ProcessResult run(Command command);

    /// Runs `command` and hands over each line of both streams as it comes, without its line end.
    ProcessResult run(Command command, Consumer<String> line);

    /// Starts a program that outlives this one, in its own session, without streams.
    ///
    /// @return empty if it was started, else a sentence that says why not
    Optional<String> launch(List<String> argv, Map<String, Optional<String>> environment);

    /// Like `launch`, and waits whether the program fails at once. One that is still running after `limit` has not.
    ///
    /// @return empty if it was started and did not fail, else a sentence that says why
    Optional<String> launch(List<String> argv, Duration limit);

    /// Finds a bare name on this process's `PATH`; an absolute path is only checked.
    Optional<Path> find(String name);

    /// Finds a bare name on the given `PATH` value; empty and relative entries are ignored.
    Optional<Path> find(String name, String path);
}
