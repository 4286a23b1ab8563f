package io.github.lamplighter.upgrade;

import java.util.Arrays;
import java.util.Optional;

/// How a step of an upgrade ended.
public enum StepOutcome {
    DONE("done"),
    /// There was nothing to do.
    SKIPPED("skipped"),
    FAILED("failed");

    private final String word;

    StepOutcome(String word) {
        this.word = word;
    }

    /// The contract's word, as `--json` and journals have it.
    public String word() {
        return word;
    }

    static Optional<StepOutcome> of(String word) {
        return Arrays.stream(values())
                .filter(outcome -> outcome.word.equals(word))
                .findFirst();
    }
}
