package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AppDirectories;
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

/// The journals of all upgrades on this machine: `journals/NAME/ID.jsonl`. The faces follow an upgrade by
/// reading its journal; nothing else connects them to the worker.
public final class Journals {

    private static final String SUFFIX = ".jsonl";

    private final Path folder;

    public Journals(AppDirectories directories) {
        this.folder = directories.journals();
    }

    /// One transaction as its journal tells it so far.
    ///
    /// @param id the transaction's
    /// @param worker the pid of the process that wrote it; it may be gone
    /// @param planned empty when it ended before it knew what to do
    /// @param step the last step that was begun
    /// @param ended empty while it runs, and when its worker was killed
    public record Transaction(
            Path journal,
            String id,
            String name,
            long worker,
            Instant startedAt,
            Optional<JournalEntry.Planned> planned,
            Optional<Step> step,
            Optional<UpgradeOutcome> ended) {

        /// Whether its worker is running and it has not ended.
        public boolean isAtWork() {
            return ended.isEmpty()
                    && JournalEntry.Started.process(worker, startedAt).isPresent();
        }
    }

    /// Where the journal of a transaction lies.
    public Path of(String name, String id) {
        return folder.resolve(name).resolve(id + SUFFIX);
    }

    /// The transactions that are not over: running now, or cut off. Who wants to know which tries the lock.
    public List<Transaction> open() {
        return all(Optional.empty()).stream()
                .filter(transaction -> transaction.ended().isEmpty())
                .toList();
    }

    /// The transaction of a tool that is not over, if there is one.
    public Optional<Transaction> open(String name) {
        return all(Optional.of(name)).stream()
                .filter(transaction -> transaction.ended().isEmpty())
                .findFirst();
    }

    /// What became of past upgrades, newest first; of one tool or of all.
    public List<UpgradeOutcome> history(Optional<String> name) {
        return all(name).stream()
                .flatMap(transaction -> transaction.ended().stream())
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
                .sorted(Comparator.comparing(Transaction::startedAt).reversed())
                .toList();
    }

    /// What a journal tells; empty when there is no first line in it.
    public Optional<Transaction> transaction(Path journal) {
        Optional<JournalEntry.Started> started = Optional.empty();
        Optional<JournalEntry.Planned> planned = Optional.empty();
        Optional<Step> step = Optional.empty();
        Optional<UpgradeOutcome> ended = Optional.empty();
        for (JournalEntry entry : entries(journal)) {
            switch (entry) {
                case JournalEntry.Started first -> started = Optional.of(first);
                case JournalEntry.Planned plan -> planned = Optional.of(plan);
                case JournalEntry.StepStarted next -> step = Optional.of(next.step());
                case JournalEntry.Ended last -> ended = Optional.of(last.outcome());
                case JournalEntry.RollbackPointRecorded _,
                        JournalEntry.StepEnded _,
                        JournalEntry.Output _,
                        JournalEntry.Restored _ -> {}
            }
        }
        if (started.isEmpty()) {
            return Optional.empty();
        }
        JournalEntry.Started first = started.get();
        return Optional.of(
                new Transaction(journal, first.id(), first.name(), first.worker(), first.at(), planned, step, ended));
    }

    /// All whole entries of a journal; none when it does not exist.
    public List<JournalEntry> entries(Path journal) {
        try {
            // Not as readString does, which breaks off at bytes that are no UTF-8.
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

    /// Keeps the newest `count` journals of a tool that are over.
    void prune(String name, int count) throws IOException {
        List<Transaction> over = all(Optional.of(name)).stream()
                .filter(transaction -> transaction.ended().isPresent())
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
