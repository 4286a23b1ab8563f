package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Commits or rolls back a transaction, from its journal and the disk alone. Both may be repeated after a
/// crash, so the worker and the recovery share them.
final class CommitAndRollback {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(100);
    static final int JOURNALS_KEPT = 20;
    private static final String DATA = "data";

    private final UpgradeContext context;

    CommitAndRollback(UpgradeContext context) {
        this.context = context;
    }

    /// Restores the previous state, as many parts of it as it can, and starts the service only on a whole
    /// one. Until then the transaction has to stay open.
    ///
    /// @param done the journal so far
    /// @param isStopped whether the service may have been stopped; otherwise it is left alone
    /// @param atLogin whether the service manager is about to start what is enabled; then services are not
    ///     touched
    RollbackResult rollBack(
            Journal journal,
            List<JournalEntry> done,
            RollbackPoint point,
            Optional<Manifest> manifest,
            boolean isStopped,
            boolean atLogin) {
        List<String> unrestored = new ArrayList<>();
        boolean switched = began(done, Step.SWITCH);
        if (switched && !atLogin) {
            point.unit()
                    .filter(this::mayRun)
                    .flatMap(unit -> problem(context.services().stop(unit, STOP_LIMIT)))
                    .ifPresent(unrestored::add);
        }
        if (unrestored.isEmpty()) {
            restore(unrestored, journal, done, point);
            if (!unrestored.isEmpty() && point.unit().isPresent() && point.ran()) {
                unrestored.add("The service was not started.");
            }
        }
        if (!unrestored.isEmpty()) {
            part(new ArrayList<>(), "arm recovery", () -> arm(Optional.empty(), atWorkBut(journal)));
            return new RollbackResult(unrestored, List.of());
        }
        // The tool is as it was. What cannot be deleted now is tried again: see LeftOvers and RecoverUpgrades.
        for (Path folder : Stream.concat(point.stage().stream(), Stream.of(point.snapshot()))
                .toList()) {
            part(new ArrayList<>(), "remove the staging folder", () -> DirectoryTrees.delete(folder));
        }
        part(new ArrayList<>(), "turn off recovery at login", () -> disarm(journal));
        if (point.unit().isEmpty() || atLogin || !(isStopped || switched)) {
            return new RollbackResult(List.of(), List.of());
        }
        Optional<String> problem = point.ran()
                ? start(point, manifest)
                : problem(context.services().resume(point.unit().get()));
        if (problem.isPresent() && isSilent(point.unit().get())) {
            // Recovery starts it, when its manager responds again.
            part(new ArrayList<>(), "arm recovery", () -> arm(Optional.empty(), atWorkBut(journal)));
            return new RollbackResult(
                    List.of(problem.get(), "Could not check whether the service is running."), List.of());
        }
        return new RollbackResult(
                List.of(),
                problem.map(note -> List.of(
                                note,
                                "When this is repaired, run `lamplighter start %s`."
                                        .formatted(AtomicFile.folderOf(journal.file())
                                                .getFileName())))
                        .orElse(List.of()));
    }

    private boolean mayRun(String unit) {
        ServiceState state = context.services().state(unit);
        return Transaction.isUp(state) || context.isUpUnseen(state);
    }

    private boolean isSilent(String unit) {
        return context.services().state(unit).phase() == ServiceState.Phase.UNKNOWN;
    }

    private void restore(List<String> unrestored, Journal journal, List<JournalEntry> done, RollbackPoint point) {
        boolean switched = began(done, Step.SWITCH);
        if (switched) {
            part(unrestored, "restore the previous version", () -> environment(point));
            part(unrestored, "restore the launcher links", () -> LauncherLinks.apply(point.links()));
        }
        if (point.unit().isPresent() && point.serviceFile().isPresent() && began(done, Step.SERVICE_FILE)) {
            String unit = point.unit().get();
            if (!context.services().fileText(unit).equals(point.serviceFile())) {
                problem(context.services().restore(unit, point.serviceFile())).ifPresent(unrestored::add);
            }
        }
        if (needsData(done)) {
            List<DataCopy> copies = copies(done);
            part(unrestored, "restore the data", () -> {
                DataBackup backup = new DataBackup(context, Journals.id(journal.file()));
                // All or nothing: half of a database is worse than none of it.
                Optional<String> lost = backup.lost(copies);
                if (lost.isPresent()) {
                    throw new IOException(lost.get());
                }
                for (DataCopy copy : copies) {
                    backup.restore(copy, DataBackup.Use.LAST);
                }
                journal.write(new JournalEntry.Restored(context.clock().instant(), DATA));
            });
        }
    }

