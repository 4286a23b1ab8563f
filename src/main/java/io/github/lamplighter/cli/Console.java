package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Where verbs print: the result on standard output, everything else on standard error. The only class that
/// knows the standard streams.
///
/// @param colour whether standard output is a terminal that wants colour (not `NO_COLOR`, not `TERM=dumb`)
/// @param live whether standard error is a terminal on which a line can be taken back
/// @param ask asks a person a question and gives the typed line; empty when there is no terminal: then nothing
/// asks
public record Console(
        PrintStream out, PrintStream err, boolean colour, boolean live, Optional<Function<String, String>> ask) {

    /// One thing that went wrong, for `errors[]`.
    ///
    /// @param code kebab-case, stable
    public record Problem(String code, String message) {}

    /// Prints the envelope of the contract and gives back `exitCode`.
    public int envelope(String command, int exitCode, ObjectNode data, List<Problem> problems) {
        ObjectNode envelope = JsonFile.MAPPER.createObjectNode();
        envelope.put("schema", "lamplighter/1");
        envelope.put("command", command);
        envelope.put(
                "status",
                problems.isEmpty() && exitCode == ExitCode.OK ? "success" : data.isEmpty() ? "error" : "partial");
        envelope.put("exitCode", exitCode);
        envelope.set("data", data);
        ArrayNode errors = envelope.putArray("errors");
        for (Problem problem : problems) {
            errors.addObject().put("code", problem.code()).put("message", problem.message());
        }
        forPrograms().println(JsonFile.MAPPER.writeValueAsString(envelope));
        return exitCode;
    }

    /// Standard output for what another program reads, whatever the locale of the person is.
    PrintStream forPrograms() {
        return out instanceof AsciiPrintStream plain ? plain.raw() : out;
    }

    /// Ends a verb with one problem: a sentence on standard error, or the envelope.
    public int problem(boolean json, String command, int exitCode, Problem problem) {
        if (json) {
            return envelope(command, exitCode, JsonFile.MAPPER.createObjectNode(), List.of(problem));
        }
        err.println("lamplighter: " + problem.message());
        return exitCode;
    }

    /// Whether the person agrees; without a terminal nobody does.
    public boolean agrees(String question) {
        return ask.map(function -> function.apply(question + " [y/N] "))
                .map(answer -> answer.strip().toLowerCase(java.util.Locale.ROOT))
                .filter(answer -> answer.equals("y") || answer.equals("yes"))
                .isPresent();
    }
}
