package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter history`: what became of past upgrades, newest first.
@Command(name = "history", description = "Past upgrades and how they ended.")
public final class HistoryCommand implements Callable<Integer> {

    private final Journals journals;
    private final Console console;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Only of this tool.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    public HistoryCommand(Journals journals, Console console) {
        this.journals = journals;
        this.console = console;
    }

    @Override
    public Integer call() {
        List<UpgradeOutcome> history = journals.history(name);
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            var tools = data.putArray("tools");
            history.forEach(outcome -> tools.add(outcome.json()));
            return console.envelope("history", ExitCode.OK, data, List.of());
        }
        if (history.isEmpty()) {
            console.out().println("Nothing was upgraded yet.");
        }
        for (UpgradeOutcome outcome : history) {
            console.out()
                    .println("%s  %-16s %-15s %s → %s  %s"
                            .formatted(
                                    outcome.startedAt(),
                                    outcome.name(),
                                    outcome.result().word(),
                                    outcome.from(),
                                    outcome.to(),
                                    outcome.reason().orElse(""))
                            .stripTrailing());
        }
        return ExitCode.OK;
    }
}
