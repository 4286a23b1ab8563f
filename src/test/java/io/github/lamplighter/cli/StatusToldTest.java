package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.cli.StatusCommand.Told;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.service.ServiceState.Phase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a report said an hour ago is not green any more when the service manager says otherwise, or says nothing.
class StatusToldTest {

    private static final Told WELL = new Told(Severity.OK, "well");

    @ParameterizedTest
    @CsvSource({
        "RUNNING,       false, OK,      well",
        "STARTING,      false, OK,      well",
        "FAILED,        false, FAILURE, Ended by itself",
        "RESTARTING,    false, FAILURE, Ended by itself",
        "STOPPED,       false, WARNING, Not running",
        "STOPPED,       true,  OK,      well",
        "NOT_INSTALLED, false, WARNING, Not set up to run in the background",
        "UNKNOWN,       false, UNKNOWN, Could not check whether it runs"
    })
    void whatIsSoNowCounts(Phase phase, boolean stoppedByUser, Severity severity, String headline) {
        assertThat(WELL.given(phase, stoppedByUser)).isEqualTo(new Told(severity, headline));
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void whatWasWorseStays(Phase phase) {
        Told broken = new Told(Severity.FAILURE, "Not answering, though it is running");
        assertThat(broken.given(phase, false)).isEqualTo(broken);
    }
}
