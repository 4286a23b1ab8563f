package io.github.lamplighter.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/// The root of the command line: what `lamplighter` alone does, `--version`, `--help`, and how wrong usage is
/// answered.
public final class LamplighterCommand implements Callable<Integer> {

    /// What `lamplighter` alone does.
    public interface BareInvocation {
        int run();
    }

    private static final String EXIT_CODES =
            "Exit codes: 0 well · 1 something is not, or could not be checked · 2 wrong usage · 3 refused, or needs"
                    + " your consent · 4 needs you · 5 busy · 130 interrupted";

    private final Console console;
    private final BareInvocation bareInvocation;

    private boolean version;
    private boolean traces;

    private final String number;

    public LamplighterCommand(Console console, String number, BareInvocation bareInvocation) {
        this.console = console;
        this.number = number;
        this.bareInvocation = bareInvocation;
    }

    @Override
    public Integer call() {
        if (version) {
            console.out().println("lamplighter " + number);
            return ExitCode.OK;
        }
        return bareInvocation.run();
    }

    /// The command line for `arguments`: the verb that they name is put together, and nothing else. Where they
    /// name none (help, completion, a word that is mistyped) all of them are.
    public CommandLine with(List<LazyCommand> verbs, List<String> arguments) {
        List<LazyCommand> asked = arguments.stream()
                .filter(word -> !word.startsWith("-"))
                .findFirst()
                .flatMap(word -> verbs.stream()
                        .filter(lazyCommand -> lazyCommand.isMeantBy(word))
                        .findFirst())
                .map(List::of)
                .orElse(verbs);
        CommandLine line = commandSpecBuilder().line();
        asked.forEach(lazyCommand -> line.addSubcommand(
                lazyCommand.name(),
                lazyCommand.command().get(),
                lazyCommand.aliases().toArray(String[]::new)));
        line.setOut(new java.io.PrintWriter(console.out(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setErr(new java.io.PrintWriter(console.err(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(this::wrongUsage);
        line.setExecutionExceptionHandler((problem, command, _) -> broken(problem, command));
        return line;
    }

    private CommandSpecBuilder commandSpecBuilder() {
        return new CommandSpecBuilder(
                        "lamplighter",
                        "Looks after the command-line tools that you installed: are they well, current, and there?",
                        this)
                .footer("", EXIT_CODES)
                .help("Show help.", "-h", "--help")
                .flag(on -> version = on, "Print the version.", "--version")
                .hiddenFlagOfAll(on -> traces = on, "Print where a fault of Lamplighter's own happened.", "--trace");
    }

    private int wrongUsage(CommandLine.ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        String sentence = UsageErrorHandler.sentence(problem);
        if (List.of(arguments).contains("--json")) {
            return console.problem(true, word(command), ExitCode.USAGE, new Console.Problem("usage", sentence));
        }
        console.err().println("lamplighter: " + sentence);
        String name = command.getCommandSpec().qualifiedName();
        console.err().println("`" + name + " --help` shows what it takes.");
        return ExitCode.USAGE;
    }

    /// A verb as it is typed: `service start`.
    private static String word(CommandLine command) {
        return command.getCommandSpec().qualifiedName().replaceFirst("^lamplighter ", "");
    }

    /// An exception here is a fault of ours: it is said in a sentence, and the trace goes where a person
    /// who wants to report it can have it.
    private int broken(Exception problem, CommandLine command) {
        boolean json = command.getParseResult().originalArgs().contains("--json");
        int code = console.problem(
                json,
                word(command),
                ExitCode.FAILED,
                new Console.Problem(
                        "broken",
                        "Lamplighter itself broke at this: %s (%s). Nothing was left half done on purpose; `lamplighter recover` makes sure."
                                .formatted(
                                        Optional.ofNullable(problem.getMessage())
                                                .orElse("no reason given"),
                                        problem.getClass().getSimpleName())));
        if (traces) {
            problem.printStackTrace(console.err());
        }
        return code;
    }
}
