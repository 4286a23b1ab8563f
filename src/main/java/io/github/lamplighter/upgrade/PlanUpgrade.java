package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.readiness.ProcessTable.Running;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Says what an upgrade would do, or why it is not done. Changes nothing but for a trial of the stage's ground.
public final class PlanUpgrade {

    private static final DateTimeFormatter ID = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");
    private static final Duration USUAL_DOWNTIME = Duration.ofSeconds(3);
    private static final long MEGABYTE = 1_000_000;

    private final UpgradeContext context;

    public PlanUpgrade(UpgradeContext context) {
        this.context = context;
    }

    /// What the user asked for.
    ///
    /// @param to the version that was named
    /// @param force install the same again
    /// @param all one of many: only what is offered for all
    public record UpgradeOptions(Optional<String> to, boolean force, boolean all) {}

    /// An id for a new transaction: its time, readable and in order.
    public String newId() {
        return ID.format(context.clock().instant().atOffset(ZoneOffset.UTC)) + "-" + context.worker();
    }

    public PlanResult plan(Manifest manifest, UpgradeOptions upgradeOptions, String id) {
        Optional<Installer> installer = context.installer(manifest.install().installer());
        Optional<Provenance> found = context.provenance(manifest);
        if (installer.isEmpty() || found.isEmpty()) {
            return new PlanResult.Refused(
                    "",
                    "%s cannot be traced to an install of %s: %s is not there, or belongs to something else."
                            .formatted(
                                    manifest.name(),
                                    manifest.install().installer().word(),
                                    context.directories()
                                            .display(manifest.install().program())));
        }
        Provenance provenance = found.get();
        Optional<String> never = neverTouched(provenance);
        if (never.isPresent()) {
            return new PlanResult.Refused(provenance.version(), never.get());
        }
        return switch (target(manifest, provenance, upgradeOptions)) {
            case Choice.NotChosen(PlanResult planResult) -> planResult;
            case Choice.Chosen(UpgradeTarget upgradeTarget) ->
                ready(manifest, installer.get(), provenance, upgradeTarget, id);
        };
    }

    private sealed interface Choice {
        record Chosen(UpgradeTarget upgradeTarget) implements Choice {}

        record NotChosen(PlanResult planResult) implements Choice {}
    }

    /// What no option changes.
    private Optional<String> neverTouched(Provenance provenance) {
        return switch (provenance.origin()) {
            case Origin.Editable(Path directory) ->
                Optional.of("It is installed in place from %s: your checkout is the install, and stays as it is."
                        .formatted(context.directories().display(directory)));
            case Origin.Linked(Path directory) ->
                Optional.of("It is a link to %s: your checkout is the install, and stays as it is."
                        .formatted(context.directories().display(directory)));
            case Origin.Unknown(String why, var _) -> Optional.of("Its source could not be told: " + why);
            case Origin.Index _, Origin.Git _, Origin.Archive _, Origin.LocalDirectory _ -> otherUser(provenance);
        };
    }

    private Optional<String> otherUser(Provenance provenance) {
        try {
            String owner = Files.getOwner(provenance.environment()).getName();
            return owner.equals(context.user())
                    ? Optional.empty()
                    : Optional.of("It belongs to %s; it is left to them.".formatted(owner));
        } catch (IOException e) {
            return Optional.of(
                    "%s cannot be read.".formatted(context.directories().display(provenance.environment())));
        }
    }

    private Choice target(Manifest manifest, Provenance provenance, UpgradeOptions upgradeOptions) {
        String version = provenance.version();
        if (upgradeOptions.to().isPresent()) {
            if (isKind(provenance, Origin.RevisionKind.BRANCH) || isKind(provenance, Origin.RevisionKind.DEFAULT)) {
                return refused(version, "It follows a branch: `--to` has no meaning there. Leave it out for the head.");
            }
            return wanted(
                    version,
                    context.releaseSource()
                            .named(
                                    provenance,
                                    manifest.install().variables(),
                                    upgradeOptions.to().get()));
        }
        if (upgradeOptions.force()) {
            return wanted(version, context.releaseSource().same(provenance));
        }
        return switch (context.releaseSource()
                .verdict(provenance, manifest.install().variables())) {
            case Verdict.Outdated(UpgradeTarget upgradeTarget, var _, var _)
            when upgradeOptions.all() && isKind(provenance, Origin.RevisionKind.TAG) ->
                current(
                        version,
                        "It is installed from a tag, and `--all` moves no tags: `lamplighter upgrade %s` goes to %s."
                                .formatted(manifest.name(), upgradeTarget.label()));
            case Verdict.Outdated(UpgradeTarget upgradeTarget, var _, var _) ->
                unlessTakenBack(manifest, version, upgradeTarget);
            case Verdict.Current(String newest, var notTaken) ->
                young(notTaken)
                        .filter(_ -> !upgradeOptions.all())
                        .map(upgradeTarget -> unlessTakenBack(manifest, version, upgradeTarget))
                        .orElseGet(() -> current(version, newest + " is the newest" + why(notTaken) + "."));
            case Verdict.Ahead(String newest) ->
                current(version, "It is newer than %s, the newest that its source has.".formatted(newest));
            case Verdict.Pinned(String why, var _) ->
                upgradeOptions.all() ? current(version, why) : refused(version, why);
            case Verdict.NotCheckable not -> refused(version, not.sentence());
        };
    }

