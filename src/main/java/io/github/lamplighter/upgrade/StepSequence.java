package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.upgrade.UpgradeOutcome.StepResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Runs the steps of a transaction in order, and writes each to the journal before it is done. Stops at the
/// first that fails, and before the next one when a cancellation is requested.
final class StepSequence {

    static final String CANCELLED = "Cancelled.";

    interface Action {
        StepRun run() throws IOException;
    }

    private final InstantSource clock;
    private final Journal journal;
    private final CancellationToken cancellationToken;
    private final Step last;
    private final List<StepResult> results = new ArrayList<>();
    private boolean isCompleted;

    /// @param last the first step that is not cancelled any more, nor any after it
    StepSequence(InstantSource clock, Journal journal, CancellationToken cancellationToken, Step last) {
        this.clock = clock;
        this.journal = journal;
        this.cancellationToken = cancellationToken;
        this.last = last;
    }

    /// @return how the last step ended
    StepRun run(Map<Step, Action> actions) {
        cancellationToken.enable();
        StepRun run = StepRun.done("");
        for (Map.Entry<Step, Action> action : actions.entrySet()) {
            run = isCancelled() ? StepRun.failed(CANCELLED) : step(action.getKey(), action.getValue());
            if (run.outcome() == StepOutcome.FAILED) {
                break;
            }
        }
        cancellationToken.disable();
        return run;
    }

    /// Whether the sequence ended, or will end, because of a cancellation.
    boolean isCancelled() {
        return !isCompleted && cancellationToken.isWanted();
    }

    private StepRun step(Step step, Action action) {
        Instant startedAt = clock.instant();
        StepRun run;
        try {
            journal.write(new JournalEntry.StepStarted(startedAt, step));
            if (step == last) {
                cancellationToken.disable();
                isCompleted = true;
            }
            run = action.run();
        } catch (IOException | RuntimeException e) {
            // A bug in the middle of a transaction still has to end in the old version.
            run = StepRun.failed(CommitAndRollback.sentence(capitalized(FileProblem.why(e))));
        }
        if (run.outcome() == StepOutcome.FAILED && !run.needsConsent() && isCancelled()) {
            // Whatever it says: the interruption made it fail.
            run = StepRun.failed(CANCELLED);
        }
        ended(step, run.outcome(), startedAt, run.detail());
        return run;
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /// Records the end of a step.
    void ended(Step step, StepOutcome outcome, Instant startedAt, String detail) {
        Instant now = clock.instant();
        long took = Duration.between(startedAt, now).toMillis();
        results.add(new StepResult(step, outcome, took));
        journal.note(new JournalEntry.StepEnded(now, step, outcome, took, detail));
    }

    List<StepResult> results() {
        return List.copyOf(results);
    }
}
