package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.platform.posix.InteractiveLoginShell;
import io.github.lamplighter.platform.proc.ProcListeners;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.platform.systemd.SystemdServiceManager;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.TestManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// The verbs with real programs under a real user manager.
@WithHome
@Tag("slow")
@EnabledIf("isPossible")
class ServiceControlTest {

    private static final String SERVER = """
        #!/usr/bin/python3
        import http.server, json, os, signal, subprocess, sys, time
        mode, port = sys.argv[1], int(sys.argv[2])
        if mode == "crash":
            sys.exit(7)
        if mode == "slow":
            time.sleep(1.5)
        if mode == "deaf":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if mode == "forks":
            for own_session in (False, True):
                subprocess.Popen(["/usr/bin/sleep", "54321"], start_new_session=own_session)
        if mode == "mute":
            while True: time.sleep(1)
        class H(http.server.BaseHTTPRequestHandler):
            def log_message(self, *a): pass
            def do_GET(self):
                body = json.dumps({"version": "1.2.3", "path": os.environ["PATH"], "cwd": os.getcwd(),
                                   "mode": os.environ.get("MODE", ""), "secret": os.environ.get("SECRET_OF_FILE", "")}).encode()
                self.send_response(503 if mode == "ill" else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer(("127.0.0.1", port), H).serve_forever()
        """;

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager systemd;

    private static AppDirectories directories;
    private static Path program;
    private static ServiceControl serviceControl;
    private static ServiceManager manager;
    private static InteractiveLoginShell loginShell;

    static boolean isPossible() {
        return UserManager.isPossible() && Files.isExecutable(Path.of("/usr/bin/python3"));
    }

