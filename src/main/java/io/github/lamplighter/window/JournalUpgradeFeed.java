package io.github.lamplighter.window;

import io.github.lamplighter.upgrade.JournalEntry;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.StepOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Upgrades as their journals tell them. Cancelling is SIGTERM to the worker that a journal names.
final class JournalUpgradeFeed implements UpgradeFeed {

    /// How soon a new journal is noticed. It is looked for only between the click and the worker's first line.
    private static final long LOOK_MILLIS = 100;

    private final Journals journals;

    JournalUpgradeFeed(Journals journals) {
        this.journals = journals;
    }

    @Override
    public Following follow(String tool, Instant since, Consumer<Entry> consumer) {
        Follower follower = new Follower(consumer);
        follower.start(tool, () -> {
            Optional<Path> journal = Optional.empty();
            while (journal.isEmpty() && !follower.closed) {
                journal = newest(tool, since);
                TimeUnit.MILLISECONDS.sleep(journal.isEmpty() ? LOOK_MILLIS : 0);
            }
            // Closed while nothing was there yet: one last look, the worker may have been quick.
            Optional<Path> found = journal.or(() -> newest(tool, since));
            if (found.isPresent()) {
                journals.follow(found.get(), () -> !follower.closed, follower::hand);
            }
        });
        return follower;
    }

    @Override
    public Following follow(Running running, Consumer<Entry> consumer, Consumer<Optional<UpgradeRecord>> ended) {
        Follower follower = new Follower(consumer);
        Path journal = journals.of(running.tool(), running.id());
        follower.start(running.tool(), () -> {
            var outcome = journals.follow(journal, () -> !follower.closed && follower.isAtWork(), follower::hand);
            if (!follower.closed) {
                ended.accept(outcome.map(over -> UpgradeRecord.of(over.json())));
            }
        });
        return follower;
    }

    @Override
    public List<Running> running() {
        return journals.open().stream()
                .filter(open -> worker(open.worker(), open.startedAt()).isPresent())
                .map(open -> new Running(
                        open.id(),
                        open.name(),
                        open.planned().map(JournalEntry.Planned::from),
                        open.planned().map(JournalEntry.Planned::to),
                        open.startedAt()))
                .toList();
    }

    private Optional<Path> newest(String tool, Instant since) {
        return journals.all(Optional.of(tool)).stream()
                .filter(transaction -> !transaction.startedAt().isBefore(since))
                .map(Journals.Transaction::journal)
                .findFirst();
    }

    /// The process that wrote a journal's first line, if it is still that one: its number may have been given
    /// to another since.
    private static Optional<ProcessHandle> worker(long pid, Instant began) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .filter(start -> start.isAfter(began.plusSeconds(1)))
                        .isEmpty());
    }

    private static final class Follower implements Following {

        private final Consumer<Entry> consumer;
        private volatile boolean closed;
        private Optional<Thread> thread = Optional.empty();
        private Optional<JournalEntry.Started> started = Optional.empty();
        private boolean cancelled;

        Follower(Consumer<Entry> consumer) {
            this.consumer = consumer;
        }

        private interface Work {
            void run() throws InterruptedException;
        }

        private void start(String tool, Work work) {
            thread = Optional.of(Thread.ofVirtual().name("steps of " + tool).start(() -> {
                try {
                    work.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            started.flatMap(first -> worker(first.worker(), first.at())).ifPresent(ProcessHandle::destroy);
        }

        @Override
        public void close() {
            closed = true;
            try {
                if (thread.isPresent()) {
                    thread.get().join(Duration.ofSeconds(2));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /// Until its first line is read nobody knows better.
        private synchronized boolean isAtWork() {
            return started.map(first -> worker(first.worker(), first.at()).isPresent())
                    .orElse(true);
        }

        private synchronized void begin(JournalEntry.Started first) {
            started = Optional.of(first);
            if (cancelled) {
                cancel();
            }
        }

        private void hand(JournalEntry entry) {
            switch (entry) {
                case JournalEntry.Started first -> begin(first);
                case JournalEntry.StepStarted(Instant at, io.github.lamplighter.upgrade.Step step) ->
                    consumer.accept(new Entry(
                            step.word(), step.doing(), Optional.empty(), at, Optional.empty(), step.isDowntime()));
                case JournalEntry.StepEnded ended -> {
                    boolean well = ended.outcome() != StepOutcome.FAILED;
                    consumer.accept(new Entry(
                            ended.step().word(),
                            (well ? ended.step().done() : ended.step().doing())
                                    + (ended.detail().isEmpty() ? "" : ": " + ended.detail()),
                            Optional.of(ended.outcome()),
                            ended.at(),
                            Optional.of(Duration.ofMillis(ended.tookMillis())),
                            ended.step().isDowntime()));
                }
                case JournalEntry.Planned _,
                        JournalEntry.RollbackPointRecorded _,
                        JournalEntry.Output _,
                        JournalEntry.Restored _,
                        JournalEntry.Ended _ -> {}
            }
        }
    }
}
