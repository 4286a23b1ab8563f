package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `logs` shows of a service that writes whatever programs write, from a real journal.
@WithHome(inOneProcess = true, journal = true)
@Tag("slow")
@EnabledIf("isPossible")
class LogsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager systemd;

    @Provided
    private static Installed lamplighter;

    private static Path units;

    static boolean isPossible() {
        return UserManager.isPossible() && Files.isExecutable(Path.of("/lib/systemd/systemd-journald"));
    }

    @BeforeAll
    static void aServiceThatWritesWhateverProgramsWrite() throws IOException {
        // Built before anything is written, so that the first lines are not too many lines ago.
        Installed.launcher();
        units = Files.createDirectories(home.resolve(".config/systemd/user"));
        Path script = Files.writeString(home.resolve("talk.py"), """
            import sys, time
            out = sys.stdout.buffer
            for line in (b'hello', b'<3>boom', b'<4>careful', b'<7>a detail', b'bin\\x01\\xffary', b'gr\\xc3\\xbc\\xc3\\x9fe',
                         b'\\x1b[31mred\\x1b[0m and \\x1b]0;title\\x07plain', b'10%\\r100%', b'x' * 60000):
                out.write(line + b'\\n')
                out.flush()
            n = 0
            while True:
                time.sleep(0.2)
                n += 1
                out.write(b'beat %d\\n' % n)
                out.flush()
            """);
        tool("talk", "ExecStart=/usr/bin/python3 " + script);
        systemd.systemctl("start", "lamplighter-talk.service").well();
    }

    @Test
    void eachLineIsShownPlainWithItsTimeAndHowLoudItIs() {
        Await.until("it has begun to beat", LIMIT, () -> logs("-n", "5000").contains("beat 1"));
        String shown = logs("-n", "5000");
        assertThat(shown).contains("hello\n", "error: boom\n", "warning: careful\n", "a detail\n", "grüße\n");
        assertThat(shown).contains("bin\uFFFDary\n", "red and plain\n");
        assertThat(shown).doesNotContain("\u001B", "\u0007", "\u0001");
        assertThat(shown).contains("x".repeat(1000)).contains(" more characters)");
        assertThat(shown.lines().filter(line -> line.contains("hello")))
                .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  hello"));
        assertThat(shown).as("what systemd says about it").contains("Started lamplighter-talk.service");
    }

    @Test
    void scriptsGetTheSameAsOneObject() {
        Await.until("it has begun to beat", LIMIT, () -> logs("-n", "5000").contains("beat 1"));
        JsonNode data = JsonMapper.shared()
                .readTree(lamplighter
                        .run("logs", "talk", "-n", "5000", "--json")
                        .well()
                        .out())
                .path("data");
        assertThat(data.path("lines").valueStream()).anySatisfy(line -> {
            assertThat(line.path("text").asString()).isEqualTo("boom");
            assertThat(line.path("priority").asInt()).isEqualTo(3);
            assertThat(line.path("at").asString()).isNotEmpty();
        });
    }

    @Test
    void asManyAndSinceWhen() {
        Await.until("it has begun to beat", LIMIT, () -> logs("-n", "5000").contains("beat 5"));
        assertThat(logs("-n", "2").lines()).hasSize(2);
        assertThat(logs("--since", "1 hour ago")).contains("hello", "beat 5");
        Child.Ended later =
                lamplighter.run("logs", "talk", "--since", "2037-01-01").well();
        assertThat(later.out()).isEmpty();
        assertThat(later.err()).isEqualTo("No log lines since then.\n");
        Child.Ended nonsense = lamplighter.run("logs", "talk", "--since", "soonish");
        assertThat(nonsense.exitCode()).isEqualTo(2);
        assertThat(nonsense.err())
                .contains("journalctl doesn't accept the time `soonish`")
                .doesNotContain("Exception");
        assertThat(lamplighter.run("logs", "talk", "-f", "--since", "soonish").exitCode())
                .isEqualTo(2);
        assertThat(lamplighter.run("logs", "talk", "-n", "-3").exitCode()).isEqualTo(2);
    }

    @Test
    void followingEndsWithTheInterruptAndLeavesNobodyBehind() {
        try (Child follower = lamplighter.startAtATerminal("logs", "talk", "-f", "-n", "1")) {
            Await.until(
                    "lines come as they are written",
                    LIMIT,
                    () -> follower.out()
                                    .lines()
                                    .filter(line -> line.contains("beat"))
                                    .count()
                            >= 3);
            List<ProcessHandle> readers = follower.process().descendants().toList();
            assertThat(readers).isNotEmpty();
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
            Await.until("no reader is left", LIMIT, () -> readers.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void followingEndsWhenNobodyReadsAnyMore() {
        Child.Ended ended = Child.run(
                systemd.environment(),
                LIMIT,
                "/bin/sh",
                "-c",
                "LAMPLIGHTER_CHILD=1 '%s' logs talk -f -n 5 | head -2".formatted(Installed.launcher()));
        assertThat(ended.out().lines()).hasSize(2);
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void aServiceThatWritesElsewhereIsSaidTo() throws IOException {
        Path file = home.resolve("elsewhere.log");
        tool("elsewhere", "StandardOutput=append:%s\nExecStart=/bin/sh -c 'echo there; sleep 1000'".formatted(file));
        systemd.systemctl("start", "lamplighter-elsewhere.service").well();
        Await.until("it wrote", LIMIT, () -> Files.readString(file).equals("there\n"));
        Child.Ended ended = lamplighter.run("logs", "elsewhere").well();
        assertThat(ended.err())
                .isEqualTo(
                        "lamplighter: lamplighter-elsewhere.service writes to %s instead of the journal (`StandardOutput=append:%s`). To see it, run `tail -f`.\n"
                                .formatted(file, file));
        tool("silent", "StandardOutput=null\nExecStart=/bin/sleep 1000");
        assertThat(lamplighter.run("logs", "silent").well().err()).contains("`StandardOutput=null`");
    }

    @Test
    void aServiceOfAnyNameIsFound() throws IOException {
        // Of a process that is gone before the journal looks, it does not always know the unit.
        Files.writeString(
                units.resolve("foreign.service"), "[Service]\nExecStart=/bin/sh -c 'echo a word; exec sleep 1000'\n");
        Files.writeString(home.resolve(".config/lamplighter/tools/foreign.json"), """
            {"schema": "lamplighter.tool/1", "name": "foreign", "install": {"installer": "venv", "environment": "%s",
             "program": "/bin/sh"}, "service": {"unit": "foreign.service"}}
            """.formatted(home.path()));
        Child.Ended before = lamplighter.run("logs", "foreign").well();
        assertThat(before.err()).isEqualTo("No log lines yet.\n");
        systemd.systemctl("start", "foreign.service").well();
        Await.until(
                "it is there",
                LIMIT,
                () -> lamplighter.run("logs", "foreign").out().contains("  a word\n"));
    }

    @Test
    void oneThatDoesNotStayUpShowsItsLastWordsInItsStatus() throws IOException {
        // Of a process that is gone before the journal looks, it does not always know the unit.
        tool(
                "crash",
                "Restart=on-failure\nRestartSec=60\nExecStart=/bin/sh -c 'echo EADDRINUSE: 8088 >&2; sleep 1; exit 1'");
        systemd.systemctl("start", "lamplighter-crash.service");
        Await.until(
                "it waits for its next try",
                LIMIT,
                () -> systemd.property("lamplighter-crash.service", "SubState")
                        .orElse("")
                        .equals("auto-restart"));
        Await.until("the journal has it", LIMIT, () -> {
            String shown = lamplighter.run("service", "status", "crash").well().out();
            return shown.contains("restarting")
                    && shown.contains("The service exited (exit status 1). systemd will restart it after 1min.")
                    && shown.contains("last output     EADDRINUSE: 8088")
                    && !shown.contains("Main process exited");
        });
        JsonNode data = JsonMapper.shared()
                .readTree(lamplighter
                        .run("service", "status", "crash", "--json")
                        .well()
                        .out())
                .path("data");
        assertThat(data.path("sentence").asString()).startsWith("The service exited (exit status 1)");
        assertThat(data.path("lastWords").path(0).asString()).isEqualTo("EADDRINUSE: 8088");
    }

    @Test
    void startsOfTheComputerAndAJournalThatCannotBeReadAreSaid() throws IOException {
        Path folder = Files.createDirectories(home.resolve("fake"));
        Map<String, String> environment = new LinkedHashMap<>(systemd.environment());
        environment.put("PATH", folder + ":" + environment.get("PATH"));
        Installed other = new Installed(environment);
        journalctl(
                folder,
                IntStream.of(1, 1, 2)
                        .mapToObj(boot ->
                                "echo '{\"MESSAGE\":\"under boot %d\",\"_BOOT_ID\":\"%d\",\"__REALTIME_TIMESTAMP\":\"1795377744867732\"}'\n"
                                        .formatted(boot, boot))
                        .reduce("", String::concat));
        assertThat(other.run("logs", "talk").well().out().lines().map(line -> line.replaceFirst("^.*  ", "")))
                .containsExactly("under boot 1", "under boot 1", "-- reboot --", "under boot 2");
        journalctl(folder, "echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1\n");
        Child.Ended ended = other.run("logs", "talk", "--json");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.out()).contains("no-log");
        assertThat(other.run("logs", "talk", "-f").err()).contains("lamplighter: The ");
    }

    private static void journalctl(Path folder, String lines) throws IOException {
        Path program = Files.writeString(folder.resolve("journalctl"), "#!/bin/sh\n" + lines);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String logs(String... more) {
        String[] words = new String[more.length + 2];
        words[0] = "logs";
        words[1] = "talk";
        System.arraycopy(more, 0, words, 2, more.length);
        return lamplighter.run(words).well().out();
    }

    private static void tool(String name, String service) throws IOException {
        Files.writeString(units.resolve("lamplighter-" + name + ".service"), "[Service]\n" + service + "\n");
        Path tools = Files.createDirectories(home.resolve(".config/lamplighter/tools"));
        Files.writeString(tools.resolve(name + ".json"), """
            {"schema": "lamplighter.tool/1", "name": "%s", "install": {"installer": "venv", "environment": "%s",
             "program": "/bin/sh"}, "service": {}}
            """.formatted(name, home.path()));
    }
}
