package io.github.lamplighter.cli;

import io.github.lamplighter.cli.HelpLayout.Group;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The root command: `lamplighter` without a command, `--version`, `--help`, and the messages for usage
/// errors and crashes.
@Command(
        name = "lamplighter",
        header = "Check, upgrade and run the command-line tools you installed with uv, pipx, npm or in a venv",
        customSynopsis = "lamplighter [COMMAND] [OPTIONS]",
        description = "Without a command, Lamplighter opens its window (or prints the last results if there is no"
                + " desktop). Most commands accept `--json`.",
        footer = {
            "lamplighter list",
            "lamplighter add http-server --directory ~/site",
            "lamplighter doctor",
            "lamplighter upgrade --all --dry-run"
        },
        exitCodeList = {
            "0:OK",
            "1:problems found, or nothing could be checked",
            "2:usage error",
            "3:refused or needs confirmation",
            "4:needs manual repair",
            "5:busy",
            "130:interrupted"
        })
public final class LamplighterCommand implements Callable<Integer>, HelpLayout.Grouped {

    /// Runs for `lamplighter` without a command.
    public interface BareInvocation {
        int run();
    }

    private static final List<Group> GROUPS = List.of(
            Group.of("Check", "doctor", "status", "explain", "ignore", "unignore", "report"),
            Group.of("Tools", "list", "add", "forget", "manifest"),
            Group.of("Versions", "outdated", "upgrade", "rollback", "recover", "history"),
            Group.of("Services", "service", "start", "stop", "restart", "logs", "open"),
            Group.of(
                    "Lamplighter",
                    "window",
                    "demo",
                    "tray",
                    "autostart",
                    "settings",
                    "activity",
                    "completion",
                    "self"));

    private final Console console;
    private final BareInvocation bareInvocation;

    private final String version;

    @Option(names = "--version", description = "Show the version")
    private boolean showVersion;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 2,
            description = "Show this help")
    private boolean help;

    @Option(
            names = "--trace",
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "Print a stack trace if Lamplighter crashes")
    private boolean trace;

    public LamplighterCommand(Console console, String version, BareInvocation bareInvocation) {
        this.console = console;
        this.version = version;
        this.bareInvocation = bareInvocation;
    }

    @Override
    public Integer call() {
        if (showVersion) {
            console.out().println("lamplighter " + version);
            return ExitCode.OK;
        }
        return bareInvocation.run();
    }

    /// The command line for `arguments`. Only the command that they name is created; without one (help,
    /// completion, a typing error) all are.
    public CommandLine with(List<LazyCommand> commands, List<String> arguments) {
        List<LazyCommand> needed = arguments.stream()
                .filter(word -> !word.startsWith("-"))
                .findFirst()
                .flatMap(word -> commands.stream()
                        .filter(lazyCommand -> lazyCommand.hasName(word))
                        .findFirst())
                .map(List::of)
                .orElse(commands);
        CommandLine line = new CommandLine(this);
        needed.forEach(lazyCommand -> line.addSubcommand(
                lazyCommand.name(),
                lazyCommand.command().get(),
                lazyCommand.aliases().toArray(String[]::new)));
        line.setOut(new java.io.PrintWriter(console.out(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setErr(new java.io.PrintWriter(console.err(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        HelpLayout.apply(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(this::usageError);
        line.setExecutionExceptionHandler((problem, command, _) -> crashed(problem, command));
        return line;
    }

    @Override
    public List<Group> groups() {
        return GROUPS;
    }

    private int usageError(CommandLine.ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        String sentence = UsageErrorHandler.sentence(problem);
        if (List.of(arguments).contains("--json")) {
            return console.problem(true, word(command), ExitCode.USAGE, new Console.Problem("usage", sentence));
        }
        console.err().println("lamplighter: " + sentence);
        String name = command.getCommandSpec().qualifiedName();
        console.err().println("Run `" + name + " --help` for usage.");
        return ExitCode.USAGE;
    }

    /// A command as the user types it: `service start`.
    private static String word(CommandLine command) {
        return command.getCommandSpec().qualifiedName().replaceFirst("^lamplighter ", "");
    }

    /// An exception here is a bug. The user gets a sentence; `--trace` adds the stack trace.
    private int crashed(Exception problem, CommandLine command) {
        boolean json = command.getParseResult().originalArgs().contains("--json");
        int code = console.problem(
                json,
                word(command),
                ExitCode.FAILED,
                new Console.Problem(
                        "broken",
                        "Lamplighter crashed: %s (%s). This is a bug. Run `lamplighter recover` to make sure that no upgrade was left unfinished."
                                .formatted(
                                        Optional.ofNullable(problem.getMessage())
                                                .orElse("no message"),
                                        problem.getClass().getSimpleName())));
        if (trace) {
            problem.printStackTrace(console.err());
        }
        return code;
    }
}
