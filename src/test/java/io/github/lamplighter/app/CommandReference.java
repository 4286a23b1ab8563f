package io.github.lamplighter.app;

import io.github.lamplighter.cli.HelpLayout;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/// The command reference, as the Markdown page of the documentation and as the manual page. Both come from the AsciiDoc
/// of picocli's [ManPageGenerator], so from the definitions that print `--help`. The usual converter is Asciidoctor: a
/// Ruby runtime of 30 MB, and one page a command. The generator's output has five forms of lines, so this class
/// converts those itself, into one page with the groups of `--help`.
final class CommandReference {

    /// One option, argument or exit code.
    private record Entry(String term, String text) {}

    /// A section of a command's page: entries, or plain lines.
    private record Section(List<Entry> entries, List<String> lines) {
        Section() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        String text() {
            return String.join(" ", lines);
        }
    }

    private static final String MAN_END = """
        .SH ENVIRONMENT
        .TP
        .B LAMPLIGHTER_JAVA_OPTIONS
        Additional options for the Java virtual machine.
        .TP
        .B NO_COLOR
        If set, output has no colors.
        .TP
        .BR LC_ALL ", " LC_CTYPE ", " LANG
        If they name no UTF-8 locale, symbols are printed in ASCII. JSON and HTML are always UTF-8.
        .SH FILES
        .TP
        .I $XDG_CONFIG_HOME/lamplighter/tools/NAME.json
        The manifest of a managed tool.
        .TP
        .I $XDG_STATE_HOME/lamplighter/
        Check results, upgrade journals and the activity log.
        .SH SEE ALSO
        .BR systemctl (1),
        .BR npm (1),
        .BR pipx (1),
        .BR uv (1),
        .BR journalctl (1)
        """;

    private final CommandLine root;
    private final String version;

    CommandReference(CommandLine root, String version) {
        this.root = root;
        this.version = version;
    }

    String markdown() {
        Map<String, Section> top = sections(root);
        StringBuilder page = new StringBuilder(
                """
                # Command reference

                On this page you find all commands with their options. `lamplighter COMMAND --help` shows the same in the
                terminal. A test generates this page from the command definitions: see
                [CONTRIBUTING.md](../CONTRIBUTING.md#commands-and-their-help).

                ```
                %s
                ```

                %s

                """.formatted(top.get("Synopsis").text(), top.get("Description").text()));
        table(page, "Exit code", top.get("Exit codes"));
        eachGroup((group, commands) -> {
            page.append("## ").append(group).append("\n\n");
            commands.forEach(command -> markdown(page, command));
        });
        return page.toString().stripTrailing() + "\n";
    }

    private static void markdown(StringBuilder page, CommandLine command) {
        Map<String, Section> sections = sections(command);
        CommandSpec spec = command.getCommandSpec();
        page.append("### `%s`\n\n%s.\n"
                .formatted(spec.qualifiedName(), spec.usageMessage().header()[0]));
        String description = sections.get("Description").text();
        if (!description.isEmpty()) {
            page.append('\n').append(description).append('\n');
        }
        if (spec.aliases().length > 0) {
            page.append("\nAlias: `")
                    .append(String.join("`, `", spec.aliases()))
                    .append("`\n");
        }
        page.append("\n```\n").append(sections.get("Synopsis").text()).append("\n```\n\n");
        table(page, "Argument", sections.get("Arguments"));
        table(page, "Option", withoutHelp(sections.get("Options")));
        page.append("Examples:\n\n```\n");
        sections.get("Examples").lines().forEach(line -> page.append(line).append('\n'));
        page.append("```\n\n");
        table(page, "Exit code", sections.get("Exit codes"));
    }

    private static void table(StringBuilder page, String heading, @Nullable Section section) {
        if (section == null || section.entries().isEmpty()) {
            return;
        }
        page.append("| %s | Description |\n|---|---|\n".formatted(heading));
        section.entries()
                .forEach(entry -> page.append("| `%s` | %s |\n"
                        .formatted(
                                entry.term().replace("|", "\\|"), entry.text().replace("|", "\\|"))));
        page.append('\n');
    }

