package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.LintFinding;
import io.github.lamplighter.tool.ToolName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `manifest lint NAME|FILE…`
@Command(
        name = "lint",
        header = "Validate a manifest",
        description = "Reports problems with line and column.",
        footer = {"lamplighter manifest lint n8n", "lamplighter manifest lint share/lamplighter/mytool.json"},
        exitCodeList = {"0:valid", "2:problems found"})
final class ManifestLintCommand extends ReportingCommand {

    private record Linted(Path file, List<LintFinding> findings) {}

    private final ManifestContext context;

    @Parameters(paramLabel = "NAME|FILE", arity = "1..*", description = "Managed tool or manifest file")
    private List<String> names = List.of();

    ManifestLintCommand(ManifestContext context) {
        super("manifest lint", context.console());
        this.context = context;
    }

    @Override
    CommandResult run() {
        List<Linted> linted = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (String name : names) {
            Path file = file(name);
            Optional<List<LintFinding>> found = context.store().lint(file);
            found.ifPresentOrElse(
                    findings -> linted.add(new Linted(file, findings)), () -> problems.add(context.noManifest(name)));
        }
        int count = linted.stream().mapToInt(each -> each.findings().size()).sum();
        if (count > 0) {
            problems.add(new Problem("not-well", count == 1 ? "1 problem found." : count + " problems found."));
        }
        return new CommandResult(
                problems.isEmpty() ? ExitCode.OK : ExitCode.USAGE, () -> data(linted), problems, console -> {
                    linted.forEach(each -> print(each, console));
                    problems.forEach(problem -> console.warn(problem.message()));
                });
    }

    private void print(Linted linted, Console console) {
        context.text(linted.file(), linted.findings()).forEach(console.out()::println);
        if (linted.findings().isEmpty()) {
            console.out().println("%s: valid".formatted(context.directories().display(linted.file())));
        }
    }

    private static ObjectNode data(List<Linted> linted) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        if (!linted.isEmpty()) {
            ArrayNode files = data.putArray("files");
            linted.forEach(each -> {
                ArrayNode findings =
                        files.addObject().put("file", each.file().toString()).putArray("complaints");
                each.findings().forEach(finding -> findings.add(ManifestContext.json(finding)));
            });
        }
        return data;
    }

    /// The manifest of the managed tool with this name, else the file.
    private Path file(String name) {
        Optional<ToolName> tool = name.contains("/") || name.endsWith(".json") ? Optional.empty() : ToolName.of(name);
        return tool.map(context.store()::file)
                .filter(Files::exists)
                .orElseGet(() -> Path.of(name).toAbsolutePath().normalize());
    }
}