    /// Keeps the replaced version as a snapshot, and deletes what is no longer needed. The new version passed
    /// its checks, so that nothing that fails here undoes it.
    ///
    /// @return a sentence for each part that failed
    List<String> commit(Journal journal, String version, RollbackPoint point) {
        List<String> problems = new ArrayList<>();
        part(problems, "keep %s for rollback".formatted(version), () -> {
            boolean _ = keep(journal.file(), version, point);
        });
        boolean isKept = problems.isEmpty();
        part(problems, "remove the staging folder", () -> {
            if (isKept) {
                // The new version came from a stage, or from a snapshot that is empty now.
                DirectoryTrees.delete(point.stage().orElseGet(() -> AtomicFile.folderOf(point.prepared())));
            }
        });
        part(
                problems,
                "remove older versions",
                () -> new Snapshots(AtomicFile.folderOf(point.snapshot())).prune(context.snapshots()));
        part(problems, "turn off recovery at login", () -> disarm(journal));
        return problems;
    }

    /// Keeps the replaced version. Idempotent.
    ///
    /// @return whether it was found
    boolean keep(Path journal, String version, RollbackPoint point) throws IOException {
        List<JournalEntry> entries = context.journals().entries(journal);
        Path kept = Snapshot.environment(point.snapshot());
        AtomicFile.makeFolder(point.snapshot());
        Optional<Path> old = DirectoryTrees.find(point.oldIdentity(), List.of(point.prepared(), kept, aside(point)));
        if (old.isEmpty()) {
            return false;
        }
        if (!old.get().equals(kept)) {
            Files.move(old.get(), kept, StandardCopyOption.ATOMIC_MOVE);
        }
        Snapshots.describe(new Snapshot(
                String.valueOf(point.snapshot().getFileName()),
                point.snapshot(),
                String.valueOf(AtomicFile.folderOf(journal).getFileName()),
                version,
                new Snapshots(AtomicFile.folderOf(point.snapshot())).sequence(point.snapshot()),
                startedAt(entries, Step.COMMIT).orElseGet(context.clock()::instant),
                point.links(),
                point.serviceFile(),
                copies(entries)));
        AtomicFile.sync(AtomicFile.folderOf(point.snapshot()));
        return true;
    }

    /// Deletes old journals.
    void pruneJournals(String name) throws IOException {
        context.journals().prune(name, JOURNALS_KEPT);
    }

    /// Makes recovery run at the next login, for every open transaction.
    void arm() throws IOException {
        arm(Optional.empty(), true);
    }

    /// Other open transactions keep waiting for the next login.
    void disarm(Journal journal) throws IOException {
        arm(Optional.of(journal.file()), atWorkBut(journal));
    }

    private void arm(Optional<Path> but, boolean isAtWork) throws IOException {
        List<String> units = openUnits(but);
        if (units.isEmpty()) {
            context.atLogin().disarm();
        } else {
            context.atLogin().arm(units, isAtWork);
        }
    }

    private boolean atWorkBut(Journal journal) {
        return context.journals().open().stream()
                .anyMatch(open -> open.isAtWork() && !open.journal().equals(journal.file()));
    }

    /// The services of all open transactions except the one with this journal; an empty name for a
    /// transaction without a service.
    private List<String> openUnits(Optional<Path> but) {
        return context.journals().open().stream()
                .map(Journals.Transaction::journal)
                .filter(journal -> but.filter(journal::equals).isEmpty())
                .flatMap(journal -> context.journals().entries(journal).stream())
                .flatMap(entry -> switch (entry) {
                    case JournalEntry.RollbackPointRecorded(var _, RollbackPoint point) ->
                        Stream.of(point.unit().orElse(""));
                    case JournalEntry.LinkSwitchRecorded _ -> Stream.of("");
                    default -> Stream.empty();
                })
                .toList();
    }

