package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.PlanUpgrade.UpgradeOptions;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The worker: takes the lock, plans again under it, and runs what the user confirmed. It never asks.
public final class UpgradeWorker {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);

    private static final String CHANGED = "Something changed since you confirmed. Review the plan and try again.";
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private final UpgradeContext context;
    private final PlanUpgrade plans;

    public UpgradeWorker(UpgradeContext context) {
        this.context = context;
        this.plans = new PlanUpgrade(context);
    }

    /// @param consent the hash of the confirmed plan; empty accepts any plan
    public UpgradeOutcome upgrade(
            Manifest manifest,
            UpgradeOptions upgradeOptions,
            String id,
            Optional<String> consent,
            CancellationToken cancellationToken) {
        return underLock(manifest, id, Asked.UPGRADE, "Upgrading %s".formatted(manifest.name()), journal -> {
            Instant now = context.clock().instant();
            String name = manifest.name().value();
            return switch (plans.plan(manifest, upgradeOptions, id)) {
                case PlanResult.Current(String version, String reason) ->
                    ended(
                            journal,
                            UpgradeOutcome.nothing(name, Asked.UPGRADE, Result.CURRENT, version, version, reason, now));
                case PlanResult.Refused(String version, String reason) ->
                    ended(
                            journal,
                            UpgradeOutcome.nothing(name, Asked.UPGRADE, Result.REFUSED, version, "", reason, now));
                case PlanResult.Ready(UpgradePlan plan)
                when consent.filter(hash -> !hash.equals(plan.hash())).isPresent() ->
                    ended(
                            journal,
                            UpgradeOutcome.nothing(
                                    name,
                                    Asked.UPGRADE,
                                    Result.NEEDS_CONSENT,
                                    plan.provenance().version(),
                                    plan.upgradeTarget().label(),
                                    CHANGED,
                                    now));
                case PlanResult.Ready(UpgradePlan plan) -> {
                    UpgradeOutcome outcome = plan.upgradeTarget() instanceof UpgradeTarget.ReleaseArchive archive
                            ? OwnTransaction.upgrade(context, manifest, plan, archive, cancellationToken, journal)
                                    .run()
                            : new Transaction(
                                            context,
                                            id,
                                            manifest,
                                            plan.provenance(),
                                            new ReplacementVersion.NewVersion(plan),
                                            plan.upgradeImpact(),
                                            plan.snapshot(),
                                            cancellationToken,
                                            journal)
                                    .run();
                    record(
                            outcome,
                            "upgraded",
                            "lamplighter upgrade " + name,
                            plan.provenance().environment());
                    yield outcome;
                }
            };
        });
    }

    /// Rolls back to a previous version.
    ///
    /// @param consent the hash of the confirmed [UpgradeImpact]; empty accepts any impact
    public UpgradeOutcome rollBack(
            Manifest manifest,
            Snapshot snapshot,
            String id,
            Optional<String> consent,
            CancellationToken cancellationToken) {
        String name = manifest.name().value();
        return underLock(
                manifest, id, Asked.ROLLBACK, "Rolling %s back to %s".formatted(name, snapshot.version()), journal -> {
                    Instant now = context.clock().instant();
                    Optional<Provenance> found = context.provenance(manifest);
                    if (found.isEmpty()) {
                        return ended(
                                journal,
                                UpgradeOutcome.nothing(
                                        name,
                                        Asked.ROLLBACK,
                                        Result.REFUSED,
                                        "",
                                        snapshot.version(),
                                        "Could not read the installation of %s.".formatted(name),
                                        now));
                    }
                    UpgradeImpact upgradeImpact = plans.impact(manifest, found.get(), snapshot);
                    if (consent.filter(hash -> !hash.equals(upgradeImpact.hash()))
                            .isPresent()) {
                        return ended(
                                journal,
                                UpgradeOutcome.nothing(
                                        name,
                                        Asked.ROLLBACK,
                                        Result.NEEDS_CONSENT,
                                        found.get().version(),
                                        snapshot.version(),
                                        CHANGED,
                                        now));
                    }
                    Optional<String> obstacle = obstacle(manifest, snapshot);
                    if (obstacle.isPresent()) {
                        return ended(
                                journal,
                                UpgradeOutcome.nothing(
                                        name,
                                        Asked.ROLLBACK,
                                        Result.REFUSED,
                                        found.get().version(),
                                        snapshot.version(),
                                        obstacle.get(),
                                        now));
                    }
                    UpgradeOutcome outcome = found.get().installer() == InstallerKind.SELF
                            ? OwnTransaction.rollback(
                                            context, id, manifest, found.get(), snapshot, cancellationToken, journal)
                                    .run()
                            : new Transaction(
                                            context,
                                            id,
                                            manifest,
                                            found.get(),
                                            new ReplacementVersion.Kept(snapshot),
                                            upgradeImpact,
                                            snapshot.folder().resolveSibling(id),
                                            cancellationToken,
                                            journal)
                                    .run();
                    record(
                            outcome,
                            "rolled back",
                            "lamplighter rollback " + name,
                            found.get().environment());
                    return outcome;
                });
    }

    /// The installed version of a tool.
    public Optional<String> installed(Manifest manifest) {
        return context.provenance(manifest).map(Provenance::version);
    }

    /// The previous versions of a tool that can be restored, newest first.
    public List<Snapshot> kept(Manifest manifest) {
        if (manifest.install().installer() == InstallerKind.SELF) {
            return new VersionSwitch(context).kept();
        }
        List<Snapshot> all = context.provenance(manifest)
                .flatMap(provenance -> context.installer(provenance.installer())
                        .map(installer ->
                                new Snapshots(installer.stageRoot(provenance).resolve("snapshots")).all()))
                .orElse(List.of());
        return all.stream()
                .filter(snapshot -> snapshot.tool().isEmpty()
                        || snapshot.tool().equals(manifest.name().value()))
                .toList();
    }

    /// The other tools in the same environment that were upgraded since this snapshot: a rollback to it also
    /// rolls them back.
    public List<String> alsoRolledBack(Manifest manifest, Snapshot snapshot) {
        if (manifest.install().installer() == InstallerKind.SELF) {
            return List.of();
        }
        return new Snapshots(AtomicFile.folderOf(snapshot.folder()))
                .all().stream()
                        .takeWhile(newer -> !newer.id().equals(snapshot.id()))
                        .map(Snapshot::tool)
                        .filter(tool ->
                                !tool.isEmpty() && !tool.equals(manifest.name().value()))
                        .distinct()
                        .sorted()
                        .toList();
    }

    /// Deletes a previous version with its backup.
    ///
    /// @return why it is still there, as a sentence
    public Optional<String> discard(Manifest manifest, Snapshot snapshot) throws IOException {
        if (manifest.install().installer() == InstallerKind.SELF) {
            return Optional.of("Lamplighter deletes its own previous versions with its next upgrade.");
        }
        return switch (take(
                context.lockFolder(manifest), "Deleting a previous version of %s.".formatted(manifest.name()))) {
            case EnvironmentLock.Busy(String holder) -> Optional.of("Busy: " + holder);
            case EnvironmentLock.Held held -> {
                try (held) {
                    Snapshots.discard(snapshot);
                    yield Optional.empty();
                }
            }
        };
    }

    /// What an upgrade or rollback that is not finished keeps of the version before.
    public Optional<Snapshot> unfinished(Manifest manifest) {
        return context.journals().open(manifest.name().value()).flatMap(open -> {
            List<JournalEntry> entries = context.journals().entries(open.journal());
            return CommitAndRollback.rollbackPoint(entries)
                    .map(point -> new Snapshot(
                            open.id(),
                            point.snapshot(),
                            manifest.name().value(),
                            open.planned().map(JournalEntry.Planned::from).orElse(""),
                            0,
                            open.startedAt(),
                            point.links(),
                            point.serviceFile(),
                            CommitAndRollback.copies(entries)));
        });
    }

    /// Why a rollback to this version is refused, as a sentence: the backup of its data is gone, or the data
    /// of now can't be backed up.
    public Optional<String> obstacle(Manifest manifest, Snapshot snapshot) {
        Optional<String> problem = manifest.install().installer() == InstallerKind.SELF
                ? Optional.empty()
                : context.provenance(manifest)
                        .flatMap(found ->
                                plans.extent(manifest, found, snapshot.data()).problem());
        if (problem.isPresent()) {
            return problem;
        }
        try {
            Optional<String> untrusted = manifest.install().installer() == InstallerKind.SELF
                    ? Optional.empty()
                    : FolderTrust.problem(
                            AtomicFile.folderOf(AtomicFile.folderOf(snapshot.folder())),
                            context.user(),
                            context.directories());
            if (untrusted.isPresent()) {
                return untrusted;
            }
            return new DataBackup(context, snapshot.id())
                    .lost(snapshot.data())
                    .or(() -> broken(manifest, snapshot))
                    .map(lost -> lost + " " + instead(manifest, snapshot));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What to do instead of a rollback, as sentences.
    private String instead(Manifest manifest, Snapshot snapshot) {
        boolean isUpgradable = context.provenance(manifest)
                .filter(found -> plans.refusal(manifest, found).isEmpty())
                .isPresent();
        return isUpgradable
                ? "To install %s with its current data, run `lamplighter upgrade %s --to %1$s`."
                        .formatted(snapshot.version(), manifest.name())
                : "The installed version can't be upgraded, either. To see why, run `lamplighter doctor %s`."
                        .formatted(manifest.name());
    }

    /// Why a previous version can't run any more, as a sentence: its Python was removed, or its files were links
    /// into a cache that was cleaned.
    private Optional<String> broken(Manifest manifest, Snapshot snapshot) {
        Path environment = snapshot.environment();
        if (manifest.install().installer() == InstallerKind.SELF || !Files.exists(environment.resolve("pyvenv.cfg"))) {
            return Optional.empty();
        }
        VirtualEnvironment kept = new VirtualEnvironment(environment);
        Path python = kept.runtime("", context.directories(), new ArrayList<>()).program();
        if (!Files.exists(python)) {
            return Optional.of("%s can't run: its Python is missing (%s)."
                    .formatted(snapshot.version(), context.directories().display(python)));
        }
        return context.provenance(manifest)
                .filter(found -> kept.named(found.packageName()).stream()
                        .noneMatch(distribution -> distribution.version().equals(snapshot.version())))
                .map(_ ->
                        "%s can't run: files of it are missing in %s. Possible cause: they were links into a cache that was cleaned."
                                .formatted(
                                        snapshot.version(),
                                        context.directories().display(environment)));
    }

    private UpgradeOutcome underLock(
            Manifest manifest, String id, Asked asked, String doing, Function<Journal, UpgradeOutcome> work) {
        String name = manifest.name().value();
        Path file = context.journals().of(name, id);
        Path environment = context.lockFolder(manifest);
        Instant now = context.clock().instant();
        long sequence = context.journals().next(name);
        try {
            return switch (take(
                    environment, "%s since %s.".formatted(doing, CLOCK.format(now.atZone(context.zone()))))) {
                case EnvironmentLock.Busy(String holder) -> {
                    // The follower waits for a journal: this one ends at once.
                    try (Journal journal = Journal.create(file)) {
                        journal.write(new JournalEntry.Started(now, id, name, context.worker(), sequence));
                        yield ended(
                                journal,
                                UpgradeOutcome.nothing(name, asked, Result.BUSY, "", "", "Busy: " + holder, now));
                    }
                }
                case EnvironmentLock.Held held -> {
                    try (held;
                            Journal journal = Journal.create(file)) {
                        journal.write(new JournalEntry.Started(now, id, name, context.worker(), sequence));
                        LeftOvers.retry(context, manifest, id);
                        Optional<UpgradeOutcome> refused = unfinished(name, id)
                                .map(before ->
                                        UpgradeOutcome.nothing(name, asked, Result.REFUSED, "", "", before, now));
                        UpgradeOutcome outcome =
                                refused.isPresent() ? ended(journal, refused.get()) : work.apply(journal);
                        new CommitAndRollback(context).pruneJournals(name);
                        yield outcome;
                    }
                }
            };
        } catch (FileAlreadyExistsException e) {
            return UpgradeOutcome.nothing(name, asked, Result.FAILED, "", "", Journals.GIVEN_UP, now);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An earlier transaction of this tool that could not be recovered, as a sentence: on top of it, nobody
    /// could tell the versions apart.
    private Optional<String> unfinished(String name, String id) {
        return context.journals().all(Optional.of(name)).stream()
                .filter(other -> other.isOpen() && !other.id().equals(id))
                .findFirst()
                .map(_ -> "An earlier upgrade of %s was interrupted and is not finished. Run `lamplighter recover`."
                        .formatted(name));
    }

    /// Waits a little: a run of the doctor holds the lock only for moments.
    private EnvironmentLock.Attempt take(Path environment, String doing) throws IOException {
        long until = System.nanoTime() + LOCK_LIMIT.toNanos();
        while (true) {
            EnvironmentLock.Attempt attempt = context.locks().take(environment, doing);
            if (attempt instanceof EnvironmentLock.Held || System.nanoTime() > until) {
                return attempt;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return attempt;
            }
        }
    }

    private UpgradeOutcome ended(Journal journal, UpgradeOutcome outcome) {
        journal.note(new JournalEntry.Ended(context.clock().instant(), outcome, false));
        return outcome;
    }

    /// Adds to the activity log what was asked for and done; what was rolled back automatically changed
    /// nothing.
    private void record(UpgradeOutcome outcome, String what, String why, Path where) {
        Result wanted = outcome.asked() == Asked.UPGRADE ? Result.UPGRADED : Result.ROLLED_BACK;
        if (outcome.result() == wanted) {
            context.activityLog()
                    .add(new ActivityLog.Change(
                            context.clock().instant(),
                            outcome.name(),
                            "%s from %s to %s".formatted(what, outcome.from(), outcome.to()),
                            context.directories().display(where),
                            why,
                            "lamplighter rollback %s --to %s".formatted(outcome.name(), outcome.from())));
        }
    }
}
