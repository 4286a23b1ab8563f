package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.upgrade.PlanResult;
import io.github.lamplighter.upgrade.PlanUpgrade;
import io.github.lamplighter.upgrade.PlanUpgrade.UpgradeOptions;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter upgrade`: shows the plan, asks, has a worker do it, and follows.
@Command(
        name = "upgrade",
        header = "Upgrade tools; roll back on failure",
        customSynopsis = "lamplighter upgrade (NAME... | --all) [OPTIONS]",
        description = {
            "The new version is installed and tested next to the old one. Then the service is stopped, switched to the"
                    + " new version, started and checked. If a check fails, Lamplighter rolls back to the old version."
        },
        footer = {
            "lamplighter upgrade jupyterlab",
            "lamplighter upgrade n8n --to 2.30.1",
            "lamplighter upgrade --all --dry-run"
        },
        exitCodeList = {
            "0:upgraded or up to date",
            "1:failed (rolled back)",
            "3:refused or needs confirmation",
            "4:rollback failed, needs manual repair",
            "5:another upgrade is running"
        })
public final class UpgradeCommand implements Callable<Integer> {

    private final ManifestStore manifests;
    private final PlanUpgrade plans;
    private final UpgradeFollower follow;
    private final RecoverUpgrades recoverUpgrades;
    private final Console console;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Managed tools to upgrade")
    private List<String> names = List.of();

    @Option(names = "--all", description = "Upgrade all managed tools")
    private boolean all;

    @Option(names = "--to", paramLabel = "VERSION", description = "Install this version (can be older)")
    private Optional<String> to = Optional.empty();

    @Option(names = "--force", description = "Reinstall even if up to date")
    private boolean force;

    @Option(names = "--dry-run", description = "Show the plan; change nothing")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompt")
    private boolean yes;

    @Option(names = "--json", description = "Print the result as JSON")
    private boolean json;

    public UpgradeCommand(
            ManifestStore manifests,
            PlanUpgrade plans,
            UpgradeFollower follow,
            RecoverUpgrades recoverUpgrades,
            Console console) {
        this.manifests = manifests;
        this.plans = plans;
        this.follow = follow;
        this.recoverUpgrades = recoverUpgrades;
        this.console = console;
    }

    @Override
    public Integer call() {
        if (all != names.isEmpty() || (all && to.isPresent())) {
            return usage("usage", "Name the tools, or say --all; --to goes with one name.");
        }
        List<Manifest> chosen = new ArrayList<>();
        for (String name : all ? looked() : names) {
            ToolSelection found = ToolSelection.of(manifests, List.of(name));
            if (found.tools().isEmpty() && !all) {
                return console.print("upgrade", found.problem(), json);
            }
            chosen.addAll(found.tools());
        }
        if (!dryRun) {
            List<UpgradeOutcome> _ = recoverUpgrades.recover(false);
        }
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode tools = data.putArray("tools");
        List<Integer> codes = new ArrayList<>();
        List<Console.Problem> problems = new ArrayList<>();
        for (Manifest manifest : chosen) {
            ObjectNode result = tools.addObject();
            codes.add(one(manifest, result, problems));
        }
        int code = follow.wasInterrupted() ? ExitCode.INTERRUPTED : ExitCode.combine(codes);
        return json ? console.envelope("upgrade", code, data, problems) : code;
    }

    private int one(Manifest manifest, ObjectNode result, List<Console.Problem> problems) {
        String name = manifest.name().value();
        UpgradeOptions upgradeOptions = new UpgradeOptions(to, force, all);
        String id = plans.newId();
        Optional<String> busy = follow.busy(name);
        if (busy.isPresent()) {
            nothing(result, name, "refused", "", busy.get());
            problems.add(new Console.Problem("busy", busy.get()));
            complain(busy.get());
            return ExitCode.BUSY;
        }
        return switch (plans.plan(manifest, upgradeOptions, id)) {
            case PlanResult.Current(String version, String reason) -> {
                nothing(result, name, "current", version, reason);
                say("%s stays at %s. %s".formatted(name, version, reason));
                yield ExitCode.OK;
            }
            case PlanResult.Refused(String version, String reason) -> {
                nothing(result, name, "refused", version, reason);
                problems.add(new Console.Problem("refused", reason));
                complain("%s was left alone. %s".formatted(name, reason));
                yield ExitCode.REFUSED;
            }
            case PlanResult.Ready(UpgradePlan plan) -> {
                show(plan);
                if (dryRun) {
                    nothing(result, name, "ready", plan.provenance().version(), "");
                    result.put("to", plan.upgradeTarget().label());
                    UpgradeText.json(plan, result.putObject("plan"));
                    yield ExitCode.OK;
                }
                if (!yes
                        && !console.agrees("Upgrade %s to %s?"
                                .formatted(name, plan.upgradeTarget().label()))) {
                    String why = console.ask().isPresent()
                            ? "You did not agree; nothing was changed."
                            : "Nobody is here to agree to it%s Look at --dry-run, then say --yes."
                                    .formatted(
                                            plan.upgradeImpact().sentences().isEmpty()
                                                    ? "."
                                                    : ": "
                                                            + String.join(
                                                                    " ",
                                                                    plan.upgradeImpact()
                                                                            .sentences()));
                    nothing(result, name, "needs-consent", plan.provenance().version(), why);
                    problems.add(new Console.Problem("needs-consent", why));
                    complain(why);
                    yield ExitCode.REFUSED;
                }
                yield follow(plan, id, result, problems);
            }
        };
    }

    private int follow(UpgradePlan plan, String id, ObjectNode result, List<Console.Problem> problems) {
        List<String> arguments = new ArrayList<>(List.of(plan.name(), "--transaction", id, "--consent", plan.hash()));
        to.ifPresent(version -> arguments.addAll(List.of("--to", version)));
        if (force) {
            arguments.add("--force");
        }
        if (all) {
            arguments.add("--all");
        }
        return UpgradeText.ended(
                follow.run(plan.name(), id, arguments), plan.name(), false, result, problems, console, json);
    }

    private void show(UpgradePlan plan) {
        if (json) {
            return;
        }
        console.err()
                .println("%s %s → %s"
                        .formatted(
                                plan.name(),
                                plan.provenance().version(),
                                plan.upgradeTarget().label()));
        if (dryRun || !yes) {
            UpgradeText.sentences(plan).forEach(sentence -> console.err().println("  " + sentence));
            UpgradeText.warnings(plan).forEach(sentence -> console.err().println("  ! " + sentence));
            plan.commands().forEach(command -> console.err().println("  $ " + command));
            console.err()
                    .println("  If it does not work, %s comes back by itself."
                            .formatted(plan.provenance().version()));
        }
    }

    private static void nothing(ObjectNode result, String name, String outcome, String version, String reason) {
        result.put("name", name)
                .put("asked", UpgradeOutcome.Asked.UPGRADE.word())
                .put("outcome", outcome)
                .put("from", known(version))
                .putNull("to")
                .put("reason", known(reason))
                .put("downtimeMillis", 0)
                .put("dataMayHaveChanged", false)
                .putNull("journal")
                .putArray("steps");
    }

    private static @Nullable String known(String text) {
        return text.isEmpty() ? null : text;
    }

    private List<String> looked() {
        return manifests.entries().stream().map(ManifestEntry::name).toList();
    }

    private void say(String sentence) {
        if (!json) {
            console.out().println(sentence);
        }
    }

    private void complain(String sentence) {
        if (!json) {
            console.err().println("lamplighter: " + sentence);
        }
    }

    private int usage(String code, String sentence) {
        return console.problem(json, "upgrade", ExitCode.USAGE, new Console.Problem(code, sentence));
    }
}
