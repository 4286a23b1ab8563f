package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepProgressTest {

    @Test
    void aCancelledStepDidNotFail() {
        assertThat(label("The service exited.")).isEqualTo("Not responding");
        assertThat(label(StepSequence.CANCELLED)).isEqualTo("Waiting for a response");
    }

    private static String label(String detail) {
        return StepProgress.of(
                        new JournalEntry.StepEnded(Instant.EPOCH, Step.READY, StepOutcome.FAILED, 10, detail),
                        new JournalEntry.Planned(Instant.EPOCH, "1.0", "1.1", "1.1", List.of(Step.READY), List.of()))
                .orElseThrow()
                .label();
    }
}
