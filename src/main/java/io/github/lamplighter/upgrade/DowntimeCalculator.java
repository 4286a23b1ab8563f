package io.github.lamplighter.upgrade;

import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import io.github.lamplighter.upgrade.UpgradeOutcome.StepResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a journal says about how long the service was down and whether data may have changed.
final class DowntimeCalculator {

    private DowntimeCalculator() {}

    static UpgradeOutcome of(
            List<JournalEntry> entries,
            Path journal,
            Manifest manifest,
            Asked asked,
            Result result,
            String from,
            String to,
            Optional<String> reason,
            List<StepResult> steps,
            Instant startedAt,
            Instant now) {
        return new UpgradeOutcome(
                manifest.name().value(),
                asked,
                result,
                from,
                to,
                reason,
                // Consent is asked for before anything is stopped.
                result == Result.NEEDS_CONSENT ? 0 : downtime(entries, now).toMillis(),
                dataMayHaveChanged(entries, manifest.data().isEmpty()),
                Optional.of(journal),
                steps,
                startedAt);
    }

    /// From the stop until the new version answered, or until the old one was back.
    static Duration downtime(List<JournalEntry> entries, Instant now) {
        boolean stopped = entries.stream()
                .anyMatch(entry -> entry instanceof JournalEntry.StepEnded ended
                        && ended.step() == Step.STOP
                        && ended.outcome() != StepOutcome.SKIPPED);
        Optional<Instant> from = at(entries, Step.STOP);
        if (from.isEmpty() || !stopped) {
            return Duration.ZERO;
        }
        Instant until = now;
        for (JournalEntry entry : entries) {
            if (entry instanceof JournalEntry.StepEnded ended) {
                if (ended.step() == Step.ROLL_BACK) {
                    until = ended.at();
                } else if (ended.step() == Step.READY
                        && ended.outcome() == StepOutcome.DONE
                        && at(entries, Step.ROLL_BACK).isEmpty()) {
                    until = ended.at();
                }
            }
        }
        return Duration.between(from.get(), until);
    }

    static boolean dataMayHaveChanged(List<JournalEntry> entries, boolean undeclared) {
        return undeclared
                && entries.stream()
                        .anyMatch(entry -> entry instanceof JournalEntry.StepEnded ended
                                && ended.step() == Step.START
                                && ended.outcome() != StepOutcome.SKIPPED);
    }

    private static Optional<Instant> at(List<JournalEntry> entries, Step step) {
        return entries.stream()
                .filter(entry -> entry instanceof JournalEntry.StepStarted began && began.step() == step)
                .map(JournalEntry::at)
                .findFirst();
    }
}
