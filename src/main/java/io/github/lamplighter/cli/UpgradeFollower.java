package io.github.lamplighter.cli;

import io.github.lamplighter.upgrade.JournalFollower;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.StartWorker;
import io.github.lamplighter.upgrade.StepProgress;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Starts a worker and follows its journal to the end. An interruption cancels the upgrade: it goes to the
/// worker, and following continues until that has rolled back.
public final class UpgradeFollower {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);

    /// A JVM on a busy machine takes a while to write its first line.
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(40);

    private final StartWorker workers;
    private final Journals journals;
    private final RecoverUpgrades recoverUpgrades;
    private final Consumer<Runnable> interruptions;
    private final InstantSource clock;
    private final ZoneId zone;
    private final Console console;
    private final AtomicBoolean interrupted = new AtomicBoolean();

    /// @param interruptions registers what SIGINT, SIGTERM and SIGHUP do
    public UpgradeFollower(
            StartWorker workers,
            Journals journals,
            RecoverUpgrades recoverUpgrades,
            Consumer<Runnable> interruptions,
            InstantSource clock,
            ZoneId zone,
            Console console) {
        this.workers = workers;
        this.journals = journals;
        this.recoverUpgrades = recoverUpgrades;
        this.interruptions = interruptions;
        this.clock = clock;
        this.zone = zone;
        this.console = console;
    }

    /// How the upgrade ended, or a sentence why it did not start.
    sealed interface FollowResult {
        record Finished(UpgradeOutcome outcome) implements FollowResult {}

        record NotStarted(String why) implements FollowResult {}
    }

    boolean wasInterrupted() {
        return interrupted.get();
    }

    /// The upgrade of this tool that is already running, as a sentence.
    Optional<String> busy(String name) {
        return journals.open(name)
                .filter(Journals.Transaction::isAtWork)
                .map(open -> "%s is already being upgraded (since %s): %s."
                        .formatted(
                                name,
                                CLOCK.format(open.startedAt().atZone(zone)),
                                open.doing().orElse("planning")));
    }

    FollowResult run(Asked asked, String name, String id, List<String> arguments) {
        Path journal = journals.of(name, id);
        JournalFollower follower = new JournalFollower(journal, this::show);
        interruptions.accept(() -> {
            interrupted.set(true);
            follower.cancel();
        });
        // An interruption is also for the tools that follow.
        if (interrupted.get()) {
            follower.cancel();
        }
        Optional<String> problem = journals.whyNotWritable(name).or(() -> workers.start(id, arguments));
        if (problem.isPresent()) {
            return new FollowResult.NotStarted(problem.get());
        }
        try {
            Optional<UpgradeOutcome> outcome = follow(follower);
            if (outcome.isEmpty() && !follower.hasStarted() && !journals.giveUp(name, id, clock.instant())) {
                // It has just started.
                outcome = follow(follower);
            }
            return outcome.<FollowResult>map(FollowResult.Finished::new)
                    .orElseGet(() -> follower.hasStarted()
                            ? recovered(asked, journal)
                            : new FollowResult.NotStarted("The %s did not start within %d s. Nothing was changed."
                                    .formatted(asked.word(), BEGIN_LIMIT.toSeconds())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new FollowResult.NotStarted("Interrupted.");
        }
    }

    private static Optional<UpgradeOutcome> follow(JournalFollower follower) throws InterruptedException {
        long until = System.nanoTime() + BEGIN_LIMIT.toNanos();
        return follower.follow(() -> follower.hasStarted() || System.nanoTime() < until);
    }

    /// Repairs at once what a killed worker left.
    private FollowResult recovered(Asked asked, Path journal) {
        List<UpgradeOutcome> outcomes = recoverUpgrades.recover(RecoverUpgrades.Occasion.COMMAND);
        return outcomes.stream()
                // It may not be in the journal, if that cannot be written.
                .filter(outcome -> outcome.journal().filter(journal::equals).isPresent())
                .findFirst()
                .or(() -> journals.transaction(journal).flatMap(Journals.Transaction::ended))
                .<FollowResult>map(FollowResult.Finished::new)
                .orElseGet(() -> new FollowResult.NotStarted(
                        "The process of the %s stopped unexpectedly. Run `lamplighter recover`."
                                .formatted(asked.word())));
    }

    private void show(StepProgress progress) {
        UpgradeText.line(progress, console).ifPresent(console.err()::println);
    }
}