    /// `updates.minimumAge` keeps a young version from being offered; who asks for an upgrade gets it.
    private static Optional<UpgradeTarget> young(List<Verdict.SkippedRelease> notTaken) {
        return notTaken.stream()
                .filter(one -> one.reason() == Verdict.Reason.TOO_YOUNG)
                .findFirst()
                .map(one -> new UpgradeTarget.IndexVersion(one.version()));
    }

    private static String why(List<Verdict.SkippedRelease> notTaken) {
        return notTaken.stream()
                .findFirst()
                .map(one -> " that this copy can take: " + one.title())
                .orElse("");
    }

    /// What went back once is not tried again by itself.
    private Choice unlessTakenBack(Manifest manifest, String version, UpgradeTarget upgradeTarget) {
        String identity = UpgradePlan.identity(upgradeTarget);
        boolean takenBack = context.journals().all(Optional.of(manifest.name().value())).stream()
                .filter(past -> past.planned()
                        .filter(planned -> planned.identity().equals(identity))
                        .isPresent())
                .findFirst()
                .flatMap(Journals.Transaction::ended)
                .filter(outcome -> outcome.asked() == Asked.UPGRADE && outcome.result() == Result.ROLLED_BACK)
                .isPresent();
        return takenBack
                ? current(
                        version,
                        "%s was tried and taken back, so it is skipped until a newer one appears; `lamplighter upgrade %s --to %s` tries it again."
                                .formatted(upgradeTarget.label(), manifest.name(), upgradeTarget.label()))
                : new Choice.Chosen(upgradeTarget);
    }

    private boolean isKind(Provenance provenance, Origin.RevisionKind kind) {
        return provenance.origin() instanceof Origin.Git git
                && (git.kind() == Origin.RevisionKind.UNRESOLVED
                                ? context.releaseSource().kind(git)
                                : git.kind())
                        == kind;
    }

    private static Choice wanted(String version, Releases.Choice wanted) {
        return switch (wanted) {
            case Releases.Choice.Found(UpgradeTarget upgradeTarget) -> new Choice.Chosen(upgradeTarget);
            case Releases.Choice.NotThere(String why) -> refused(version, why);
        };
    }

    private static Choice refused(String version, String why) {
        return new Choice.NotChosen(new PlanResult.Refused(version, why));
    }

    private static Choice current(String version, String why) {
        return new Choice.NotChosen(new PlanResult.Current(version, why));
    }

    private PlanResult ready(
            Manifest manifest, Installer installer, Provenance provenance, UpgradeTarget upgradeTarget, String id) {
        Path root = installer.stageRoot(provenance);
        Path stageFolder = root.resolve("stages").resolve(id);
        try {
            long bytes = DirectoryTrees.size(provenance.environment()) + sizes(manifest.data());
            Optional<String> problem = ground(root, provenance.environment(), bytes);
            if (problem.isPresent()) {
                return new PlanResult.Refused(provenance.version(), problem.get());
            }
            StagePlan stagePlan = installer.stage(provenance, upgradeTarget, stageFolder);
            if (!namesOrigin(provenance, upgradeTarget, stagePlan)) {
                return new PlanResult.Refused(
                        provenance.version(),
                        "The command that was built does not name the recorded source; nothing was run.");
            }
            Optional<ServiceState> state = context.unit(manifest).map(context.services()::state);
            boolean runs = state.filter(Transaction::isUp).isPresent();
            UpgradeImpact upgradeImpact = atStake(manifest, provenance);
            return new PlanResult.Ready(new UpgradePlan(
                    id,
                    manifest,
                    provenance,
                    upgradeTarget,
                    stagePlan,
                    stageFolder,
                    root.resolve("snapshots").resolve(id),
                    Math.max(1, bytes / MEGABYTE),
                    runs ? lastDowntime(manifest) : Duration.ZERO,
                    runs,
                    runs && manifest.data().isEmpty(),
                    upgradeImpact,
                    hash(manifest, provenance, upgradeTarget, stagePlan, upgradeImpact)));
        } catch (IOException e) {
            return new PlanResult.Refused(provenance.version(), "It could not be planned: " + e.getMessage());
        }
    }

