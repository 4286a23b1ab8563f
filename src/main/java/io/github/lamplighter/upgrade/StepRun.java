package io.github.lamplighter.upgrade;

import java.util.Optional;
import java.util.function.Supplier;

/// What one step of a transaction came to.
///
/// @param detail a phrase; a sentence when it failed
/// @param needsConsent whether it failed because it would interrupt more than the user confirmed
record StepRun(StepOutcome outcome, String detail, boolean needsConsent) {

    static StepRun done(String detail) {
        return new StepRun(StepOutcome.DONE, detail, false);
    }

    static StepRun skipped(String detail) {
        return new StepRun(StepOutcome.SKIPPED, detail, false);
    }

    static StepRun failed(String why) {
        return new StepRun(StepOutcome.FAILED, why, false);
    }

    static StepRun needsConsent(String why) {
        return new StepRun(StepOutcome.FAILED, why, true);
    }

    /// Failed with `problem` where there is one.
    static StepRun unless(Optional<String> problem, Supplier<StepRun> otherwise) {
        return problem.map(StepRun::failed).orElseGet(otherwise);
    }
}
