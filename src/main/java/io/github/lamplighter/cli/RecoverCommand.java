package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter recover`: finishes or rolls back interrupted upgrades. A success whichever version is installed then.
@Command(
        name = "recover",
        header = "Finish or roll back an interrupted upgrade",
        footer = "lamplighter recover",
        exitCodeList = {"0:nothing to do, or repaired", "4:needs manual repair"})
public final class RecoverCommand extends ReportingCommand {

    private final RecoverUpgrades recoverUpgrades;
    private final Consumer<String> afterwards;

    @Option(names = "--at-login", hidden = true, description = "Wait for services that start at login")
    private boolean atLogin;

    /// @param afterwards checks the tool with this name
    public RecoverCommand(RecoverUpgrades recoverUpgrades, Consumer<String> afterwards, Console console) {
        super("recover", console);
        this.recoverUpgrades = recoverUpgrades;
        this.afterwards = afterwards;
    }

    @Override
    CommandResult run() {
        List<UpgradeOutcome> outcomes;
        // Another recovery can take a minute.
        try (ProgressLine _ = ProgressLine.on(console(), () -> "Recovering interrupted upgrades…", json() || atLogin)) {
            outcomes = recoverUpgrades.recover(
                    atLogin ? RecoverUpgrades.Occasion.LOGIN : RecoverUpgrades.Occasion.COMMAND);
        }
        outcomes.stream().map(UpgradeOutcome::name).distinct().forEach(afterwards);
        List<Problem> problems = outcomes.stream()
                .filter(outcome -> outcome.result() == UpgradeOutcome.Result.NEEDS_ATTENTION)
                .map(outcome -> new Problem("needs-attention", UpgradeText.sentence(outcome)))
                .toList();
        return new CommandResult(
                problems.isEmpty() ? ExitCode.OK : ExitCode.NEEDS_ATTENTION,
                () -> json(outcomes),
                problems,
                console -> {
                    outcomes.forEach(outcome -> console.out().println(UpgradeText.sentence(outcome)));
                    if (outcomes.isEmpty()) {
                        console.out().println("No interrupted upgrades.");
                    }
                });
    }

    private static ObjectNode json(List<UpgradeOutcome> outcomes) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode tools = data.putArray("tools");
        outcomes.forEach(outcome -> tools.add(UpgradeText.json(outcome)));
        return data;
    }
}
