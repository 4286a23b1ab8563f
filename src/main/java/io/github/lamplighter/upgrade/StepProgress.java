package io.github.lamplighter.upgrade;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A step of an upgrade that started or ended, as front ends show it.
///
/// @param label what users read: `Installing 14.1.1 (staged)`
/// @param outcome empty while the step runs
/// @param took zero while the step runs
/// @param detail a phrase, or a sentence when the step failed; may be empty
public record StepProgress(
        Step step, String label, Optional<StepOutcome> outcome, Instant at, Duration took, String detail) {

    static Optional<StepProgress> of(JournalEntry entry, JournalEntry.Planned planned) {
        return switch (entry) {
            case JournalEntry.StepStarted(Instant at, Step step) ->
                Optional.of(new StepProgress(
                        step, step.doing(planned.from(), planned.to()), Optional.empty(), at, Duration.ZERO, ""));
            case JournalEntry.StepEnded ended ->
                Optional.of(new StepProgress(
                        ended.step(),
                        // It did not fail: it was not finished.
                        ended.isCancelled()
                                ? ended.step().doing(planned.from(), planned.to())
                                : ended.step().ended(ended.outcome(), planned.from(), planned.to()),
                        Optional.of(ended.outcome()),
                        ended.at(),
                        Duration.ofMillis(ended.tookMillis()),
                        ended.detail()));
            default -> Optional.empty();
        };
    }
}
