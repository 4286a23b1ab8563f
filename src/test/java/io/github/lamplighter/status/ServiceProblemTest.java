package io.github.lamplighter.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Case;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.tool.Manifest.Expected;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A tool is not OK any more when the service manager reports a problem, whatever the last report says.
class ServiceProblemTest {

    private static final Duration TRUST = Duration.ofHours(12);

    @TempDir
    Path home;

    /// The titles are those of the doctor's check, since the user ignores them by their title.
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
    void hasTheWordsOfTheDoctor(Phase phase, boolean stoppedByUser, String words, Severity severity, String title) {
        Optional<ServiceProblem> expected = title.isEmpty()
                ? Optional.empty()
                : Optional.of(new ServiceProblem(
                        severity,
                        ResourceBundle.getBundle("io.github.lamplighter.doctor.messages")
                                .getString(title + ".title")));
        assertThat(ServiceProblem.of(state(phase, words), stoppedByUser)).isEqualTo(expected);
    }

    @Test
    void replacesAReportThatIsLessSevere() {
        ToolStatus status = status(new Case(home), Phase.FAILED, false);
        assertThat(status.state()).isEqualTo(State.FAILURE);
        assertThat(status.headline()).isEqualTo("Stopped unexpectedly");
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void doesNotReplaceAFailureInTheReport(Phase phase) {
        assertThat(status(new Case(home).silent(), phase, false).headline()).isEqualTo("Running, but not responding");
    }

    @Test
    void isMentionedButDoesNotCountIfTheUserIgnoresIt() {
        ToolStatus ok = status(new Case(home), Phase.STOPPED, true);
        assertThat(ok.state()).isEqualTo(State.STOPPED);
        assertThat(ok.headline()).isEqualTo("Not running (ignored)");

        Case unknown = new Case(home)
                .with(c -> c.verdict =
                        new Verdict.NotCheckable(Verdict.UncheckableReason.NOT_REACHED, "x.example was not reached."));
        assertThat(status(unknown, Phase.STOPPED, true).headline()).startsWith("Could not check for updates");
    }

    private static ToolStatus status(Case tool, Phase phase, boolean isIgnored) {
        return ToolStatus.of(
                Optional.of(tool.report()),
                Optional.of(new LiveService(state(phase, ""), Expected.RUNNING, _ -> isIgnored)),
                false,
                Case.NOW,
                TRUST);
    }

    private static ServiceState state(Phase phase, String words) {
        return new ServiceState(
                "x.service",
                phase,
                words.equals("masked"),
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
