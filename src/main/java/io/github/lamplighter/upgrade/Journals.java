package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The journals of all upgrades of this user: `journals/NAME/ID.jsonl`.
public final class Journals {

    static final String GIVEN_UP = "The upgrade did not start in time.";

    private static final String SUFFIX = ".jsonl";

    private static final Comparator<Transaction> NEWEST =
            Comparator.comparing(Transaction::startedAt).reversed();
    private static final Comparator<Transaction> NEWEST_OF_A_TOOL =
            Comparator.comparingLong(Transaction::sequence).reversed().thenComparing(NEWEST);

    private final Path folder;

    public Journals(AppDirectories directories) {
        this.folder = directories.journals();
    }

    /// One transaction, as far as its journal goes.
    ///
    /// @param id the transaction's
    /// @param worker the pid of the process that writes the journal; may be gone
    /// @param sequence a higher number than all transactions of the tool before it
    /// @param planned empty if it ended before its plan was known
    /// @param step the last step that was started
    /// @param ended empty while it is running, and if its worker was killed
    /// @param isOpen whether it is running, was interrupted, or something could not be restored yet
    public record Transaction(
            Path journal,
            String id,
            String name,
            long worker,
            long sequence,
            Instant startedAt,
            Optional<JournalEntry.Planned> planned,
            Optional<Step> step,
            Optional<UpgradeOutcome> ended,
            boolean isOpen) {

        /// What it is doing now, as users read it.
        public Optional<String> doing() {
            return planned.flatMap(plan -> step.map(now -> now.doing(plan.from(), plan.to())));
        }

        /// What was requested, as far as the plan is written; a rollback plans at once.
        public Asked asked() {
            return planned.filter(JournalEntry.Planned::isRollback).isPresent() ? Asked.ROLLBACK : Asked.UPGRADE;
        }

        /// Whether its worker is running and it has not ended.
        public boolean isAtWork() {
            return ended.isEmpty()
                    && JournalEntry.Started.process(worker, startedAt).isPresent();
        }
    }

    /// Why no journal of a tool can be written, for example because of a full disk, as a sentence. A worker could not
    /// report that: it reports through its journal.
    public Optional<String> whyNotWritable(String name) {
        Path attempt = folder.resolve(name)
                .resolve("attempt-" + ProcessHandle.current().pid());
        try {
            Journal.attempt(attempt);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("Could not write the upgrade's journal: %s.".formatted(AtomicFile.why(attempt, e)));
        }
    }

