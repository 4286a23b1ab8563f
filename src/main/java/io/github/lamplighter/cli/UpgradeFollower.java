package io.github.lamplighter.cli;

import io.github.lamplighter.upgrade.JournalEntry;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.StartWorker;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Starts a worker and follows its journal to the end. An interruption is a wish to cancel: it is handed to
/// the worker, and the following goes on until that has put everything back.
public final class UpgradeFollower {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);

    /// A JVM on a busy machine takes a while to write its first line.
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(40);

    private final StartWorker workers;
    private final Journals journals;
    private final RecoverUpgrades recoverUpgrades;
    private final Consumer<Runnable> interruptions;
    private final ZoneId zone;
    private final Console console;
    private final AtomicLong worker = new AtomicLong();
    private final AtomicBoolean interrupted = new AtomicBoolean();

    /// @param interruptions takes what to do when this process is asked to end (SIGINT, SIGTERM, SIGHUP)
    public UpgradeFollower(
            StartWorker workers,
            Journals journals,
            RecoverUpgrades recoverUpgrades,
            Consumer<Runnable> interruptions,
            ZoneId zone,
            Console console) {
        this.workers = workers;
        this.journals = journals;
        this.recoverUpgrades = recoverUpgrades;
        this.interruptions = interruptions;
        this.zone = zone;
        this.console = console;
    }

    /// How it ended, or a sentence why it never began.
    sealed interface FollowResult {
        record Finished(UpgradeOutcome outcome) implements FollowResult {}

        record NotStarted(String why) implements FollowResult {}
    }

    boolean wasInterrupted() {
        return interrupted.get();
    }

    /// Who is at work on the tool already, as a sentence.
    Optional<String> busy(String name) {
        return journals.open(name)
                .filter(Journals.Transaction::isAtWork)
                .map(open -> "An upgrade of %s that began at %s is at \"%s\"."
                        .formatted(
                                name,
                                CLOCK.format(open.startedAt().atZone(zone)),
                                open.step().map(step -> step.doing()).orElse("Planning")));
    }

    FollowResult run(String name, String id, List<String> arguments) {
        interruptions.accept(this::cancel);
        worker.set(0);
        Path journal = journals.of(name, id);
        Optional<String> problem = workers.start(id, arguments);
        if (problem.isPresent()) {
            return new FollowResult.NotStarted(problem.get());
        }
        long until = System.nanoTime() + BEGIN_LIMIT.toNanos();
        try {
            Optional<UpgradeOutcome> ended = journals.follow(journal, () -> goOn(until), this::show);
            return ended.<FollowResult>map(FollowResult.Finished::new).orElseGet(() -> afterwards(journal));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new FollowResult.NotStarted("It was interrupted.");
        }
    }

    /// The worker is gone without a last line: what it left is put right here and now.
    private FollowResult afterwards(Path journal) {
        if (worker.get() == 0) {
            return new FollowResult.NotStarted(
                    "The worker did not begin within %d s.".formatted(BEGIN_LIMIT.toSeconds()));
        }
        List<UpgradeOutcome> _ = recoverUpgrades.recover(false);
        return journals.transaction(journal)
                .flatMap(Journals.Transaction::ended)
                .<FollowResult>map(FollowResult.Finished::new)
                .orElseGet(() ->
                        new FollowResult.NotStarted("The worker is gone; `lamplighter recover` puts things right."));
    }

    private boolean goOn(long until) {
        long pid = worker.get();
        return pid == 0
                ? System.nanoTime() < until
                : ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private void show(JournalEntry entry) {
        if (entry instanceof JournalEntry.Started started) {
            worker.set(started.worker());
            if (interrupted.get()) {
                cancel();
            }
        }
        String line = UpgradeText.line(entry, console);
        if (!line.isEmpty()) {
            console.err().println(line);
        }
    }

    private void cancel() {
        interrupted.set(true);
        long pid = worker.get();
        if (pid != 0) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }
}
