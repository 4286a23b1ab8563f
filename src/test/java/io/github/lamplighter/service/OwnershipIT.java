package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.platform.systemd.SystemdServiceManager;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.TestManifest;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;

/// Whose a service is, with the real verbs under a real user manager: one that somebody else wrote, one that was
/// adopted, and a tool that runs outside any service.
@WithHome(inOneProcess = true, variables = "SHELL=/bin/bash")
@Tag("slow")
@EnabledIf("isPossible")
class OwnershipIT {

    private static final String SERVER = """
        #!/usr/bin/python3
        import http.server, json, os, sys
        port = int(sys.argv[sys.argv.index("--port") + 1])
        if "--strict" in sys.argv: open("needed")
        class H(http.server.BaseHTTPRequestHandler):
            def log_message(self, *a): pass
            def do_GET(self):
                body = json.dumps({"arguments": sys.argv[1:], "mode": os.environ.get("MODE", ""),
                                   "level": os.environ.get("LEVEL", ""), "cwd": os.getcwd()}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer(("127.0.0.1", port), H).serve_forever()
        """;

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager systemd;

    private static Path program;

    @Provided
    private static Installed lamplighter;

    private static ManifestStore manifests;

    static boolean isPossible() {
        return UserManager.isPossible() && Files.isExecutable(Path.of("/usr/bin/python3"));
    }

    @BeforeAll
    static void start() throws Exception {
        program = Files.createDirectories(home.resolve("env/bin")).resolve("mux");
        Files.createSymbolicLink(program.resolveSibling("python"), Path.of("/usr/bin/python3"));
        Files.writeString(program, SERVER);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(home.resolve(".local/bin/mux"), program);
        manifests = new ManifestStore(AppDirectories.linux(systemd.environment(), home.path()));
    }

