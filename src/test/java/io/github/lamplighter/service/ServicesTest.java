package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.platform.linux.InteractiveLoginShell;
import io.github.lamplighter.platform.linux.ProcListeners;
import io.github.lamplighter.platform.systemd.UserSystemd;
import io.github.lamplighter.readiness.Answering;
import io.github.lamplighter.readiness.Identify;
import io.github.lamplighter.readiness.Mine;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// The verbs with real programs under a real user manager.
@Tag("slow")
@EnabledIf("isPossible")
class ServicesTest {

    private static final String SERVER = """
            #!/usr/bin/python3
            import http.server, json, os, signal, sys, time
            mode, port = sys.argv[1], int(sys.argv[2])
            if mode == "crash":
                sys.exit(7)
            if mode == "slow":
                time.sleep(1.5)
            if mode == "mute":
                while True: time.sleep(1)
            class H(http.server.BaseHTTPRequestHandler):
                def log_message(self, *a): pass
                def do_GET(self):
                    body = json.dumps({"version": "1.2.3", "path": os.environ["PATH"], "cwd": os.getcwd(),
                                       "mode": os.environ.get("MODE", "")}).encode()
                    self.send_response(503 if mode == "ill" else 200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
            http.server.ThreadingHTTPServer(("127.0.0.1", port), H).serve_forever()
            """;

    private static UserSystemd systemd;
    private static Path program;
    private static Services services;
    private static ServiceManager manager;

    static boolean isPossible() {
        return UserSystemd.isPossible() && Files.isExecutable(Path.of("/usr/bin/python3"));
    }

