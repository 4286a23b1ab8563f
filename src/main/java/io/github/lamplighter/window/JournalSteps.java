package io.github.lamplighter.window;

import io.github.lamplighter.upgrade.JournalEntry;
import io.github.lamplighter.upgrade.Journals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The steps of an upgrade from its journal: the worker and the window share nothing else.
final class JournalSteps implements UpgradeSteps {

    /// How soon a new journal is noticed. It is looked for only between the click and the worker's first line.
    private static final long LOOK_MILLIS = 100;

    private final Journals journals;

    JournalSteps(Journals journals) {
        this.journals = journals;
    }

    @Override
    public AutoCloseable follow(String tool, Instant since, Consumer<Entry> consumer) {
        AtomicBoolean closed = new AtomicBoolean();
        Thread follower = Thread.ofVirtual().name("steps of " + tool).start(() -> {
            try {
                Optional<Path> journal = Optional.empty();
                while (journal.isEmpty() && !closed.get()) {
                    journal = newest(tool, since);
                    TimeUnit.MILLISECONDS.sleep(journal.isEmpty() ? LOOK_MILLIS : 0);
                }
                // Closed while nothing was there yet: one last look, the worker may have been quick.
                Optional<Path> found = journal.or(() -> newest(tool, since));
                if (found.isPresent()) {
                    journals.follow(found.get(), () -> !closed.get(), entry -> hand(entry, consumer));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return () -> {
            closed.set(true);
            follower.join(Duration.ofSeconds(2));
        };
    }

    private Optional<Path> newest(String tool, Instant since) {
        return journals.all(Optional.of(tool)).stream()
                .filter(transaction -> !transaction.startedAt().isBefore(since))
                .map(Journals.Transaction::journal)
                .findFirst();
    }

    private static void hand(JournalEntry entry, Consumer<Entry> consumer) {
        switch (entry) {
            case JournalEntry.StepBegan began ->
                consumer.accept(new Entry(
                        began.step().word(), began.step().doing(), Optional.empty(), began.at(), Optional.empty()));
            case JournalEntry.StepEnded ended -> {
                boolean well = !ended.outcome().equals("failed");
                consumer.accept(new Entry(
                        ended.step().word(),
                        (well ? ended.step().done() : ended.step().doing())
                                + (ended.detail().isEmpty() ? "" : ": " + ended.detail()),
                        Optional.of(ended.outcome()),
                        ended.at(),
                        Optional.of(Duration.ofMillis(ended.tookMillis()))));
            }
            case JournalEntry.Began _,
                    JournalEntry.Planned _,
                    JournalEntry.Ground _,
                    JournalEntry.Output _,
                    JournalEntry.PutBack _,
                    JournalEntry.Ended _ -> {}
        }
    }
}