    String man() {
        Map<String, Section> top = sections(root);
        StringBuilder page = new StringBuilder("""
            .\\" Generated from the command definitions; see CONTRIBUTING.md.
            .TH LAMPLIGHTER 1 "" "Lamplighter %s" "User Commands"
            .SH NAME
            lamplighter \\- %s
            .SH SYNOPSIS
            %s
            .SH DESCRIPTION
            %s
            """.formatted(
                        version,
                        roff(root.getCommandSpec().usageMessage().header()[0]),
                        roff(top.get("Synopsis").text()),
                        roff(top.get("Description").text())));
        eachGroup((group, commands) -> {
            page.append(".SH COMMANDS: ").append(group.toUpperCase(Locale.ROOT)).append('\n');
            commands.forEach(command -> man(page, command));
        });
        page.append(".SH OPTIONS\n");
        entries(page, top.get("Options"));
        page.append(".SH EXIT STATUS\n");
        entries(page, top.get("Exit codes"));
        return page.append(MAN_END).toString();
    }

    private static void man(StringBuilder page, CommandLine command) {
        Map<String, Section> sections = sections(command);
        CommandSpec spec = command.getCommandSpec();
        page.append(".SS ").append(roff(sections.get("Synopsis").text())).append('\n');
        String alias = spec.aliases().length > 0 ? " Alias: " + String.join(", ", spec.aliases()) + "." : "";
        page.append(roff(Stream.of(
                                spec.usageMessage().header()[0] + "." + alias,
                                sections.get("Description").text())
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" "))))
                .append('\n');
        entries(page, sections.get("Arguments"));
        entries(page, withoutHelp(sections.get("Options")));
        page.append(".PP\nExamples:\n.PP\n.nf\n.RS\n");
        sections.get("Examples").lines().forEach(line -> page.append(roff(line)).append('\n'));
        page.append(".RE\n.fi\n");
        if (sections.containsKey("Exit codes")) {
            page.append(".PP\nExit codes: ")
                    .append(sections.get("Exit codes").entries().stream()
                            .map(code -> roff(code.term() + " " + code.text()))
                            .collect(Collectors.joining("; ")))
                    .append(".\n");
        }
    }

    private static void entries(StringBuilder page, @Nullable Section section) {
        if (section != null) {
            section.entries()
                    .forEach(entry ->
                            page.append(".TP\n\\fB%s\\fR\n%s\n".formatted(roff(entry.term()), roff(entry.text()))));
        }
    }

    /// Without the brackets and the `=` that picocli adds: `[NAME...]`, `--to=VERSION`.
    private static String term(String marked) {
        return plain(marked).replaceAll("^\\[|(\\.\\.\\.)?]?$", "").replaceFirst("^(-[^=]*)=", "$1 ");
    }

    /// Without the marks of AsciiDoc's bold and italic text.
    private static String plain(String marked) {
        return marked.replaceAll("(?<![\\w`])[*_]|[*_](?![\\w`])", "");
    }

    /// Text between backticks is bold.
    private static String roff(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-").replaceAll("`([^`]*)`", "\\\\fB$1\\\\fR");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    /// Every command has `--help`; the page says so once.
    private static Section withoutHelp(Section options) {
        return new Section(
                options.entries().stream()
                        .filter(entry -> !entry.term().contains("--help"))
                        .toList(),
                List.of());
    }

    private interface GroupReader {
        void read(String heading, List<CommandLine> commands);
    }

    /// The commands of each group of `--help`, each followed by its subcommands.
    private void eachGroup(GroupReader reader) {
        for (HelpLayout.Group group : HelpLayout.groups(root.getCommandSpec())) {
            reader.read(
                    group.heading(),
                    group.commands().stream()
                            .map(name -> root.getSubcommands().get(name))
                            .flatMap(command ->
                                    Stream.concat(Stream.of(command), command.getSubcommands().values().stream()))
                            .toList());
        }
    }

    /// The sections of a command's page, by their headings.
    private static Map<String, Section> sections(CommandLine command) {
        StringWriter text = new StringWriter();
        ManPageGenerator.writeSingleManPage(new PrintWriter(text, true), command.getCommandSpec());
        Map<String, Section> sections = new LinkedHashMap<>();
        Section section = new Section();
        for (String line : text.toString().lines().toList()) {
            if (line.startsWith("== ")) {
                section = new Section();
                sections.put(line.substring(3), section);
            } else if (line.endsWith("::")) {
                section.entries().add(new Entry(term(line.substring(0, line.length() - 2)), ""));
            } else if (!section.entries().isEmpty() && !line.isBlank() && !line.startsWith("//")) {
                Entry entry = section.entries().removeLast();
                section.entries().add(new Entry(entry.term(), (entry.text() + " " + line.strip()).strip()));
            } else if (!line.isBlank() && !line.startsWith("//") && !line.startsWith("[%")) {
                section.lines().add(plain(line));
            }
        }
        return sections;
    }
}
