package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Launchd;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.Steps;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service verbs of the built program as they are on a Mac, against launchd's stand-in: the program is
/// told that it runs there.
@WithHome(difficultName = true)
@Tag("slow")
@EnabledIf("isPossible")
@Steps
class AgentsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String LAMP = "lamp-" + UUID.randomUUID().toString().substring(0, 8);
    private static final String BROKEN = LAMP + "-broken";
    private static final String LABEL = "io.github.lamplighter." + LAMP;
    private static final String FOUND = LAMP + "-found";
    private static final String FOREIGN = "com.example." + FOUND;
    private static final String SERVER = """
        #!/usr/bin/python3
        import http.server, os, sys
        if "strict" in sys.argv and os.getcwd() != "/":
            sys.exit("not at the root")
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

    @Provided
    private static ThrowAwayHome home;

    private static Launchd launchd;
    private static Installed lamplighter;
    private static Path plist;
    private static int port;
    private static int foundPort;

    static boolean isPossible() {
        return Launchd.isPossible();
    }

    @BeforeAll
    static void aMacWithATool() throws IOException {
        launchd = Launchd.start(home);
        lamplighter = new Installed(launchd.environment()).inOneProcess();
        if (Launchd.isSimulated()) {
            lamplighter = lamplighter.withJavaOptions("-Dos.name=Mac");
        }
        plist = home.resolve("Library/LaunchAgents/" + LABEL + ".plist");
        port = Ports.free();
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
        lamplighter.run("stop", FOUND, "--yes");
        lamplighter.close();
        launchd.close();
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
        long pid = status.path("pid").asLong();
        Instant start =
                ProcessHandle.of(pid).orElseThrow().info().startInstant().orElseThrow();
        Files.setLastModifiedTime(plist, FileTime.from(start.plusMillis(999)));
        assertThat(outcome("service", "install", LAMP))
                .as("a start may be counted up to a second early: the file may be the older one")
                .isEqualTo("already");
        assertThat(status().path("pid").asLong()).isEqualTo(pid);
        Files.setLastModifiedTime(plist, FileTime.from(start.plusSeconds(1)));
        assertThat(outcome("service", "install", LAMP))
                .as("the file is newer than what runs")
                .isEqualTo("done");
        assertThat(status().path("pid").asLong()).isNotEqualTo(pid);
        assertThat(lamplighter.run("service", "diff", LAMP).well().out()).contains("up to date");
    }

    @Test
    @Order(2)
    @Steps.On("installedItRunsAnswersAndIsThisCopy")
    void itsLogIsAFileThatCanBeFollowed() {
        assertThat(lamplighter.run("logs", LAMP).well().out()).contains("listening on " + port);
        Child.Ended since = lamplighter.run("logs", LAMP, "--since", "yesterday");
        assertThat(since.exitCode()).isEqualTo(2);
        assertThat(since.err()).contains("no timestamps");
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
    @Steps.On("installedItRunsAnswersAndIsThisCopy")
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
    @Steps.On("installedItRunsAnswersAndIsThisCopy")
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
    @Steps.On("installedItRunsAnswersAndIsThisCopy")
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
                .contains("is running");
        assertThat(status().path("facts").path("enabled").path("value").asBoolean(true))
                .isFalse();
        assertThat(outcome("service", "enable", LAMP)).isEqualTo("done");
        assertThat(outcome("service", "enable", LAMP)).isEqualTo("already");
        launchd.logInAgain();
        Await.until("it runs", LIMIT, () -> status().path("state").asString().equals("running"));
        JsonNode linger = json(3, "service", "enable", LAMP, "--linger");
        assertThat(linger.path("reason").asString()).contains("Lingering is not available");
    }

    @Test
    @Order(6)
    @Steps.On("installedItRunsAnswersAndIsThisCopy")
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
        assertThat(status.path("sentence").asString()).startsWith("The service exited.");
        assertThat(lamplighter.run("service", "status", LAMP).well().out()).contains("The service exited.");
        assertThat(outcome("start", LAMP)).isEqualTo("done");
        assertThat(status().path("state").asString()).isEqualTo("running");
    }

    @Test
    @Order(7)
    void oneThatEndsAtOnceIsAFailureWithItsLastWords() {
        Child.Ended ended = lamplighter.run("service", "install", BROKEN);
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err())
                .contains("exit status 1", "    no lamp oil", "Lamplighter stopped the service")
                .doesNotContain("Exception");
        lamplighter.run("service", "uninstall", BROKEN, "--yes").well();
        assertThat(home.resolve("Library/LaunchAgents/io.github.lamplighter." + BROKEN + ".plist"))
                .doesNotExist();
    }

    @Test
    @Order(8)
    @Steps.On("installedItRunsAnswersAndIsThisCopy")
    void theDoctorFindsNothingThatBelongsToAnotherSystem() {
        Child.Ended ended = lamplighter.run("doctor", LAMP, "--offline", "--json");
        assertThat(ended.out()).contains("\"process\"").doesNotContain("crashed", "systemctl", "loginctl", "lingering");
    }

    @Test
    @Order(9)
    @Steps.On("installedItRunsAnswersAndIsThisCopy")
    void overSshItIsRefusedWithTheReasonAndANewOneGoesToThatSession() throws IOException {
        assumeTrue(Launchd.isSimulated(), "somebody is logged in at the screen of the Mac that tests");
        lamplighter.run("stop", LAMP).well();
        launchd.set("domains", List.of("user"));
        JsonNode refused = json(3, "start", LAMP);
        assertThat(refused.path("reason").asString()).contains("needs a login at the screen of this Mac");
        lamplighter.run("service", "uninstall", LAMP, "--yes").well();
        assertThat(outcome("service", "install", LAMP)).isEqualTo("done");
        assertThat(launchd.launchctl("print", "user/" + uid() + "/" + LABEL).exitCode())
                .isZero();
        assertThat(status().path("state").asString()).isEqualTo("running");
    }

    @Test
    @Order(10)
    @Steps.On("installedItRunsAnswersAndIsThisCopy")
    void uninstalledNothingIsLeft() {
        long pid = status().path("pid").asLong();
        assertThat(outcome("service", "uninstall", LAMP, "--yes")).isEqualTo("done");
        assertThat(plist).doesNotExist();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(status().path("state").asString()).isEqualTo("not-installed");
        assertThat(outcome("service", "uninstall", LAMP, "--yes")).isEqualTo("already");
    }

    @Test
    @Order(11)
    void anAgentOfSomebodyElseIsAdoptedUnderItsLabelWithConsentOnlyAndGivenBack() throws IOException {
        Path file = foreign("<key>Nice</key><integer>1</integer>", "");
        String theirs = Files.readString(file);
        assertThat(outcome("start", FOUND)).isEqualTo("done");
        JsonNode before = json(0, "service", "status", FOUND);
        assertThat(before.path("owner").asString()).isEqualTo("foreign");
        assertThat(before.path("unit").asString()).isEqualTo(FOREIGN);

        Child.Ended shown = lamplighter.run("service", "adopt", FOUND);
        assertThat(shown.exitCode()).isEqualTo(3);
        assertThat(shown.out())
                .contains(
                        "- <key>Nice</key>",
                        "Written by Lamplighter",
                        "Lamplighter does not keep Nice.",
                        "Its working directory is / now.");
        assertThat(shown.err()).contains("--yes");
        assertThat(lamplighter.run("service", "diff", FOUND).well().out()).startsWith(shown.out());
        assertThat(file).content().isEqualTo(theirs);

        assertThat(outcome("service", "adopt", FOUND, "--yes")).isEqualTo("done");
        assertThat(file).content().contains("Written by Lamplighter", FOREIGN).doesNotContain("Nice");
        assertThat(home.resolve("Library/LaunchAgents/io.github.lamplighter." + FOUND + ".plist"))
                .doesNotExist();
        JsonNode after = json(0, "service", "status", FOUND);
        assertThat(after.path("owner").asString()).isEqualTo("adopted");
        assertThat(after.path("unit").asString()).isEqualTo(FOREIGN);
        assertThat(after.path("state").asString()).isEqualTo("running");
        assertThat(after.path("drift").asBoolean(true)).isFalse();
        assertThat(after.path("pid").asLong()).isNotEqualTo(before.path("pid").asLong());
        assertThat(launchd.launchctl("print", "user/" + uid() + "/" + FOREIGN).out()
                        + launchd.launchctl("print", "gui/" + uid() + "/" + FOREIGN)
                                .out())
                .as("what launchd runs is ours")
                .contains("MODE => theirs", "Library/Logs/Lamplighter/" + FOUND + ".log");
        assertThat(described(FOUND)).contains("\"label\"", FOREIGN).doesNotContain("\"unit\"");
        assertThat(kept()).content().isEqualTo(theirs);
        assertThat(lamplighter.run("activity").well().out())
                .contains("adopted the service of " + FOUND, FOREIGN, "lamplighter service adopt --undo " + FOUND);
        assertThat(outcome("service", "adopt", FOUND)).isEqualTo("already");
        assertThat(outcome("service", "install", FOUND)).isEqualTo("already");

        assertThat(outcome("service", "adopt", "--undo", FOUND)).isEqualTo("done");
        assertThat(file).content().isEqualTo(theirs);
        assertThat(kept()).doesNotExist();
        JsonNode back = json(0, "service", "status", FOUND);
        assertThat(back.path("owner").asString()).isEqualTo("foreign");
        assertThat(back.path("state").asString()).isEqualTo("running");
        assertThat(back.path("pid").asLong()).isNotEqualTo(after.path("pid").asLong());
        assertThat(described(FOUND)).doesNotContain("\"label\"");
        assertThat(outcome("stop", FOUND)).isEqualTo("done");
    }

    @Test
    @Order(12)
    void oneThatDoesNotServeAfterwardsGoesBackByItself() throws IOException {
        Path file = foreign("", "<string>strict</string>");
        String theirs = Files.readString(file);
        assertThat(outcome("start", FOUND)).isEqualTo("done");
        Child.Ended adopted = lamplighter.run("service", "adopt", FOUND, "--yes");
        assertThat(adopted.exitCode()).isEqualTo(1);
        assertThat(adopted.err()).contains("not at the root", "The earlier service was restored and is running");
        assertThat(file).content().isEqualTo(theirs);
        assertThat(kept()).doesNotExist();
        JsonNode status = json(0, "service", "status", FOUND);
        assertThat(status.path("owner").asString()).isEqualTo("foreign");
        assertThat(status.path("facts").path("answering").path("value").asBoolean(false))
                .isTrue();
        assertThat(outcome("stop", FOUND)).isEqualTo("done");
    }

    @Test
    @Order(13)
    void oneThatIsLoadedAndDoesNotRunIsOursAtItsNextStart() throws IOException {
        Path file = foreign("<key>Nice</key><integer>1</integer>", "<string>--version</string>");
        Files.writeString(file, Files.readString(file).replace("<string>" + foundPort + "</string>", ""));
        describeFound("on-demand");
        launchd.launchctl("bootstrap", "gui/" + uid(), file.toString()).well();
        Await.until(
                "it ended by itself",
                LIMIT,
                () -> json(0, "service", "status", FOUND)
                        .path("words")
                        .asString()
                        .startsWith("loaded, not running"));
        assertThat(outcome("service", "adopt", FOUND, "--yes")).isEqualTo("done");
        assertThat(json(0, "service", "status", FOUND).path("words").asString()).isEqualTo("not loaded");
        assertThat(outcome("service", "adopt", "--undo", FOUND)).isEqualTo("done");
    }

    @Test
    @Order(14)
    void oneThatSaysMoreThanLamplighterCanWriteStaysAsItIs() throws IOException {
        Path file = foreign("<key>StartInterval</key><integer>60</integer>", "");
        String theirs = Files.readString(file);
        JsonNode refused = json(3, "service", "adopt", FOUND, "--yes");
        assertThat(refused.path("reason").asString()).contains(FOREIGN + " cannot be adopted", "`StartInterval`");
        assertThat(file).content().isEqualTo(theirs);
        assertThat(kept()).doesNotExist();
        Files.delete(file);
    }

    /// An agent that runs the tool and that Lamplighter did not write.
    private static Path foreign(String more, String arguments) throws IOException {
        launchd.set("domains", List.of("gui", "user"));
        if (foundPort == 0) {
            foundPort = Ports.free();
        }
        script(FOUND, SERVER);
        describeFound("running");
        return Files.writeString(home.resolve("Library/LaunchAgents/" + FOREIGN + ".plist"), """
            <?xml version="1.0" encoding="UTF-8"?>
            <plist version="1.0"><dict>
            <key>Label</key><string>%s</string>
            <key>ProgramArguments</key>
            <array><string>%s</string><string>%d</string>%s</array>
            <key>EnvironmentVariables</key>
            <dict><key>MODE</key><string>theirs</string></dict>
            <key>RunAtLoad</key><true/>
            %s
            </dict></plist>
            """.formatted(
                        FOREIGN, home.resolve(".local/bin/" + FOUND), foundPort, arguments, more));
    }

    private static void describeFound(String expected) throws IOException {
        Path tools = Files.createDirectories(home.resolve("Library/Application Support/Lamplighter/tools"));
        Files.writeString(tools.resolve(FOUND + ".json"), """
            {"schema": "lamplighter.tool/1", "name": "%s", "expected": "%s",
             "endpoint": {"url": "http://127.0.0.1:%d/", "readyTimeoutSeconds": 10},
             "install": {"installer": "venv", "environment": "%s", "program": "%s"}}
            """.formatted(
                        FOUND, expected, foundPort, home.path(), home.resolve(".local/bin/" + FOUND)));
    }

    private static String described(String name) throws IOException {
        return Files.readString(home.resolve("Library/Application Support/Lamplighter/tools/" + name + ".json"));
    }

    private static Path kept() {
        return home.resolve("Library/Application Support/Lamplighter/state/adopted/" + FOUND + "/before.service");
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
