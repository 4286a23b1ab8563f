package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where nothing can be run in the background: each such place is made (in a mount namespace of its own),
/// is told apart in one sentence with what to do, and everything that needs no service works there.
@WithHome
@Tag("slow")
@EnabledIf("isPossible")
class NoServiceManagerIT {

    private static final String NO_SYSTEMD = "mount -t tmpfs tmpfs /run/systemd\n";

    @Provided
    private static ThrowAwayHome home;

    /// Only root makes a mount namespace.
    static boolean isPossible() {
        return Files.isExecutable(Path.of("/usr/bin/unshare")) && Files.isWritable(Path.of("/run"));
    }

    @BeforeAll
    static void aToolWithAServiceAndOneWithout() throws IOException {
        Files.createDirectories(Path.of("/run/systemd/system"));
        Path clock = GitRepository.lampClock(home).installedIn(home.resolve("clock"), "v1.0.0");
        Path tools = Files.createDirectories(home.resolve(".config/lamplighter/tools"));
        Files.writeString(tools.resolve("lamp.json"), """
            {"schema": "lamplighter.tool/1", "name": "lamp", "expected": "running", "install": {"installer": "venv",
             "environment": "%s", "program": "/bin/sh"}, "service": {}}
            """.formatted(home.path()));
        run("", Map.of(), "add", clock.toString(), "--yes").well();
    }

    @Test
    void inAContainer() {
        told(
                "mount -t tmpfs tmpfs /run\ntouch /run/.containerenv\n",
                Map.of(),
                "This container has no service manager. Run the tool as the container's command");
        String container = "mount -t tmpfs tmpfs /run\ntouch /run/.containerenv\n";
        assertThat(run(container, Map.of(), "outdated", "lamp-clock").exitCode())
                .isZero();
        Child.Ended upgraded = run(container, Map.of(), "upgrade", "lamp-clock", "--yes", "--json");
        assertThat(upgraded.exitCode()).as(upgraded.out() + upgraded.err()).isZero();
        assertThat(upgraded.out()).contains("\"upgraded\"");
    }

    @Test
    void inWslWithoutSystemd() throws IOException {
        told(
                NO_SYSTEMD + kernel("5.15.153.1-microsoft-standard-WSL2"),
                Map.of(),
                "WSL is running without systemd, so background services aren't available. Add `[boot]` and"
                        + " `systemd=true` to /etc/wsl.conf");
        told(NO_SYSTEMD + kernel("4.4.0-19041-Microsoft"), Map.of(), "WSL 1 has no systemd");
    }

    @Test
    void underAnotherFirstProcess() throws IOException {
        // Tests often run in a container: then in a root without the file that says so.
        String noContainer = """
            above=$(mktemp -d)
            mount -t tmpfs tmpfs $above
            mkdir $above/upper $above/work $above/root
            mount -t overlay overlay -o lowerdir=/,upperdir=$above/upper,workdir=$above/work $above/root
            rm -f $above/root/.dockerenv
            for folder in /*/; do
              [ -L "${folder%/}" ] || mount --rbind "$folder" "$above/root$folder"
            done
            mount -t tmpfs tmpfs $above/root/run
            exec chroot $above/root "$@"
            """;
        told(
                noContainer,
                Map.of(),
                "This system was booted with `%s` instead of systemd"
                        .formatted(Files.readString(Path.of("/proc/1/comm")).strip()));
    }

    @Test
    void withoutSystemctl() {
        told(
                "mount --bind /dev/null \"$(command -v systemctl)\"\n",
                Map.of(),
                "systemd is not available (no systemctl)");
    }

    @Test
    void withoutARuntimeFolder() {
        String none = "mount -t tmpfs tmpfs /run/user 2> /dev/null || :\n";
        told(
                none,
                Map.of("XDG_RUNTIME_DIR", ""),
                "There is no login session for services (XDG_RUNTIME_DIR is not set).");
        told(
                none,
                Map.of("XDG_RUNTIME_DIR", "/nonexistent/run"),
                "There is no login session for services (XDG_RUNTIME_DIR is set to /nonexistent/run, which doesn't"
                        + " exist).");
    }

    @Test
    void withTheRuntimeFolderOfSomebodyElse() throws IOException {
        Path theirs = Files.createDirectories(home.resolve("theirs"));
        Files.setAttribute(theirs, "unix:uid", 1000);
        told(
                "",
                Map.of("XDG_RUNTIME_DIR", theirs.toString()),
                "XDG_RUNTIME_DIR is set to %s, which belongs to another user".formatted(theirs));
    }

