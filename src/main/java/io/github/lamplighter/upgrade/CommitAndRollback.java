package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The two ends of a transaction: going back, and keeping. Each reads what it needs from the journal and
/// from the disk alone and may be done again after it was cut off, so the worker and the recovery use the
/// same one.
final class CommitAndRollback {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(100);
    private static final int JOURNALS_KEPT = 20;
    private static final String DATA = "data";

    private final UpgradeContext context;

    CommitAndRollback(UpgradeContext context) {
        this.context = context;
    }

    /// Puts back what was there, in every part that it can.
    ///
    /// @param done what the journal says so far
    /// @param atLogin the service manager is about to start what is enabled: its verbs are left alone
    /// @return a sentence for each part that did not go back; none when all is as it was
    List<String> rollBack(
            Journal journal, List<JournalEntry> done, RollbackPoint way, Optional<Manifest> manifest, boolean atLogin) {
        List<String> problems = new ArrayList<>();
        boolean switched = began(done, Step.SWITCH);
        if (switched && !atLogin) {
            way.unit().ifPresent(unit -> {
                if (Transaction.isUp(context.services().state(unit))) {
                    sentence(context.services().stop(unit, STOP_LIMIT)).ifPresent(problems::add);
                }
            });
        }
        if (switched) {
            part(problems, "The old copy", () -> environment(way));
            part(problems, "Its links", () -> LauncherLinks.apply(way.links()));
        }
        if (way.unit().isPresent() && way.serviceFile().isPresent() && began(done, Step.SERVICE_FILE)) {
            String unit = way.unit().get();
            if (!context.services().fileText(unit).equals(way.serviceFile())) {
                sentence(context.services().restore(unit, way.serviceFile())).ifPresent(problems::add);
            }
        }
        if (switched && ended(done, Step.COPY_DATA) && !putBack(done)) {
            part(problems, "Its data", () -> {
                for (Map.Entry<Path, Path> copy : way.data().entrySet()) {
                    data(copy.getValue(), copy.getKey());
                }
                journal.write(new JournalEntry.Restored(context.clock().instant(), DATA));
            });
        }
        if (way.unit().isPresent() && !atLogin) {
            (way.ran()
                            ? start(way, manifest)
                            : sentence(context.services().resume(way.unit().get())))
                    .ifPresent(problems::add);
        }
        if (problems.isEmpty()) {
            part(problems, "The stage", () -> {
                for (Path stage : way.stage().stream().toList()) {
                    DirectoryTrees.drop(stage);
                }
                DirectoryTrees.drop(way.snapshot());
            });
        }
        part(problems, "The recovery at login", () -> disarm(journal));
        return problems;
    }

    /// Keeps the old one as a snapshot, and drops what is no longer needed.
    void commit(Journal journal, String version, RollbackPoint way) throws IOException {
        Path kept = Snapshot.environment(way.snapshot());
        AtomicFile.makeFolder(way.snapshot());
        Optional<Path> old = DirectoryTrees.find(way.oldIdentity(), List.of(way.prepared(), kept, aside(way)));
        if (old.isPresent() && !old.get().equals(kept)) {
            Files.move(old.get(), kept, StandardCopyOption.ATOMIC_MOVE);
        }
        Map<Path, Path> data = new LinkedHashMap<>();
        way.data().forEach((path, copy) -> {
            if (Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
                data.put(path, copy);
            }
        });
        Snapshots.describe(new Snapshot(
                String.valueOf(way.snapshot().getFileName()),
                way.snapshot(),
                version,
                context.clock().instant(),
                way.links(),
                way.serviceFile(),
                data));
        AtomicFile.sync(AtomicFile.folderOf(way.snapshot()));
        // What was put in place came from a stage, or from a snapshot that is used up now.
        DirectoryTrees.drop(way.stage().orElseGet(() -> AtomicFile.folderOf(way.prepared())));
        new Snapshots(AtomicFile.folderOf(way.snapshot())).prune(context.snapshots());
        disarm(journal);
    }

    /// What only happens when all is over: old journals go.
    void tidy(String name) throws IOException {
        context.journals().prune(name, JOURNALS_KEPT);
    }

