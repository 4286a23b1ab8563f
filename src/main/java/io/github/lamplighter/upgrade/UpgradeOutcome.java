package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The outcome of an upgrade, a rollback or a recovery, with a component for each key of the contract.
///
/// @param name the tool's
/// @param asked what was requested: `rolled-back` is success for a rollback and failure for an upgrade
/// @param from the version that was installed; empty if it could not be read
/// @param to the wanted version; empty if there was none
/// @param reason a sentence
/// @param downtimeMillis how long the service was down; 0 if it was not stopped
/// @param dataRisk which data a version may have changed that were not backed up
/// @param journal empty if nothing was started
/// @param isCancelled whether the user ended it before its time, and the version before is in use
public record UpgradeOutcome(
        String name,
        Asked asked,
        Result result,
        String from,
        String to,
        Optional<String> reason,
        long downtimeMillis,
        DataRisk dataRisk,
        Optional<Path> journal,
        List<StepResult> steps,
        Instant startedAt,
        boolean isCancelled) {

    public UpgradeOutcome {
        steps = List.copyOf(steps);
    }

    /// One that was not cancelled.
    public UpgradeOutcome(
            String name,
            Asked asked,
            Result result,
            String from,
            String to,
            Optional<String> reason,
            long downtimeMillis,
            DataRisk dataRisk,
            Optional<Path> journal,
            List<StepResult> steps,
            Instant startedAt) {
        this(name, asked, result, from, to, reason, downtimeMillis, dataRisk, journal, steps, startedAt, false);
    }

    /// The same, cancelled by the user. What needs repair is more than that.
    public UpgradeOutcome cancelled() {
        boolean isAsBefore = result == Result.FAILED || result == Result.ROLLED_BACK;
        return new UpgradeOutcome(
                name, asked, result, from, to, reason, downtimeMillis, dataRisk, journal, steps, startedAt, isAsBefore);
    }

    /// Which data a version that was started may have changed without a backup, with the journal's word.
    public enum DataRisk {
        NONE("none"),
        /// A part was backed up.
        PART("part"),
        ALL("all");

        private final String word;

        DataRisk(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static DataRisk of(String word) {
            return Arrays.stream(values())
                    .filter(risk -> risk.word.equals(word))
                    .findFirst()
                    .orElse(NONE);
        }
    }

    /// Whether a version was started and not all data was backed up.
    public boolean dataMayHaveChanged() {
        return dataRisk != DataRisk.NONE;
    }

    /// What was requested.
    public enum Asked {
        UPGRADE("upgrade"),
        ROLLBACK("rollback");

        private final String word;

        Asked(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        static Asked of(String word) {
            return word.equals(ROLLBACK.word) ? ROLLBACK : UPGRADE;
        }
    }

    /// What it came to, with the contract's word.
    public enum Result {
        UPGRADED("upgraded"),
        CURRENT("current"),
        ROLLED_BACK("rolled-back"),
        REFUSED("refused"),
        /// Refused, because another run of Lamplighter holds the lock.
        BUSY("refused"),
        NEEDS_CONSENT("needs-consent"),
        FAILED("failed"),
        NEEDS_ATTENTION("needs-attention");

        private final String word;

        Result(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        static Optional<Result> of(String word) {
            return Arrays.stream(values())
                    .filter(result -> result.word.equals(word))
                    .findFirst();
        }
    }

    public record StepResult(Step step, StepOutcome outcome, long tookMillis) {}

    /// The outcome in the contract's form.
    public ObjectNode json() {
        return JournalCodec.outcome(this);
    }

    /// The outcome of an upgrade that was not started.
    static UpgradeOutcome nothing(
            String name, Asked asked, Result result, String from, String to, String reason, Instant now) {
        return new UpgradeOutcome(
                name, asked, result, from, to, Optional.of(reason), 0, DataRisk.NONE, Optional.empty(), List.of(), now);
    }
}
