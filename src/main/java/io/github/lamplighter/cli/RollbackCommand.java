package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.upgrade.PlanUpgrade;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.Snapshot;
import io.github.lamplighter.upgrade.UpgradeImpact;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter rollback`: back to a version that was kept.
@Command(
        name = "rollback",
        header = "Go back to a previous version",
        description = "`lamplighter history NAME` lists past upgrades. Data is restored only if the manifest lists data"
                + " folders.",
        footer = {"lamplighter rollback n8n", "lamplighter rollback n8n --to 2.30.1"},
        exitCodeList = {
            "0:rolled back",
            "1:failed",
            "3:refused or needs confirmation",
            "4:needs manual repair",
            "5:an upgrade is running"
        })
public final class RollbackCommand implements Callable<Integer> {

    private final ManifestStore manifests;
    private final UpgradeTool tool;
    private final PlanUpgrade plans;
    private final UpgradeFollower follow;
    private final RecoverUpgrades recoverUpgrades;
    private final Console console;

    @Parameters(paramLabel = "NAME", description = "Managed tool to roll back")
    private String name = "";

    @Option(names = "--to", paramLabel = "VERSION", description = "Version to restore (default: the most recent one)")
    private Optional<String> to = Optional.empty();

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompt")
    private boolean yes;

    @Option(names = "--json", description = "Print the result as JSON")
    private boolean json;

    public RollbackCommand(
            ManifestStore manifests,
            UpgradeTool tool,
            PlanUpgrade plans,
            UpgradeFollower follow,
            RecoverUpgrades recoverUpgrades,
            Console console) {
        this.manifests = manifests;
        this.tool = tool;
        this.plans = plans;
        this.follow = follow;
        this.recoverUpgrades = recoverUpgrades;
        this.console = console;
    }

    @Override
    public Integer call() {
        ToolSelection found = ToolSelection.of(manifests, List.of(name));
        if (found.tools().isEmpty()) {
            return console.print("rollback", found.problem(), json);
        }
        Manifest manifest = found.tools().getFirst();
        List<UpgradeOutcome> _ = recoverUpgrades.recover(false);
        Optional<String> busy = follow.busy(name);
        if (busy.isPresent()) {
            return problem(ExitCode.BUSY, "busy", busy.get());
        }
        List<Snapshot> kept = tool.kept(manifest);
        Optional<Snapshot> chosen = kept.stream()
                .filter(snapshot -> to.filter(version -> !version.equals(snapshot.version()))
                        .isEmpty())
                .findFirst();
        if (chosen.isEmpty()) {
            return problem(
                    ExitCode.REFUSED,
                    "nothing-kept",
                    kept.isEmpty()
                            ? "No earlier version of %s is kept.".formatted(name)
                            : "These are kept: %s."
                                    .formatted(String.join(
                                            ", ",
                                            kept.stream().map(Snapshot::version).toList())));
        }
        Snapshot snapshot = chosen.get();
        String data = snapshot.data().isEmpty()
                ? "Its data stay as they are."
                : "Its data go back to %s.".formatted(snapshot.takenAt());
        UpgradeImpact upgradeImpact = plans.impact(manifest);
        if (!json) {
            console.err().println("%s back to %s. %s".formatted(name, snapshot.version(), data));
            if (!yes) {
                upgradeImpact.sentences().forEach(sentence -> console.err().println("  ! " + sentence));
            }
        }
        if (!yes && !console.agrees("Put %s back?".formatted(snapshot.version()))) {
            return problem(
                    ExitCode.REFUSED,
                    "needs-consent",
                    console.ask().isPresent()
                            ? "You did not agree; nothing was changed."
                            : "Nobody is here to agree to it: %s Say --yes."
                                    .formatted(Stream.concat(Stream.of(data), upgradeImpact.sentences().stream())
                                            .collect(Collectors.joining(" "))));
        }
        String id = plans.newId();
        ObjectNode result = JsonFile.MAPPER.createObjectNode();
        List<Console.Problem> problems = new ArrayList<>();
        int ended = UpgradeText.ended(
                follow.run(
                        name,
                        id,
                        List.of(
                                name,
                                "--transaction",
                                id,
                                "--snapshot",
                                snapshot.id(),
                                "--consent",
                                upgradeImpact.hash())),
                name,
                true,
                result,
                problems,
                console,
                json);
        int code = follow.wasInterrupted() ? ExitCode.INTERRUPTED : ended;
        return json ? console.envelope("rollback", code, result, problems) : code;
    }

    private int problem(int code, String id, String sentence) {
        return console.problem(json, "rollback", code, new Console.Problem(id, sentence));
    }
}