    /// Other transactions may be open still; they go on waiting for the next login.
    private void disarm(Journal journal) throws IOException {
        List<String> units = openUnits(Optional.of(journal.file()));
        if (units.isEmpty()) {
            context.atLogin().disarm();
        } else {
            context.atLogin().arm(units);
        }
    }

    /// The services of the transactions that are open, but for the one with this journal. A transaction
    /// without a service counts too: its entry is empty.
    List<String> openUnits(Optional<Path> but) {
        return context.journals().open().stream()
                .map(Journals.Transaction::journal)
                .filter(journal -> but.filter(journal::equals).isEmpty())
                .flatMap(journal -> rollbackPoint(context.journals().entries(journal)).stream())
                .map(way -> way.unit().orElse(""))
                .toList();
    }

    /// Copies data back beside the changed ones, swaps them in one step, and drops the changed ones.
    void data(Path copy, Path target) throws IOException {
        if (!Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
            // There were none when they were to be copied; what is there now came with the new version.
            DirectoryTrees.drop(target);
            return;
        }
        Path fresh = target.resolveSibling("." + target.getFileName() + ".lamplighter");
        DirectoryTrees.drop(fresh);
        DirectoryTrees.copy(context.runner(), Map.of(), copy, fresh);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            context.directorySwap().exchange(target, fresh);
            DirectoryTrees.drop(fresh);
        } else {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void environment(RollbackPoint way) throws IOException {
        Path where = DirectoryTrees.find(
                        way.oldIdentity(),
                        List.of(way.environment(), way.prepared(), aside(way), Snapshot.environment(way.snapshot())))
                .orElseThrow(() -> new IOException("it is not where it was left"));
        if (where.equals(way.environment())) {
            return;
        }
        if (Files.exists(way.environment(), LinkOption.NOFOLLOW_LINKS)) {
            context.directorySwap().exchange(way.environment(), where);
        } else {
            Files.move(where, way.environment(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Path aside(RollbackPoint way) {
        return DirectorySwap.Renames.aside(way.prepared());
    }

    private Optional<String> start(RollbackPoint way, Optional<Manifest> manifest) {
        String unit = way.unit().orElseThrow();
        if (!Transaction.isUp(context.services().state(unit))) {
            Optional<String> problem = sentence(context.services().start(unit));
            if (problem.isPresent()) {
                return problem;
            }
        }
        if (!way.answered() || manifest.isEmpty()) {
            return Optional.empty();
        }
        return switch (context.servicePort().ready(manifest.get())) {
            case ServicePort.Readiness.Ready _ -> Optional.empty();
            case ServicePort.Readiness.NotReady(String why) ->
                Optional.of("The old version is back and does not answer: " + why);
        };
    }

    static Optional<RollbackPoint> rollbackPoint(List<JournalEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry instanceof JournalEntry.RollbackPointRecorded(var _, RollbackPoint way)
                        ? java.util.stream.Stream.of(way)
                        : java.util.stream.Stream.empty())
                .findFirst();
    }

    static boolean began(List<JournalEntry> entries, Step step) {
        return entries.stream()
                .anyMatch(entry -> entry instanceof JournalEntry.StepStarted(var _, Step begun) && begun == step);
    }

    static boolean ended(List<JournalEntry> entries, Step step) {
        return entries.stream()
                .anyMatch(entry -> entry instanceof JournalEntry.StepEnded ended
                        && ended.step() == step
                        && ended.outcome() == StepOutcome.DONE);
    }

    private static boolean putBack(List<JournalEntry> entries) {
        return entries.stream()
                .anyMatch(entry -> entry instanceof JournalEntry.Restored(var _, String part) && part.equals(DATA));
    }

    static Optional<String> sentence(ServiceOutcome outcome) {
        return switch (outcome) {
            case ServiceOutcome.Done _, ServiceOutcome.Already _ -> Optional.empty();
            case ServiceOutcome.Refused(String reason) -> Optional.of(reason);
            case ServiceOutcome.Failed(String reason, List<String> lines) ->
                Optional.of(lines.isEmpty() ? reason : reason + " Last line: " + lines.getLast());
        };
    }

    private interface Part {
        void run() throws IOException;
    }

    private static void part(List<String> problems, String what, Part part) {
        try {
            part.run();
        } catch (IOException | java.io.UncheckedIOException e) {
            problems.add("%s could not be put back: %s.".formatted(what, e.getMessage()));
        }
    }
}
