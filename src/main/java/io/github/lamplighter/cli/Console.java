package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Help.Ansi.Style;

/// The terminal: results go to standard output, everything else to standard error. The only class that knows the
/// standard streams.
///
/// @param colour whether standard output is a terminal with colours (not `NO_COLOR`, not `TERM=dumb`)
/// @param live whether standard error is a terminal on which a line can be erased
/// @param ask asks the user a question and returns the typed line; empty without a terminal
public record Console(
        PrintStream out, PrintStream err, boolean colour, boolean live, Optional<Function<String, String>> ask) {

    /// An entry of the envelope's `errors[]`.
    ///
    /// @param code kebab-case, stable
    public record Problem(String code, String message) {}

    /// Prints a command's result and returns its exit code.
    ///
    /// @param command as in the envelope
    int print(String command, CommandResult result, boolean json) {
        if (json) {
            forPrograms().println(JsonFile.MAPPER.writeValueAsString(result.envelope(command)));
        } else {
            result.text().accept(this);
        }
        return result.exitCode();
    }

    /// Standard output for other programs: always UTF-8, in any locale.
    PrintStream forPrograms() {
        return out instanceof AsciiPrintStream plain ? plain.raw() : out;
    }

    /// Prints one problem, as text or as the envelope, and returns `exitCode`.
    public int problem(boolean json, String command, int exitCode, Problem problem) {
        return print(command, CommandResult.failed(exitCode, problem), json);
    }

    /// Prints a problem on standard error.
    void warn(String message) {
        err.println("lamplighter: " + message);
    }

    /// `text` in a style, if the terminal has colours.
    String paint(Style style, String text) {
        return colour ? style.on() + text + Style.reset.on() : text;
    }

    /// Whether the user answers yes; always false without a terminal.
    public boolean agrees(String question) {
        return ask.map(function -> function.apply(question + " [y/N] "))
                .map(answer -> answer.strip().toLowerCase(java.util.Locale.ROOT))
                .filter(answer -> answer.equals("y") || answer.equals("yes"))
                .isPresent();
    }
}
