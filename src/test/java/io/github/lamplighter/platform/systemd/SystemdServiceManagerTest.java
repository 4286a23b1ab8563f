package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Against a real user manager.
@WithHome
@Tag("slow")
class SystemdServiceManagerTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager systemd;

    private static SystemdServiceManager services;

    @BeforeAll
    static void start() throws Exception {
        services = services(systemd);
    }

    private static SystemdServiceManager services(UserManager systemd) {
        return new SystemdServiceManager(
                new LocalProcessRunner(systemd.environment()),
                systemd.environment(),
                AppDirectories.linux(systemd.environment(), systemd.home().path()),
                new ProcProcesses());
    }

    @Test
    void aServiceIsWrittenStartedStoppedAndRemovedAndSayingItTwiceIsNoMistake() {
        String name = "sleeper";
        String unit = services.unitOf(name);
        assertThat(services.unavailable()).isEmpty();
        assertThat(services.state(unit).phase()).isEqualTo(Phase.NOT_INSTALLED);
        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Refused.class);

        ServiceDefinition definition = service(name, List.of("/usr/bin/sleep", "1000"), Map.of());
        assertThat(services.write(definition)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.write(definition)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(services.state(unit).owner()).isEqualTo(ServiceState.Owner.OURS);
        assertThat(services.state(unit).enabled()).contains(false);
        assertThat(services.enable(unit)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.enable(unit)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(services.state(unit).enabled()).contains(true);

        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Already.class);
        ServiceState running = services.state(unit);
        assertThat(running.phase()).isEqualTo(Phase.RUNNING);
        assertThat(running.since()).isPresent();
        assertThat(running.invocation()).isPresent();
        long pid = running.pid().orElseThrow();
        assertThat(ProcessHandle.of(pid)).isPresent();
        assertThat(services.remove(unit)).isInstanceOf(ServiceOutcome.Refused.class);

        assertThat(services.stop(unit, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(services.stop(unit, LIMIT)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(services.state(unit).phase()).isEqualTo(Phase.STOPPED);
        assertThat(services.disable(unit)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.remove(unit)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.remove(unit)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(services.state(unit).phase()).isEqualTo(Phase.NOT_INSTALLED);
    }

    @Test
    void aProgramThatIsNotThereIsSaidAtOnce() {
        String name = "missing";
        services.write(service(name, List.of("/nonexistent/program"), Map.of()));
        ServiceOutcome outcome = services.start(services.unitOf(name));
        assertThat(outcome).isInstanceOf(ServiceOutcome.Failed.class);
        assertThat(outcome.reason()).contains("could not be executed");
        services.stop(services.unitOf(name), LIMIT);
    }

    /// The exit of an earlier run would be called the reason.
    @Test
    void whatSystemdDidNotStartIsSaidWithItsOwnWords() throws Exception {
        // systemd forgets a unit that nothing refers to, with its last exit.
        String program = "[Service]\nExecStart=/bin/sh -c 'exit 0'\n[Install]\nWantedBy=default.target\n";
        services.restore("asks.service", Optional.of(program));
        services.enable("asks.service");
        services.start("asks.service");
        Await.until(LIMIT, () -> services.state("asks.service").lastExit().isPresent());

        services.restore("asks.service", Optional.of("[Unit]\nConditionPathExists=/nowhere\n" + program));
        assertThat(services.start("asks.service").reason())
                .isEqualTo("The service was not started, because a condition of its service file is not met:"
                        + " `ConditionPathExists=/nowhere`.");
        services.restore("asks.service", Optional.of("[Unit]\nRequires=no-such.service\n" + program));
        assertThat(services.start("asks.service").reason()).contains("no-such.service not found");
        services.restore("asks.service", Optional.of("[Unit]\nRefuseManualStart=yes\n" + program));
        assertThat(services.start("asks.service").reason()).contains("Operation refused");
        services.disable("asks.service");
        services.restore("asks.service", Optional.empty());
    }

    @Test
    void aCrashIsARestartAndThenAStartClearsIt() throws Exception {
        String name = "crash";
        String unit = services.unitOf(name);
        Path switchFile = home.path().resolve("works");
        services.write(service(
                name,
                List.of("/bin/sh", "-c", "test -e '%s' && exec sleep 1000; exit 3".formatted(switchFile)),
                Map.of()));
        services.start(unit);
        Await.until(LIMIT, () -> services.state(unit).phase() == Phase.RESTARTING);
        assertThat(services.state(unit).lastExit().map(LastExit::words)).contains("exit status 3");
        if (services.logUnavailableReason().isEmpty()) {
            Await.until(
                    LIMIT,
                    () -> services.managerLines(unit, 20).stream()
                            .anyMatch(line -> line.text().contains("Failed with result")));
        }
        assertThat(services.stop(unit, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.state(unit).phase()).isEqualTo(Phase.STOPPED);
        Files.createFile(switchFile);
        assertThat(services.start(unit)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.state(unit).phase()).isEqualTo(Phase.RUNNING);
        services.stop(unit, LIMIT);
    }

    @Test
    void aServiceThatIgnoresTheRequestIsKilledAndThatIsSaid() {
        String name = "stubborn";
        String unit = services.unitOf(name);
        ServiceDefinition stubborn = new ServiceDefinition(
                name,
                name,
                List.of(
                        "/usr/bin/python3",
                        "-c",
                        "import signal,time; signal.signal(15, signal.SIG_IGN); time.sleep(1000)"),
                Map.of(),
                "/usr/bin:/bin",
                home.path(),
                Optional.empty(),
                Optional.empty(),
                1);
        services.write(stubborn);
        services.start(unit);
        long pid = services.state(unit).pid().orElseThrow();
        // Only once Python has set its handler does it ignore anything.
        assertThat(ignoresTermination(pid)).isTrue();
        ServiceOutcome outcome = services.stop(unit, LIMIT);
        assertThat(outcome).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(outcome.reason()).contains("killed");
        assertThat(services.state(unit).phase()).isEqualTo(Phase.STOPPED);
    }

    /// A `loginctl` of the test's own: the real one would change this machine.
    @Test
    void servicesGoOnAfterLogOutWhenTheSystemAllowsIt() throws Exception {
        assumeThat(services.lingers()).contains(false);
        Path folder = Files.createDirectories(home.resolve("loginctl"));
        Map<String, String> environment = new HashMap<>(systemd.environment());
        environment.put("PATH", folder + ":" + environment.get("PATH"));
        SystemdServiceManager asked = new SystemdServiceManager(
                new LocalProcessRunner(environment),
                environment,
                AppDirectories.linux(environment, home.path()),
                new ProcProcesses());

        loginctl(folder, "echo \"$@\" > '%s'".formatted(folder.resolve("asked")));
        assertThat(asked.linger()).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(folder.resolve("asked")).content().isEqualTo("--no-ask-password enable-linger\n");

        loginctl(folder, "echo 'Could not enable linger: Access denied' >&2; exit 1");
        assertThat(asked.linger())
                .isInstanceOf(ServiceOutcome.Failed.class)
                .extracting(ServiceOutcome::reason)
                .asString()
                .contains("Access denied", "sudo loginctl enable-linger");

        for (String said : List.of(
                "Failed to connect to bus: No such file or directory",
                "Failed to connect to system scope bus via local transport: Connection refused")) {
            loginctl(folder, "echo '%s' >&2; exit 1".formatted(said));
            assertThat(asked.linger().reason())
                    .contains("the system bus is missing")
                    .doesNotContain("sudo");
        }

        Map<String, String> bare = new HashMap<>(systemd.environment());
        bare.put("PATH", "/nonexistent");
        assertThat(new SystemdServiceManager(
                                new LocalProcessRunner(bare),
                                bare,
                                AppDirectories.linux(bare, home.path()),
                                new ProcProcesses())
                        .linger()
                        .reason())
                .contains("systemd-logind is not installed");
    }

    private static void loginctl(Path folder, String line) throws Exception {
        program(folder.resolve("loginctl"), line);
    }

    private static void program(Path file, String line) throws Exception {
        Path program = Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aManagerThatSaysNothingIsNoReasonToSayNothing() throws Exception {
        Path folder = Files.createDirectories(home.resolve("systemctl"));
        program(folder.resolve("systemctl"), "exit 0");
        Map<String, String> environment = new HashMap<>(systemd.environment());
        environment.put("PATH", folder + ":" + environment.get("PATH"));
        SystemdServiceManager asked = new SystemdServiceManager(
                new LocalProcessRunner(environment),
                environment,
                AppDirectories.linux(environment, home.path()),
                new ProcProcesses());
        assertThat(asked.start("lamp.service"))
                .isInstanceOf(ServiceOutcome.Failed.class)
                .extracting(ServiceOutcome::reason)
                .isEqualTo("`systemctl show lamp.service` printed nothing.");
    }

    @Test
    void aFileOfSomebodyElseIsLeftAlone() throws Exception {
        String name = "foreign";
        Path file = AppDirectories.linux(systemd.environment(), home.path())
                .configHome()
                .resolve("systemd/user")
                .resolve(services.unitOf(name));
        AtomicFile.write(
                file, "[Service]\nExecStart=/usr/bin/sleep 9\n".getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        assertThat(services.write(service(name, List.of("/usr/bin/sleep", "1"), Map.of())))
                .isInstanceOf(ServiceOutcome.Refused.class);
        assertThat(Files.readString(file)).startsWith("[Service]");
        assertThat(services.remove(services.unitOf(name))).isInstanceOf(ServiceOutcome.Refused.class);
        assertThat(file).exists();
    }

    @Test
    void whatStartsItIsStoppedWithItAndComesBackWithIt() throws Exception {
        String name = "triggered";
        String unit = services.unitOf(name);
        String stem = "lamplighter-" + name;
        Path socket = home.path().resolve("s");
        Path flag = home.path().resolve("flag");
        services.write(service(name, List.of("/usr/bin/sleep", "1000"), Map.of()));
        services.restore(stem + ".socket", Optional.of("[Socket]\nListenStream=" + socket + "\n"));
        services.restore(stem + ".timer", Optional.of("[Timer]\nOnActiveSec=1h\n"));
        services.restore(stem + ".path", Optional.of("[Path]\nPathExists=" + flag + "\n"));
        List<String> all = List.of(stem + ".path", stem + ".socket", stem + ".timer");
        all.forEach(services::start);
        services.start(unit);
        assertThat(services.triggers(unit)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(services.isListenedFor(unit)).isTrue();

        ServiceOutcome stopped = services.stop(unit, LIMIT);
        assertThat(stopped.reason()).contains(all);
        assertThat(services.triggers(unit)).isEmpty();
        Files.createFile(flag);
        assertThat(services.state(unit).phase()).isEqualTo(Phase.STOPPED);
        Files.delete(flag);

        assertThat(services.start(unit)).isEqualTo(new ServiceOutcome.Done("The service was started."));
        assertThat(services.triggers(unit)).as("after a start").containsExactlyInAnyOrderElementsOf(all);

        services.stop(unit, LIMIT);
        assertThat(services.resume(unit)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.triggers(unit)).as("without starting it").containsExactlyInAnyOrderElementsOf(all);
        assertThat(services.state(unit).phase()).isEqualTo(Phase.STOPPED);

        services.stop(unit, LIMIT);
        services.restore(stem + ".timer", Optional.of("[Timer]\nOnActiveSec=1h\n[Install]\nWantedBy=timers.target\n"));
        services.enable(stem + ".timer");
        services.start(unit);
        assertThat(services.triggers(unit))
                .as("what the user switched meanwhile is the user's")
                .doesNotContain(stem + ".timer")
                .contains(stem + ".socket");
        services.stop(unit, LIMIT);
        services.disable(stem + ".timer");
        services.remove(unit);
        assertThat(home.resolve(".local/state/lamplighter/triggers")).isEmptyDirectory();
        all.forEach(trigger -> services.restore(trigger, Optional.empty()));
    }

    @Test
    void aChangeIsToldWithoutAskingAlsoAfterTheBusWentAway() throws Exception {
        try (ThrowAwayHome ownHome = ThrowAwayHome.make();
                UserManager own = UserManager.start(ownHome)) {
            SystemdServiceManager manager = services(own);
            String name = "watched";
            String unit = manager.unitOf(name);
            manager.write(service(name, List.of("/usr/bin/sleep", "1000"), Map.of(), ownHome.path()));
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            try (AutoCloseable _ = manager.watch(List.of(unit, "other.service"), told::add)) {
                // The first signal may come before the watch is connected: start until it is heard.
                Await.until(LIMIT, () -> {
                    manager.start(unit);
                    boolean heard = take(told, unit);
                    manager.stop(unit, LIMIT);
                    return heard;
                });
                manager.start(unit);
                Await.until(LIMIT, () -> manager.state(unit).phase() == Phase.RUNNING);
                drain(told);
                ProcessHandle.of(manager.state(unit).pid().orElseThrow())
                        .orElseThrow()
                        .destroyForcibly();
                assertThat(take(told, unit)).as("a crash").isTrue();
                assertThat(told).doesNotContain("other.service");

                restartBus(own);
                assertThat(take(told, unit)).as("everything may have changed").isTrue();
                drain(told);
                Await.until(Duration.ofSeconds(30), () -> {
                    manager.stop(unit, LIMIT);
                    manager.start(unit);
                    return take(told, unit);
                });
            }
        }
    }

    /// The answer to a question must not be the next question.
    @Test
    void aLookAtAUnitThatIsNotRunningIsNoChange() throws Exception {
        try (ThrowAwayHome ownHome = ThrowAwayHome.make();
                UserManager own = UserManager.start(ownHome)) {
            SystemdServiceManager manager = services(own);
            String stopped = manager.unitOf("stopped");
            String missing = manager.unitOf("missing");
            String running = manager.unitOf("running");
            for (String name : List.of("stopped", "running")) {
                manager.write(service(name, List.of("/usr/bin/sleep", "1000"), Map.of(), ownHome.path()));
            }
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            try (AutoCloseable _ = manager.watch(List.of(stopped, missing, running), told::add)) {
                assertThat(told.poll(5, TimeUnit.SECONDS)).as("once it listens").isNotNull();
                drain(told);
                for (int i = 0; i < 5; i++) {
                    assertThat(manager.state(stopped).phase()).isEqualTo(Phase.STOPPED);
                    assertThat(manager.state(missing).phase()).isEqualTo(Phase.NOT_INSTALLED);
                }
                // Its signals come after those of the questions.
                manager.start(running);
                assertThat(take(told, running)).isTrue();
                assertThat(told).doesNotContain(stopped, missing);

                drain(told);
                manager.start(stopped);
                assertThat(take(told, stopped)).as("a start").isTrue();
                drain(told);
                manager.stop(stopped, LIMIT);
                assertThat(take(told, stopped)).as("a stop").isTrue();
            }
        }
    }

    /// The manager and its bus are killed, and others listen at the same address: nobody tells the listener
    /// but the watch.
    @Test
    void aChangeIsToldAlsoByAnotherManagerAtTheSameAddress() throws Exception {
        try (ThrowAwayHome ownHome = ThrowAwayHome.make()) {
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            UserManager first = UserManager.start(ownHome);
            SystemdServiceManager manager = services(first);
            String unit = manager.unitOf("watched");
            manager.write(service("watched", List.of("/usr/bin/sleep", "1000"), Map.of(), ownHome.path()));
            try (first;
                    AutoCloseable _ = manager.watch(List.of(unit), told::add)) {
                assertThat(take(told, unit))
                        .as("once it listens: what was missed until then")
                        .isTrue();
                drain(told);
                manager.start(unit);
                assertThat(take(told, unit)).isTrue();
                Await.until(LIMIT, () -> manager.state(unit).phase() == Phase.RUNNING);
                first.kill();
                Await.until(LIMIT, () -> manager.state(unit).phase() == Phase.UNKNOWN);
                drain(told);
                try (UserManager _ = UserManager.start(ownHome)) {
                    Await.until(
                            "the watch has found the new manager, and says that all may have changed",
                            Duration.ofSeconds(40),
                            () -> take(told, unit) && manager.state(unit).phase() == Phase.STOPPED);
                    // Told at each attempt to connect too, until the one that succeeds.
                    Await.until(
                            "the quiet after it", Duration.ofSeconds(40), () -> told.poll(3, TimeUnit.SECONDS) == null);
                    manager.start(unit);
                    assertThat(take(told, unit))
                            .as("a start under the new manager")
                            .isTrue();
                    manager.stop(unit, LIMIT);
                }
            }
        }
    }

    /// The bus lives on and would wait for a manager to come.
    @Test
    void oneThatWasKilledIsToldWithoutAskingIt() throws Exception {
        try (ThrowAwayHome other = ThrowAwayHome.make();
                UserManager own = UserManager.start(other)) {
            SystemdServiceManager theirs = services(own);
            assertThat(theirs.unavailable()).isEmpty();
            ProcessHandle manager = ProcessHandle.of(own.pid()).orElseThrow();
            manager.destroyForcibly();
            manager.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);

            assertThat(theirs.unavailable().orElseThrow())
                    .startsWith("Your service manager crashed")
                    .contains(other.runtime().resolve("systemd/private").toString())
                    .contains("sudo systemctl restart user@0.service");
            assertThat(theirs.state("lamp.service").words())
                    .isEqualTo(theirs.unavailable().orElseThrow());
        }
    }

    @Test
    void oneThatHangsIsWaitedForOnceInARun() throws Exception {
        try (ThrowAwayHome other = ThrowAwayHome.make();
                UserManager own = UserManager.start(other)) {
            String pid = Long.toString(own.pid());
            Child.run(Map.of(), LIMIT, "kill", "-STOP", pid).well();
            try {
                ServiceManager run = services(own).snapshot(() -> List.of("lamp.service"));
                assertThat(run.unavailable().orElseThrow())
                        .startsWith("Your service manager did not respond within 3 s");
                assertThat(run.state("lamp.service").words())
                        .isEqualTo(run.unavailable().orElseThrow());
            } finally {
                Child.run(Map.of(), LIMIT, "kill", "-CONT", pid).well();
            }
        }
    }

    private static void restartBus(UserManager own) {
        services(own).stop("dbus.service", LIMIT);
        services(own).start("dbus.socket");
        services(own).start("dbus.service");
    }

    private static boolean take(BlockingQueue<String> told, String unit) {
        try {
            return unit.equals(told.poll(5, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Until a moment of quiet: signals of one change come close together.
    private static void drain(BlockingQueue<String> told) throws InterruptedException {
        while (told.poll(500, TimeUnit.MILLISECONDS) != null) {
            // These belong to what was before.
        }
    }

    private static boolean ignoresTermination(long pid) {
        try {
            Await.until(LIMIT, () -> {
                try {
                    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                            .filter(line -> line.startsWith("SigIgn:"))
                            .anyMatch(line ->
                                    (Long.parseUnsignedLong(line.substring(7).strip(), 16) & (1L << 14)) != 0);
                } catch (java.io.IOException e) {
                    return false;
                }
            });
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    private static ServiceDefinition service(String name, List<String> argv, Map<String, String> environment) {
        return service(name, argv, environment, home.path());
    }

    private static ServiceDefinition service(
            String name, List<String> argv, Map<String, String> environment, Path directory) {
        return new ServiceDefinition(
                name,
                "100% " + name,
                argv,
                environment,
                "/usr/local/bin:/usr/bin:/bin",
                directory,
                Optional.empty(),
                Optional.empty(),
                5);
    }
}