    @AfterEach
    void clear() throws IOException {
        Path folder = home.resolve(".config/systemd/user");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".service"))
                        .toList()) {
                    systemd.systemctl("stop", String.valueOf(file.getFileName()));
                    Files.delete(file);
                }
            }
        }
        systemd.systemctl("daemon-reload").well();
    }

    @Test
    void aServiceOfSomebodyElseIsControlledAsItIsAndAdoptedWithConsentOnlyAndGivenBack() throws Exception {
        int port = Ports.free();
        lookAfter("mux", List.of("serve"), port);
        Path file = home.resolve(".config/systemd/user/multi.service");
        String theirs = """
            # made by mux itself
            [Unit]
            Description=mux
            [Service]
            ExecStart=-%s %s serve --port %d "two words"
            Environment=MODE=loud
            KillMode=process
            Nice=1
            [Install]
            WantedBy=default.target
            """.formatted(program.resolveSibling("python"), program, port);
        Files.createDirectories(file.getParent());
        Files.writeString(file, theirs);
        Files.writeString(
                Files.createDirectories(file.resolveSibling("multi.service.d")).resolve("level.conf"),
                "[Service]\nEnvironment=LEVEL=high\n");
        systemd.systemctl("daemon-reload").well();

        JsonNode status =
                data(lamplighter.run("service", "status", "mux", "--json").well());
        assertThat(status.path("owner").asString()).isEqualTo("foreign");
        assertThat(status.path("unit").asString()).isEqualTo("multi.service");
        lamplighter.run("start", "mux").well();
        assertThat(systemd.property("multi.service", "ActiveState")).contains("active");
        lamplighter.run("restart", "mux").well();

        Child.Ended install = lamplighter.run("service", "install", "mux", "--yes");
        assertThat(install.exitCode()).isEqualTo(3);
        assertThat(install.err()).contains("multi.service already runs it", "lamplighter service adopt mux");
        assertThat(lamplighter.run("service", "uninstall", "mux", "--yes").exitCode())
                .isEqualTo(3);

        Child.Ended shown = lamplighter.run("service", "adopt", "mux");
        assertThat(shown.exitCode()).isEqualTo(3);
        assertThat(shown.out())
                .contains("- Nice=1", "  KillMode=process", "drop-ins stay", "does not keep Nice", "level.conf");
        assertThat(shown.err()).contains("--yes");
        assertThat(lamplighter.run("service", "diff", "mux").well().out())
                .startsWith(shown.out())
                .contains("lamplighter service adopt mux");
        JsonNode difference =
                data(lamplighter.run("service", "diff", "mux", "--json").well());
        assertThat(difference.path("drift").isNull()).isTrue();
        assertThat(difference.path("lines").toString()).contains("- Nice=1");
        assertThat(file).content().isEqualTo(theirs);
        assertThat(data(lamplighter.run("service", "adopt", "mux", "--json"))
                        .path("lines")
                        .isEmpty())
                .isFalse();

        lamplighter.run("service", "adopt", "mux", "--yes").well();
        assertThat(file).content().startsWith("# Written by Lamplighter").doesNotContain("Nice");
        status = data(lamplighter.run("service", "status", "mux", "--json").well());
        assertThat(status.path("owner").asString()).isEqualTo("adopted");
        assertThat(status.path("drift").asBoolean(true)).isFalse();
        JsonNode answer = answer(port);
        assertThat(answer.path("arguments").toString())
                .isEqualTo("[\"serve\",\"--port\",\"%d\",\"two words\"]".formatted(port));
        assertThat(answer.path("mode").asString()).isEqualTo("loud");
        assertThat(answer.path("level").asString()).as("the drop-in counts").isEqualTo("high");
        assertThat(lamplighter.run("activity").well().out())
                .contains("adopted the service of mux (multi.service)", "lamplighter service adopt --undo mux");
        assertThat(home.resolve(".local/state/lamplighter/adopted/mux/before.service"))
                .content()
                .isEqualTo(theirs);
        assertThat(lamplighter.run("service", "adopt", "mux").well().out()).contains("already managed by Lamplighter");
        lamplighter.run("service", "install", "mux").well();

        // Its own installer comes by: that is said, and nothing of it is taken back without being asked.
        Files.writeString(file, theirs);
        systemd.systemctl("daemon-reload").well();
        assertThat(lamplighter.run("doctor", "mux", "--offline", "--json").out())
                .contains("mux's own installer replaced the service file");
        assertThat(lamplighter.run("service", "install", "mux", "--yes").exitCode())
                .isEqualTo(3);
        assertThat(lamplighter.run("service", "adopt", "mux", "--undo").exitCode())
                .isEqualTo(3);

        lamplighter.run("service", "adopt", "mux", "--yes").well();
        lamplighter.run("service", "adopt", "--undo", "mux").well();
        assertThat(file).content().isEqualTo(theirs);
        assertThat(manifest("mux").service().orElseThrow().arguments())
                .containsExactly("serve", "--port", port + "", "two words");
        assertThat(answer(port).path("mode").asString()).isEqualTo("loud");
        systemd.systemctl("stop", "multi.service");
        Files.delete(file);
        systemd.systemctl("daemon-reload").well();
    }

    @Test
    void anAdoptedServiceThatDoesNotServeGoesBackToWhatItWas() throws Exception {
        int port = Ports.free();
        lookAfter("mux", List.of(), port);
        Files.writeString(home.resolve("needed"), "");
        Path file =
                Files.createDirectories(home.resolve(".config/systemd/user")).resolve("strict.service");
        String theirs = "[Service]\nExecStart=%s --strict --port %d\n".formatted(home.resolve(".local/bin/mux"), port);
        Files.writeString(file, theirs);
        systemd.systemctl("daemon-reload").well();
        lamplighter.run("start", "mux").well();
        Child.Ended adopted = lamplighter.run("service", "adopt", "mux", "--yes");
        assertThat(adopted.exitCode()).isEqualTo(1);
        assertThat(adopted.err()).contains("The earlier service was restored and is running");
        assertThat(file).content().isEqualTo(theirs);
        assertThat(answer(port).path("cwd").asString()).isEqualTo(home.path().toString());
        assertThat(manifest("mux").service()).isEmpty();
        systemd.systemctl("stop", "strict.service");
        Files.delete(file);
        systemd.systemctl("daemon-reload").well();
    }

    @Test
    void aCopyOutsideAnyServiceIsShownWithWhoStartedItAndGivesItsPlaceWithConsentOnly() throws Exception {
        int port = Ports.free();
        lookAfter("mux", List.of(), port);
        Path folder = Files.createDirectories(home.resolve("project"));
        try (Child copy = Child.start(
                systemd.environment(),
                folder,
                List.of("/bin/sh", "-c", "trap '' HUP; " + program + " serve --port " + port + " & wait"))) {
            Await.until(
                    Duration.ofSeconds(20),
                    () -> new Probe().json(endpoint(port), "/").isPresent());
            long pid = copy.process().descendants().findFirst().orElseThrow().pid();
            Child.Ended refused = lamplighter.run("service", "install", "mux");
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("outside any service", "pid " + pid, "started by nohup", "serve --port " + port, "--yes");
            assertThat(ProcessHandle.of(pid)).as("nothing was ended").isPresent();
            lamplighter.run("service", "install", "mux", "--yes").well();
            Await.until(Duration.ofSeconds(10), () -> ProcessHandle.of(pid).isEmpty());
        }
        assertThat(answer(port).path("cwd").asString()).isEqualTo(folder.toString());
        assertThat(manifest("mux").service().orElseThrow().arguments()).containsExactly("serve", "--port", "" + port);
        assertThat(lamplighter.run("activity").well().out()).contains("ended process");
        lamplighter.run("service", "uninstall", "mux", "--yes").well();
    }

    @Test
    void whatAnotherProgramWouldStartAgainIsNotEnded() throws Exception {
        int port = Ports.free();
        lookAfter("mux", List.of(), port);
        // What pm2 calls its process; the kernel keeps 15 characters.
        Path pm2 = Files.copy(Path.of("/bin/sh"), home.resolve("PM2 v6.0.5: God"));
        try (Child copy = Child.start(
                systemd.environment(),
                home.path(),
                List.of(pm2.toString(), "-c", program + " --port " + port + " & wait"))) {
            Await.until(
                    Duration.ofSeconds(20),
                    () -> new Probe().json(endpoint(port), "/").isPresent());
            Child.Ended refused = lamplighter.run("service", "install", "mux", "--yes");
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.err()).contains("started by pm2", "pm2 delete NAME", "lamplighter service install mux");
            assertThat(copy.process().descendants().count()).isEqualTo(1);
        }
    }

    @Test
    void whatBelongsToTheSystemIsLeftToRoot() {
        SystemdServiceManager manager = new SystemdServiceManager(
                new LocalProcessRunner(systemd.environment()),
                systemd.environment(),
                AppDirectories.linux(systemd.environment(), home.path()),
                new ProcProcesses());
        for (ServiceOutcome outcome : List.of(
                manager.start("system/mux.service"),
                manager.stop("system/mux.service", Duration.ofSeconds(5)),
                manager.disable("system/mux.service"))) {
            assertThat(outcome).isInstanceOf(ServiceOutcome.Refused.class);
            assertThat(outcome.reason()).contains("`sudo systemctl ", " mux.service`");
        }
    }

    private static JsonNode data(Child.Ended ended) {
        return JsonFile.MAPPER.readTree(ended.out()).path("data");
    }

    private static Manifest.Endpoint endpoint(int port) {
        return new Manifest.Endpoint(
                "http://127.0.0.1:%d/".formatted(port), List.of(), Optional.empty(), Optional.empty(), false, 10);
    }

    private static JsonNode answer(int port) {
        return new Probe().json(endpoint(port), "/").orElseThrow();
    }

    private static Manifest manifest(String name) {
        return ((io.github.lamplighter.tool.ManifestEntry.Readable)
                        manifests.entry(new ToolName(name)).orElseThrow())
                .manifest();
    }

    private static void lookAfter(String name, List<String> arguments, int port) {
        manifests.remove(new ToolName(name));
        TestManifest manifest = new TestManifest(
                        InstallerKind.UV, name, home.resolve("env"), home.resolve(".local/bin/mux"))
                .stopSeconds(5)
                .endpoint(endpoint(port));
        if (!arguments.isEmpty()) {
            manifest.service(arguments);
        }
        assertThat(manifests.save(manifest.build(), "test")).isInstanceOf(ManifestStore.Change.Done.class);
    }
}