    @Test
    void withoutABusAndWithOneThatNobodyServes() throws IOException {
        Path empty = Files.createDirectories(home.resolve("empty"));
        told(
                "",
                Map.of("XDG_RUNTIME_DIR", empty.toString()),
                "Your service manager is not running: its socket is missing in " + empty);
        Path dead = Files.createDirectories(home.resolve("dead/systemd")).getParent();
        Child.run(
                        Map.of(),
                        Duration.ofSeconds(10),
                        "/usr/bin/python3",
                        "-c",
                        "import socket,sys\nfor p in sys.argv[1:]: socket.socket(socket.AF_UNIX).bind(p)",
                        dead.resolve("bus").toString(),
                        dead.resolve("systemd/private").toString())
                .well();
        told(
                "",
                Map.of("XDG_RUNTIME_DIR", dead.toString()),
                "Your service manager crashed: no process listens at its socket " + dead.resolve("systemd/private"));
    }

    @Test
    void underSudo() throws IOException {
        told(
                "",
                Map.of("SUDO_USER", "ada"),
                "Lamplighter is running as root with sudo. To manage the services of ada, run it without sudo.");
        try (ThrowAwayHome theirs = ThrowAwayHome.make()) {
            Files.setAttribute(theirs.path(), "unix:uid", 1000);
            Map<String, String> environment = new LinkedHashMap<>(theirs.environment());
            environment.put("SUDO_USER", "ada");
            Installed lamplighter = new Installed(environment);
            Child.Ended ended = lamplighter.run("doctor", "--json");
            assertThat(ended.exitCode()).isEqualTo(3);
            assertThat(JsonMapper.shared()
                            .readTree(ended.out())
                            .path("errors")
                            .path(0)
                            .path("code")
                            .asString())
                    .isEqualTo("under-sudo");
            assertThat(lamplighter.run("list").err())
                    .startsWith("lamplighter: Lamplighter is running with sudo in the home directory of ada, where its"
                            + " files would belong to root");
            assertThat(theirs.resolve(".local/state")).isEmptyDirectory();
        }
    }

    /// One sentence for a person and for scripts; and what needs no service works.
    private static void told(String before, Map<String, String> changes, String sentence) {
        Child.Ended status = run(before, changes, "service", "status", "lamp");
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.out()).isEmpty();
        assertThat(status.err())
                .startsWith("lamplighter: " + sentence)
                .endsWith(".\n")
                .doesNotContain("Exception");
        assertThat(status.err().lines()).hasSize(1);
        Child.Ended start = run(before, changes, "start", "lamp", "--json");
        JsonNode answer = JsonMapper.shared().readTree(start.out());
        assertThat(answer.path("data").path("reason").asString()).startsWith(sentence);
        assertThat(start.exitCode()).isIn(1, 3);

        assertThat(run(before, changes, "list").well().out()).contains("lamp-clock");
        Child.Ended doctor = run(before, changes, "doctor", "--offline", "--json");
        assertThat(doctor.out()).contains("lamplighter/1").doesNotContain("\"crashed\"");
        assertThat(doctor.exitCode()).isIn(0, 1);
        // A proof names the home as people do.
        String proof = sentence.replace(home.path().toString(), "~");
        assertThat(doctor.out())
                .contains(JsonMapper.shared().writeValueAsString(proof).replace("\"", ""));
    }

    private static String kernel(String release) throws IOException {
        Path file = Files.writeString(home.resolve("osrelease"), release + "\n");
        return "mount --bind '%s' /proc/sys/kernel/osrelease\n".formatted(file);
    }

    private static Child.Ended run(String before, Map<String, String> changes, String... words) {
        Map<String, String> environment = new LinkedHashMap<>(home.environment());
        environment.put("LAMPLIGHTER_CHILD", "1");
        environment.putAll(changes);
        environment.values().removeIf(String::isEmpty);
        List<String> argv = new ArrayList<>(List.of(
                "/usr/bin/unshare",
                "--mount",
                "--propagation",
                "private",
                "/bin/sh",
                "-c",
                "set -e\n" + before + "exec \"$@\"",
                "sh",
                Installed.launcher().toString()));
        argv.addAll(List.of(words));
        return Child.run(environment, Duration.ofMinutes(2), argv.toArray(String[]::new));
    }
}
