package io.github.lamplighter.cli;

import static java.util.Map.entry;

import io.github.lamplighter.tool.SpellingSuggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Turns usage errors into sentences that name the word and suggest what was probably meant.
final class UsageErrorHandler {

    /// Commands of other programs, and the commands that do the same here.
    private static final Map<String, String> EQUIVALENTS = Map.ofEntries(
            entry("uninstall", "`lamplighter forget NAME`, or `lamplighter service uninstall NAME`"),
            entry("delete", "`lamplighter forget NAME`"),
            entry("update", "`lamplighter upgrade NAME`, or `lamplighter outdated` to check for newer versions"),
            entry("install", "`lamplighter add NAME`, or `lamplighter service install NAME`"),
            entry("enable", "`lamplighter service enable NAME`"),
            entry("disable", "`lamplighter service disable NAME`"),
            entry("ls", "`lamplighter list`"),
            entry("health", "`lamplighter doctor`"),
            entry("info", "`lamplighter doctor NAME`"),
            entry("show", "`lamplighter doctor NAME`, or `lamplighter manifest show NAME`"),
            entry("help", "`lamplighter --help`, or `lamplighter COMMAND --help`"),
            entry("version", "`lamplighter --version`"),
            entry("config", "`lamplighter settings`"),
            entry("undo", "`lamplighter rollback NAME`"),
            entry("gui", "`lamplighter window`"),
            entry("log", "`lamplighter logs NAME`"));

    private UsageErrorHandler() {}

    static String sentence(ParameterException problem) {
        return switch (problem) {
            case CommandLine.UnmatchedArgumentException unmatched -> unmatched(unmatched);
            case CommandLine.MissingParameterException missing -> missing(missing);
            case CommandLine.OverwrittenOptionException twice ->
                "`%s` was given twice.".formatted(name(twice.getOverwritten()));
            default ->
                Optional.ofNullable(problem.getArgSpec())
                        .flatMap(spec -> Optional.ofNullable(problem.getValue())
                                .map(value -> "%s must be %s, not `%s`.".formatted(name(spec), values(spec), value)))
                        .orElseGet(() -> missingCommand(problem));
        };
    }

    private static String unmatched(CommandLine.UnmatchedArgumentException problem) {
        CommandLine command = problem.getCommandLine();
        String word = problem.getUnmatched().getFirst();
        if (word.startsWith("-")) {
            List<String> options = command.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden())
                    .map(OptionSpec::longestName)
                    .toList();
            return "Unknown option `%s`.%s"
                    .formatted(
                            word,
                            SpellingSuggestion.to(word.replaceFirst("=.*", ""), options)
                                    .map(" Did you mean `%s`?"::formatted)
                                    .orElse(""));
        }
        List<String> commands = commands(command);
        return commands.isEmpty()
                ? "Unexpected argument: `%s`.".formatted(String.join(" ", problem.getUnmatched()))
                : unknownCommand(command, word.toLowerCase(Locale.ROOT), commands);
    }

    private static String unknownCommand(CommandLine command, String word, List<String> commands) {
        boolean root = command.getParent() == null;
        Map<String, String> equivalents = root ? EQUIVALENTS : Map.of();
        String parent = command.getCommandSpec().qualifiedName();
        String suggestion = Optional.of(word)
                .filter(equivalents::containsKey)
                .or(() -> SpellingSuggestion.to(word, commands))
                .or(() -> SpellingSuggestion.to(word, equivalents.keySet()))
                .map(near -> " Did you mean %s?"
                        .formatted(equivalents.getOrDefault(near, "`%s %s`".formatted(parent, near))))
                .orElseGet(() -> root ? "" : " Commands: %s.".formatted(list(commands, "and")));
        return "Unknown command `%s %s`.%s".formatted(parent, word, suggestion);
    }

    private static String missing(CommandLine.MissingParameterException problem) {
        List<ArgSpec> missing = problem.getMissing();
        if (missing.size() == 1 && missing.getFirst() instanceof OptionSpec option) {
            return "`%s` needs a value: %s.".formatted(option.longestName(), option.paramLabel());
        }
        return "Missing argument%s: %s."
                .formatted(
                        missing.size() == 1 ? "" : "s",
                        String.join(
                                ", ",
                                missing.stream().map(UsageErrorHandler::name).toList()));
    }

    private static String missingCommand(ParameterException problem) {
        List<String> commands = commands(problem.getCommandLine());
        return commands.isEmpty()
                ? String.valueOf(problem.getMessage())
                : "Specify a command: %s.".formatted(list(commands, "or"));
    }

    /// The visible commands below `command`.
    private static List<String> commands(CommandLine command) {
        return command.getSubcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String name(ArgSpec spec) {
        return spec instanceof OptionSpec option ? option.longestName() : spec.paramLabel();
    }

    private static String values(ArgSpec spec) {
        Class<?> type = Stream.of(spec.auxiliaryTypes()).findFirst().orElse(spec.type());
        if (type.isEnum()) {
            List<String> words = Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .toList();
            return list(words, "or");
        }
        return type == int.class || type == Integer.class ? "a whole number" : spec.paramLabel();
    }

    private static String list(List<String> words, String last) {
        return words.size() == 1
                ? words.getFirst()
                : String.join(", ", words.subList(0, words.size() - 1)) + " " + last + " " + words.getLast();
    }
}
