package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter recover`: puts right what a cut-off upgrade left half done. That it worked is a success,
/// whichever version it ended in.
@Command(name = "recover", description = "Put right what a cut-off upgrade left half done.")
public final class RecoverCommand implements Callable<Integer> {

    private final RecoverUpgrades recoverUpgrades;
    private final Consumer<String> afterwards;
    private final Console console;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--at-login", hidden = true)
    private boolean atLogin;

    /// @param afterwards examines the tool of this name
    public RecoverCommand(RecoverUpgrades recoverUpgrades, Consumer<String> afterwards, Console console) {
        this.recoverUpgrades = recoverUpgrades;
        this.afterwards = afterwards;
        this.console = console;
    }

    @Override
    public Integer call() {
        List<UpgradeOutcome> outcomes = recoverUpgrades.recover(atLogin);
        outcomes.stream().map(UpgradeOutcome::name).distinct().forEach(afterwards);
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        var tools = data.putArray("tools");
        List<Console.Problem> problems = new ArrayList<>();
        int code = ExitCode.OK;
        for (UpgradeOutcome outcome : outcomes) {
            tools.add(UpgradeText.json(outcome));
            if (outcome.result() == UpgradeOutcome.Result.NEEDS_ATTENTION) {
                code = ExitCode.NEEDS_ATTENTION;
                problems.add(new Console.Problem("needs-attention", UpgradeText.sentence(outcome, false)));
            }
            if (!json) {
                console.out().println(UpgradeText.sentence(outcome, false));
            }
        }
        if (!json && outcomes.isEmpty()) {
            console.out().println("Nothing was left half done.");
        }
        return json ? console.envelope("recover", code, data, problems) : code;
    }
}
