package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The outcome of an upgrade, a rollback or a recovery.
///
/// @param name the tool's
/// @param asked what it was begun as: `rolled-back` is what a person wanted of one and a way out of the other
/// @param from the version that was there; empty when it could not be read
/// @param to the version that was wanted; empty when there was none
/// @param reason a sentence, where there is something to say
/// @param downtimeMillis how long the service did not answer; 0 when it was not stopped
/// @param dataMayHaveChanged the new version was started and the tool's data are not declared, so they were
/// not put back
/// @param journal empty when nothing was begun
public record UpgradeOutcome(
        String name,
        Asked asked,
        Result result,
        String from,
        String to,
        Optional<String> reason,
        long downtimeMillis,
        boolean dataMayHaveChanged,
        Optional<Path> journal,
        List<StepResult> steps,
        Instant startedAt) {

    public UpgradeOutcome {
        steps = List.copyOf(steps);
    }

    /// What was begun.
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

    /// The contract's object.
    public ObjectNode json() {
        return JournalCodec.outcome(this);
    }

    /// Nothing was begun.
    static UpgradeOutcome nothing(
            String name, Asked asked, Result result, String from, String to, String reason, Instant now) {
        return new UpgradeOutcome(
                name, asked, result, from, to, Optional.of(reason), 0, false, Optional.empty(), List.of(), now);
    }
}
