package io.github.lamplighter.window;

import io.github.lamplighter.upgrade.JournalEntry;
import io.github.lamplighter.upgrade.JournalFollower;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The steps of upgrades, read from their journals.
final class JournalUpgradeFeed implements UpgradeFeed {

    /// How often a new journal is looked for between the click and the worker's first line.
    private static final long POLL_MILLIS = 100;

    private final Journals journals;

    JournalUpgradeFeed(Journals journals) {
        this.journals = journals;
    }

    @Override
    public Following follow(String tool, Instant since, Listener listener) {
        return new JournalFollowing(tool, listener, following -> {
            Optional<Path> journal = newest(tool, since);
            while (journal.isEmpty() && !following.closed) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                journal = newest(tool, since);
            }
            if (journal.isPresent()) {
                following.follow(journal.get());
            }
        });
    }

    @Override
    public Following follow(Running running, Listener listener, Consumer<Optional<UpgradeRecord>> ended) {
        return new JournalFollowing(running.tool(), listener, following -> {
            var outcome = following.follow(journals.of(running.tool(), running.id()));
            if (!following.closed) {
                ended.accept(outcome.map(over -> UpgradeRecord.of(over.json())));
            }
        });
    }

    @Override
    public List<Running> running() {
        return journals.open().stream()
                .filter(Journals.Transaction::isAtWork)
                .map(open -> new Running(
                        open.id(),
                        open.name(),
                        open.asked(),
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

    private static final class JournalFollowing implements Following {

        private interface Work {
            void run(JournalFollowing following) throws InterruptedException;
        }

        private final Listener listener;
        private final Thread thread;
        private Optional<JournalFollower> follower = Optional.empty();
        private boolean cancelled;
        private volatile boolean closed;

        JournalFollowing(String tool, Listener listener, Work work) {
            this.listener = listener;
            this.thread = Thread.ofVirtual().name("steps of " + tool).unstarted(() -> {
                try {
                    work.run(this);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
        }

        private Optional<UpgradeOutcome> follow(Path journal) throws InterruptedException {
            JournalFollower found = new JournalFollower(journal, listener::step, listener::output);
            synchronized (this) {
                follower = Optional.of(found);
                if (cancelled) {
                    found.cancel();
                }
            }
            return found.follow(() -> !closed);
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            follower.ifPresent(JournalFollower::cancel);
        }

        @Override
        public void close() {
            closed = true;
            try {
                thread.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
