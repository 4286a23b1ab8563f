package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Launchd;
import io.github.lamplighter.harness.ThrowAwayHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service verbs of the built program as they are on a Mac, against launchd's stand-in: the program is
/// told that it runs there. The steps build on each other.
@Tag("slow")
@EnabledIf("isPossible")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AgentsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String LAMP = "lamp-" + UUID.randomUUID().toString().substring(0, 8);
    private static final String BROKEN = LAMP + "-broken";
    private static final String LABEL = "io.github.lamplighter." + LAMP;
    private static final String SERVER = """
        #!/usr/bin/python3
        import http.server, os, sys
        print("listening on", sys.argv[1], flush=True)
        class H(http.server.BaseHTTPRequestHandler):
            def log_message(self, *a): print("asked", flush=True)
            def do_GET(self):
                if self.path == "/end":
                    os._exit(0)
                body = os.environ.get("MODE", "").encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), H).serve_forever()
        """;

    private static ThrowAwayHome home;
    private static Launchd launchd;
    private static Installed lamplighter;
    private static Path plist;
    private static int port;

    static boolean isPossible() {
        return Launchd.isPossible();
    }

    @BeforeAll
    static void aMacWithATool() throws IOException {
        home = ThrowAwayHome.withDifficultName();
        launchd = Launchd.start(home);
        lamplighter = new Installed(launchd.environment());
        if (Launchd.isSimulated()) {
            lamplighter = lamplighter.withJavaOptions("-Dos.name=Mac");
        }
        plist = home.resolve("Library/LaunchAgents/" + LABEL + ".plist");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        script(LAMP, SERVER);
        script(BROKEN, "#!/usr/bin/python3\nimport sys\nsys.exit('no lamp oil')\n");
        describe(LAMP, "[\"%d\"]".formatted(port), "{\"MODE\": \"quiet\"}");
        describe(BROKEN, "[]", "{}");
    }

    @AfterAll
    static void end() {
        for (String name : List.of(LAMP, BROKEN)) {
            lamplighter.run("service", "uninstall", name, "--yes");
        }
        launchd.close();
        home.close();
    }

    @Test
    @Order(1)
    void installedItRunsAnswersAndIsThisCopy() throws IOException {
        JsonNode installed = json(0, "service", "install", LAMP);
        assertThat(installed.path("outcome").asString()).isEqualTo("done");
        assertThat(Files.readString(plist)).contains("<string>" + LABEL + "</string>");
        JsonNode status = status();
        assertThat(status.path("state").asString()).isEqualTo("running");
        assertThat(status.path("words").asString()).isEqualTo("running");
        assertThat(status.path("owner").asString()).isEqualTo("ours");
        assertThat(status.path("drift").asBoolean(true)).isFalse();
        for (String fact : List.of("installed", "enabled", "running", "answering", "mine")) {
            assertThat(status.path("facts").path(fact).path("value").asBoolean(false))
                    .as(fact)
                    .isTrue();
        }
        assertThat(outcome("service", "install", LAMP)).isEqualTo("already");
        assertThat(outcome("start", LAMP)).isEqualTo("already");
        assertThat(lamplighter.run("service", "diff", LAMP).well().out()).contains("as it should be");
    }

    @Test
    @Order(2)
    void itsLogIsAFileThatCanBeFollowed() {
        assertThat(lamplighter.run("logs", LAMP).well().out()).contains("listening on " + port);
        Child.Ended since = lamplighter.run("logs", LAMP, "--since", "yesterday");
        assertThat(since.exitCode()).isEqualTo(2);
        assertThat(since.err()).contains("a file without times");
        try (Child follower = lamplighter.startAtATerminal("logs", LAMP, "-f", "-n", "0")) {
            Await.until("new lines come", LIMIT, () -> {
                lamplighter.run("service", "status", LAMP).well();
                return follower.out().contains("asked");
            });
            Child.run(
                            Map.of(),
                            LIMIT,
                            "/bin/kill",
                            "-INT",
                            Long.toString(follower.process().pid()))
                    .well();
            Child.Ended ended = follower.end(LIMIT);
            assertThat(ended.exitCode()).isEqualTo(130);
            assertThat(ended.err()).isEmpty();
        }
    }

    @Test
    @Order(3)
    void aChangedDescriptionIsInUseAfterAnInstallation() throws IOException {
        long before = status().path("pid").asLong();
        describe(LAMP, "[\"%d\"]".formatted(port), "{\"MODE\": \"loud\"}");
        assertThat(lamplighter.run("service", "diff", LAMP).well().out()).contains("+ ", "loud", "- ", "quiet");
        assertThat(status().path("drift").asBoolean(false)).isTrue();
        assertThat(outcome("service", "install", LAMP)).isEqualTo("done");
        assertThat(status().path("pid").asLong()).isNotEqualTo(before);
        assertThat(launchd.launchctl("print", "gui/" + uid() + "/" + LABEL).out())
                .contains("MODE => loud");
    }

    @Test
    @Order(4)
    void stoppedItIsGoneAndRestartedItIsAnother() throws IOException {
        long before = status().path("pid").asLong();
        assertThat(outcome("restart", LAMP)).isEqualTo("done");
        long after = status().path("pid").asLong();
        assertThat(after).isNotEqualTo(before);
        assertThat(outcome("stop", LAMP)).isEqualTo("done");
        assertThat(ProcessHandle.of(after).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(launchd.launchctl("print", "gui/" + uid() + "/" + LABEL).exitCode())
                .isEqualTo(113);
        JsonNode status = status();
        assertThat(status.path("state").asString()).isEqualTo("stopped");
        assertThat(status.path("words").asString()).isEqualTo("not loaded");
        assertThat(outcome("stop", LAMP)).isEqualTo("already");
        assertThat(outcome("start", LAMP)).isEqualTo("done");
    }

    @Test
    @Order(5)
    void atTheNextLoginItIsThereUnlessItWasSwitchedOff() {
        assumeTrue(Launchd.isSimulated(), "nobody logs out of the Mac that tests");
        assertThat(outcome("service", "disable", LAMP)).isEqualTo("done");
        assertThat(status().path("state").asString()).as("what runs goes on").isEqualTo("running");
        assertThat(status().path("facts").path("enabled").path("value").asBoolean(true))
                .isFalse();
        launchd.logInAgain();
        assertThat(status().path("state").asString()).isEqualTo("stopped");
        assertThat(lamplighter.run("service", "install", LAMP).well().out())
                .as("what the user switched off stays off")
                .contains("It runs");
        assertThat(status().path("facts").path("enabled").path("value").asBoolean(true))
                .isFalse();
        assertThat(outcome("service", "enable", LAMP)).isEqualTo("done");
        assertThat(outcome("service", "enable", LAMP)).isEqualTo("already");
        launchd.logInAgain();
        Await.until("it runs", LIMIT, () -> status().path("state").asString().equals("running"));
        JsonNode linger = json(3, "service", "enable", LAMP, "--linger");
        assertThat(linger.path("reason").asString()).contains("always belong to a login");
    }

    @Test
    @Order(6)
    void loadedButNotRunningIsAStateOfItsOwn() {
        Child.run(
                Map.of("PATH", "/usr/bin:/bin"),
                LIMIT,
                "/usr/bin/python3",
                "-c",
                "import urllib.request\ntry: urllib.request.urlopen('http://127.0.0.1:%d/end')\nexcept Exception: pass"
                        .formatted(port));
        Await.until(
                "it ended by itself",
                LIMIT,
                () -> status().path("words").asString().equals("loaded, not running"));
        JsonNode status = status();
        assertThat(status.path("state").asString()).isEqualTo("stopped");
        assertThat(status.path("sentence").asString()).startsWith("It is loaded, but does not run: it ended by itself");
        assertThat(lamplighter.run("service", "status", LAMP).well().out()).contains("It is loaded, but does not run");
        assertThat(outcome("start", LAMP)).isEqualTo("done");
        assertThat(status().path("state").asString()).isEqualTo("running");
    }

    @Test
    @Order(7)
    void oneThatEndsAtOnceIsAFailureWithItsLastWords() {
        Child.Ended ended = lamplighter.run("service", "install", BROKEN);
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err())
                .contains("exit status 1", "    no lamp oil", "It was stopped")
                .doesNotContain("Exception");
        lamplighter.run("service", "uninstall", BROKEN, "--yes").well();
        assertThat(home.resolve("Library/LaunchAgents/io.github.lamplighter." + BROKEN + ".plist"))
                .doesNotExist();
    }

    @Test
    @Order(8)
    void theDoctorFindsNothingThatBelongsToAnotherSystem() {
        Child.Ended ended = lamplighter.run("doctor", LAMP, "--offline", "--json");
        assertThat(ended.out()).contains("\"process\"").doesNotContain("crashed", "systemctl", "loginctl", "lingering");
    }

    @Test
    @Order(9)
    void overSshItIsRefusedWithTheReasonAndANewOneGoesToThatSession() throws IOException {
        assumeTrue(Launchd.isSimulated(), "somebody is logged in at the screen of the Mac that tests");
        lamplighter.run("stop", LAMP).well();
        launchd.set("domains", List.of("user"));
        JsonNode refused = json(3, "start", LAMP);
        assertThat(refused.path("reason").asString()).contains("Nobody is logged in at the screen of this Mac");
        lamplighter.run("service", "uninstall", LAMP, "--yes").well();
        assertThat(outcome("service", "install", LAMP)).isEqualTo("done");
        assertThat(launchd.launchctl("print", "user/" + uid() + "/" + LABEL).exitCode())
                .isZero();
        assertThat(status().path("state").asString()).isEqualTo("running");
    }

    @Test
    @Order(10)
    void uninstalledNothingIsLeft() {
        long pid = status().path("pid").asLong();
        assertThat(outcome("service", "uninstall", LAMP, "--yes")).isEqualTo("done");
        assertThat(plist).doesNotExist();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(status().path("state").asString()).isEqualTo("not-installed");
        assertThat(outcome("service", "uninstall", LAMP, "--yes")).isEqualTo("already");
    }

    private static JsonNode status() {
        return json(0, "service", "status", LAMP);
    }

    private static String outcome(String... words) {
        return json(0, words).path("outcome").asString();
    }

    private static JsonNode json(int exitCode, String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 1);
        all[words.length] = "--json";
        Child.Ended ended = lamplighter.run(all);
        assertThat(ended.exitCode())
                .as("%s\n%s%s", String.join(" ", words), ended.out(), ended.err())
                .isEqualTo(exitCode);
        return JsonMapper.shared().readTree(ended.out()).path("data");
    }

    private static Object uid() throws IOException {
        return Files.getAttribute(home.path(), "unix:uid");
    }

    private static void script(String name, String text) throws IOException {
        Path program = Files.writeString(home.resolve(".local/bin/" + name), text);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void describe(String name, String arguments, String variables) throws IOException {
        Path tools = Files.createDirectories(home.resolve("Library/Application Support/Lamplighter/tools"));
        String endpoint = name.equals(LAMP) ? "\"endpoint\": {\"url\": \"http://127.0.0.1:%d/\"},".formatted(port) : "";
        Files.writeString(tools.resolve(name + ".json"), """
            {"schema": "lamplighter.tool/1", "name": "%s", "expected": "running", %s
             "install": {"installer": "venv", "environment": "%s", "program": "%s"},
             "service": {"arguments": %s, "environment": %s}}
            """.formatted(
                        name, endpoint, home.path(), home.resolve(".local/bin/" + name), arguments, variables));
    }
}
