package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import io.github.lamplighter.upgrade.UpgradeOutcome.StepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Ends transactions that were interrupted by a killed worker or a power cut. One that had reached its commit
/// is completed, any other rolled back. May itself be interrupted and repeated.
public final class RecoverUpgrades {

    private static final Duration POLL = Duration.ofMillis(100);

    private final UpgradeContext context;
    private final CommitAndRollback commitAndRollback;
    private final Function<String, Optional<Manifest>> manifests;

    /// @param manifests the manifest of a tool, if it is still managed and can be read
    public RecoverUpgrades(UpgradeContext context, Function<String, Optional<Manifest>> manifests) {
        this.context = context;
        this.commitAndRollback = new CommitAndRollback(context);
        this.manifests = manifests;
    }

    /// Why transactions are recovered.
    public enum Occasion {
        /// The services are not started yet and wait for this.
        LOGIN(Duration.ofSeconds(3)),
        /// Somebody waits for the outcome. Another run may be recovering the same transaction: it starts a tool again
        /// and waits until that responds.
        COMMAND(Duration.ofMinutes(2)),
        /// Something else was asked for.
        ASIDE(Duration.ZERO);

        private final Duration patience;

        /// @param patience how long it waits for another run that holds the lock
        Occasion(Duration patience) {
            this.patience = patience;
        }
    }

    /// Recovers every interrupted transaction.
    public List<UpgradeOutcome> recover(Occasion occasion) {
        List<UpgradeOutcome> outcomes = new ArrayList<>();
        for (Journals.Transaction open : context.journals().open()) {
            // One that cannot be recovered stays open, and must not keep the others, or the other tools, from anything.
            List<String> problems = new ArrayList<>();
            CommitAndRollback.part(
                    problems,
                    "finish the interrupted " + open.asked().word(),
                    () -> recover(open, occasion).ifPresent(outcomes::add));
            problems.stream()
                    .map(problem -> outcome(
                            open,
                            Result.NEEDS_ATTENTION,
                            problem,
                            context.journals().entries(open.journal())))
                    .forEach(outcomes::add);
        }
        LeftOvers.retry(context, manifests);
        if (context.journals().open().isEmpty()) {
            CommitAndRollback.part(new ArrayList<>(), "turn off recovery at login", context.atLogin()::disarm);
        }
        return outcomes;
    }

    /// The interrupted transactions.
    public List<Journals.Transaction> interrupted() {
        return context.journals().open().stream()
                .filter(open -> !open.isAtWork())
                .toList();
    }

    private Optional<UpgradeOutcome> recover(Journals.Transaction open, Occasion occasion) throws IOException {
        Optional<Manifest> manifest = manifests.apply(open.name());
        Optional<JournalEntry.LinkSwitch> change =
                VersionSwitch.recorded(context.journals().entries(open.journal()));
        boolean itself = change.isPresent()
                || manifest.filter(known -> known.install().installer() == InstallerKind.SELF)
                        .isPresent();
        Optional<Path> environment = itself
                ? Optional.of(new VersionFolders(context.directories()).versions())
                : CommitAndRollback.rollbackPoint(context.journals().entries(open.journal()))
                        .map(RollbackPoint::environment)
                        .or(() -> manifest.map(known -> context.provenance(known)
                                .map(provenance -> provenance.environment())
                                .orElse(known.install().environment())));
        if (environment.isEmpty()) {
            return Optional.of(write(open, Result.FAILED, interrupted(open, " before anything was changed.")));
        }
        EnvironmentLock.Attempt attempt = take(open, environment.get(), occasion);
        if (!(attempt instanceof EnvironmentLock.Held held)) {
            // A service that waits for this must not start on what is not restored, and nobody may think that it is.
            return occasion != Occasion.ASIDE && !open.isAtWork()
                    ? Optional.of(outcome(
                            open,
                            Result.NEEDS_ATTENTION,
                            "Another run of Lamplighter is busy with %s.".formatted(open.name()),
                            context.journals().entries(open.journal())))
                    : Optional.empty();
        }
        try (held) {
            // It may have ended before the lock was taken.
            Optional<Journals.Transaction> now = context.journals().transaction(open.journal());
            if (now.filter(Journals.Transaction::isOpen).isEmpty()) {
                return now.flatMap(Journals.Transaction::ended);
            }
            context.processTable()
                    .marked(StageSteps.MARK, open.id())
                    .forEach(left -> context.processTable().end(left.pid()));
            boolean atLogin = occasion == Occasion.LOGIN;
            return Optional.of(itself ? closeOwn(open, change, atLogin) : close(open, manifest, atLogin));
        }
    }