    @BeforeAll
    static void start() throws Exception {
        program = Files.createDirectories(home.path().resolve("bin")).resolve("server");
        Files.writeString(program, SERVER);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                home.path().resolve(".profile"),
                "export PATH=\"$HOME/bin:$PATH::relative:/tmp\"\nexport MODE=quiet\necho hi\n");
        directories = AppDirectories.linux(systemd.environment(), home.path());
        LocalProcessRunner programs = new LocalProcessRunner(systemd.environment());
        manager = new SystemdServiceManager(programs, systemd.environment(), directories, new ProcProcesses());
        Map<String, String> environment = new HashMap<>(systemd.environment());
        environment.put("SHELL", "/bin/bash");
        loginShell = new InteractiveLoginShell(programs, environment, directories, InstantSource.system());
        serviceControl = seeing(new ProcListeners());
    }

    private static ServiceControl seeing(ListeningSockets listeningSockets) {
        return seeing(listeningSockets, Duration.ofSeconds(1));
    }

    private static ServiceControl seeing(ListeningSockets listeningSockets, Duration settle) {
        Probe probe = new Probe(Duration.ofSeconds(2));
        return new ServiceControl(
                manager,
                new ServiceDefinitionFactory(directories),
                loginShell,
                probe,
                new EndpointIdentityCheck(listeningSockets, probe, directories),
                new StoppedByUser(directories, manager::startedAt, InstantSource.system()),
                List::of,
                InstantSource.system(),
                settle);
    }

    @Test
    void anInstalledServiceAnswersIsThisCopyAndStartsAtLogin() throws Exception {
        Manifest manifest = server("well", "slow", Ports.free(), true);
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        ServiceStatus status = serviceControl.status(manifest);
        assertThat(status.state().phase()).isEqualTo(Phase.RUNNING);
        assertThat(status.state().enabled()).contains(true);
        assertThat(status.probeResult()).containsInstanceOf(ProbeResult.Yes.class);
        assertThat(status.identityResult()).containsInstanceOf(IdentityResult.Yes.class);
        assertThat(status.drift()).contains(false);

        var answer = new Probe().json(manifest.endpoint().orElseThrow(), "/").orElseThrow();
        assertThat(answer.path("path").asString().split(":", -1))
                .startsWith(home.path() + "/bin")
                .doesNotContain("", "relative", "/tmp");
        assertThat(answer.path("mode").asString()).isEqualTo("quiet");
        Path cwd = Path.of(answer.path("cwd").asString());
        assertThat(cwd).isNotEqualTo(home.path()).isEmptyDirectory();

        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Already.class);
        long before = status.state().pid().orElseThrow();
        assertThat(serviceControl.restart(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(serviceControl.status(manifest).state().pid().orElseThrow()).isNotEqualTo(before);
        assertThat(serviceControl.uninstall(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(serviceControl.uninstall(manifest)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(serviceControl.status(manifest).probeResult()).containsInstanceOf(ProbeResult.No.class);
    }

    /// Its manager would try again and again.
    @Test
    void aServiceWhoseProgramIsMissingIsNotStarted() throws Exception {
        Manifest manifest = server("missing", "serve", Ports.free(), true);
        serviceControl.install(manifest, false);
        assertThat(serviceControl.stop(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        Files.writeString(program, SERVER.replaceFirst("#!\\S+", "#!/nowhere/python3"));
        Path elsewhere = program.resolveSibling("elsewhere");
        Path override = home.resolve(".config/systemd/user/" + serviceControl.unit(manifest) + ".d/override.conf");
        try {
            assertThat(serviceControl.start(manifest))
                    .isInstanceOfSatisfying(
                            ServiceOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).contains("/nowhere/python3 is missing"));
            Files.move(program, elsewhere);
            assertThat(serviceControl.start(manifest).reason()).contains(program.getFileName() + " is missing");
            Files.writeString(elsewhere, SERVER);
            Files.createDirectories(override.getParent());
            Files.writeString(
                    override,
                    "[Service]\nExecStart=\nExecStart=%s %s\n"
                            .formatted(
                                    elsewhere,
                                    String.join(
                                            " ",
                                            manifest.service().orElseThrow().arguments())));
            systemd.systemctl("daemon-reload").well();
            assertThat(serviceControl.start(manifest))
                    .as("a drop-in starts another program")
                    .isInstanceOf(ServiceOutcome.Done.class);
        } finally {
            Files.move(elsewhere, program, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(program, SERVER);
            Files.deleteIfExists(override);
            systemd.systemctl("daemon-reload").well();
        }
        serviceControl.uninstall(manifest);
    }

    /// What runs would be lost.
    @Test
    void aServiceWhosePythonWasRemovedIsNotStoppedForARestart() throws Exception {
        Manifest manifest = server("removed", "serve", Ports.free(), true);
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        long before = serviceControl.status(manifest).state().pid().orElseThrow();
        Files.writeString(program, SERVER.replaceFirst("#!\\S+", "#!/nowhere/python3"));
        try {
            assertThat(serviceControl.restart(manifest))
                    .isInstanceOfSatisfying(
                            ServiceOutcome.Refused.class,
                            refused -> assertThat(refused.reason())
                                    .contains("/nowhere/python3 is missing", "The service was not stopped"));
            assertThat(serviceControl.status(manifest).state().pid()).contains(before);
        } finally {
            Files.writeString(program, SERVER);
        }
        serviceControl.uninstall(manifest);
    }

    @Test
    void aChangedDefinitionIsReallyInUseAfterAnInstall() throws Exception {
        Manifest first = server("changed", "serve", Ports.free(), true);
        assertThat(serviceControl.install(first, false)).isInstanceOf(ServiceOutcome.Done.class);
        Manifest second = server("changed", "serve", Ports.free(), true);
        assertThat(serviceControl.drift(second)).contains(true);
        assertThat(serviceControl.diff(second)).isInstanceOf(ServiceControl.Difference.Lines.class);
        assertThat(serviceControl.install(second, false)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(serviceControl.status(second).identityResult()).containsInstanceOf(IdentityResult.Yes.class);
        assertThat(serviceControl.status(first).probeResult()).containsInstanceOf(ProbeResult.No.class);
        serviceControl.uninstall(second);
    }

    @Test
    void aStopByTheUserIsRememberedUntilTheNextStartByWhomever() throws Exception {
        Manifest manifest = server("stopped", "serve", Ports.free(), true);
        serviceControl.install(manifest, false);
        assertThat(serviceControl.status(manifest).stoppedByUser()).isEmpty();
        serviceControl.stop(manifest);
        assertThat(serviceControl.status(manifest).stoppedByUser()).isPresent();
        serviceControl.start(manifest);
        assertThat(serviceControl.status(manifest).stoppedByUser()).isEmpty();
        serviceControl.restart(manifest);
        systemd.systemctl("stop", serviceControl.unit(manifest));
        assertThat(serviceControl.status(manifest).stoppedByUser())
                .as("nobody records who asked systemd for a stop")
                .isEmpty();
        serviceControl.stop(manifest);
        Instant stopped = serviceControl.status(manifest).stoppedByUser().orElseThrow();
        // systemd tells its times in whole seconds.
        Await.until(Duration.ofSeconds(5), () -> Instant.now().getEpochSecond() > stopped.getEpochSecond());
        systemd.systemctl("start", serviceControl.unit(manifest));
        systemd.systemctl("stop", serviceControl.unit(manifest));
        assertThat(serviceControl.status(manifest).stoppedByUser())
                .as("it was started since")
                .isEmpty();
        serviceControl.uninstall(manifest);
    }

    @Test
    void aStopByTheUserEndsWithTheNextLogin() throws Exception {
        Manifest manifest = server("before-login", "serve", Ports.free(), true);
        serviceControl.install(manifest, false);
        serviceControl.stop(manifest);
        ServiceState state = manager.state(serviceControl.unit(manifest));
        StoppedByUser sameLogin = new StoppedByUser(directories, manager::startedAt, InstantSource.system());
        StoppedByUser nextLogin =
                new StoppedByUser(directories, () -> Optional.of(Instant.now().plusSeconds(1)), InstantSource.system());
        assertThat(manager.startedAt()).isPresent();
        assertThat(sameLogin.since(manifest.name(), state)).isPresent();
        assertThat(nextLogin.since(manifest.name(), state)).isEmpty();
        serviceControl.uninstall(manifest);
    }

    @Test
    void atLoginIsSwitchedWithoutTouchingWhatRuns() throws Exception {
        Manifest manifest = server("login", "serve", Ports.free(), true);
        assertThat(serviceControl.enable(manifest)).isInstanceOf(ServiceOutcome.Refused.class);
        serviceControl.install(manifest, false);
        long pid = serviceControl.status(manifest).state().pid().orElseThrow();
        assertThat(serviceControl.disable(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(serviceControl.disable(manifest)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(systemd.systemctl("is-enabled", serviceControl.unit(manifest))
                        .out())
                .isEqualTo("disabled\n");
        assertThat(serviceControl.enable(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(systemd.systemctl("is-enabled", serviceControl.unit(manifest))
                        .out())
                .isEqualTo("enabled\n");
        assertThat(serviceControl.status(manifest).state().pid()).contains(pid);
        serviceControl.uninstall(manifest);
    }

    @Test
    void whatIsWantedOnDemandStartsNowAndNotAtLogin() throws Exception {
        Manifest usual = server("demand", "serve", Ports.free(), true);
        Manifest manifest = new TestManifest(usual.install())
                .expected(Manifest.Expected.ON_DEMAND)
                .service(usual.service().orElseThrow().arguments())
                .url(usual.endpoint().orElseThrow().url(), 4)
                .build();
        assertThat(serviceControl.install(manifest, false).reason())
                .endsWith("The service does not start at login because it is set to on-demand. To enable it, run"
                        + " `lamplighter service enable demand`.");
        ServiceState state = manager.state(serviceControl.unit(manifest));
        assertThat(state.phase()).isEqualTo(Phase.RUNNING);
        assertThat(state.enabled()).contains(false);

        assertThat(serviceControl.enable(manifest).isSuccess()).isTrue();
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(manager.state(serviceControl.unit(manifest)).enabled())
                .as("the user enabled it")
                .contains(true);
        serviceControl.uninstall(manifest);
    }

    @Test
    void whatWasChangedByHandIsNotOverwrittenWithoutConsent() throws Exception {
        Manifest manifest = server("hand", "serve", Ports.free(), true);
        serviceControl.install(manifest, false);
        Path file = manager.state(serviceControl.unit(manifest)).file().orElseThrow();
        Files.writeString(file, Files.readString(file).replace("RestartSec=5", "RestartSec=9"));
        assertThat(serviceControl.status(manifest).changedByHand()).isTrue();
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Refused.class);
        assertThat(file).content().contains("RestartSec=9");
        assertThat(serviceControl.install(manifest, true)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(file).content().contains("RestartSec=5");
        serviceControl.uninstall(manifest);
    }

    @Test
    void aServiceThatDiesIsNotAStart() throws Exception {
        Manifest manifest = server("dies", "crash", Ports.free(), true);
        ServiceOutcome outcome = serviceControl.install(manifest, false);
        assertThat(outcome).isInstanceOf(ServiceOutcome.Failed.class);
        assertThat(outcome.reason()).contains("exit status 7");
        Manifest silent = server("dies-silently", "crash", Ports.free(), false);
        assertThat(serviceControl.install(silent, false)).isInstanceOf(ServiceOutcome.Failed.class);
        // Nothing goes on trying behind the user's back, and what stays is said.
        assertThat(outcome.reason())
                .contains("Lamplighter stopped the service", "lamplighter start dies", "uninstall dies");
        assertThat(manager.state(serviceControl.unit(manifest)).phase()).isEqualTo(Phase.STOPPED);
        assertThat(serviceControl.status(manifest).stoppedByUser()).isEmpty();
        serviceControl.uninstall(manifest);
        serviceControl.uninstall(silent);
    }

    @Test
    void aServiceThatNeverAnswersOrOnlyWithFaultsIsNotReady() throws Exception {
        Manifest mute = server("mute", "mute", Ports.free(), true);
        assertThat(serviceControl.install(mute, false).reason())
                .contains("nothing listens", "The service keeps running");
        assertThat(manager.state(serviceControl.unit(mute)).phase()).isEqualTo(Phase.RUNNING);
        Manifest ill = server("ill", "ill", Ports.free(), true);
        assertThat(serviceControl.install(ill, false).reason()).contains("HTTP 503");
        serviceControl.uninstall(mute);
        serviceControl.uninstall(ill);
    }

    @Test
    void anotherProgramOnItsPortIsNotThisService() throws Exception {
        int port = Ports.free();
        Manifest manifest = server("mistaken", "mute", port, true);
        Process other =
                new ProcessBuilder("/usr/bin/python3", program.toString(), "serve", Integer.toString(port)).start();
        try {
            ServiceOutcome outcome = serviceControl.install(manifest, false);
            assertThat(outcome).isInstanceOf(ServiceOutcome.Failed.class);
            assertThat(outcome.reason()).contains("another process responds", "pid " + other.pid());
            assertThat(serviceControl.status(manifest).identityResult()).containsInstanceOf(IdentityResult.No.class);
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroy();
            serviceControl.uninstall(manifest);
        }
    }

    /// For example Docker's proxy, which belongs to root: its process cannot be seen.
    @Test
    void theResponseOfAnotherUsersProgramIsNoProofThatItIsRunning() throws Exception {
        int port = Ports.free();
        Manifest manifest = server("hidden", "serve", port, true);
        ListeningSockets ownersUnknown = asked ->
                List.of(new Listener("127.0.0.1", asked, Optional.empty(), 0, Optional.empty(), Optional.empty()));
        ServiceControl blind = seeing(ownersUnknown);
        Process other =
                new ProcessBuilder("/usr/bin/python3", program.toString(), "serve", Integer.toString(port)).start();
        try {
            Await.until(
                    Duration.ofSeconds(10), () -> !new ProcListeners().on(port).isEmpty());
            assertThat(blind.install(manifest, false).reason())
                    .contains("exited soon after its start", "a process of user ID 0, which is not visible to you");
        } finally {
            other.destroy();
            other.waitFor();
        }
        assertThat(blind.start(manifest))
                .as("it stays up, and something responds")
                .isInstanceOf(ServiceOutcome.Done.class);
        blind.stop(manifest);
        Manifest hasty = manifest.with(Optional.of(new Manifest.Endpoint(
                "http://localhost:%d/".formatted(port), List.of(), Optional.empty(), Optional.empty(), false, 1)));
        assertThat(seeing(ownersUnknown, Duration.ofSeconds(2)).start(hasty))
                .as("its limit is shorter than it must run undisturbed")
                .isInstanceOf(ServiceOutcome.Done.class);
        blind.uninstall(manifest);
    }

    @Test
    void whoHoldsItsPortIsSaidWhenItCannotStart() throws Exception {
        int port = Ports.free();
        Manifest manifest = server("no-port", "serve", port, true);
        Process other = new ProcessBuilder(
                        "/usr/bin/python3",
                        "-c",
                        "import socket,time; s=socket.socket(); s.bind(('127.0.0.1',%d)); s.listen(); time.sleep(1000)"
                                .formatted(port))
                .start();
        try {
            Await.until(
                    Duration.ofSeconds(10), () -> !new ProcListeners().on(port).isEmpty());
            ServiceOutcome outcome = serviceControl.install(manifest, false);
            assertThat(outcome).isInstanceOf(ServiceOutcome.Failed.class);
            assertThat(outcome.reason())
                    .contains(
                            "The service exited soon after its start",
                            "Its address is in use: pid %d (/usr/bin/python3 -c".formatted(other.pid()),
                            "listens on " + port,
                            "give no-port another port");
            assertThat(other.isAlive()).as("it is not ours to end").isTrue();
        } finally {
            other.destroy();
            serviceControl.uninstall(manifest);
        }
    }

    @Test
    void oneThatIgnoresTheRequestToEndIsGoneAllTheSame() throws Exception {
        Manifest manifest = server("deaf", "deaf", Ports.free(), true);
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        long pid = serviceControl.status(manifest).state().pid().orElseThrow();
        ServiceOutcome stopped = serviceControl.stop(manifest);
        assertThat(stopped).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(stopped.reason()).contains("it was killed");
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(serviceControl.start(manifest))
                .as("a kill leaves nothing in its way")
                .isInstanceOf(ServiceOutcome.Done.class);
        serviceControl.uninstall(manifest);
    }

    @Test
    void itsChildrenAreGoneWithItAlsoThoseInSessionsOfTheirOwn() throws Exception {
        Manifest manifest = server("forks", "forks", Ports.free(), true);
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        long pid = serviceControl.status(manifest).state().pid().orElseThrow();
        List<ProcessHandle> children =
                ProcessHandle.of(pid).orElseThrow().children().toList();
        assertThat(children).hasSize(2);
        assertThat(serviceControl.stop(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        serviceControl.uninstall(manifest);
    }

    @Test
    void whatAServiceFileSaidBeforeIsInUseAgain() throws Exception {
        Manifest manifest = server("kept", "serve", Ports.free(), true);
        serviceControl.install(manifest, false);
        String unit = serviceControl.unit(manifest);
        String mine = manager.fileText(unit).orElseThrow() + "# mine\n";
        manager.restore(unit, Optional.of(mine));
        serviceControl.install(manifest, true);
        assertThat(manager.fileText(unit).orElseThrow()).doesNotContain("# mine");
        long pid = serviceControl.status(manifest).state().pid().orElseThrow();
        assertThat(serviceControl.putBack(manifest, mine)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(manager.fileText(unit)).contains(mine);
        assertThat(serviceControl.status(manifest).state().pid()).isPresent().isNotEqualTo(Optional.of(pid));
        serviceControl.uninstall(manifest);
        assertThat(serviceControl.putBack(manifest, mine)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(serviceControl.status(manifest).state().phase()).isEqualTo(ServiceState.Phase.RUNNING);
        assertThat(serviceControl.status(manifest).state().enabled()).contains(true);
        serviceControl.uninstall(manifest);
    }

    @Test
    void aChangedFileOfSecretsIsReallyInUseAfterAnInstall() throws Exception {
        Path file = Files.writeString(home.path().resolve("secrets"), "SECRET_OF_FILE=one\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        int port = Ports.free();
        Manifest manifest = manifest(
                "secretive",
                program,
                List.of("serve", Integer.toString(port)),
                Map.of(),
                List.of(),
                Optional.of(file),
                Optional.of("http://127.0.0.1:" + port + "/"));
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(answered(manifest, "secret")).isEqualTo("one");
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Already.class);
        long pid = serviceControl.status(manifest).state().pid().orElseThrow();

        Instant since = serviceControl.status(manifest).state().since().orElseThrow();
        Files.setLastModifiedTime(file, FileTime.from(since.plusMillis(999)));
        assertThat(serviceControl.install(manifest, false))
                .as("systemd tells its times in whole seconds: the file may be the older one")
                .isInstanceOf(ServiceOutcome.Already.class);
        assertThat(serviceControl.status(manifest).state().pid()).contains(pid);

        Files.writeString(file, "SECRET_OF_FILE=two\n");
        Files.setLastModifiedTime(file, FileTime.from(since.plusSeconds(1)));
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(answered(manifest, "secret")).isEqualTo("two");
        assertThat(serviceControl.status(manifest).state().pid()).isPresent().isNotEqualTo(Optional.of(pid));
        assertThat(manager.fileText(serviceControl.unit(manifest)).orElseThrow())
                .doesNotContain("two");
        serviceControl.uninstall(manifest);
    }

    @Test
    void whatStartsItIsInForceAgainAfterARestartAndGoneAfterAStop() throws Exception {
        Manifest manifest = server("timed", "serve", Ports.free(), true);
        serviceControl.install(manifest, false);
        String timer = serviceControl.unit(manifest).replace(".service", ".timer");
        manager.restore(timer, Optional.of("[Timer]\nOnActiveSec=1h\n"));
        systemd.systemctl("start", timer);
        assertThat(serviceControl.restart(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(systemd.property(timer, "ActiveState")).contains("active");
        assertThat(serviceControl.stop(manifest).reason()).contains(timer);
        assertThat(systemd.property(timer, "ActiveState")).contains("inactive");
        assertThat(serviceControl.start(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(systemd.property(timer, "ActiveState")).contains("active");
        serviceControl.uninstall(manifest);
        assertThat(systemd.property(timer, "ActiveState")).contains("inactive");
        manager.restore(timer, Optional.empty());
    }

    private static String answered(Manifest manifest, String field) {
        return new Probe()
                .json(manifest.endpoint().orElseThrow(), "/")
                .orElseThrow()
                .path(field)
                .asString();
    }

    @Test
    void withoutAnEndpointItMustRunUndisturbedForAWhile() throws Exception {
        Manifest manifest = server("quiet", "mute", Ports.free(), false);
        long began = System.nanoTime();
        assertThat(serviceControl.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
        serviceControl.uninstall(manifest);
    }

    static Manifest server(String name, String mode, int port, boolean endpoint) {
        return manifest(
                name,
                program,
                List.of(mode, Integer.toString(port)),
                Map.of(),
                endpoint && name.equals("well") ? List.of("MODE") : List.of(),
                Optional.empty(),
                endpoint ? Optional.of("http://localhost:" + port + "/") : Optional.empty());
    }

    static Manifest manifest(
            String name,
            Path program,
            List<String> arguments,
            Map<String, String> environment,
            List<String> inherit,
            Optional<Path> environmentFile,
            Optional<String> url) {
        return manifest(
                new Manifest.Install(
                        InstallerKind.VENV, name, program.resolveSibling("env"), program, Optional.empty(), Map.of()),
                arguments,
                environment,
                inherit,
                environmentFile,
                url);
    }

    static Manifest manifest(
            Manifest.Install install,
            List<String> arguments,
            Map<String, String> environment,
            List<String> inherit,
            Optional<Path> environmentFile,
            Optional<String> url) {
        TestManifest manifest = new TestManifest(install)
                .service(arguments)
                .variables(environment)
                .inherit(inherit)
                .environmentFile(environmentFile);
        url.ifPresent(address -> manifest.url(address, 4));
        return manifest.build();
    }
}
