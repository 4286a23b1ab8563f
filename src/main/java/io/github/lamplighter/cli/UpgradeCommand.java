package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.upgrade.PlanResult;
import io.github.lamplighter.upgrade.PlanUpgrade;
import io.github.lamplighter.upgrade.PlanUpgrade.UpgradeOptions;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter upgrade`: shows the plan, asks, starts a worker and follows it.
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
            "lamplighter upgrade --all --dry-run",
            "lamplighter upgrade lamplighter"
        },
        exitCodeList = {
            "0:upgraded or up to date",
            "1:failed (rolled back)",
            "3:refused or needs confirmation",
            "4:rollback failed, needs manual repair",
            "5:another upgrade is running"
        })
public final class UpgradeCommand extends ReportingCommand {

    private final ManifestStore manifests;
    private final Supplier<Optional<Manifest>> itself;
    private final PlanUpgrade plans;
    private final UpgradeFollower follower;
    private final RecoverUpgrades recoverUpgrades;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Managed tools to upgrade, or lamplighter")
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

    public UpgradeCommand(
            ManifestStore manifests,
            Supplier<Optional<Manifest>> itself,
            PlanUpgrade plans,
            UpgradeFollower follower,
            RecoverUpgrades recoverUpgrades,
            Console console) {
        super("upgrade", console);
        this.manifests = manifests;
        this.itself = itself;
        this.plans = plans;
        this.follower = follower;
        this.recoverUpgrades = recoverUpgrades;
    }

    @Override
    CommandResult run() {
        if (all != names.isEmpty() || (all && to.isPresent())) {
            return CommandResult.usage("Specify one or more tools, or --all. --to works with a single tool.");
        }
        List<Manifest> chosen = new ArrayList<>();
        for (String name : all ? managed() : names) {
            ToolSelection found = ToolSelection.of(manifests, itself.get(), List.of(name));
            if (found.tools().isEmpty() && !all) {
                return found.problem();
            }
            chosen.addAll(found.tools());
        }
        if (!dryRun) {
            List<UpgradeOutcome> _ = recoverUpgrades.recover(RecoverUpgrades.Occasion.ASIDE);
        }
        List<UpgradeResult> results = new ArrayList<>();
        for (Manifest manifest : chosen) {
            UpgradeResult result = upgrade(manifest);
            // Each result follows the steps of its tool.
            if (!json()) {
                result.print(console());
            }
            results.add(result);
        }
        int code = follower.wasInterrupted()
                ? ExitCode.INTERRUPTED
                : ExitCode.combine(results.stream().map(UpgradeResult::exitCode).toList());
        return new CommandResult(
                code,
                () -> json(results),
                results.stream().flatMap(result -> result.problem().stream()).toList(),
                _ -> {});
    }

    private UpgradeResult upgrade(Manifest manifest) {
        String name = manifest.name().value();
        String id = plans.newId();
        Optional<String> busy = follower.busy(name);
        if (busy.isPresent()) {
            return UpgradeResult.problem(ExitCode.BUSY, "busy", nothing(name, "refused", "", busy.get()), busy.get());
        }
        return switch (plans.plan(manifest, new UpgradeOptions(to, force, all), id)) {
            case PlanResult.Current(String version, String reason) ->
                UpgradeResult.ok(
                        nothing(name, "current", version, reason),
                        List.of("%s stays at %s. %s".formatted(name, version, reason)));
            case PlanResult.Refused(String version, String reason) ->
                new UpgradeResult(
                        ExitCode.REFUSED,
                        nothing(name, "refused", version, reason),
                        Optional.of(new Problem("refused", reason)),
                        List.of("%s was not upgraded. %s".formatted(name, reason)));
            case PlanResult.Ready(UpgradePlan plan) -> upgrade(plan, id);
        };
    }

    private UpgradeResult upgrade(UpgradePlan plan, String id) {
        String name = plan.name();
        String version = plan.provenance().version();
        String target = plan.upgradeTarget().label();
        progress(UpgradeText.title(plan));
        if (dryRun || !yes) {
            UpgradeText.details(plan).forEach(line -> progress("  " + line));
        }
        if (dryRun) {
            ObjectNode json = nothing(name, "ready", version, "").put("to", target);
            UpgradeText.json(plan, json.putObject("plan"));
            return UpgradeResult.ok(json, List.of());
        }
        String impact = String.join(" ", plan.upgradeImpact().sentences());
        Optional<String> refusal = unconfirmed(
                yes,
                "Upgrade %s to %s?".formatted(name, target),
                (impact + " Review with `--dry-run`, then run again with `--yes`.").strip());
        if (refusal.isPresent()) {
            return UpgradeResult.problem(
                    ExitCode.REFUSED,
                    "needs-consent",
                    nothing(name, "needs-consent", version, refusal.get()),
                    refusal.get());
        }
        List<String> arguments = new ArrayList<>(List.of(name, "--transaction", id, "--consent", plan.hash()));
        to.ifPresent(wanted -> arguments.addAll(List.of("--to", wanted)));
        if (force) {
            arguments.add("--force");
        }
        if (all) {
            arguments.add("--all");
        }
        return UpgradeResult.of(follower.run(Asked.UPGRADE, name, id, arguments), name, Asked.UPGRADE);
    }

    private static ObjectNode json(List<UpgradeResult> results) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode tools = data.putArray("tools");
        results.forEach(result -> tools.add(result.json()));
        return data;
    }

    private static ObjectNode nothing(String name, String outcome, String version, String reason) {
        return UpgradeResult.nothing(name, Asked.UPGRADE, outcome, version, reason);
    }

    private List<String> managed() {
        return manifests.entries().stream().map(ManifestEntry::name).toList();
    }
}
