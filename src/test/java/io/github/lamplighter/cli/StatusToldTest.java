package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.cli.StatusCommand.LiveStatus;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import java.util.Optional;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a report said an hour ago is not green any more when the service manager says otherwise, or says nothing.
class StatusToldTest {

    private static final LiveStatus WELL = new LiveStatus(Severity.OK, "well");

    /// The titles are those of the doctor's check, since that is what a person sets aside.
    @ParameterizedTest
    @CsvSource({
        "RUNNING,       false, active,   OK,      ''",
        "STARTING,      false, active,   OK,      ''",
        "FAILED,        false, failed,   FAILURE, process.ended",
        "RESTARTING,    false, active,   FAILURE, process.restarting",
        "STOPPED,       false, inactive, WARNING, process.stopped",
        "STOPPED,       false, masked,   WARNING, process.masked",
        "STOPPED,       true,  inactive, OK,      ''",
        "NOT_INSTALLED, false, '',       WARNING, process.no-service",
        "UNKNOWN,       false, '',       UNKNOWN, process.unknown"
    })
    void whatIsSoNowCounts(Phase phase, boolean stoppedByUser, String words, Severity severity, String title) {
        LiveStatus expected = title.isEmpty()
                ? WELL
                : new LiveStatus(
                        severity,
                        ResourceBundle.getBundle("io.github.lamplighter.doctor.messages")
                                .getString(title + ".title"));
        assertThat(LiveStatus.of(state(phase, words), stoppedByUser)
                        .map(WELL::or)
                        .orElse(WELL))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void whatWasWorseStays(Phase phase) {
        LiveStatus broken = new LiveStatus(Severity.FAILURE, "Not answering, though it is running");
        assertThat(LiveStatus.of(state(phase, ""), false).map(broken::or).orElse(broken))
                .isEqualTo(broken);
    }

    @Test
    void whatIsSetAsideCountsForNothingAndIsSaidAllTheSame() {
        LiveStatus stopped = LiveStatus.of(state(Phase.STOPPED, ""), false).orElseThrow();
        assertThat(WELL.besides(stopped)).isEqualTo(new LiveStatus(Severity.OK, "Not running, set aside"));
        LiveStatus broken = new LiveStatus(Severity.WARNING, "Others can reach it, and read along");
        assertThat(broken.besides(stopped)).isEqualTo(broken);
    }

    private static ServiceState state(Phase phase, String words) {
        return new ServiceState(
                "x.service",
                phase,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Owner.OURS,
                words,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
