package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutdatedCommandTest {

    @Test
    void whatIsHeldAndWhatLiesBeyondAreOneSentence() {
        Verdict.SkippedRelease beyond = new Verdict.SkippedRelease(
                "1.3",
                Verdict.Reason.CONSTRAINT,
                "1.3 is outside the requested version range",
                new Evidence("pipx", "installed as clock==1.1"));
        String why = "It is pinned to ==1.1 and isn't upgraded automatically.";
        assertThat(OutdatedCommand.sentence(new Verdict.Pinned(why, List.of(beyond))))
                .isEqualTo(
                        "pinned: It is pinned to ==1.1 and isn't upgraded automatically; 1.3 is outside the requested"
                                + " version range");
        assertThat(OutdatedCommand.sentence(new Verdict.Pinned(why))).isEqualTo("pinned: " + why);
    }
}
