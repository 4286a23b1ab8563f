package io.github.lamplighter.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The root of the command line: what `lamplighter` alone does, `--version`, `--help`, and how wrong usage is
/// answered.
@Command(
        name = "lamplighter",
        mixinStandardHelpOptions = false,
        description = "Looks after the command-line tools that you installed: are they well, current, and there?",
        footer = {"", "Exit codes: 0 well · 1 something is not · 2 wrong usage · 3 refused · 4 needs you · 5 busy"})
public final class LamplighterCommand implements Callable<Integer> {

    /// What people type out of habit, and what it is called here.
    private static final java.util.Map<String, String> MEANT = java.util.Map.ofEntries(
            java.util.Map.entry("remove", "forget NAME (it stops looking after a tool and uninstalls nothing)"),
            java.util.Map.entry("uninstall", "forget NAME, or service uninstall NAME"),
            java.util.Map.entry("delete", "forget NAME"),
            java.util.Map.entry("update", "upgrade NAME, or outdated to see what is new"),
            java.util.Map.entry("install", "add NAME, or service install NAME"),
            java.util.Map.entry("ls", "list"),
            java.util.Map.entry("health", "doctor"),
            java.util.Map.entry("undo", "rollback NAME"),
            java.util.Map.entry("gui", "window"),
            java.util.Map.entry("log", "logs NAME"));

    /// What `lamplighter` alone does.
    public interface Alone {
        int run();
    }

    private final Console console;
    private final Alone alone;

    @Option(names = "--version", description = "Print the version.")
    private boolean version;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show help.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    private final String number;

    public LamplighterCommand(Console console, String number, Alone alone) {
        this.console = console;
        this.number = number;
        this.alone = alone;
    }

    @Override
    public Integer call() {
        if (version) {
            console.out().println("lamplighter " + number);
            return ExitCode.OK;
        }
        return alone.run();
    }

    /// The command line for `arguments`: the verb that they name is put together, and nothing else. Where they
    /// name none (help, completion, a word that is mistyped) all of them are.
    public CommandLine with(List<Verb> verbs, List<String> arguments) {
        List<Verb> asked = arguments.stream()
                .filter(word -> !word.startsWith("-"))
                .findFirst()
                .flatMap(word ->
                        verbs.stream().filter(verb -> verb.isMeantBy(word)).findFirst())
                .map(List::of)
                .orElse(verbs);
        CommandLine line = new CommandLine(this);
        asked.forEach(verb -> line.addSubcommand(
                verb.name(), verb.command().get(), verb.aliases().toArray(String[]::new)));
        line.setOut(new java.io.PrintWriter(console.out(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setErr(new java.io.PrintWriter(console.err(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(this::wrongUsage);
        line.setExecutionExceptionHandler((problem, command, _) -> broken(problem, command));
        return line;
    }

    private int wrongUsage(CommandLine.ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        String sentence = meant(problem, arguments).orElseGet(() -> sentence(problem));
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

    private static Optional<String> meant(CommandLine.ParameterException problem, String[] arguments) {
        if (!(problem instanceof CommandLine.UnmatchedArgumentException unmatched) || arguments.length == 0) {
            return Optional.empty();
        }
        String word = arguments[0];
        String known = MEANT.get(word.toLowerCase(Locale.ROOT));
        if (known != null) {
            return Optional.of("There is no `%s` here. Perhaps you meant: lamplighter %s".formatted(word, known));
        }
        List<String> suggestions = unmatched.getSuggestions();
        return suggestions.isEmpty() || word.startsWith("-")
                ? Optional.empty()
                : Optional.of(
                        "There is no verb `%s`. Perhaps you meant: %s".formatted(word, String.join(", ", suggestions)));
    }

    private static String sentence(CommandLine.ParameterException problem) {
        return switch (problem) {
            case CommandLine.MissingParameterException missing ->
                "Something is missing: %s."
                        .formatted(String.join(
                                ", ",
                                missing.getMissing().stream()
                                        .map(spec -> spec.isOption()
                                                ? ((CommandLine.Model.OptionSpec) spec).longestName()
                                                : spec.paramLabel())
                                        .toList()));
            case CommandLine.UnmatchedArgumentException unmatched ->
                "It does not know what to do with `%s`.".formatted(String.join(" ", unmatched.getUnmatched()));
            default -> String.valueOf(problem.getMessage());
        };
    }

    /// An exception here is a fault of ours: it is said in a sentence, and the trace goes where a person who
    /// wants to
    /// report it can have it.
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

    @Option(names = "--trace", hidden = true, scope = CommandLine.ScopeType.INHERIT)
    private boolean traces;
}
