package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.text.JsonTimestamps;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.upgrade.DirectoryTrees;
import io.github.lamplighter.upgrade.PlanUpgrade;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.SharedData;
import io.github.lamplighter.upgrade.Snapshot;
import io.github.lamplighter.upgrade.UpgradeImpact;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `lamplighter rollback`: goes back to a version of which a snapshot exists.
@Command(
        name = "rollback",
        header = "Go back to a previous version",
        description = "`lamplighter history NAME` lists past upgrades. Data is restored only if the manifest lists data"
                + " folders.",
        footer = {
            "lamplighter rollback n8n",
            "lamplighter rollback n8n --to 2.30.1",
            "lamplighter rollback n8n --list",
            "lamplighter rollback n8n --delete 2.30.1"
        },
        exitCodeList = {
            "0:rolled back",
            "1:failed",
            "3:refused or needs confirmation",
            "4:needs manual repair",
            "5:an upgrade is running"
        })
public final class RollbackCommand extends ReportingCommand {

    private final ManifestStore manifests;
    private final Supplier<Optional<Manifest>> itself;
    private final UpgradeWorker tool;
    private final PlanUpgrade plans;
    private final UpgradeFollower follower;
    private final RecoverUpgrades recoverUpgrades;
    private final AppDirectories directories;
    private final InstantSource clock;
    private final ZoneId zone;

    @Parameters(paramLabel = "NAME", description = "Managed tool to roll back, or lamplighter")
    private String name = "";

    @Option(names = "--to", paramLabel = "VERSION", description = "Version to restore (default: the most recent one)")
    private Optional<String> to = Optional.empty();

    @Option(names = "--list", description = "List the versions that can be restored")
    private boolean list;

    @Option(names = "--delete", paramLabel = "VERSION", description = "Delete a previous version to free disk space")
    private Optional<String> delete = Optional.empty();

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompt")
    private boolean yes;

    public RollbackCommand(
            ManifestStore manifests,
            Supplier<Optional<Manifest>> itself,
            UpgradeWorker tool,
            PlanUpgrade plans,
            UpgradeFollower follower,
            RecoverUpgrades recoverUpgrades,
            AppDirectories directories,
            InstantSource clock,
            ZoneId zone,
            Console console) {
        super("rollback", console);
        this.manifests = manifests;
        this.itself = itself;
        this.tool = tool;
        this.plans = plans;
        this.follower = follower;
        this.recoverUpgrades = recoverUpgrades;
        this.directories = directories;
        this.clock = clock;
        this.zone = zone;
    }

    @Override
    CommandResult run() {
        if (Stream.of(list, delete.isPresent(), to.isPresent())
                        .filter(given -> given)
                        .count()
                > 1) {
            return CommandResult.usage("Use only one of `--list`, `--delete` and `--to`.");
        }
        return withTool(
                manifests,
                itself.get(),
                name,
                manifest -> list
                        ? list(manifest)
                        : delete.map(version -> delete(manifest, version)).orElseGet(() -> rollBack(manifest)));
    }

    private CommandResult delete(Manifest manifest, String version) {
        List<Snapshot> snapshots = tool.kept(manifest);
        Optional<Snapshot> found = snapshots.stream()
                .filter(snapshot -> snapshot.version().equals(version))
                .findFirst();
        if (found.isEmpty()) {
            return CommandResult.failed(ExitCode.REFUSED, "nothing-kept", noneOf(snapshots, version));
        }
        String data = found.get().data().isEmpty() ? "" : " Its backup of the data is deleted, too.";
        Optional<CommandResult> refusal = unlessConfirmed(
                yes,
                "Delete %s of %s?%s".formatted(version, name, data),
                "You could not roll back to %s any more.%s To confirm, add `--yes`.".formatted(version, data));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        try {
            return tool.discard(manifest, found.get())
                    .map(why -> CommandResult.failed(ExitCode.REFUSED, "not-deleted", why))
                    .orElseGet(() -> deleted(manifest, found.get()));
        } catch (IOException e) {
            return CommandResult.failed(
                    ExitCode.FAILED, "not-deleted", "Could not delete %s: %s".formatted(version, FileProblem.why(e)));
        }
    }

    /// What is left, after what is gone.
    private CommandResult deleted(Manifest manifest, Snapshot snapshot) {
        CommandResult left = list(manifest);
        return CommandResult.ok(left.data(), console -> {
            console.out().println("Deleted %s of %s.".formatted(snapshot.version(), name));
            left.text().accept(console);
        });
    }

