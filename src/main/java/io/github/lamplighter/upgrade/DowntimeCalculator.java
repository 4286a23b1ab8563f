package io.github.lamplighter.upgrade;

import io.github.lamplighter.upgrade.UpgradeOutcome.DataRisk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

    /// Which data the new version may have changed, if it was started.
    static DataRisk dataRisk(List<JournalEntry> entries) {
        boolean wasStarted = entries.stream()
                .anyMatch(entry -> entry instanceof JournalEntry.StepEnded ended
                        && ended.step() == Step.START
                        && ended.outcome() != StepOutcome.SKIPPED);
        if (!wasStarted) {
            return DataRisk.NONE;
        }
        return entries.stream()
                .flatMap(entry -> entry instanceof JournalEntry.DataCopied copied ? Stream.of(copied) : Stream.empty())
                .findFirst()
                .map(copied -> copied.isComplete() ? DataRisk.NONE : DataRisk.PART)
                .orElse(DataRisk.ALL);
    }

    private static Optional<Instant> at(List<JournalEntry> entries, Step step) {
        return entries.stream()
                .filter(entry -> entry instanceof JournalEntry.StepStarted began && began.step() == step)
                .map(JournalEntry::at)
                .findFirst();
    }
}