    /// Guards against a known bug of package managers: the command installs from somewhere else than was
    /// recorded.
    private static boolean namesOrigin(Provenance provenance, UpgradeTarget upgradeTarget, StagePlan stagePlan) {
        return switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion _ -> provenance.origin() instanceof Origin.Index;
            case UpgradeTarget.GitCommit commit ->
                provenance.origin() instanceof Origin.Git git
                        && git.url().equals(commit.url())
                        && Stream.concat(
                                        stagePlan.commands().stream().flatMap(command -> command.argv().stream()),
                                        // uv takes it from its receipt, not from the command line.
                                        stagePlan.files().values().stream())
                                .anyMatch(text -> text.contains(git.url()));
        };
    }

    /// What an upgrade or a roll-back would hurt besides the tool, as it is now.
    public UpgradeImpact atStake(Manifest manifest) {
        return context.provenance(manifest)
                .map(provenance -> atStake(manifest, provenance))
                .orElse(new UpgradeImpact(List.of(), StopImpactAssessor.StopImpact.NONE));
    }

    UpgradeImpact atStake(Manifest manifest, Provenance provenance) {
        Optional<ServiceState> state = context.unit(manifest).map(context.services()::state);
        return new UpgradeImpact(
                others(provenance.environment(), state), context.servicePort().harm(manifest));
    }

    private List<Running> others(Path environment, Optional<ServiceState> state) {
        Optional<String> group = state.flatMap(ServiceState::controlGroup);
        return context.processTable().from(environment).stream()
                .filter(process -> group.filter(
                                own -> !own.isEmpty() && process.controlGroup().endsWith(own))
                        .isEmpty())
                .filter(process -> state.flatMap(ServiceState::pid)
                        .filter(pid -> pid == process.pid())
                        .isEmpty())
                .map(process -> new Running(
                        process.pid(),
                        process.controlGroup(),
                        context.directories().display(process.command())))
                .toList();
    }

    private Duration lastDowntime(Manifest manifest) {
        return context.journals().history(Optional.of(manifest.name().value())).stream()
                .filter(outcome -> outcome.result() == Result.UPGRADED && outcome.downtimeMillis() > 0)
                .findFirst()
                .map(outcome -> Duration.ofMillis(outcome.downtimeMillis()))
                .orElse(USUAL_DOWNTIME);
    }

    private static long sizes(List<Path> data) throws IOException {
        long sum = 0;
        for (Path path : data) {
            sum += Files.exists(path) ? DirectoryTrees.size(path) : 0;
        }
        return sum;
    }

    /// Tries the place of the stage with a rename and an exec; a sentence when it does not do.
    private Optional<String> ground(Path root, Path environment, long bytes) throws IOException {
        Path beside = AtomicFile.folderOf(environment);
        if (!Files.isWritable(beside)) {
            return Optional.of("%s cannot be written by you."
                    .formatted(context.directories().display(beside)));
        }
        AtomicFile.makeFolder(root);
        if (Files.getFileStore(root).getUsableSpace() < 2 * bytes) {
            return Optional.of("There is not enough room in %s: %d MB are needed."
                    .formatted(context.directories().display(root), 2 * bytes / MEGABYTE));
        }
        Path trial = Files.createTempDirectory(root, ".trial");
        Path moved = beside.resolve(".lamplighter-" + trial.getFileName());
        try {
            Path program = trial.resolve("program");
            Files.writeString(program, "#!/bin/sh\nexit 0\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            ProcessResult result = context.runner().run(Command.of(Duration.ofSeconds(10), program.toString()));
            if (!(result instanceof ProcessResult.Exited(int status, var _, var _, var _)) || status != 0) {
                return Optional.of("Programs may not be run in %s."
                        .formatted(context.directories().display(root)));
            }
            try {
                Files.move(trial, moved, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                return Optional.of("%s and %s are not on one file system."
                        .formatted(
                                context.directories().display(root),
                                context.directories().display(beside)));
            }
            return Optional.empty();
        } finally {
            DirectoryTrees.drop(trial);
            DirectoryTrees.drop(moved);
        }
    }

    private static String hash(
            Manifest manifest,
            Provenance provenance,
            UpgradeTarget upgradeTarget,
            StagePlan stagePlan,
            UpgradeImpact upgradeImpact) {
        StringBuilder text = new StringBuilder()
                .append(manifest.name())
                .append('\n')
                .append(provenance.environment())
                .append('\n')
                .append(provenance.version())
                .append('\n')
                .append(upgradeTarget)
                .append('\n');
        stagePlan.commands().forEach(command -> text.append(command.line()).append('\n'));
        return UpgradeImpact.hash(text.append(upgradeImpact.text()).toString());
    }
}
