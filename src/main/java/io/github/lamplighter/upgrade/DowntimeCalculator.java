package io.github.lamplighter.upgrade;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How long the service was down and whether data may have changed, from a journal.
final class DowntimeCalculator {

    private DowntimeCalculator() {}

    /// From the stop until the new version responded, or until the rollback was over.
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
                if (ended.step() == Step.ROLLBACK) {
                    until = ended.at();
                } else if (ended.step() == Step.READY
                        && ended.outcome() == StepOutcome.DONE
                        && at(entries, Step.ROLLBACK).isEmpty()) {
                    until = ended.at();
                }
            }
        }
        return Duration.between(from.get(), until);
    }

    /// Whether the new version was started and not all data had been backed up.
    static boolean dataMayHaveChanged(List<JournalEntry> entries) {
        return entries.stream()
                        .noneMatch(entry -> entry instanceof JournalEntry.DataCopied copied && copied.isComplete())
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
