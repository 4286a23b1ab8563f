package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.demo.DemoHome;
import io.github.lamplighter.demo.DemoOutcome;
import io.github.lamplighter.demo.MakeDemo;
import io.github.lamplighter.demo.RemoveDemo;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `demo`: makes the demo and opens its window; `demo COMMAND` runs a command of Lamplighter in it.
@Command(
        name = "demo",
        header = "Try Lamplighter with a demo tool",
        description =
                "Installs a small web clock, runs it as a service, and opens a window for it. Check it, upgrade it to"
                        + " 1.1.0, and see how Lamplighter rolls back from the broken 2.0.0. Everything is in one folder;"
                        + " your own tools and settings are not used or changed. The demo needs git, Python with venv and"
                        + " a service manager, but no network.",
        footer = {
            "lamplighter demo",
            "lamplighter demo doctor",
            "lamplighter demo upgrade lamp-clock",
            "lamplighter demo --remove"
        },
        exitCodeList = {"0:OK", "1:failed", "3:something is missing on this computer", "5:busy"})
public final class DemoCommand extends ReportingCommand {

    private final DemoHome demo;
    private final MakeDemo makeDemo;
    private final RemoveDemo removeDemo;
    private final Optional<Supplier<Optional<String>>> openWindow;
    private final Function<List<String>, String> become;
    private final AppDirectories directories;

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "Command of Lamplighter to run in the demo, with its options")
    private List<String> command = List.of();

    @Option(names = "--remove", description = "Stop the demo's service and delete everything of the demo")
    private boolean remove;

    @Option(names = "--no-window", description = "Don't open the window")
    private boolean noWindow;

    /// @param openWindow opens the demo's window, and returns why it failed, as a sentence; empty without a display
    /// @param become replaces this process by a command of Lamplighter in the demo; returns only why it failed
    public DemoCommand(
            DemoHome demo,
            MakeDemo makeDemo,
            RemoveDemo removeDemo,
            Optional<Supplier<Optional<String>>> openWindow,
            Function<List<String>, String> become,
            AppDirectories directories,
            Console console) {
        super("demo", console);
        this.demo = demo;
        this.makeDemo = makeDemo;
        this.removeDemo = removeDemo;
        this.openWindow = openWindow;
        this.become = become;
        this.directories = directories;
    }

    @Override
    CommandResult run() {
        if (remove) {
            return command.isEmpty() && !noWindow
                    ? result(removeDemo.remove())
                    : CommandResult.usage("`--remove` can't be combined with a command or another option.");
        }
        if (command.isEmpty()) {
            if (!demo.isComplete() && makeDemo.missing().isEmpty()) {
                progress("Creating the demo in %s (takes about 15 s)".formatted(directories.display(demo.folder())));
            }
            return result(makeDemo.make(line -> progress("  ✓ " + line)));
        }
        return demo.isComplete()
                ? CommandResult.failed(ExitCode.FAILED, "not-started", become.apply(command))
                : CommandResult.failed(
                        ExitCode.REFUSED, "no-demo", "There is no demo yet. To create it, run `lamplighter demo`.");
    }

    private CommandResult result(DemoOutcome outcome) {
        return switch (outcome) {
            case DemoOutcome.Ready ready -> ready(ready);
            case DemoOutcome.Removed removed ->
                CommandResult.ok(
                        () -> data(removed.was() ? "removed" : "already"),
                        console -> console.out()
                                .println(
                                        removed.was()
                                                ? "Removed the demo: its service, and the folder %s."
                                                        .formatted(directories.display(removed.folder()))
                                                : "There is no demo to remove."));
            case DemoOutcome.Refused(String why) -> CommandResult.failed(ExitCode.REFUSED, "demo-refused", why);
            case DemoOutcome.Busy(String holder) -> CommandResult.failed(ExitCode.BUSY, "busy", holder);
            case DemoOutcome.Failed(String why) -> CommandResult.failed(ExitCode.FAILED, "demo-failed", why);
        };
    }

    private CommandResult ready(DemoOutcome.Ready ready) {
        Optional<String> problem = noWindow ? Optional.empty() : openWindow.flatMap(Supplier::get);
        boolean opened = !noWindow && openWindow.isPresent() && problem.isEmpty();
        return new CommandResult(
                problem.isPresent() ? ExitCode.FAILED : ExitCode.OK,
                () -> data(ready.made() ? "made" : "already")
                        .put("name", DemoHome.TOOL)
                        .put("version", ready.version())
                        .put("url", ready.url())
                        .put("unit", ready.unit())
                        .put("windowOpened", opened),
                problem.map(why -> new Problem("no-window", why)).stream().toList(),
                console -> print(console, ready, opened, problem));
    }

    private ObjectNode data(String outcome) {
        return JsonFile.MAPPER
                .createObjectNode()
                .put("outcome", outcome)
                .put("folder", demo.folder().toString());
    }

    private void print(Console console, DemoOutcome.Ready ready, boolean opened, Optional<String> problem) {
        console.out().println("The demo is running: lamp-clock %s, %s".formatted(ready.version(), ready.url()));
        if (opened) {
            console.out().println("Its window opens. The same in a terminal:");
        } else {
            problem.ifPresent(why -> console.warn(why + "."));
            console.out().println("Try it:");
        }
        console.out().print("""

              lamplighter demo doctor                # check it
              lamplighter demo upgrade lamp-clock    # upgrade to 1.1.0
              lamplighter demo upgrade lamp-clock    # then to 2.0.0, which is broken: rolls back
              lamplighter demo open lamp-clock       # its page; a button there freezes it
              lamplighter demo restart lamp-clock    # what the doctor suggests then
              lamplighter demo --remove              # delete everything of the demo
            """);
    }
}
