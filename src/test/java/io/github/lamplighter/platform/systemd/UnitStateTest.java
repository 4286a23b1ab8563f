package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each state in which a unit can be, made with a real user manager, and what is said of it.
@WithHome
@Tag("slow")
class UnitStateTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager systemd;

    private static SystemdServiceManager services;
    private static Path units;

    @BeforeAll
    static void start() throws IOException {
        units = Files.createDirectories(home.resolve(".config/systemd/user"));
        services = new SystemdServiceManager(
                new LocalProcessRunner(systemd.environment()),
                systemd.environment(),
                AppDirectories.linux(systemd.environment(), home.path()),
                new ProcProcesses());
    }

    @Test
    void oneThatWaitsForItsNextTrySaysHowItEndedAndHowOften() throws IOException {
        String unit = unit("again", "Restart=on-failure\nRestartSec=2s\nExecStart=/bin/sh -c 'exit 3'", "");
        systemd.systemctl("start", unit);
        ServiceState state = await(unit, Phase.RESTARTING);
        assertThat(state.words()).isEqualTo("activating/auto-restart (exit-code)");
        assertThat(state.sentence()).contains("The service exited (exit status 3). systemd will restart it after 2s.");
        Await.until("a second try", LIMIT, () -> services.state(unit).restarts() == 1);
        assertThat(await(unit, Phase.RESTARTING).sentence())
                .contains("The service keeps crashing (exit status 3). systemd has restarted it once, after 2s.");
        services.stop(unit, LIMIT);
    }

    @Test
    void oneThatWasGivenUpSaysSoAndAStartClearsIt() throws IOException {
        Path works = home.resolve("works");
        String unit = unit(
                "storm",
                "Restart=on-failure\nRestartSec=50ms\nExecStart=/bin/sh -c 'test -e %s && exec sleep 1000; exit 3'"
                        .formatted(works),
                "StartLimitBurst=3\nStartLimitIntervalSec=600");
        systemd.systemctl("start", unit);
        ServiceState state = await(unit, Phase.FAILED);
        assertThat(state.restarts()).isEqualTo(3);
        assertThat(state.sentence())
                .contains("systemd gave up after it started the service 3 times within a short time (exit status 3)."
                        + " Starting it with Lamplighter resets the limit.");
        assertThat(systemd.systemctl("start", unit).exitCode())
                .as("systemd itself refuses")
                .isNotZero();
        Files.createFile(works);
        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Done.class);
        ServiceState running = services.state(unit);
        assertThat(running.phase()).isEqualTo(Phase.RUNNING);
        assertThat(running.restarts()).isZero();
        assertThat(running.sentence()).isEmpty();
        services.stop(unit, LIMIT);
    }

    @Test
    void oneThatEndedForGoodSaysHow() throws IOException {
        String once = unit("once", "ExecStart=/bin/sh -c 'exit 4'", "");
        systemd.systemctl("start", once);
        assertThat(await(once, Phase.FAILED).sentence())
                .contains("The service stopped unexpectedly (exit status 4). systemd does not restart it.");
        String killed = unit("killed", "Restart=on-success\nExecStart=/bin/sh -c 'kill -SEGV $$$$'", "");
        systemd.systemctl("start", killed);
        assertThat(await(killed, Phase.FAILED).sentence().orElseThrow())
                .startsWith("The service stopped unexpectedly (killed by SIGSEGV")
                .endsWith("systemd does not restart it after such an exit.");
        String slow = unit("slow", "Type=notify\nTimeoutStartSec=1s\nExecStart=/bin/sleep 1000", "");
        systemd.systemctl("start", slow);
        assertThat(await(slow, Phase.FAILED).sentence().orElseThrow())
                .startsWith("The service took too long to start or stop");
        String before = unit("before", "ExecStartPre=/bin/false\nExecStart=/bin/sleep 1000", "");
        systemd.systemctl("start", before);
        assertThat(await(before, Phase.FAILED).sentence().orElseThrow())
                .startsWith(
                        "The service stopped unexpectedly (`ExecStartPre=` failed, so the program was not started)");
        String missing = unit("missing", "EnvironmentFile=/nonexistent/env\nExecStart=/bin/sleep 1000", "");
        systemd.systemctl("start", missing);
        assertThat(await(missing, Phase.FAILED).sentence().orElseThrow())
                .startsWith("systemd could not start the program (a file or resource");
    }

    /// systemd.exec(5): what a program never saw says nothing about the program.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "User=nobody-such-user|exit status 217/USER: its user could not be set|Remove `User=` from its file.",
                "SupplementaryGroups=no-such-group|exit status 216/GROUP: its group could not be set|always has your"
                        + " groups",
                "BindReadOnlyPaths=/nonexistent-folder|exit status 226/NAMESPACE: its mount namespace|exists and is"
                        + " allowed",
                "WorkingDirectory=/nonexistent-folder|exit status 200/CHDIR: its working directory cannot be"
                        + " entered|Create that folder",
                "ExecStart=|exit status 203/EXEC: its program could not be executed|Check the path",
            })
    void oneThatSystemdCouldNotStartSaysWhatStoodInTheWay(String setting, String how, String advice)
            throws IOException {
        Path program = Files.writeString(home.resolve("not-a-program"), "\0\0");
        program.toFile().setExecutable(true);
        String unit = unit(
                "never",
                setting.equals("ExecStart=") ? setting + program : setting + "\nExecStart=/bin/sleep 1000",
                "");
        systemd.systemctl("daemon-reload").well();
        systemd.systemctl("start", unit);
        ServiceState state = await(unit, Phase.FAILED);
        assertThat(state.isNeverStarted()).isTrue();
        assertThat(state.sentence().orElseThrow())
                .startsWith("systemd could not start the program (" + how)
                .contains(advice);
    }

    /// `ExecStopPost=` runs for as long as it likes after the program has ended.
    @Test
    void oneWhoseProgramHasEndedIsNotRunningWhateverItsFileDoesAfterwards() throws IOException {
        String unit = unit("after", "ExecStart=/bin/sleep 1000\nExecStopPost=/bin/sleep 30", "");
        systemd.systemctl("start", unit).well();
        systemd.systemctl("kill", "-s", "SEGV", unit).well();
        ServiceState state = await(unit, Phase.FAILED);
        assertThat(state.words()).startsWith("deactivating/");
        assertThat(state.isRunning()).isFalse();
        assertThat(state.sentence().orElseThrow()).startsWith("The program has ended (killed by SIGSEGV");
        systemd.systemctl("kill", "-s", "KILL", unit);
        services.stop(unit, LIMIT);
    }

    /// `systemctl is-enabled` says `enabled` to all of these.
    @Test
    void oneThatIsEnabledStartsAtLoginOnlyIfSomethingThatStartsThenWantsIt() throws IOException {
        for (String target : List.of("default", "multi-user", "graphical-session", "basic")) {
            String unit = unit(
                    "for-" + target, "ExecStart=/bin/sleep 1000\n[Install]\nWantedBy=%s.target".formatted(target), "");
            systemd.systemctl("enable", unit).well();
            assertThat(systemd.systemctl("is-enabled", unit).well().out().strip())
                    .isEqualTo("enabled");
        }
        assertThat(services.state("for-default.service").atLogin()).isEqualTo(new AtLogin.Starts());
        assertThat(services.state("for-basic.service").atLogin())
                .as("default.target requires it")
                .isEqualTo(new AtLogin.Starts());
        assertThat(services.state("for-multi-user.service").atLogin())
                .isEqualTo(new AtLogin.Unreached(List.of("multi-user.target")));
        assertThat(services.state("for-graphical-session.service").atLogin())
                .isEqualTo(new AtLogin.WithDesktop(List.of("graphical-session.target")));

        unit(
                "desktop",
                "ExecStart=/bin/true\nRemainAfterExit=yes",
                "Wants=graphical-session.target\nBefore=graphical-session.target");
        systemd.systemctl("daemon-reload").well();
        systemd.systemctl("start", "desktop.service").well();
        Await.until(
                "the session is up",
                LIMIT,
                () -> services.state("for-graphical-session.service").atLogin().equals(new AtLogin.Starts()));
        systemd.systemctl("stop", "desktop.service", "graphical-session.target");
    }

    /// systemd calls both static: they cannot be switched on.
    @Test
    void oneThatNothingAsksForDoesNotStartByItself() throws IOException {
        for (String name : List.of("alone", "asked")) {
            Files.writeString(units.resolve(name + ".service"), "[Service]\nExecStart=/bin/sleep 1000\n");
        }
        Files.writeString(
                units.resolve("asks.service"), "[Unit]\nWants=asked.service\n[Service]\nExecStart=/bin/sleep 1000\n");
        systemd.systemctl("daemon-reload").well();
        systemd.systemctl("start", "asks.service").well();
        assertThat(services.state("alone.service").enabled()).contains(false);
        assertThat(services.state("asked.service").enabled())
                .as("another unit decides")
                .isEmpty();
        services.stop("asks.service", LIMIT);
        services.stop("asked.service", LIMIT);
    }

    /// As with `tmux new-session -d`, which ends at once.
    @Test
    void aOneShotThatStartedOthersIsRunningUntilTheyEnd() throws IOException {
        String unit = unit(
                "behind",
                "Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'setsid sleep 1000 >/dev/null 2>&1 &'",
                "");
        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.state(unit).phase()).isEqualTo(Phase.RUNNING);
        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Already.class);
        systemd.systemctl("kill", unit).well();
        await(unit, Phase.STOPPED);
        assertThat(services.state(unit).words()).isEqualTo("active/exited");
        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.state(unit).phase())
                .as("systemd starts an active unit only after a stop")
                .isEqualTo(Phase.RUNNING);
        assertThat(services.stop(unit, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.state(unit).phase()).isEqualTo(Phase.STOPPED);
    }

    @Test
    void oneThatASocketStartsTellsWhileItIsStopped() throws IOException {
        String unit = unit("waiting", "ExecStart=/bin/sleep 1000", "");
        Files.writeString(
                units.resolve("waiting.socket"), "[Socket]\nListenStream=%s\n".formatted(home.resolve("waiting")));
        systemd.systemctl("daemon-reload").well();
        assertThat(services.state(unit).startedBy()).isEmpty();
        systemd.systemctl("start", "waiting.socket").well();
        ServiceState waiting = services.state(unit);
        assertThat(waiting.startedBy()).containsExactly("waiting.socket");
        assertThat(waiting.startsOnConnection()).isTrue();
        assertThat(waiting.atLogin()).isEqualTo(new AtLogin.ByUnit(List.of("waiting.socket")));
        systemd.systemctl("start", unit).well();
        assertThat(services.state(unit).startsOnConnection()).isFalse();
        services.stop(unit, LIMIT);
    }

    @Test
    void aMaskedOneSaysWhatUnmasksIt() throws IOException {
        Files.createSymbolicLink(units.resolve("masked.service"), Path.of("/dev/null"));
        systemd.systemctl("daemon-reload").well();
        ServiceState state = services.state("masked.service");
        assertThat(state.phase()).isEqualTo(Phase.STOPPED);
        assertThat(state.enabled()).contains(false);
        assertThat(state.masked()).isTrue();
        assertThat(state.sentence())
                .contains("The service is masked, so nothing can start it."
                        + " To allow it again, run `systemctl --user unmask masked.service`.");
        ServiceOutcome start = services.start("masked.service");
        assertThat(start).isInstanceOf(ServiceOutcome.Refused.class);
        assertThat(start.reason()).isEqualTo(state.sentence().orElseThrow());
    }

    @Test
    void aFileThatSystemdCannotUseIsQuoted() throws IOException {
        String unit = unit("bad", "", "");
        systemd.systemctl("daemon-reload").well();
        ServiceState state = services.state(unit);
        assertThat(state.phase()).isEqualTo(Phase.FAILED);
        assertThat(state.sentence().orElseThrow())
                .startsWith("systemd cannot use its service file")
                .contains("systemd-analyze --user verify " + units.resolve(unit));
        assertThat(services.start(unit).reason()).isEqualTo(state.sentence().orElseThrow());
    }

    @Test
    void aFileThatChangedOrWentAwayBehindSystemdsBackIsSaid() throws IOException {
        String unit = unit("edited", "ExecStart=/bin/sleep 1000", "");
        assertThat(services.state(unit).phase())
                .as("a new file needs no reload")
                .isEqualTo(Phase.STOPPED);
        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Done.class);
        unit("edited", "ExecStart=/bin/sleep 2000", "");
        assertThat(services.state(unit).sentence().orElseThrow()).contains("changed on disk");
        assertThat(services.stop(unit, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(systemd.property(unit, "ExecStart").orElseThrow()).contains("sleep 2000");
        assertThat(services.state(unit).sentence()).isEmpty();

        Files.delete(units.resolve(unit));
        assertThat(services.state(unit).phase()).isEqualTo(Phase.RUNNING);
        assertThat(services.state(unit).sentence().orElseThrow()).contains("systemd has not noticed yet");
        assertThat(services.state(unit).enabled()).contains(false);
        systemd.systemctl("daemon-reload").well();
        ServiceState gone = services.state(unit);
        assertThat(gone.phase()).isEqualTo(Phase.RUNNING);
        assertThat(gone.sentence().orElseThrow()).startsWith("The service file was deleted. Once stopped");
        services.stop(unit, LIMIT);
        Await.until("it is no unit any more", LIMIT, () -> services.state(unit).phase() == Phase.NOT_INSTALLED);
    }

    @Test
    void oneThatTakesItsTimeToEndIsNotSaidToBeGone() throws IOException {
        Path deaf = home.resolve("deaf");
        String unit = unit(
                "ending",
                "TimeoutStopSec=30\nExecStart=/bin/sh -c 'trap \"while ! test -e %s.end; do sleep 0.05; done; exit 0\" TERM; touch %s; while :; do sleep 0.05; done'"
                        .formatted(deaf, deaf),
                "");
        systemd.systemctl("start", unit).well();
        Await.until("it is deaf", LIMIT, () -> Files.exists(deaf));
        systemd.systemctl("stop", "--no-block", unit).well();
        Await.until(
                "it is being stopped",
                LIMIT,
                () -> services.state(unit)
                        .sentence()
                        .equals(Optional.of("The service is stopping, but has not ended yet.")));
        assertThat(services.state(unit).phase()).isEqualTo(Phase.RUNNING);
        Files.createFile(home.resolve("deaf.end"));
        await(unit, Phase.STOPPED);
    }

    private static ServiceState await(String unit, Phase phase) {
        Await.until(unit + " is " + phase, LIMIT, () -> services.state(unit).phase() == phase);
        return services.state(unit);
    }

    private static String unit(String name, String service, String section) throws IOException {
        String unit = name + ".service";
        Files.writeString(units.resolve(unit), "[Unit]\n%s\n[Service]\n%s\n".formatted(section, service));
        return unit;
    }
}