    @BeforeAll
    static void start() throws Exception {
        systemd = UserSystemd.start();
        program = Files.createDirectories(systemd.home().resolve("bin")).resolve("server");
        Files.writeString(program, SERVER);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                systemd.home().resolve(".profile"),
                "export PATH=\"$HOME/bin:$PATH::relative:/tmp\"\nexport MODE=quiet\necho hi\n");
        manager = systemd.services();
        Map<String, String> environment = new HashMap<>(systemd.environment());
        environment.put("SHELL", "/bin/bash");
        Probe probe = new Probe(Duration.ofSeconds(2));
        services = new Services(
                manager,
                new Definitions(systemd.places()),
                new InteractiveLoginShell(systemd.programs(), environment, systemd.places(), InstantSource.system()),
                probe,
                new Identify(new ProcListeners(), probe),
                InstantSource.system(),
                Duration.ofSeconds(1));
    }

    @AfterAll
    static void stop() throws Exception {
        systemd.close();
    }

    @Test
    void anInstalledServiceAnswersIsThisCopyAndStartsAtLogin() throws Exception {
        Manifest manifest = server("well", "slow", freePort(), true);
        assertThat(services.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        ServiceStatus status = services.status(manifest);
        assertThat(status.state().phase()).isEqualTo(Phase.RUNNING);
        assertThat(status.state().enabled()).contains(true);
        assertThat(status.answering()).containsInstanceOf(Answering.Yes.class);
        assertThat(status.mine()).containsInstanceOf(Mine.Yes.class);
        assertThat(status.drift()).contains(false);

        var answer = new Probe().json(manifest.endpoint().orElseThrow(), "/").orElseThrow();
        assertThat(answer.path("path").asString())
                .startsWith(systemd.home() + "/bin:")
                .doesNotContain("::", "relative", ":/tmp");
        assertThat(answer.path("mode").asString()).isEqualTo("quiet");
        Path cwd = Path.of(answer.path("cwd").asString());
        assertThat(cwd).isNotEqualTo(systemd.home()).isEmptyDirectory();

        assertThat(services.install(manifest, false)).isInstanceOf(ServiceOutcome.Already.class);
        long before = status.state().pid().orElseThrow();
        assertThat(services.restart(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.status(manifest).state().pid().orElseThrow()).isNotEqualTo(before);
        assertThat(services.uninstall(manifest)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.uninstall(manifest)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(services.status(manifest).answering()).containsInstanceOf(Answering.No.class);
    }

    @Test
    void aChangedDefinitionIsReallyInUseAfterAnInstall() throws Exception {
        Manifest first = server("changed", "serve", freePort(), true);
        assertThat(services.install(first, false)).isInstanceOf(ServiceOutcome.Done.class);
        Manifest second = server("changed", "serve", freePort(), true);
        assertThat(services.drift(second)).contains(true);
        assertThat(services.diff(second)).isInstanceOf(Services.Difference.Lines.class);
        assertThat(services.install(second, false)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(services.status(second).mine()).containsInstanceOf(Mine.Yes.class);
        assertThat(services.status(first).answering()).containsInstanceOf(Answering.No.class);
        services.uninstall(second);
    }

    @Test
    void whatWasChangedByHandIsNotOverwrittenWithoutConsent() throws Exception {
        Manifest manifest = server("hand", "serve", freePort(), true);
        services.install(manifest, false);
        Path file = manager.state(services.unit(manifest)).file().orElseThrow();
        Files.writeString(file, Files.readString(file).replace("RestartSec=5", "RestartSec=9"));
        assertThat(services.status(manifest).changedByHand()).isTrue();
        assertThat(services.install(manifest, false)).isInstanceOf(ServiceOutcome.Refused.class);
        assertThat(file).content().contains("RestartSec=9");
        assertThat(services.install(manifest, true)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(file).content().contains("RestartSec=5");
        services.uninstall(manifest);
    }

    @Test
    void aServiceThatDiesIsNotAStart() throws Exception {
        Manifest manifest = server("dies", "crash", freePort(), true);
        ServiceOutcome outcome = services.install(manifest, false);
        assertThat(outcome).isInstanceOf(ServiceOutcome.Failed.class);
        assertThat(outcome.reason()).contains("exit status 7");
        Manifest silent = server("dies-silently", "crash", freePort(), false);
        assertThat(services.install(silent, false)).isInstanceOf(ServiceOutcome.Failed.class);
        services.uninstall(manifest);
        services.uninstall(silent);
    }

    @Test
    void aServiceThatNeverAnswersOrOnlyWithFaultsIsNotReady() throws Exception {
        Manifest mute = server("mute", "mute", freePort(), true);
        assertThat(services.install(mute, false).reason()).contains("nothing listens");
        Manifest ill = server("ill", "ill", freePort(), true);
        assertThat(services.install(ill, false).reason()).contains("HTTP 503");
        services.uninstall(mute);
        services.uninstall(ill);
    }

    @Test
    void anotherProgramOnItsPortIsNotThisService() throws Exception {
        int port = freePort();
        Manifest manifest = server("mistaken", "mute", port, true);
        Process other =
                new ProcessBuilder("/usr/bin/python3", program.toString(), "serve", Integer.toString(port)).start();
        try {
            ServiceOutcome outcome = services.install(manifest, false);
            assertThat(outcome).isInstanceOf(ServiceOutcome.Failed.class);
            assertThat(outcome.reason()).contains("another program answers", "pid " + other.pid());
            assertThat(services.status(manifest).mine()).containsInstanceOf(Mine.No.class);
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroy();
            services.uninstall(manifest);
        }
    }

    @Test
    void withoutAnEndpointItMustRunUndisturbedForAWhile() throws Exception {
        Manifest manifest = server("quiet", "mute", freePort(), false);
        long began = System.nanoTime();
        assertThat(services.install(manifest, false)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
        services.uninstall(manifest);
    }

    static Manifest server(String name, String mode, int port, boolean endpoint) {
        return manifest(
                name,
                program,
                List.of(mode, Integer.toString(port)),
                Map.of(),
                Optional.empty(),
                endpoint ? Optional.of("http://localhost:" + port + "/") : Optional.empty());
    }

    static Manifest manifest(
            String name,
            Path program,
            List<String> arguments,
            Map<String, String> environment,
            Optional<Path> environmentFile,
            Optional<String> url) {
        return new Manifest(
                new ToolName(UserSystemd.unique(name)),
                Manifest.Expected.RUNNING,
                new Manifest.Install(
                        InstallerKind.VENV, name, program.resolveSibling("env"), program, Optional.empty(), Map.of()),
                name,
                Optional.of(new Manifest.Service(
                        new ArrayList<>(arguments),
                        environment,
                        url.isPresent() && environment.isEmpty() && name.equals("well") ? List.of("MODE") : List.of(),
                        Optional.empty(),
                        3,
                        Optional.empty(),
                        environmentFile,
                        Optional.empty())),
                url.map(address ->
                        new Manifest.Endpoint(address, List.of(), Optional.empty(), Optional.empty(), false, 4)),
                new Manifest.Requires(Optional.empty(), List.of()),
                List.of(),
                List.of(),
                List.of());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
