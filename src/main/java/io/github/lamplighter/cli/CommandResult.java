package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Result of a command before it is printed. [Console#print] renders it, as text or as the JSON envelope.
///
/// @param data the envelope's `data`; built only for `--json`
/// @param problems the envelope's `errors`
/// @param text prints the result as text
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

    /// The JSON envelope (docs/schemas/envelope-1.json).
    ObjectNode envelope(String command) {
        ObjectNode data = this.data.get();
        ObjectNode envelope = JsonFile.MAPPER.createObjectNode();
        envelope.put("schema", "lamplighter/1");
        envelope.put("command", command);
        envelope.put(
                "status",
                problems.isEmpty() && exitCode == ExitCode.OK ? "success" : data.isEmpty() ? "error" : "partial");
        envelope.put("exitCode", exitCode);
        envelope.set("data", data);
        ArrayNode errors = envelope.putArray("errors");
        problems.forEach(
                problem -> errors.addObject().put("code", problem.code()).put("message", problem.message()));
        return envelope;
    }
}
