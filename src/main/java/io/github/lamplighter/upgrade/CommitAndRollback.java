package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Commits or rolls back a transaction, from its journal and the disk alone. Both may be repeated after a crash, so
/// the worker and the recovery share them.
final class CommitAndRollback {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(100);
    private static final int JOURNALS_KEPT = 20;
    private static final String DATA = "data";

    private final UpgradeContext context;

    CommitAndRollback(UpgradeContext context) {
        this.context = context;
    }

    /// Restores as many parts of the previous state as it can.
    ///
    /// @param done the journal so far
    /// @param atLogin whether the service manager is about to start what is enabled; then services are not touched
    /// @return a sentence for each part that could not be restored
    List<String> rollBack(
            Journal journal,
            List<JournalEntry> done,
            RollbackPoint point,
            Optional<Manifest> manifest,
            boolean atLogin) {
        List<String> problems = new ArrayList<>();
        boolean switched = began(done, Step.SWITCH);
        if (switched && !atLogin) {
            point.unit().ifPresent(unit -> {
                if (Transaction.isUp(context.services().state(unit))) {
                    problem(context.services().stop(unit, STOP_LIMIT)).ifPresent(problems::add);
                }
            });
        }
        if (switched) {
            part(problems, "restore the previous version", () -> environment(point));
            part(problems, "restore the launcher links", () -> LauncherLinks.apply(point.links()));
        }
        if (point.unit().isPresent() && point.serviceFile().isPresent() && began(done, Step.SERVICE_FILE)) {
            String unit = point.unit().get();
            if (!context.services().fileText(unit).equals(point.serviceFile())) {
                problem(context.services().restore(unit, point.serviceFile())).ifPresent(problems::add);
            }
        }
        List<DataCopy> copies = copies(done);
        if (switched && !copies.isEmpty() && !dataRestored(done)) {
            part(problems, "restore the data", () -> {
                DataBackup backup = new DataBackup(context);
                // All or nothing: half of a database is worse than none of it.
                Optional<String> lost = backup.lost(copies);
                if (lost.isPresent()) {
                    throw new IOException(lost.get());
                }
                for (DataCopy copy : copies) {
                    backup.restore(copy);
                }
                journal.write(new JournalEntry.Restored(context.clock().instant(), DATA));
            });
        }
        if (point.unit().isPresent() && !atLogin) {
            (point.ran()
                            ? start(point, manifest)
                            : problem(context.services().resume(point.unit().get())))
                    .ifPresent(problems::add);
        }
        if (problems.isEmpty()) {
            // The tool is as it was. What cannot be deleted now is tried again: see LeftOvers.
            for (Path folder : Stream.concat(point.stage().stream(), Stream.of(point.snapshot()))
                    .toList()) {
                part(new ArrayList<>(), "remove the staging folder", () -> DirectoryTrees.delete(folder));
            }
        }
        part(problems, "turn off recovery at login", () -> disarm(journal));
        return problems;
    }

    /// Keeps the replaced version as a snapshot, and deletes what is no longer needed. The new version passed its
    /// checks, so that nothing that fails here undoes it.
    ///
    /// @return a sentence for each part that failed
    List<String> commit(Journal journal, String version, RollbackPoint point) {
        List<String> problems = new ArrayList<>();
        part(problems, "keep %s for rollback".formatted(version), () -> keep(journal.file(), version, point));
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
    void keep(Path journal, String version, RollbackPoint point) throws IOException {
        List<JournalEntry> entries = context.journals().entries(journal);
        Path kept = Snapshot.environment(point.snapshot());
        AtomicFile.makeFolder(point.snapshot());
        Optional<Path> old = DirectoryTrees.find(point.oldIdentity(), List.of(point.prepared(), kept, aside(point)));
        if (old.isPresent() && !old.get().equals(kept)) {
            Files.move(old.get(), kept, StandardCopyOption.ATOMIC_MOVE);
        }
        Snapshots.describe(new Snapshot(
                String.valueOf(point.snapshot().getFileName()),
                point.snapshot(),
                version,
                startedAt(entries, Step.COMMIT).orElseGet(context.clock()::instant),
                point.links(),
                point.serviceFile(),
                copies(entries)));
        AtomicFile.sync(AtomicFile.folderOf(point.snapshot()));
    }

    /// Deletes old journals.
    void pruneJournals(String name) throws IOException {
        context.journals().prune(name, JOURNALS_KEPT);
    }

    /// Other open transactions keep waiting for the next login.
    void disarm(Journal journal) throws IOException {
        List<String> units = openUnits(Optional.of(journal.file()));
        if (units.isEmpty()) {
            context.atLogin().disarm();
        } else {
            context.atLogin().arm(units);
        }
    }

    /// The services of all open transactions except the one with this journal; an empty name for a transaction without
    /// a service.
    List<String> openUnits(Optional<Path> but) {
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
        if (!Transaction.isUp(context.services().state(unit))) {
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

    private static boolean dataRestored(List<JournalEntry> entries) {
        return entries.stream()
                .anyMatch(entry -> entry instanceof JournalEntry.Restored(var _, String part) && part.equals(DATA));
    }

    static Optional<String> problem(ServiceOutcome outcome) {
        return switch (outcome) {
            case ServiceOutcome.Done _, ServiceOutcome.Already _ -> Optional.empty();
            case ServiceOutcome.Refused(String reason) -> Optional.of(reason);
            case ServiceOutcome.Failed(String reason, List<String> lines) ->
                Optional.of(lines.isEmpty() ? reason : reason + " Last log line: " + lines.getLast());
        };
    }

    private static String why(Exception e) {
        Throwable cause =
                e instanceof UncheckedIOException unchecked ? Objects.requireNonNullElse(unchecked.getCause(), e) : e;
        return switch (cause) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case NoSuchFileException missing -> missing.getFile() + " is missing";
            default ->
                Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
        };
    }

    interface Part {
        void run() throws IOException;
    }

    static void part(List<String> problems, String action, Part part) {
        try {
            part.run();
        } catch (IOException | RuntimeException e) {
            // A bug in one part must not keep the others from being done.
            String why = why(e);
            problems.add("Could not %s: %s%s".formatted(action, why, why.endsWith(".") ? "" : "."));
        }
    }
}
