package io.github.lamplighter.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Case;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.tool.Manifest.Expected;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
        "RUNNING,       false, active,   0, '',              OK,      ''",
        "STARTING,      false, active,   0, '',              OK,      ''",
        "FAILED,        false, failed,   0, status 1,        FAILURE, process.ended",
        "FAILED,        false, failed,   0, not started,     FAILURE, process.not-started",
        "RESTARTING,    false, active,   2, status 1,        FAILURE, process.restarting",
        "RESTARTING,    false, active,   2, not started,     FAILURE, process.not-started",
        "RESTARTING,    false, active,   0, signal SIGKILL,  FAILURE, process.crashed",
        "RESTARTING,    false, active,   2, after an hour,   WARNING, process.crashed",
        "STOPPED,       false, inactive, 0, '',              WARNING, process.idle",
        "STOPPED,       false, inactive, 0, status 0,        WARNING, process.stopped",
        "STOPPED,       false, inactive, 0, signal SIGTERM,  WARNING, process.asked",
        "STOPPED,       false, inactive, 0, status 143,      WARNING, process.asked",
        "STOPPED,       false, inactive, 0, status 1,        FAILURE, process.ended",
        "STOPPED,       false, inactive, 0, signal SIGSEGV,  FAILURE, process.ended",
        "STOPPED,       false, masked,   0, '',              WARNING, process.masked",
        "STOPPED,       true,  inactive, 0, status 1,        OK,      ''",
        "NOT_INSTALLED, false, '',       0, '',              WARNING, process.no-service",
        "UNKNOWN,       false, '',       0, '',              UNKNOWN, process.unknown"
    })
    void hasTheWordsOfTheDoctor(
            Phase phase,
            boolean stoppedByUser,
            String words,
            int restarts,
            String exit,
            Severity severity,
            String title) {
        Optional<ServiceProblem> expected = title.isEmpty()
                ? Optional.empty()
                : Optional.of(new ServiceProblem(
                        severity,
                        ResourceBundle.getBundle("io.github.lamplighter.doctor.messages")
                                .getString(title + ".title")));
        assertThat(ServiceProblem.of(state(phase, words, restarts, exit(exit)), stoppedByUser))
                .isEqualTo(expected);
    }

    private static Optional<LastExit> exit(String text) {
        String last = text.substring(text.lastIndexOf(' ') + 1);
        return switch (text.split(" ")[0]) {
            case "status" -> Optional.of(LastExit.of(new LastExit.Status(Integer.parseInt(last))));
            case "signal" -> Optional.of(LastExit.of(new LastExit.Signal(last, false)));
            case "not" -> Optional.of(LastExit.of(new LastExit.NotStarted("exit status 217/USER")));
            case "after" -> Optional.of(new LastExit(new LastExit.Status(1), Optional.of(Duration.ofHours(1))));
            default -> Optional.empty();
        };
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

    /// As after a start from a notification or with systemctl, until the doctor has looked again.
    @Test
    void aFailureOfTheRunBeforeIsUnknownInThePresentOne() {
        Case failed = new Case(home).with(c -> c.phase = Phase.FAILED);
        assertThat(status(failed, since(Case.NOW.minusSeconds(60)), false).state())
                .isEqualTo(State.FAILURE);

        ToolStatus again = status(failed, since(Case.NOW.plusSeconds(5)), false);
        assertThat(again.state()).isEqualTo(State.UNKNOWN);
        assertThat(again.headline()).isEqualTo("Started since the last check");

        ToolStatus crashing = status(failed, since(Case.NOW.plusSeconds(5), 1), false);
        assertThat(crashing.state()).as("started again by the manager").isEqualTo(State.FAILURE);
    }

    @Test
    void aWarningOfTheRunBeforeIsUnknownInThePresentOne() {
        Case stopped = new Case(home).with(c -> c.phase = Phase.STOPPED);
        assertThat(status(stopped, Phase.STOPPED, false).state()).isEqualTo(State.ATTENTION);
        assertThat(status(stopped, since(Case.NOW.plusSeconds(5)), false).headline())
                .isEqualTo("Started since the last check");
    }

    @Test
    void aServiceThatRunsNowDisprovesThatNoneIsAvailable() {
        Case without = new Case(home).with(c -> c.unavailable = Optional.of("You are logged out."));
        assertThat(status(without, Phase.UNKNOWN, false).headline())
                .isEqualTo("Background services are not available here");
        assertThat(status(without, since(Case.NOW.plusSeconds(5)), false).headline())
                .isEqualTo("Started since the last check");
    }

    @Test
    void aStoppedServiceWhoseManagerDoesNotRespondWasNotStarted() {
        Case stopped = new Case(home).with(c -> {
            c.phase = Phase.STOPPED;
            c.stopped = Optional.of(Case.NOW.minusSeconds(60));
        });
        assertThat(status(stopped, Phase.RUNNING, false).headline()).isEqualTo("Started since the last check");
        assertThat(status(stopped, Phase.UNKNOWN, false).headline()).isNotEqualTo("Started since the last check");
    }

    /// The report keeps the time of the last full run.
    @Test
    void aFailureThatWasFoundAfterARestartStays() {
        Report found = new Case(home).silent().report();
        Report old = found.at(Case.NOW.minus(Duration.ofHours(1)));
        ToolStatus status = ToolStatus.of(
                Optional.of(old),
                Optional.of(new LiveService(since(Case.NOW.minusSeconds(60)), Expected.RUNNING, _ -> false)),
                false,
                Case.NOW,
                TRUST);
        assertThat(status.headline()).isEqualTo("Running, but not responding");
    }

    @Test
    void aFailureThatHasNothingToDoWithTheRunStays() {
        Case broken = new Case(home).with(c -> c.program().toFile().setExecutable(false));
        assertThat(status(broken, since(Case.NOW.plusSeconds(5)), false).state())
                .isEqualTo(State.FAILURE);
    }

    private static ServiceState since(Instant start) {
        return since(start, 0);
    }

    private static ServiceState since(Instant start, int restarts) {
        ServiceState running = state(Phase.RUNNING, "");
        return new ServiceState(
                running.unit(),
                running.phase(),
                running.load(),
                running.atLogin(),
                running.pid(),
                Optional.of(start),
                restarts,
                running.lastExit(),
                running.file(),
                running.owner(),
                running.words(),
                running.controlGroup(),
                running.invocation(),
                running.sentence());
    }

    private static ToolStatus status(Case tool, Phase phase, boolean isIgnored) {
        return status(tool, state(phase, ""), isIgnored);
    }

    private static ToolStatus status(Case tool, ServiceState state, boolean isIgnored) {
        return ToolStatus.of(
                Optional.of(tool.report()),
                Optional.of(new LiveService(state, Expected.RUNNING, _ -> isIgnored)),
                false,
                Case.NOW,
                TRUST);
    }

    private static ServiceState state(Phase phase, String words) {
        return state(phase, words, 0, Optional.empty());
    }

    private static ServiceState state(Phase phase, String words, int restarts, Optional<LastExit> exit) {
        return new ServiceState(
                "x.service",
                phase,
                words.equals("masked") ? ServiceState.Load.MASKED : ServiceState.Load.USABLE,
                new AtLogin.Unknown(),
                Optional.empty(),
                Optional.empty(),
                restarts,
                exit,
                Optional.empty(),
                Owner.OURS,
                words,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
