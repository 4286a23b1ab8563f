package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Result of a command before it is printed. [Console#print] renders it, as text or as the JSON envelope.
///
/// @param data the envelope's `data`; built only for `--json`
/// @param problems the envelope's `errors`
/// @param text prints the result for a person
record CommandResult(int exitCode, Supplier<ObjectNode> data, List<Problem> problems, Consumer<Console> text) {

    CommandResult {
        problems = List.copyOf(problems);
    }

    static CommandResult ok(Supplier<ObjectNode> data, Consumer<Console> text) {
        return new CommandResult(ExitCode.OK, data, List.of(), text);
    }

    /// Nothing but one problem, which the text prints on standard error.
    static CommandResult failed(int exitCode, Problem problem) {
        return new CommandResult(
                exitCode,
                JsonFile.MAPPER::createObjectNode,
                List.of(problem),
                console -> console.warn(problem.message()));
    }

    static CommandResult failed(int exitCode, String code, String message) {
        return failed(exitCode, new Problem(code, message));
    }

    static CommandResult usage(String message) {
        return failed(ExitCode.USAGE, "usage", message);
    }
}
