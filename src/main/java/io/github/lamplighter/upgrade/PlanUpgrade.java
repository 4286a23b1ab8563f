package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.readiness.ProcessTable.Running;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.ServiceStart;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Plans an upgrade, or explains why there is none. Only tries out the staging folder, changes nothing else.
public final class PlanUpgrade {

    private static final DateTimeFormatter ID = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");
    private static final Duration USUAL_DOWNTIME = Duration.ofSeconds(3);
    private static final long MEGABYTE = 1_000_000;

    private final UpgradeContext context;

    public PlanUpgrade(UpgradeContext context) {
        this.context = context;
    }

    /// The options of an upgrade.
    ///
    /// @param to the requested version
    /// @param force whether to reinstall the same version
    /// @param all whether all tools are upgraded: skips tags and young versions
    public record UpgradeOptions(Optional<String> to, boolean force, boolean all) {}

    /// The id of a new transaction: its time and the pid.
    public String newId() {
        return ID.format(context.clock().instant().atOffset(ZoneOffset.UTC)) + "-" + context.worker();
    }

    public PlanResult plan(Manifest manifest, UpgradeOptions upgradeOptions, String id) {
        Optional<Installer> installer = context.installer(manifest.install().installer());
        Optional<Provenance> found = context.provenance(manifest);
        if (installer.isEmpty() || found.isEmpty()) {
            return new PlanResult.Refused(
                    "",
                    "No %s installation of %s found: %s is missing or belongs to another package manager."
                            .formatted(
                                    manifest.install().installer().word(),
                                    manifest.name(),
                                    context.directories()
                                            .display(manifest.install().program())));
        }
        Provenance provenance = found.get();
        Optional<String> refusal = refusal(manifest, provenance);
        if (refusal.isPresent()) {
            return new PlanResult.Refused(provenance.version(), refusal.get());
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

    /// Why this installation is never upgraded, whatever the options.
    Optional<String> refusal(Manifest manifest, Provenance provenance) {
        return switch (provenance.origin()) {
            case Origin.Editable(Path directory)
            when provenance.installer() == InstallerKind.SELF ->
                Optional.of("%s runs from the checkout %s. To upgrade it, run `git pull` there."
                        .formatted(manifest.name(), context.directories().display(directory)));
            case Origin.Editable(Path directory) ->
                Optional.of("%s is an editable install of %s. Update that folder instead."
                        .formatted(manifest.name(), context.directories().display(directory)));
            case Origin.Linked(Path directory) ->
                Optional.of("%s is linked to %s. Update that folder instead."
                        .formatted(manifest.name(), context.directories().display(directory)));
            case Origin.Unknown(String why, var _) ->
                Optional.of("Could not determine the source of %s: %s".formatted(manifest.name(), why));
            case Origin.SystemPackage(String manager, String command) ->
                Optional.of("%s was installed with %s. To upgrade it, run `%s`."
                        .formatted(manifest.name(), manager, command));
            case Origin.Index _, Origin.Git _, Origin.Archive _, Origin.LocalDirectory _, Origin.ReleaseFeed _ ->
                otherUser(manifest, provenance);
        };
    }

    private Optional<String> otherUser(Manifest manifest, Provenance provenance) {
        try {
            String owner = Files.getOwner(provenance.environment()).getName();
            return owner.equals(context.user())
                    ? Optional.empty()
                    : Optional.of("%s was installed by user %s. Only that user can upgrade it."
                            .formatted(manifest.name(), owner));
        } catch (IOException e) {
            return Optional.of(
                    "Could not read %s.".formatted(context.directories().display(provenance.environment())));
        }
    }

    private Choice target(Manifest manifest, Provenance provenance, UpgradeOptions upgradeOptions) {
        String version = provenance.version();
        if (upgradeOptions.to().isPresent()) {
            if (isKind(provenance, Origin.RevisionKind.BRANCH) || isKind(provenance, Origin.RevisionKind.DEFAULT)) {
                return refused(
                        version,
                        "%s follows a branch, so `--to` can't be used. Omit it to install the latest commit."
                                .formatted(manifest.name()));
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
                        "%1$s is pinned to a tag, and `--all` skips tags. To upgrade to %2$s, run `lamplighter upgrade %1$s`."
                                .formatted(manifest.name(), upgradeTarget.label()));
            case Verdict.Outdated(UpgradeTarget upgradeTarget, var _, var _) ->
                unlessRolledBack(manifest, version, upgradeTarget);
            case Verdict.Current(String newest, var notTaken) ->
                young(notTaken)
                        .filter(_ -> !upgradeOptions.all())
                        .map(young -> provenance.origin() instanceof Origin.ReleaseFeed
                                // The feed has the address of its package.
                                ? switch (context.releaseSource()
                                        .named(provenance, manifest.install().variables(), young)) {
                                    case Releases.Choice.Found(UpgradeTarget archive) ->
                                        unlessRolledBack(manifest, version, archive);
                                    case Releases.Choice.NotThere(String why) -> refused(version, why);
                                }
                                : unlessRolledBack(manifest, version, new UpgradeTarget.IndexVersion(young)))
                        .orElseGet(() -> current(version, newest + " is the newest " + why(notTaken) + "."));
            case Verdict.Ahead(String newest) ->
                current(version, "%s is newer than %s, the latest release of its source.".formatted(version, newest));
            case Verdict.Pinned(String why, var _) ->
                upgradeOptions.all() ? current(version, why) : refused(version, why);
            case Verdict.NotCheckable not -> refused(version, not.sentence());
        };
    }

    /// The version that `updates.minimumAge` holds back; an explicit upgrade installs it.
    private static Optional<String> young(List<Verdict.SkippedRelease> notTaken) {
        return notTaken.stream()
                .filter(one -> one.reason() == Verdict.Reason.TOO_YOUNG)
                .findFirst()
                .map(Verdict.SkippedRelease::version);
    }

    private static String why(List<Verdict.SkippedRelease> notTaken) {
        return notTaken.stream()
                .findFirst()
                .map(one -> "that can be installed: " + one.title())
                .orElse("version");
    }

    /// Skips a version that was rolled back before.
    private Choice unlessRolledBack(Manifest manifest, String version, UpgradeTarget upgradeTarget) {
        return new FailedUpgrades(context.journals())
                        .of(manifest.name().value(), upgradeTarget)
                        .isPresent()
                ? current(
                        version,
                        "%1$s was rolled back before, so it is skipped. To try it again, run `lamplighter upgrade %2$s --to %1$s`."
                                .formatted(upgradeTarget.label(), manifest.name()))
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
        if (upgradeTarget instanceof UpgradeTarget.ReleaseArchive archive) {
            return new PlanOwnUpgrade(context).plan(manifest, provenance, archive, id);
        }
        Path root = installer.stageRoot(provenance);
        Path stageFolder = root.resolve("stages").resolve(id);
        try {
            Optional<ServiceState> state = state(manifest);
            DataExtent data = extent(manifest, provenance, List.of(), state);
            long bytes = space(root, provenance.environment(), data);
            Optional<String> known = data.problem().or(() -> installer.obstacle(provenance));
            Optional<String> problem = known.isPresent() ? known : unsuitable(root, provenance.environment(), bytes);
            if (problem.isPresent()) {
                return new PlanResult.Refused(provenance.version(), problem.get());
            }
            StagePlan stagePlan = installer.stage(provenance, upgradeTarget, stageFolder);
            if (!namesOrigin(provenance, upgradeTarget, stagePlan)) {
                return new PlanResult.Refused(
                        provenance.version(),
                        "The install command does not name the recorded source, so it was not run.");
            }
            boolean runs = state.filter(Transaction::isUp).isPresent();
            UpgradeImpact upgradeImpact = impact(manifest, provenance, state, data, removed(provenance));
            return new PlanResult.Ready(new UpgradePlan(
                    id,
                    manifest,
                    provenance,
                    upgradeTarget,
                    stagePlan,
                    stageFolder,
                    root.resolve("snapshots").resolve(id),
                    Math.max(1, bytes / MEGABYTE),
                    runs ? lastDowntime(manifest) : UpgradePlan.Downtime.NONE,
                    runs,
                    runs && manifest.declaredData().isEmpty(),
                    upgradeImpact,
                    hash(manifest, provenance, upgradeTarget, stagePlan, upgradeImpact)));
        } catch (IOException e) {
            return new PlanResult.Refused(provenance.version(), "Could not plan the upgrade: " + FileProblem.why(e));
        }
    }

    /// The space of an environment and its data. Files can be longer than what they occupy, which takes another program
    /// to find out: it is started only if there is not enough space for their length.
    private long space(Path root, Path environment, DataExtent data) throws IOException {
        long length = DirectoryTrees.size(environment) + data.bytes();
        Path disk = Files.exists(root) ? root : AtomicFile.folderOf(environment);
        if (disk.toFile().getUsableSpace() >= 2 * length) {
            return length;
        }
        List<Path> all = Stream.concat(Stream.of(environment), data.paths().stream())
                .filter(Files::exists)
                .toList();
        return Math.min(length, DirectoryTrees.occupied(context.runner(), all).orElse(length));
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
            case UpgradeTarget.ReleaseArchive _ -> provenance.origin() instanceof Origin.ReleaseFeed;
        };
    }

    /// What an upgrade to a new version would interrupt now.
    UpgradeImpact impact(Manifest manifest, Provenance provenance) {
        return impact(manifest, provenance, List.of(), removed(provenance));
    }

    /// What a rollback would interrupt now.
    public UpgradeImpact impact(Manifest manifest, Snapshot kept) {
        return context.provenance(manifest)
                .map(provenance -> impact(manifest, provenance, kept))
                .orElse(UpgradeImpact.NONE);
    }

    UpgradeImpact impact(Manifest manifest, Provenance provenance, Snapshot kept) {
        return impact(
                manifest,
                provenance,
                kept.data(),
                context.installer(provenance.installer())
                        .map(installer -> LaterPackages.of(installer, provenance, kept))
                        .orElse(List.of()));
    }

    private UpgradeImpact impact(
            Manifest manifest, Provenance provenance, List<DataCopy> replaced, List<String> removed) {
        if (provenance.installer() == InstallerKind.SELF) {
            // Its processes keep the version that they run.
            return UpgradeImpact.NONE;
        }
        Optional<ServiceState> state = state(manifest);
        return impact(manifest, provenance, state, extent(manifest, provenance, replaced, state), removed);
    }

    private UpgradeImpact impact(
            Manifest manifest,
            Provenance provenance,
            Optional<ServiceState> state,
            DataExtent data,
            List<String> removed) {
        return new UpgradeImpact(
                others(provenance.environment(), state),
                context.upgradedService().stopImpact(manifest),
                Stream.concat(data.uncovered().stream(), removed.stream()).toList());
    }

    private Optional<ServiceState> state(Manifest manifest) {
        return context.unit(manifest).map(context.services()::state);
    }

    /// The data folders of its service that its manifest doesn't list.
    private List<String> outside(Manifest manifest, Optional<ServiceState> state) {
        return state.stream()
                .flatMap(
                        known -> ServiceStart.dataOutside(
                                context.services(),
                                manifest,
                                known,
                                context.directories().home())
                                .entrySet()
                                .stream())
                .map(one -> "Not backed up: %s, which `%s` sets. Its manifest doesn't list it under `data`."
                        .formatted(context.directories().display(one.getValue()), one.getKey()))
                .toList();
    }

    /// What an upgrade removes, because its package manager has no record of it, a sentence each.
    private List<String> removed(Provenance provenance) {
        return context.installer(provenance.installer()).stream()
                .flatMap(installer -> installer.unrecorded(provenance).stream())
                .map(added -> "Will be removed: %s. %s has no record of it; install it again after the upgrade."
                        .formatted(added, provenance.installer().word()))
                .toList();
    }

    /// What a backup of the tool's data has to contain.
    ///
    /// @param kept backups that are going to replace data
    DataExtent extent(Manifest manifest, Provenance provenance, List<DataCopy> kept) {
        return extent(manifest, provenance, kept, state(manifest));
    }

    private DataExtent extent(
            Manifest manifest, Provenance provenance, List<DataCopy> kept, Optional<ServiceState> state) {
        Set<Path> paths = new LinkedHashSet<>(manifest.data());
        kept.stream().map(DataCopy::path).forEach(paths::add);
        try {
            return DataExtent.of(paths, provenance.environment(), context.directories())
                    .without(outside(manifest, state));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private UpgradePlan.Downtime lastDowntime(Manifest manifest) {
        return context.journals().history(Optional.of(manifest.name().value())).stream()
                .filter(outcome -> outcome.result() == Result.UPGRADED && outcome.downtimeMillis() > 0)
                .findFirst()
                .map(outcome -> new UpgradePlan.Downtime(Duration.ofMillis(outcome.downtimeMillis()), true))
                .orElse(new UpgradePlan.Downtime(USUAL_DOWNTIME, false));
    }

    /// Why no stage can be made there, tried with a rename and an exec; empty when it can.
    private Optional<String> unsuitable(Path root, Path environment, long bytes) throws IOException {
        Path parent = AtomicFile.folderOf(environment);
        if (!Files.isWritable(parent)) {
            return Optional.of("You have no write permission for %s."
                    .formatted(context.directories().display(parent)));
        }
        Optional<String> untrusted = FolderTrust.problem(root, context.user(), context.directories());
        if (untrusted.isPresent()) {
            return untrusted;
        }
        AtomicFile.makeFolder(root);
        if (root.toFile().getUsableSpace() < 2 * bytes) {
            return Optional.of("Not enough disk space in %s: %d MB are needed."
                    .formatted(context.directories().display(root), 2 * bytes / MEGABYTE));
        }
        Path trial = Files.createTempDirectory(root, ".trial");
        Path moved = parent.resolve(".lamplighter-" + trial.getFileName());
        try {
            Path program = trial.resolve("program");
            Files.writeString(program, "#!/bin/sh\nexit 0\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            ProcessResult result = context.runner().run(Command.of(Duration.ofSeconds(10), program.toString()));
            if (!(result instanceof ProcessResult.Exited(int status, var _, var _, var _)) || status != 0) {
                return Optional.of("Programs cannot run from %s. Possible cause: it is mounted with noexec."
                        .formatted(context.directories().display(root)));
            }
            try {
                Files.move(trial, moved, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                return Optional.of("%s and %s are on different file systems."
                        .formatted(
                                context.directories().display(root),
                                context.directories().display(parent)));
            }
            return Optional.empty();
        } finally {
            DirectoryTrees.delete(trial);
            DirectoryTrees.delete(moved);
        }
    }

    static String hash(
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