    /// Whether the environment is neither of the two that the transaction knows: the user has replaced it
    /// since.
    boolean isSuperseded(RollbackPoint point) throws IOException {
        long now = DirectoryTrees.identity(point.environment());
        return now != 0 && now != point.oldIdentity() && now != point.newIdentity();
    }

    private void environment(RollbackPoint point) throws IOException {
        Path where = DirectoryTrees.find(
                        point.oldIdentity(),
                        List.of(
                                point.environment(),
                                point.prepared(),
                                aside(point),
                                Snapshot.environment(point.snapshot())))
                .orElseThrow(() -> new IOException("not found"));
        if (where.equals(point.environment())) {
            return;
        }
        if (Files.exists(point.environment(), LinkOption.NOFOLLOW_LINKS)) {
            context.directorySwap().exchange(point.environment(), where);
        } else {
            Files.move(where, point.environment(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Path aside(RollbackPoint point) {
        return DirectorySwap.Renames.aside(point.prepared());
    }

    private Optional<String> start(RollbackPoint point, Optional<Manifest> manifest) {
        String unit = point.unit().orElseThrow();
        ServiceState state = context.services().state(unit);
        if (state.phase() == ServiceState.Phase.UNKNOWN) {
            // Whatever else is asked of its manager only takes as long again.
            return Optional.of(sentence(state.words()));
        }
        if (!Transaction.isUp(state)) {
            Optional<String> problem = problem(context.services().start(unit));
            if (problem.isPresent()) {
                return problem;
            }
        }
        if (!point.answered() || manifest.isEmpty()) {
            return Optional.empty();
        }
        return switch (context.upgradedService().ready(manifest.get())) {
            case UpgradedService.Readiness.Ready _ -> Optional.empty();
            case UpgradedService.Readiness.NotReady(String why) ->
                Optional.of("The previous version was restored, but is not responding: " + why);
        };
    }

    static Optional<RollbackPoint> rollbackPoint(List<JournalEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry instanceof JournalEntry.RollbackPointRecorded(var _, RollbackPoint point)
                        ? Stream.of(point)
                        : Stream.empty())
                .findFirst();
    }

    /// What was backed up of the tool's data.
    static List<DataCopy> copies(List<JournalEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry instanceof JournalEntry.DataCopied(var _, List<DataCopy> copies, var _)
                        ? copies.stream()
                        : Stream.empty())
                .toList();
    }

    private static Optional<Instant> startedAt(List<JournalEntry> entries, Step step) {
        return entries.stream()
                .filter(entry -> entry instanceof JournalEntry.StepStarted(var _, Step begun) && begun == step)
                .map(JournalEntry::at)
                .findFirst();
    }

    static boolean began(List<JournalEntry> entries, Step step) {
        return entries.stream()
                .anyMatch(entry -> entry instanceof JournalEntry.StepStarted(var _, Step begun) && begun == step);
    }

    /// Whether data were backed up that the new version may have changed, and are not restored.
    static boolean needsData(List<JournalEntry> done) {
        return began(done, Step.SWITCH) && !copies(done).isEmpty() && !dataRestored(done);
    }

    private static boolean dataRestored(List<JournalEntry> entries) {
        return entries.stream()
                .anyMatch(entry -> entry instanceof JournalEntry.Restored(var _, String part) && part.equals(DATA));
    }

    static Optional<String> problem(ServiceOutcome outcome) {
        return switch (outcome) {
            case ServiceOutcome.Done _, ServiceOutcome.Already _ -> Optional.empty();
            case ServiceOutcome.Refused(String reason) -> Optional.of(sentence(reason));
            case ServiceOutcome.Failed(String reason, List<String> lines) ->
                Optional.of(sentence(lines.isEmpty() ? reason : reason + " Last log line: " + lines.getLast()));
        };
    }

    /// With a full stop, where another program's words have none.
    static String sentence(String text) {
        return text.isEmpty() || text.endsWith(".") ? text : text + ".";
    }

    interface Part {
        void run() throws IOException;
    }

    static void part(List<String> problems, String action, Part part) {
        try {
            part.run();
        } catch (IOException | RuntimeException e) {
            // A bug in one part must not keep the others from being done.
            problems.add(sentence("Could not %s: %s".formatted(action, FileProblem.why(e))));
        }
    }
}