    private static long size(Snapshot snapshot) {
        try {
            return DirectoryTrees.size(snapshot.folder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CommandResult list(Manifest manifest) {
        List<Snapshot> kept = tool.kept(manifest);
        Optional<Snapshot> unfinished = tool.unfinished(manifest);
        return CommandResult.ok(
                () -> {
                    ObjectNode data = JsonFile.MAPPER.createObjectNode().put("name", name);
                    ArrayNode versions = data.putArray("kept");
                    kept.forEach(snapshot -> versions.add(json(snapshot, false)));
                    unfinished.ifPresent(snapshot -> versions.add(json(snapshot, true)));
                    return data;
                },
                console -> {
                    TextTable table = new TextTable();
                    unfinished.ifPresent(snapshot -> table.row(
                            snapshot.version(),
                            at(snapshot),
                            "",
                            "upgrade not finished; run `lamplighter recover`",
                            directories.display(snapshot.folder())));
                    kept.forEach(snapshot -> table.row(
                            snapshot.version(),
                            at(snapshot),
                            "%d MB".formatted(Math.max(1, size(snapshot) / 1_000_000)),
                            snapshot.data().isEmpty() ? "without data" : "with its data",
                            directories.display(snapshot.folder())));
                    table.lines().forEach(console.out()::println);
                    if (kept.isEmpty() && unfinished.isEmpty()) {
                        console.out().println(noneOf(kept, "A previous version"));
                    }
                });
    }

    private ObjectNode json(Snapshot snapshot, boolean isUnfinished) {
        return JsonFile.MAPPER
                .createObjectNode()
                .put("version", snapshot.version())
                .put("replacedAt", JsonTimestamps.of(snapshot.takenAt(), zone))
                .put("data", !snapshot.data().isEmpty())
                .put("unfinished", isUnfinished)
                .put("folder", snapshot.folder().toString())
                .put("bytes", size(snapshot));
    }

    private String at(Snapshot snapshot) {
        return HumanTime.at(snapshot.takenAt(), clock.instant(), zone);
    }

    private CommandResult rollBack(Manifest manifest) {
        List<UpgradeOutcome> _ = recoverUpgrades.recover(RecoverUpgrades.Occasion.ASIDE);
        Optional<String> busy = follower.busy(name);
        if (busy.isPresent()) {
            return CommandResult.failed(ExitCode.BUSY, "busy", busy.get());
        }
        List<Snapshot> snapshots = tool.kept(manifest);
        return snapshots.stream()
                .filter(snapshot -> to.isEmpty() || to.get().equals(snapshot.version()))
                .findFirst()
                .map(snapshot -> rollBack(manifest, snapshot))
                .orElseGet(() -> CommandResult.failed(
                        ExitCode.REFUSED, "nothing-kept", noneOf(snapshots, to.orElse("A previous version"))));
    }

    private String noneOf(List<Snapshot> snapshots, String wanted) {
        return snapshots.isEmpty()
                ? "No previous version of %s is available.".formatted(name)
                : "%s of %s is not available. Available: %s."
                        .formatted(
                                wanted,
                                name,
                                snapshots.stream().map(Snapshot::version).collect(Collectors.joining(", ")));
    }

    private String data(Manifest manifest, Snapshot snapshot, String installed) {
        if (manifest.install().installer() == InstallerKind.SELF) {
            return "The tray icon restarts. Reopen the window afterwards.";
        }
        if (!snapshot.data().isEmpty()) {
            return "Its data is restored to the state of %s. Its current data is backed up with %s."
                    .formatted(HumanTime.at(snapshot.takenAt(), clock.instant(), zone), installed);
        }
        return manifest.declaredData().isPresent()
                ? "Its data stays as it is."
                : "Its data was not backed up and stays as it is; %s may have changed it.".formatted(installed);
    }

    private List<Manifest> managed() {
        return manifests.entries().stream()
                .flatMap(entry -> entry instanceof ManifestEntry.Readable(Manifest manifest, var _)
                        ? Stream.of(manifest)
                        : Stream.empty())
                .toList();
    }

    private CommandResult rollBack(Manifest manifest, Snapshot snapshot) {
        Optional<String> obstacle = tool.obstacle(manifest, snapshot);
        if (obstacle.isPresent()) {
            return CommandResult.failed(ExitCode.REFUSED, "backup-missing", obstacle.get());
        }
        String installed =
                tool.installed(manifest).filter(version -> !version.isEmpty()).orElse("the installed version");
        String data = data(manifest, snapshot, installed);
        List<String> also = tool.alsoRolledBack(manifest, snapshot);
        if (!also.isEmpty()) {
            data += " Also rolls back %s, in the same environment.".formatted(String.join(", ", also));
        }
        UpgradeImpact impact = plans.impact(manifest, snapshot);
        progress("Roll back %s to %s. %s".formatted(name, snapshot.version(), data));
        List<String> warnings = Stream.concat(
                        SharedData.of(manifest, snapshot, managed(), directories).stream(), impact.sentences().stream())
                .toList();
        if (!yes) {
            warnings.forEach(sentence -> progress("  ! " + sentence));
        }
        String consent = Stream.concat(Stream.of(data), warnings.stream()).collect(Collectors.joining(" "));
        Optional<String> refusal = unconfirmed(
                yes, "Roll back to %s?".formatted(snapshot.version()), consent + " To confirm, add `--yes`.");
        if (refusal.isPresent()) {
            return new CommandResult(
                    ExitCode.REFUSED,
                    () -> UpgradeResult.nothing(
                                    name,
                                    Asked.ROLLBACK,
                                    "needs-consent",
                                    tool.installed(manifest).orElse(""),
                                    refusal.get())
                            .put("to", snapshot.version())
                            .put("consent", consent),
                    List.of(new Problem("needs-consent", refusal.get())),
                    console -> console.warn(refusal.get()));
        }
        String id = plans.newId();
        List<String> arguments =
                List.of(name, "--transaction", id, "--snapshot", snapshot.id(), "--consent", impact.hash());
        UpgradeResult result =
                UpgradeResult.of(follower.run(Asked.ROLLBACK, name, id, arguments), name, Asked.ROLLBACK);
        return new CommandResult(
                follower.wasInterrupted() ? ExitCode.INTERRUPTED : result.exitCode(),
                result::json,
                result.problem().stream().toList(),
                result::print);
    }
}
