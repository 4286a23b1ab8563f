package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter history`: past upgrades and their results, newest first.
@Command(
        name = "history",
        header = "Show past upgrades",
        footer = {"lamplighter history", "lamplighter history n8n"})
public final class HistoryCommand extends ReportingCommand {

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Journals journals;
    private final ManifestStore manifests;
    private final ZoneId zone;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Show only this tool (default: all)")
    private Optional<String> name = Optional.empty();

    public HistoryCommand(Journals journals, ManifestStore manifests, Console console, ZoneId zone) {
        super("history", console);
        this.journals = journals;
        this.manifests = manifests;
        this.zone = zone;
    }

    @Override
    CommandResult run() {
        List<UpgradeOutcome> history = journals.history(name);
        // A tool that is no longer managed still has its history.
        Optional<Problem> unknown = history.isEmpty()
                ? name.filter(given -> !given.equals("lamplighter"))
                        .flatMap(given ->
                                ToolSelection.of(manifests, List.of(given)).unknown())
                : Optional.empty();
        return unknown.map(problem -> CommandResult.failed(ExitCode.USAGE, problem))
                .orElseGet(() -> CommandResult.ok(() -> json(history), console -> print(history, console)));
    }

    private static ObjectNode json(List<UpgradeOutcome> history) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode tools = data.putArray("tools");
        history.forEach(outcome -> tools.add(UpgradeText.json(outcome)));
        return data;
    }

    private void print(List<UpgradeOutcome> history, Console console) {
        if (history.isEmpty()) {
            console.out().println("No upgrades yet.");
        }
        TextTable table = new TextTable();
        for (UpgradeOutcome past : history) {
            String down = past.downtimeMillis() > 0
                    ? "Down for " + HumanTime.duration(Duration.ofMillis(past.downtimeMillis())) + "."
                    : "";
            table.row(
                    WHEN.format(past.startedAt().atZone(zone)),
                    past.name(),
                    UpgradeText.end(past),
                    UpgradeText.versions(past),
                    (past.reason().filter(_ -> !past.isCancelled()).orElse("") + " " + down).strip());
        }
        table.lines().forEach(console.out()::println);
    }
}
