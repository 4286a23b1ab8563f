package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How the command line behaves on a terminal, without one, and when it is interrupted; and what it gives
/// to a status bar and to a bug report. `script` of util-linux is the terminal.
@WithHome
@Tag("slow")
class TerminalIT {

    private static final String ERASED = "\r\u001B[K";

    @Provided
    private ThrowAwayHome home;

    private Map<String, String> environment;

    /// A tool that is gone, and needs a program that takes its time.
    @BeforeEach
    void aTool() throws IOException {
        environment = new LinkedHashMap<>(home.environment());
        environment.put("LAMPLIGHTER_CHILD", "1");
        environment.put("TERM", "xterm");
        needs("1");
        Path tools = Files.createDirectories(home.resolve(".config/lamplighter/tools"));
        Files.writeString(tools.resolve("lantern.json"), """
            {"schema": "lamplighter.tool/1", "name": "lantern", "expected": "on-demand",
             "install": {"installer": "venv", "package": "lantern", "environment": "~/lantern", "program": "~/lantern/bin/lantern"},
             "endpoint": {"url": "http://ada-nas.fritz.box:8099/"},
             "requires": {"programs": [{"name": "lamp-oil", "version": ">=2"}]}}
            """);
    }

    private void needs(String seconds) throws IOException {
        Path oil = home.resolve(".local/bin/lamp-oil");
        Files.writeString(oil, """
            #!/bin/sh
            : > "%s"
            sleep %s
            echo "lamp-oil 1.0 by ada@firm.example at 192.168.7.9, fe80::7:1, from /home/bob/x on $(cat /proc/sys/kernel/hostname)"
            """.formatted(home.resolve("asked"), seconds));
        Files.setPosixFilePermissions(oil, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void aTerminalSeesWhatIsAtWorkAndThenOnlyTheResult() {
        String seen = onTerminal("doctor --offline");
        assertThat(seen).contains(ERASED + "Checking ");
        String left = seen.substring(seen.lastIndexOf(ERASED) + ERASED.length());
        assertThat(left).contains("lantern", " problem", "\u001B[31m✗\u001B[0m").doesNotContain("Checking ");
        assertThat(left.lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).isNotBlank());
    }

    @Test
    void withoutColourItReadsTheSame() {
        String coloured = plain(onTerminal("doctor lantern --offline"));
        environment.put("NO_COLOR", "1");
        String plain = onTerminal("doctor lantern --offline");
        String without = plain.replace(ERASED, "");
        assertThat(without.replaceAll("\u001B\\[\\?7[lh]", "").replaceAll("Checking( \\d+ of \\d+)?", ""))
                .doesNotContain("\u001B");
        assertThat(steady(plain(plain))).isEqualTo(steady(coloured));
    }

    @Test
    void aFileOrAPipeGetsNoSignsOfATerminal() throws IOException {
        Path kept = home.resolve("kept");
        String seen = onTerminal("doctor --offline > " + kept);
        assertThat(seen).contains(ERASED + "Checking ");
        assertThat(Files.readString(kept)).contains("lantern").doesNotContain("\u001B");
        String both = onTerminal("doctor --offline > " + kept + " 2>&1");
        assertThat(both).isEmpty();
        assertThat(Files.readString(kept)).doesNotContain("\u001B");
        environment.put("TERM", "dumb");
        assertThat(onTerminal("doctor --offline")).doesNotContain("\u001B");
    }

    @Test
    void programsAndCronSeeNoLine() {
        assertThat(onTerminal("doctor --offline --json"))
                .doesNotContain("\u001B")
                .startsWith("{");
        assertThat(onTerminal("doctor --offline --quiet")).doesNotContain("Checking");
    }

    /// On a serial line, in a container, in cron's mail: no sign stands there that the reader's locale does not have.
    @Test
    void aLocaleWithoutSignsGetsNone() throws IOException {
        environment.put("LC_ALL", "C");
        Child.Ended text = new Installed(environment).run("doctor", "--offline");
        assertThat(text.out()).contains("\nx ", "lantern", " problem").matches("\\p{ASCII}+");
        assertThat(plain(onTerminal("doctor --offline"))).matches("\\p{ASCII}+");
        assertThat(new Installed(environment)
                        .run("doctor", "--json", "--offline")
                        .out())
                .as("JSON is UTF-8 by its own standard")
                .contains("\"schema\" : \"lamplighter/1\"");
        environment.put("LC_ALL", "C.UTF-8");
        assertThat(new Installed(environment).run("doctor", "--offline").out()).contains("\n✗ ");
    }

    @Test
    void aReaderWhoHasEnoughIsNoFault() {
        for (String words : List.of("list", "doctor --offline", "settings", "--help")) {
            Child.Ended ended =
                    inShell("%s %s | head -1; exit ${PIPESTATUS[0]}".formatted(Installed.launcher(), words));
            assertThat(ended.out().lines()).as(words).hasSize(1);
            assertThat(ended.err()).as(words).isEmpty();
            assertThat(ended.exitCode()).as(words).isEqualTo(words.startsWith("doctor") ? 1 : 0);
        }
    }

    @Test
    void whatCannotBeWrittenIsSaid() {
        for (String words : List.of("list", "doctor --offline", "status --json", "--version", "--help")) {
            Child.Ended ended = inShell("%s %s > /dev/full".formatted(Installed.launcher(), words));
            assertThat(ended.err())
                    .as(words)
                    .isEqualTo("lamplighter: Could not write to standard output: No space left on device.\n");
            assertThat(ended.exitCode()).as(words).isEqualTo(1);
        }
        Child.Ended closed = inShell("%s list >&-".formatted(Installed.launcher()));
        assertThat(closed.err()).startsWith("lamplighter: Could not write to standard output");
        assertThat(closed.exitCode()).isEqualTo(1);
    }

    private Child.Ended inShell(String line) {
        return Child.run(environment, Duration.ofMinutes(1), "bash", "-c", line);
    }

    @Test
    void anInterruptedCheckEndsWith130AndLeavesWholeFiles() throws IOException {
        new Installed(environment).run("doctor", "--offline");
        Path report = home.resolve(".local/state/lamplighter/reports/lantern.json");
        String before = Files.readString(report);
        Files.delete(home.resolve("asked"));
        needs("60");
        try (Child child = new Installed(environment).start("doctor", "--offline")) {
            Await.until("the check is at work", Duration.ofSeconds(30), () -> Files.exists(home.resolve("asked")));
            Child.run(
                            environment,
                            Duration.ofSeconds(30),
                            "kill",
                            "-INT",
                            Long.toString(child.process().pid()))
                    .well();
            assertThat(child.end(Duration.ofSeconds(20)).exitCode()).isEqualTo(130);
        }
        assertThat(Files.readString(report)).isEqualTo(before);
    }

    @Test
    void aStatusBarIsToldOneLineAndNeverSilenceInsteadOfAnAnswer() throws IOException {
        JsonNode unchecked = bar();
        assertThat(unchecked.path("text").asString()).isEqualTo("?");
        assertThat(unchecked.path("class").asString()).isEqualTo("unknown");

        new Installed(environment).run("doctor", "--offline");
        JsonNode line = bar();
        assertThat(line.propertyNames()).containsExactlyInAnyOrder("text", "alt", "class", "tooltip");
        assertThat(line.path("text").asString()).isEqualTo("1");
        assertThat(line.path("class").asString()).isEqualTo("failure");
        assertThat(line.path("tooltip").asString()).contains("lantern: No longer installed");

        Files.writeString(home.resolve(".config/lamplighter/tools/broken.json"), "{ \"schema\": <b> }");
        JsonNode broken = bar();
        assertThat(broken.path("text").asString()).isEqualTo("2");
        assertThat(broken.path("tooltip").asString())
                .contains("Could not read the manifest of broken")
                .doesNotContain("<b>");
    }

    @Test
    void aReportForOthersNamesNobody() throws IOException {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        Installed lamplighter = new Installed(environment);
        lamplighter.run("doctor", "lantern", "--offline");
        Files.writeString(home.resolve(".config/lamplighter/tools/broken.json"), "{");
        String own = lamplighter.run("report").well().out();
        assertThat(own).contains("ada@firm.example", "192.168.7.9", "/home/bob/x", "manifest of broken");
        for (String[] words : new String[][] {{"report", "--redact"}, {"report", "--redact", "--html"}}) {
            Child.Ended redacted = lamplighter.run(words).well();
            assertThat(redacted.out()).contains("lantern", "lamp-oil 1.0", "manifest of broken");
            assertThat(redacted.out() + redacted.err())
                    .doesNotContain(home.path().toString())
                    .doesNotContain("ada@", "ada-nas", "fritz.box", "firm.example", "192.168.7.9", "fe80::7:1", "bob")
                    .doesNotContainPattern("\\b" + java.util.regex.Pattern.quote(host) + "\\b");
        }
    }

    private JsonNode bar() {
        Child.Ended ended = new Installed(environment).run("status", "lantern", "--format", "waybar");
        if (Files.exists(home.resolve(".config/lamplighter/tools/broken.json"))) {
            ended = new Installed(environment).run("status", "--format", "waybar");
        }
        assertThat(ended.exitCode()).as(ended.toString()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().lines()).hasSize(1);
        return JsonMapper.shared().readTree(ended.out());
    }

    /// What is seen on a terminal whose input, output and errors are the same, and how it ended does not matter here.
    private String onTerminal(String words) {
        assumeThat(Files.exists(Path.of("/usr/bin/script"))).isTrue();
        Installed.launcher();
        try (Child child = Child.start(
                environment, home.path(), List.of("script", "-qec", Installed.launcher() + " " + words, "/dev/null"))) {
            return child.end(Duration.ofMinutes(1)).out();
        }
    }

    private static String plain(String seen) {
        return seen.substring(Math.max(0, seen.lastIndexOf(ERASED) + ERASED.length()))
                .replaceAll("\u001B\\[[0-9;]*[mK]", "");
    }

    /// Without what differs from run to run.
    private static String steady(String text) {
        return text.replaceAll("\\d+\\.\\d s", "N s").replaceAll(", since [^)]*\\)", "");
    }
}
