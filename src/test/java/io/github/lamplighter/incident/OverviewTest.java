package io.github.lamplighter.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Case;
import io.github.lamplighter.incident.Glance.State;
import io.github.lamplighter.incident.Glance.ToolGlance;
import io.github.lamplighter.tool.ManifestEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From the reports to what the icon shows: what is not known is never shown as well.
class OverviewTest {

    private static final Duration INTERVAL = Duration.ofHours(6);

    @TempDir
    Path home;

    @Test
    void aToolWhoseDescriptionCannotBeReadIsNotPassedOver() {
        Glance glance = Overview.of(
                List.of(),
                List.of(new ManifestEntry.Broken("muxplex", home.resolve("muxplex.json"), 4, 2, "expected a comma")),
                Case.NOW,
                INTERVAL);
        assertThat(glance.tools())
                .containsExactly(new ToolGlance(
                        "muxplex",
                        State.ATTENTION,
                        "Its description cannot be read (line 4)",
                        "",
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void neverCheckedAndCheckedTooLongAgoAreUnknown() {
        Case tool = new Case(home);
        assertThat(glance(tool, Optional.empty(), Duration.ZERO).state()).isEqualTo(State.UNKNOWN);
        assertThat(glance(tool, Optional.of(tool.report()), Duration.ofHours(1)).state())
                .isEqualTo(State.WELL);
        ToolGlance old = glance(tool, Optional.of(tool.report()), Duration.ofHours(13));
        assertThat(old.state()).isEqualTo(State.UNKNOWN);
        assertThat(old.headline()).isEqualTo("Last checked 13 h ago");
    }

    @Test
    void whatFailsAndWhatAsksForAttentionIsSaidByItsWorstFinding() {
        Case tool = new Case(home).silent();
        ToolGlance failing = glance(tool, Optional.of(tool.report()), Duration.ZERO);
        assertThat(failing.state()).isEqualTo(State.FAILURE);
        assertThat(failing.headline()).isEqualTo("Not answering, though it is running");
    }

    private static ToolGlance glance(Case tool, Optional<io.github.lamplighter.doctor.Report> report, Duration later) {
        return Overview.of(
                        List.of(new Overview.Watched(tool.manifest(), Case.UNIT, report)),
                        List.of(),
                        Case.NOW.plus(later),
                        INTERVAL)
                .tools()
                .getFirst();
    }
}
