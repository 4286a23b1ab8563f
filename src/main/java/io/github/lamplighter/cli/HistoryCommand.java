package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter history`: what became of past upgrades, newest first.
@Command(name = "history", description = "Show past upgrades and how they ended.")
public final class HistoryCommand implements Callable<Integer> {

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Journals journals;
    private final ManifestStore manifests;
    private final Console console;
    private final ZoneId zone;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Only of this tool.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    public HistoryCommand(Journals journals, ManifestStore manifests, Console console, ZoneId zone) {
        this.journals = journals;
        this.manifests = manifests;
        this.console = console;
        this.zone = zone;
    }

    @Override
    public Integer call() {
        List<UpgradeOutcome> history = journals.history(name);
        // A tool that was forgotten still has its history.
        Optional<Console.Problem> unknown = history.isEmpty()
                ? name.flatMap(
                        given -> ToolSelection.of(manifests, List.of(given)).unknown())
                : Optional.empty();
        if (unknown.isPresent()) {
            return console.problem(json, "history", ExitCode.USAGE, unknown.get());
        }
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            var tools = data.putArray("tools");
            history.forEach(outcome -> tools.add(UpgradeText.json(outcome)));
            return console.envelope("history", ExitCode.OK, data, List.of());
        }
        if (history.isEmpty()) {
            console.out().println("Nothing was upgraded yet.");
        }
        int name = history.stream().mapToInt(past -> past.name().length()).max().orElse(0);
        int end = history.stream()
                .mapToInt(past -> UpgradeText.end(past).length())
                .max()
                .orElse(0);
        int versions = history.stream()
                .mapToInt(past -> UpgradeText.versions(past).length())
                .max()
                .orElse(0);
        for (UpgradeOutcome past : history) {
            String down =
                    past.downtimeMillis() > 0 ? "Down for " + UpgradeText.seconds(past.downtimeMillis()) + "." : "";
            console.out()
                    .println(String.join(
                                    "  ",
                                    WHEN.format(past.startedAt().atZone(zone)),
                                    padded(past.name(), name),
                                    padded(UpgradeText.end(past), end),
                                    padded(UpgradeText.versions(past), versions),
                                    (past.reason().orElse("") + " " + down).strip())
                            .stripTrailing());
        }
        return ExitCode.OK;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