    /// A run of the doctor holds the lock only for moments, another recovery until the tool responds.
    private EnvironmentLock.Attempt take(Journals.Transaction open, Path environment, Occasion occasion)
            throws IOException {
        long until = System.nanoTime() + occasion.patience.toNanos();
        while (true) {
            EnvironmentLock.Attempt attempt =
                    context.locks().take(environment, "Recovering %s.".formatted(open.name()));
            if (attempt instanceof EnvironmentLock.Held || open.isAtWork() || System.nanoTime() >= until) {
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

    private UpgradeOutcome close(Journals.Transaction open, Optional<Manifest> manifest, boolean atLogin)
            throws IOException {
        List<JournalEntry> done = context.journals().entries(open.journal());
        Optional<RollbackPoint> way = CommitAndRollback.rollbackPoint(done);
        String from = open.planned().map(JournalEntry.Planned::from).orElse("");
        // Rolling back an interrupted rollback changes nothing.
        boolean isBackwards = way.filter(known -> known.stage().isEmpty()).isPresent();
        if (way.isEmpty()) {
            dropStages(open, manifest);
            return write(open, Result.FAILED, interrupted(open, " before anything was changed."));
        }
        Optional<Path> stray = stray(open.id(), way.get(), CommitAndRollback.copies(done), manifest);
        if (stray.isPresent()) {
            return write(open, Result.NEEDS_ATTENTION, foreign(open, stray.get()), true);
        }
        if (!CommitAndRollback.began(done, Step.COMMIT) && commitAndRollback.isSuperseded(way.get())) {
            return superseded(open, done, way.get());
        }
        List<String> leftOver = List.of();
        try (Journal journal = Journal.open(open.journal())) {
            if (CommitAndRollback.began(done, Step.COMMIT)) {
                leftOver = commitAndRollback.commit(journal, from, way.get());
            } else {
                journal.note(new JournalEntry.StepStarted(now(), Step.ROLLBACK));
                RollbackResult result = commitAndRollback.rollBack(
                        journal, done, way.get(), manifest, CommitAndRollback.began(done, Step.STOP), atLogin);
                journal.note(new JournalEntry.StepEnded(now(), Step.ROLLBACK, result.outcome(), 0, result.text()));
                if (!result.isWell()) {
                    return write(open, Result.NEEDS_ATTENTION, result.text(), !result.isWhole());
                }
            }
        }
        if (CommitAndRollback.began(done, Step.COMMIT)) {
            return write(
                    open,
                    isBackwards ? Result.ROLLED_BACK : Result.UPGRADED,
                    interrupted(open, duringCleanup(leftOver)));
        }
        return CommitAndRollback.began(done, Step.SWITCH) && !isBackwards
                ? write(open, Result.ROLLED_BACK, interrupted(open, "."))
                : write(open, Result.FAILED, interrupted(open, "."));
    }

    /// The user has installed the tool again since, and nothing of that is touched. The version from before
    /// the upgrade is kept with its data, or the data alone.
    private UpgradeOutcome superseded(Journals.Transaction open, List<JournalEntry> done, RollbackPoint point)
            throws IOException {
        String from = open.planned().map(JournalEntry.Planned::from).orElse("");
        String since = "%s was installed again since the interrupted %s."
                .formatted(open.name(), open.asked().word());
        boolean isKept = commitAndRollback.keep(open.journal(), from, point);
        Path backup = AtomicFile.folderOf(Snapshot.data(point.snapshot(), 0));
        if (!isKept && CommitAndRollback.needsData(done) && Files.exists(backup)) {
            return write(
                    open,
                    Result.NEEDS_ATTENTION,
                    "%s The backup of its data is in %s. To finish, restore what you need and delete that folder."
                            .formatted(since, context.directories().display(backup)),
                    true);
        }
        try (Journal journal = Journal.open(open.journal())) {
            CommitAndRollback.part(
                    new ArrayList<>(), "turn off recovery at login", () -> commitAndRollback.disarm(journal));
        }
        return write(
                open,
                Result.FAILED,
                isKept
                        ? "%s To restore %s and its data, run `lamplighter rollback %s`."
                                .formatted(since, from, open.name())
                        : since);
    }

    /// Ends a transaction of Lamplighter itself, which may have been started by another version than this one.
    private UpgradeOutcome closeOwn(
            Journals.Transaction open, Optional<JournalEntry.LinkSwitch> change, boolean atLogin) throws IOException {
        List<JournalEntry> done = context.journals().entries(open.journal());
        VersionSwitch versionSwitch = new VersionSwitch(context);
        if (change.isEmpty()) {
            CommitAndRollback.part(new ArrayList<>(), "remove the download", versionSwitch::dropPartials);
            return write(open, Result.FAILED, interrupted(open, " before anything was changed."));
        }
        Optional<Path> stray = RecordedPaths.stray(change.get(), new VersionFolders(context.directories()).versions());
        if (stray.isPresent()) {
            return write(open, Result.NEEDS_ATTENTION, foreign(open, stray.get()), true);
        }
        boolean isBackwards = change.get().stage().isEmpty();
        try (Journal journal = Journal.open(open.journal())) {
            if (CommitAndRollback.began(done, Step.COMMIT)) {
                List<String> leftOver = versionSwitch.commit(journal, change.get());
                return write(
                        open,
                        isBackwards ? Result.ROLLED_BACK : Result.UPGRADED,
                        interrupted(open, duringCleanup(leftOver)));
            }
            journal.note(new JournalEntry.StepStarted(now(), Step.ROLLBACK));
            RollbackResult result = versionSwitch.rollBack(journal, done, change.get(), atLogin);
            journal.note(new JournalEntry.StepEnded(now(), Step.ROLLBACK, result.outcome(), 0, result.text()));
            if (!result.isWell()) {
                return write(open, Result.NEEDS_ATTENTION, result.text(), !result.isWhole());
            }
        }
        return write(
                open,
                CommitAndRollback.began(done, Step.SWITCH) && !isBackwards ? Result.ROLLED_BACK : Result.FAILED,
                interrupted(open, "."));
    }

    private Optional<Path> stray(String id, RollbackPoint point, List<DataCopy> copies, Optional<Manifest> manifest)
            throws IOException {
        List<Path> data = new ArrayList<>();
        if (manifest.isPresent()) {
            data.addAll(manifest.get().data());
            data.addAll(DataExtent.of(manifest.get().data(), point.environment(), context.directories())
                    .paths());
        }
        data.addAll(DataExtent.linkedFrom(copies, data));
        Path kept = point.prepared().getParent();
        if (point.stage().isEmpty() && kept != null) {
            // A rollback also replaces what was data of the version that it restores.
            new Snapshots(AtomicFile.folderOf(kept))
                    .all().stream()
                            .filter(snapshot -> snapshot.folder().equals(kept))
                            .flatMap(snapshot -> snapshot.data().stream())
                            .map(DataCopy::path)
                            .forEach(data::add);
        }
        return new RecordedPaths(id, point).stray(copies, data);
    }

    private String foreign(Journals.Transaction open, Path stray) {
        return "Nothing was changed, because the journal %s names a path that is not part of this %s: %s."
                .formatted(
                        context.directories().display(open.journal()),
                        open.asked().word(),
                        context.directories().display(stray));
    }

    /// Before the rollback point there is only a stage; its path follows from the transaction's id.
    private void dropStages(Journals.Transaction open, Optional<Manifest> manifest) {
        Optional<Path> stage = manifest.flatMap(context::provenance)
                .flatMap(provenance ->
                        context.installer(provenance.installer()).map(installer -> installer.stageRoot(provenance)))
                .map(root -> root.resolve("stages").resolve(open.id()));
        stage.ifPresent(left -> CommitAndRollback.part(
                new ArrayList<>(), "remove the staging folder", () -> DirectoryTrees.delete(left)));
    }

    private UpgradeOutcome write(Journals.Transaction open, Result result, String reason) throws IOException {
        return write(open, result, reason, false);
    }

    private UpgradeOutcome write(Journals.Transaction open, Result result, String reason, boolean isOpen)
            throws IOException {
        UpgradeOutcome outcome =
                outcome(open, result, reason, context.journals().entries(open.journal()));
        try (Journal journal = Journal.open(open.journal())) {
            journal.note(new JournalEntry.Ended(now(), outcome, isOpen));
        }
        return outcome;
    }

    private UpgradeOutcome outcome(
            Journals.Transaction open, Result result, String reason, List<JournalEntry> entries) {
        List<StepResult> steps = entries.stream()
                .flatMap(entry -> entry instanceof JournalEntry.StepEnded ended
                        ? Stream.of(new StepResult(ended.step(), ended.outcome(), ended.tookMillis()))
                        : Stream.empty())
                .toList();
        return new UpgradeOutcome(
                open.name(),
                open.asked(),
                result,
                open.planned().map(JournalEntry.Planned::from).orElse(""),
                open.planned().map(JournalEntry.Planned::to).orElse(""),
                Optional.of(context.directories().display(reason)),
                DowntimeCalculator.downtime(entries, now()).toMillis(),
                DowntimeCalculator.dataRisk(entries),
                Optional.of(open.journal()),
                steps,
                open.startedAt());
    }

    private static String interrupted(Journals.Transaction open, String rest) {
        return "The %s was interrupted%s".formatted(open.asked().word(), rest);
    }

    private static String duringCleanup(List<String> leftOver) {
        return leftOver.isEmpty()
                ? " during cleanup, which is complete now."
                : " during cleanup. " + String.join(" ", leftOver);
    }

    private Instant now() {
        return context.clock().instant();
    }
}