    /// Gives up a transaction whose worker has not started: if it starts later, it finds this journal and
    /// does nothing.
    ///
    /// @return false if the worker has started
    public boolean giveUp(String name, String id, Instant now) {
        try (Journal journal = Journal.create(of(name, id))) {
            journal.note(new JournalEntry.Started(
                    now, id, name, ProcessHandle.current().pid(), next(name)));
            journal.note(new JournalEntry.Ended(
                    now, UpgradeOutcome.nothing(name, Asked.UPGRADE, Result.FAILED, "", "", GIVEN_UP, now), false));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// The sequence number of the next transaction of a tool.
    long next(String name) {
        return 1
                + all(Optional.of(name)).stream()
                        .mapToLong(Transaction::sequence)
                        .max()
                        .orElse(0);
    }

    /// Whether a transaction of any tool has this id.
    boolean isKnown(String id) {
        return names().stream().anyMatch(name -> Files.exists(of(name, id)));
    }

    /// The id of the transaction with this journal.
    static String id(Path journal) {
        String file = String.valueOf(journal.getFileName());
        return file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
    }

    /// The path of a transaction's journal.
    public Path of(String name, String id) {
        return folder.resolve(name).resolve(id + SUFFIX);
    }

    /// The transactions that are running, were interrupted, or could not restore everything. The lock tells
    /// which.
    public List<Transaction> open() {
        return all(Optional.empty()).stream().filter(Transaction::isOpen).toList();
    }

    /// The running or interrupted transaction of a tool.
    public Optional<Transaction> open(String name) {
        return all(Optional.of(name)).stream().filter(Transaction::isOpen).findFirst();
    }

    /// The outcomes of past upgrades of one tool or all, newest first.
    public List<UpgradeOutcome> history(Optional<String> name) {
        return all(name).stream()
                .flatMap(transaction -> transaction.ended().stream())
                .toList();
    }

    /// The upgrade that installed the present version: empty if it was rolled back since.
    public Optional<UpgradeOutcome> lastUpgrade(String name) {
        return history(Optional.of(name)).stream()
                .filter(outcome -> switch (outcome.asked()) {
                    case UPGRADE -> outcome.result() == UpgradeOutcome.Result.UPGRADED;
                    case ROLLBACK -> outcome.result() == UpgradeOutcome.Result.ROLLED_BACK;
                })
                .findFirst()
                .filter(outcome -> outcome.asked() == UpgradeOutcome.Asked.UPGRADE);
    }

    /// Whether the version that an upgrade replaced can still be restored.
    public boolean keepsVersionBefore(UpgradeOutcome upgrade) {
        return upgrade.journal()
                .flatMap(journal -> CommitAndRollback.rollbackPoint(entries(journal)))
                .map(JournalEntry.RollbackPoint::snapshot)
                .filter(snapshot -> Files.isDirectory(Snapshot.environment(snapshot)))
                .isPresent();
    }

    /// The tools that have a journal.
    List<String> names() {
        return children(folder).stream()
                .map(tool -> String.valueOf(tool.getFileName()))
                .sorted()
                .toList();
    }

    /// Every transaction, newest first.
    public List<Transaction> all(Optional<String> name) {
        List<Path> files = new ArrayList<>();
        for (Path tool : name.map(folder::resolve).map(List::of).orElseGet(() -> children(folder))) {
            children(tool).stream()
                    .filter(file -> file.toString().endsWith(SUFFIX))
                    .forEach(files::add);
        }
        return files.stream()
                .flatMap(file -> transaction(file).stream())
                .sorted(name.isPresent() ? NEWEST_OF_A_TOOL : NEWEST)
                .toList();
    }

    /// Reads a journal; empty if it has no first line.
    public Optional<Transaction> transaction(Path journal) {
        Optional<JournalEntry.Started> started = Optional.empty();
        Optional<JournalEntry.Planned> planned = Optional.empty();
        Optional<Step> step = Optional.empty();
        Optional<UpgradeOutcome> ended = Optional.empty();
        boolean isOpen = true;
        for (JournalEntry entry : entries(journal)) {
            switch (entry) {
                case JournalEntry.Started first -> {
                    started = Optional.of(first);
                    isOpen = true;
                }
                case JournalEntry.Planned plan -> planned = Optional.of(plan);
                case JournalEntry.StepStarted next -> step = Optional.of(next.step());
                case JournalEntry.Ended last -> {
                    ended = Optional.of(last.outcome());
                    isOpen = last.isOpen();
                }
                case JournalEntry.RollbackPointRecorded _,
                        JournalEntry.LinkSwitchRecorded _,
                        JournalEntry.StepEnded _,
                        JournalEntry.Output _,
                        JournalEntry.DataCopied _,
                        JournalEntry.Restored _ -> {}
            }
        }
        if (started.isEmpty()) {
            return Optional.empty();
        }
        JournalEntry.Started first = started.get();
        return Optional.of(new Transaction(
                journal,
                // Not what the line says: recovery finds the stage by the id.
                id(journal),
                String.valueOf(AtomicFile.folderOf(journal).getFileName()),
                first.worker(),
                first.sequence(),
                first.at(),
                planned,
                step,
                ended,
                isOpen));
    }

    /// All complete entries of a journal; none if it does not exist.
    public List<JournalEntry> entries(Path journal) {
        try {
            // Not with readString, which fails at bytes that are not UTF-8.
            return new String(Files.readAllBytes(journal), StandardCharsets.UTF_8)
                    .lines()
                    .flatMap(line -> JournalCodec.read(line).stream())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deletes all but the newest `count` journals of a tool that are not open.
    void prune(String name, int count) throws IOException {
        List<Transaction> over = all(Optional.of(name)).stream()
                .filter(transaction -> !transaction.isOpen())
                .toList();
        for (Transaction old : over.stream().skip(count).toList()) {
            Files.deleteIfExists(old.journal());
        }
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (NoSuchFileException | java.nio.file.NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
