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

/// What is said to somebody who typed something that is not understood: where it is, and what was probably meant.
final class UsageErrorHandler {

    /// What people type out of habit, and what it is called here.
    private static final Map<String, String> MEANT = Map.ofEntries(
            entry("uninstall", "forget NAME, or service uninstall NAME"),
            entry("delete", "forget NAME"),
            entry("update", "upgrade NAME, or outdated to see what is new"),
            entry("install", "add NAME, or service install NAME"),
            entry("enable", "service enable NAME"),
            entry("disable", "service disable NAME"),
            entry("ls", "list"),
            entry("health", "doctor"),
            entry("info", "doctor NAME"),
            entry("show", "doctor NAME, or manifest show NAME"),
            entry("help", "--help, or VERB --help"),
            entry("version", "--version"),
            entry("config", "settings"),
            entry("undo", "rollback NAME"),
            entry("gui", "window"),
            entry("log", "logs NAME"));

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
                                .map(value -> "%s %s; `%s` is none.".formatted(name(spec), takes(spec), value)))
                        .orElseGet(() -> needsVerb(problem));
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
            return "`%s` has no option `%s`.%s"
                    .formatted(
                            command.getCommandSpec().qualifiedName(),
                            word,
                            SpellingSuggestion.to(word.replaceFirst("=.*", ""), options)
                                    .map(" Perhaps you meant `%s`."::formatted)
                                    .orElse(""));
        }
        List<String> verbs = verbs(command);
        return verbs.isEmpty()
                ? "It does not know what to do with `%s`.".formatted(String.join(" ", problem.getUnmatched()))
                : noVerb(command, word.toLowerCase(Locale.ROOT), verbs);
    }

    private static String noVerb(CommandLine command, String word, List<String> verbs) {
        boolean root = command.getParent() == null;
        Map<String, String> habits = root ? MEANT : Map.of();
        String here = command.getCommandSpec().qualifiedName();
        return Optional.of(word)
                .filter(habits::containsKey)
                .or(() -> SpellingSuggestion.to(word, verbs))
                .or(() -> SpellingSuggestion.to(word, habits.keySet()))
                .map(near -> "There is no `%s %s`. Perhaps you meant: %s %s"
                        .formatted(here, word, here, habits.getOrDefault(near, near)))
                .orElseGet(() -> root
                        ? "There is no verb `%s`.".formatted(word)
                        : "There is no verb `%s`; there are %s.".formatted(word, list(verbs, "and")));
    }

    private static String missing(CommandLine.MissingParameterException problem) {
        List<ArgSpec> missing = problem.getMissing();
        if (missing.size() == 1 && missing.getFirst() instanceof OptionSpec option) {
            return "`%s` needs a value: %s.".formatted(option.longestName(), option.paramLabel());
        }
        return "Something is missing: %s."
                .formatted(String.join(
                        ", ", missing.stream().map(UsageErrorHandler::name).toList()));
    }

    private static String needsVerb(ParameterException problem) {
        List<String> verbs = verbs(problem.getCommandLine());
        return verbs.isEmpty()
                ? String.valueOf(problem.getMessage())
                : "It needs a verb: %s.".formatted(list(verbs, "or"));
    }

    /// The verbs below a command that people may see, without their other names.
    private static List<String> verbs(CommandLine command) {
        return command.getSubcommands().entrySet().stream()
                .filter(verb -> !verb.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String name(ArgSpec spec) {
        return spec instanceof OptionSpec option ? option.longestName() : spec.paramLabel();
    }

    private static String takes(ArgSpec spec) {
        Class<?> type = Stream.of(spec.auxiliaryTypes()).findFirst().orElse(spec.type());
        if (type.isEnum()) {
            List<String> words = Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .toList();
            return "takes " + list(words, "or");
        }
        return type == int.class || type == Integer.class ? "takes a whole number" : "takes " + spec.paramLabel();
    }

    private static String list(List<String> words, String last) {
        return words.size() == 1
                ? words.getFirst()
                : String.join(", ", words.subList(0, words.size() - 1)) + " " + last + " " + words.getLast();
    }
}
