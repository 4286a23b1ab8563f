package io.github.lamplighter.cli;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The layout of `--help`: the header, the usage, the description, then arguments, commands, options, examples and exit
/// codes. A command declares them with picocli's own attributes: `header` (also its row in the list of commands),
/// `description`, `footer` for the examples, and `exitCodeList`.
public final class HelpLayout {

    private static final int COLUMNS = 80;

    private static final int INDENT = 2;

    /// The widest first column; a longer label gets a line of its own.
    private static final int LABELS = 22;

    /// A heading with the names of some commands below it.
    public record Group(String heading, List<String> commands) {
        public Group {
            commands = List.copyOf(commands);
        }

        static Group of(String heading, String... commands) {
            return new Group(heading, List.of(commands));
        }
    }

    /// A command with enough subcommands to need groups.
    interface Grouped {
        List<Group> groups();
    }

    private HelpLayout() {}

    /// Sets the layout of `line` and of all commands below it.
    static void apply(CommandLine line) {
        line.setHelpSectionKeys(List.of("layout"));
        line.setHelpSectionMap(Map.of("layout", HelpLayout::render));
        describe(line.getCommandSpec());
    }

    /// Fills in what the layout decides for all commands, for picocli's own generator of the manual page.
    private static void describe(CommandSpec spec) {
        spec.usageMessage()
                .customSynopsis(synopsis(spec))
                .sortOptions(false)
                .footerHeading("Examples")
                .exitCodeListHeading("Exit codes");
        spec.subcommands().values().forEach(command -> describe(command.getCommandSpec()));
    }

    private static String render(Help help) {
        CommandSpec spec = help.commandSpec();
        UsageMessageSpec usage = spec.usageMessage();
        StringBuilder page = new StringBuilder();
        page.append(wrapped(help, usage.header()[0] + ".")).append('\n');
        page.append(wrapped(help, "Usage: " + usage.customSynopsis()[0]));
        if (spec.aliases().length > 0) {
            page.append(wrapped(help, "Alias: " + String.join(", ", spec.aliases())));
        }
        for (String paragraph : usage.description()) {
            page.append('\n').append(wrapped(help, paragraph));
        }
        ColorScheme colours = help.colorScheme();
        Map<String, List<Text[]>> sections = new LinkedHashMap<>();
        sections.put("Arguments", arguments(spec, colours));
        groups(spec).forEach(group -> sections.put(group.heading(), commands(group, spec, colours)));
        sections.put("Options", options(spec, colours));
        int labels = sections.values().stream()
                .flatMap(List::stream)
                .mapToInt(row -> row[0].plainString().length())
                .filter(length -> length <= LABELS)
                .max()
                .orElse(0);
        sections.forEach((heading, rows) -> section(page, help, heading, rows, labels));
        if (usage.footer().length > 0) {
            heading(page, help, "Examples");
            Stream.of(usage.footer())
                    .forEach(line -> page.append("  ").append(line).append('\n'));
        }
        section(page, help, "Exit codes", exitCodes(usage, colours), 3);
        if (!spec.subcommands().isEmpty()) {
            page.append('\n')
                    .append(wrapped(help, "Run `%s COMMAND --help` for details.".formatted(spec.qualifiedName())));
        }
        return page.toString();
    }

    /// Arguments come before options, as they are usually typed; picocli has them the other way round.
    private static String synopsis(CommandSpec spec) {
        String[] custom = spec.usageMessage().customSynopsis();
        if (custom.length > 0) {
            return custom[0];
        }
        Stream<String> arguments = spec.positionalParameters().stream()
                .filter(argument -> !argument.hidden())
                .map(argument -> {
                    String label = argument.paramLabel() + (argument.arity().max() > 1 ? "..." : "");
                    return argument.required() ? label : "[" + label + "]";
                });
        return Stream.of(
                        Stream.of(spec.qualifiedName()),
                        spec.subcommands().isEmpty() ? Stream.<String>empty() : Stream.of("COMMAND"),
                        arguments,
                        Stream.of("[OPTIONS]"))
                .flatMap(part -> part)
                .collect(Collectors.joining(" "));
    }

    /// The groups of the commands below `spec`; one group if it declares none.
    public static List<Group> groups(CommandSpec spec) {
        if (spec.userObject() instanceof Grouped grouped) {
            return grouped.groups();
        }
        String[] visible = spec.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .map(CommandSpec::name)
                .distinct()
                .toArray(String[]::new);
        return visible.length == 0 ? List.of() : List.of(Group.of("Commands", visible));
    }

    /// The visible options: a command's own first, then those that many commands have.
    private static List<OptionSpec> options(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparingInt(OptionSpec::order))
                .toList();
    }

    /// All names of an option with its value: `-n, --lines N`.
    private static String names(OptionSpec option) {
        String value = option.arity().max() > 0 && !option.typeInfo().isBoolean() ? " " + option.paramLabel() : "";
        return String.join(", ", option.names()) + value;
    }

    private static List<Text[]> arguments(CommandSpec spec, ColorScheme colours) {
        return spec.positionalParameters().stream()
                .filter(argument -> !argument.hidden())
                .map(argument -> row(colours, colours.parameterText(argument.paramLabel()), argument.description()))
                .toList();
    }

    private static List<Text[]> options(CommandSpec spec, ColorScheme colours) {
        return options(spec).stream()
                .map(option -> row(
                        colours,
                        colours.optionText((option.names()[0].startsWith("--") ? "    " : "") + names(option)),
                        option.description()))
                .toList();
    }

    /// A command line that was created for one command has only that one.
    private static List<Text[]> commands(Group group, CommandSpec spec, ColorScheme colours) {
        return group.commands().stream()
                .flatMap(name -> Optional.ofNullable(spec.subcommands().get(name)).stream()
                        .map(command -> row(
                                colours,
                                colours.commandText(name),
                                command.getCommandSpec().usageMessage().header())))
                .toList();
    }

    private static List<Text[]> exitCodes(UsageMessageSpec usage, ColorScheme colours) {
        return usage.exitCodeList().entrySet().stream()
                .map(code -> row(colours, colours.text(code.getKey()), code.getValue()))
                .toList();
    }

    private static Text[] row(ColorScheme colours, Text label, String... description) {
        return new Text[] {label, colours.text(String.join(" ", description))};
    }

    private static void section(StringBuilder page, Help help, String heading, List<Text[]> rows, int labels) {
        if (rows.isEmpty()) {
            return;
        }
        int first = INDENT + labels + INDENT;
        TextTable table = table(
                help,
                new Column(first, INDENT, Column.Overflow.SPAN),
                new Column(COLUMNS - first, 0, Column.Overflow.WRAP));
        rows.forEach(table::addRowValues);
        heading(page, help, heading).append(table);
    }

    private static StringBuilder heading(StringBuilder page, Help help, String heading) {
        return page.append('\n')
                .append(help.colorScheme().text("@|bold " + heading + "|@"))
                .append('\n');
    }

    private static String wrapped(Help help, String text) {
        TextTable table = table(help, new Column(COLUMNS, 0, Column.Overflow.WRAP));
        table.addRowValues(text);
        return table.toString();
    }

    private static TextTable table(Help help, Column... columns) {
        TextTable table = TextTable.forColumns(help.colorScheme(), columns);
        table.indentWrappedLines = 0;
        return table;
    }
}
