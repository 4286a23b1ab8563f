package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.TestManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// What a stop would end besides the service, with the real verbs, a real user manager and a real tmux.
@WithHome(inOneProcess = true, variables = "SHELL=/bin/bash")
@Tag("slow")
@EnabledIf("isPossible")
class StopImpactAssessorIT {

    /// `workers` has helpers of its own; `tmux` starts a terminal multiplexer, whose server leaves its session.
    private static final String SERVER = """
        #!/usr/bin/python3
        import http.server, subprocess, sys
        if sys.argv[1] == "workers":
            for _ in range(3): subprocess.Popen(["sleep", "1000"])
        if sys.argv[1] == "tmux":
            subprocess.run(["tmux", "-S", sys.argv[2], "new-session", "-d", "-s", "work", "sleep 1000"], check=False)
        http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), http.server.SimpleHTTPRequestHandler).serve_forever()
        """;

    /// One for each service.
    private static final Map<String, Integer> PORTS = new HashMap<>();

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager systemd;

    private static Path program;

    @Provided
    private static Installed lamplighter;

    static boolean isPossible() {
        return UserManager.isPossible()
                && Files.isExecutable(Path.of("/usr/bin/tmux"))
                && Files.isExecutable(Path.of("/usr/bin/python3"));
    }

    @BeforeAll
    static void start() throws Exception {
        program = Files.createDirectories(home.resolve("env/bin")).resolve("server");
        Files.writeString(home.resolve("env/pyvenv.cfg"), "home = /usr/bin\n");
        Files.writeString(program, SERVER);
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aServerOfAnotherProgramIsNotEndedWithoutConsentAndHelpersAreNoReasonToAsk() throws Exception {
        Path socket = home.runtime().resolve("t1");
        lookAfter("guests", List.of("tmux", socket.toString()), Optional.empty(), socket);
        lamplighter.run("service", "install", "guests").well();
        assumeThat(systemd.property("lamplighter-guests.service", "ControlGroup"))
                .as("control groups can be seen")
                .isPresent();
        long pid = pid("guests");
        long tmux = tmux(socket);

        for (String verb : List.of("stop", "restart")) {
            Child.Ended refused = lamplighter.run("service", verb, "guests");
            assertThat(refused.exitCode()).as(refused.err()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("tmux", "pid " + tmux, "KillMode=control-group", "One session is open", "--yes");
        }
        Child.Ended refused = lamplighter.run("service", "uninstall", "guests");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.err()).contains("pid " + tmux);
        assertThat(pid("guests")).isEqualTo(pid);

        Child.Ended json = lamplighter.run("restart", "guests", "--json");
        assertThat(json.exitCode()).isEqualTo(3);
        assertThat(json.out()).contains("\"needs-consent\"", "\"outcome\" : \"refused\"", "\"consent\"");

        // A new file that lets it live is read before anything is stopped, so nothing needs to be asked.
        lookAfter("guests", List.of("tmux", socket.toString()), Optional.of("process"), socket);
        lamplighter.run("service", "install", "guests").well();
        assertThat(pid("guests")).isNotEqualTo(pid);
        assertThat(tmux(socket)).as("tmux goes on").isEqualTo(tmux);
        lamplighter.run("restart", "guests").well();
        assertThat(tmux(socket)).isEqualTo(tmux);

        // And the other way round: what would end is named before the file is written.
        lookAfter("guests", List.of("tmux", socket.toString()), Optional.of("mixed"), socket);
        Child.Ended install = lamplighter.run("service", "install", "guests");
        assertThat(install.exitCode()).isEqualTo(3);
        assertThat(install.err()).contains("KillMode=mixed");
        assertThat(systemd.property("lamplighter-guests.service", "KillMode")).contains("process");

        // What a drop-in says counts more than any file of ours.
        Path drop = Files.createDirectories(home.resolve(".config/systemd/user/lamplighter-guests.service.d"))
                .resolve("kill.conf");
        Files.writeString(drop, "[Service]\nKillMode=control-group\n");
        systemd.systemctl("daemon-reload").well();
        assertThat(lamplighter.run("stop", "guests").exitCode()).isEqualTo(3);
        lamplighter.run("service", "stop", "guests", "--yes").well();
        Await.until(Duration.ofSeconds(30), () -> ProcessHandle.of(tmux).isEmpty());
        Files.delete(drop);
        systemd.systemctl("daemon-reload").well();
        lamplighter.run("service", "uninstall", "guests", "--yes").well();
    }

    @Test
    void helpersOfItsOwnAreNoReasonToAsk() throws Exception {
        lookAfter("workers", List.of("workers"), Optional.empty(), home.resolve("none"));
        lamplighter.run("service", "install", "workers").well();
        long pid = pid("workers");
        Await.until(
                Duration.ofSeconds(30),
                () -> ProcessHandle.of(pid).orElseThrow().children().count() == 3);
        lamplighter.run("restart", "workers").well();
        assertThat(pid("workers")).isNotEqualTo(pid);
        lamplighter.run("stop", "workers").well();
        lamplighter.run("service", "uninstall", "workers", "--yes").well();
    }

    @Test
    void aFileThatIsNewerThanWhatRunsIsAReasonToAskToo() throws Exception {
        Path socket = home.runtime().resolve("t2");
        lookAfter("newer", List.of("tmux", socket.toString()), Optional.empty(), socket);
        lamplighter.run("service", "install", "newer").well();
        assumeThat(systemd.property("lamplighter-newer.service", "ControlGroup"))
                .as("control groups can be seen")
                .isPresent();
        long tmux = tmux(socket);
        lamplighter.run("service", "install", "newer").well();
        assertThat(tmux(socket)).as("nothing was written, so nothing ends").isEqualTo(tmux);

        Path unit = home.resolve(".config/systemd/user/lamplighter-newer.service");
        Files.setLastModifiedTime(unit, FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));
        Child.Ended refused = lamplighter.run("service", "install", "newer");
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(3);
        assertThat(refused.err()).contains("pid " + tmux);
        assertThat(tmux(socket)).isEqualTo(tmux);
        lamplighter.run("service", "uninstall", "newer", "--yes").well();
    }

    private static long pid(String name) {
        return Long.parseLong(systemd.property("lamplighter-%s.service".formatted(name), "MainPID")
                .orElseThrow());
    }

    private static long tmux(Path socket) throws Exception {
        Await.until(Duration.ofSeconds(30), () -> Files.exists(socket));
        return Long.parseLong(Child.run(
                        systemd.environment(),
                        Duration.ofSeconds(10),
                        "tmux",
                        "-S",
                        socket.toString(),
                        "display-message",
                        "-p",
                        "#{pid}")
                .well()
                .out()
                .strip());
    }

    private static void lookAfter(String name, List<String> arguments, Optional<String> killMode, Path socket)
            throws IOException {
        int port = PORTS.computeIfAbsent(name, _ -> Ports.free());
        Manifest manifest = new TestManifest(InstallerKind.VENV, name, home.resolve("env"), program)
                .service(Stream.concat(arguments.stream(), Stream.of(Integer.toString(port)))
                        .toList())
                .killMode(killMode)
                .url("http://127.0.0.1:%d/".formatted(port), 30)
                .sessions("/usr/bin/tmux", "-S", socket.toString(), "list-sessions")
                .build();
        assertThat(new ManifestStore(AppDirectories.linux(systemd.environment(), home.path())).save(manifest, "test"))
                .isInstanceOf(ManifestStore.Change.Done.class);
    }
}
