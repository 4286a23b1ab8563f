package io.github.lamplighter.cli;

import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Option;

/// A command that returns a [CommandResult]. This class adds `--json`, looks up NAME, asks for confirmation and prints.
abstract class ReportingCommand implements Callable<Integer> {

    private final String name;
    private final Console console;

    @Option(names = "--json", order = 1, description = "Print the result as JSON")
    private boolean json;

    /// @param name as in the envelope: `service start`
    ReportingCommand(String name, Console console) {
        this.name = name;
        this.console = console;
    }

    /// Does the work. May report progress, but leaves printing the result to [Console#print].
    abstract CommandResult run();

    @Override
    public final Integer call() {
        return console.print(name, run(), json);
    }

    final String name() {
        return name;
    }

    final Console console() {
        return console;
    }

    final boolean json() {
        return json;
    }

    /// Runs `work` with the managed tool `tool`, or explains why there is none.
    static CommandResult withTool(ManifestStore manifests, String tool, Function<Manifest, CommandResult> work) {
        return withTool(manifests, Optional.empty(), tool, work);
    }

    /// The same for a command that works for Lamplighter too.
    static CommandResult withTool(
            ManifestStore manifests, Optional<Manifest> itself, String tool, Function<Manifest, CommandResult> work) {
        ToolSelection found = ToolSelection.of(manifests, itself, List.of(tool));
        return found.tools().isEmpty()
                ? found.problem()
                : work.apply(found.tools().getFirst());
    }

    /// The refusal, unless the user confirms with `--yes` or at the terminal.
    ///
    /// @param details for the refusal without a terminal: what would happen, and how to confirm it
    final Optional<CommandResult> unlessConfirmed(boolean yes, String question, String details) {
        return unconfirmed(yes, question, details)
                .map(why -> CommandResult.failed(ExitCode.REFUSED, "needs-consent", why));
    }

    /// Why the user has not confirmed, as a sentence; empty with `--yes` or after a yes at the terminal.
    final Optional<String> unconfirmed(boolean yes, String question, String details) {
        if (yes || console.agrees(question)) {
            return Optional.empty();
        }
        return Optional.of(
                console.ask().isPresent()
                        ? "Cancelled. Nothing was changed."
                        : "Confirmation required, but there is no terminal. " + details);
    }

    /// Prints a line about the work, not its result, on standard error; nothing with `--json`.
    final void progress(String line) {
        if (!json) {
            console.err().println(line);
        }
    }
}
