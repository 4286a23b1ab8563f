package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the doctor is given may be broken: each time it says so in a sentence, and the rest of the report is there.
@WithHome(inOneProcess = true)
@Tag("slow")
class BadInputIT {

    @Provided
    private static ThrowAwayHome home;

    private static Map<String, String> environment;
    private static Installed lamplighter;
    private static Path manifest;
    private static String description;

    @BeforeAll
    static void aToolThatIsWell() throws IOException {
        Path program = GitRepository.lampClock(home).installedIn(home.resolve("clock"), "v1.0.0");
        environment = new LinkedHashMap<>(home.environment());
        environment.put("PATH", home.resolve("bin") + ":" + environment.get("PATH"));
        lamplighter = new Installed(environment);
        lamplighter.run("add", program.toString(), "--yes").well();
        manifest = home.resolve(".config/lamplighter/tools/lamp-clock.json");
        description = Files.readString(manifest);
    }

    @BeforeEach
    void asItWas() throws IOException {
        Files.writeString(manifest, description);
    }

    @AfterEach
    void nothingElseIsDescribed() throws IOException {
        Files.deleteIfExists(manifest.resolveSibling("broken.json"));
    }

    @Test
    void aNameThatNobodyKnowsIsAnsweredBeforeAnythingRuns() {
        Child.Ended ended = lamplighter.run("doctor", "lamp-clok");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).contains("lamp-clok is not managed", "Did you mean `lamp-clock`?");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void aDescriptionThatCannotBeReadIsNamedWithItsPlace() throws IOException {
        Files.writeString(manifest.resolveSibling("broken.json"), "{\n  \"schema\": \"lamplighter.tool/1\",,\n}\n");
        Child.Ended ended = lamplighter.run("doctor", "--offline");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.out())
                .contains("? broken", "Manifest cannot be read (line 2)", "broken.json:2:", "lamp-clock");
    }

    @Test
    void aLauncherThatPointsNowhereIsAFinding() throws IOException {
        Path program = home.resolve("clock/bin/lamp-clock");
        Path away = Files.move(program, program.resolveSibling("lamp-clock.away"));
        try {
            Child.Ended ended = lamplighter.run("doctor", "lamp-clock", "--offline");
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.out()).contains("✗", "clock/bin/lamp-clock", "1.0.0");
        } finally {
            Files.move(away, program);
        }
    }

    @Test
    void tenMegabytesAreReadToTheirEndAndNotKept() throws IOException {
        program("flood", "#!/bin/sh\nyes 'x flood' | head -c 10000000\n");
        describe(
                "\"requires\": {\"programs\": [{\"name\": \"flood\", \"version\": \">=1\"}]}",
                "\"doctor\": {\"command\": [\"%s\"], \"format\": \"marks\"}".formatted(home.resolve("bin/flood")),
                "\"sessions\": {\"command\": [\"%s\"], \"count\": \"lines\"}".formatted(home.resolve("bin/flood")));
        Child.Ended ended = lamplighter.run("doctor", "lamp-clock", "--json");
        assertThat(ended.out()).contains("program-flood", "own-doctor", "installed-version");
        assertThat(ended.out().length()).isLessThan(100_000);
        assertThat(ended.out()).doesNotContain("crashed");
    }

    @Test
    void aProgramThatHangsIsEndedWithAllThatItStarted() throws IOException {
        program("hang", "#!/bin/sh\nsleep 98765 &\necho $! > \"%s\"\nwait\n".formatted(home.resolve("child")));
        describe("\"requires\": {\"programs\": [{\"name\": \"hang\", \"version\": \">=1\"}]}");
        long began = System.nanoTime();
        Child.Ended ended = lamplighter.run("doctor", "lamp-clock", "--offline");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(40));
        assertThat(ended.out()).contains("hang", "1.0.0");
        long child = Long.parseLong(Files.readString(home.resolve("child")).strip());
        Await.until(
                Duration.ofSeconds(30),
                () -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void aReportOfOursThatIsDamagedIsSetAsideAndMadeAnew() throws IOException {
        lamplighter.run("doctor", "lamp-clock", "--offline");
        Path report = home.resolve(".local/state/lamplighter/reports/lamp-clock.json");
        Files.writeString(report, "{ torn");
        Child.Ended ended = lamplighter.run("doctor", "lamp-clock", "--offline");
        assertThat(ended.out()).contains("1.0.0");
        assertThat(report.resolveSibling("lamp-clock.json.damaged")).hasContent("{ torn");
        assertThat(Files.readString(report)).contains("installed-version");
    }

    @Test
    void aReportThatCannotBeKeptIsPrintedAllTheSame() throws IOException {
        Path state = home.resolve("no-folder");
        Files.writeString(state, "");
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put("XDG_STATE_HOME", state.toString());
        Child.Ended ended = new Installed(changed).run("doctor", "lamp-clock", "--offline");
        assertThat(ended.err()).contains("Could not save the report on lamp-clock");
        assertThat(ended.err()).doesNotContain("Exception", "\tat ");
        assertThat(ended.out()).contains("1.0.0");
    }

    @Test
    void aHomeThatIsNotThereHasNoToolsAndBreaksNothing() {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.keySet().removeIf(name -> name.startsWith("XDG_"));
        changed.put("HOME", home.resolve("nobody").toString());
        Child.Ended ended;
        try (Child child = Child.start(
                withChild(changed),
                Path.of("/"),
                java.util.List.of(Installed.launcher().toString(), "doctor", "--offline"))) {
            ended = child.end(Duration.ofMinutes(1));
        }
        assertThat(ended.exitCode()).as(ended.toString()).isIn(0, 1);
        assertThat(ended.err()).doesNotContain("Exception", "\tat ", "broke");
    }

    /// Root may look everywhere, so this is asked as somebody else.
    @Test
    void aFolderThatMayNotBeLookedIntoIsNamedAndNothingInItIsSaidToBeGone() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/run")), "needs root to become somebody else");
        Path other = Files.createTempDirectory("closed");
        try {
            Path tools = other.resolve(".config/lamplighter/tools");
            Files.createDirectories(tools);
            Files.createDirectories(other.resolve("closed/venv"));
            Files.writeString(tools.resolve("hidden.json"), """
                {"schema": "lamplighter.tool/1", "name": "hidden", "expected": "running",
                 "install": {"installer": "venv", "package": "x", "environment": "~/closed/venv",
                             "program": "~/closed/venv/bin/x"},
                 "settings": ["~/closed/s.json"], "auth": [{"file": "~/closed/password"}],
                 "tls": {"certificate": "~/closed/c.pem"}}
                """);
            Files.setPosixFilePermissions(other.resolve("closed"), PosixFilePermissions.fromString("---------"));
            Child.run(Map.of("PATH", "/usr/bin:/bin"), Duration.ofSeconds(10), "chown", "-R", "64123:64123", "" + other)
                    .well();
            Child.Ended ended = Child.run(
                    Map.of("HOME", other.toString(), "PATH", "/usr/bin:/bin", "LAMPLIGHTER_CHILD", "1"),
                    Duration.ofMinutes(1),
                    "setpriv",
                    "--reuid=64123",
                    "--regid=64123",
                    "--clear-groups",
                    Installed.launcher().toString(),
                    "doctor",
                    "hidden",
                    "--offline");
            assumeTrue(ended.exitCode() != 126 && ended.exitCode() != 127, "the checkout is closed to others");
            assertThat(ended.out())
                    .contains(
                            "Could not read the installed version",
                            "~/closed: you cannot read this folder",
                            "Settings file cannot be read",
                            "Could not check the certificate",
                            "Could not check whether a sign-in is configured")
                    .doesNotContain("forget", "gone", "No longer installed");
            assertThat(ended.err()).doesNotContain("Exception", "\tat ");
        } finally {
            Child.run(Map.of("PATH", "/usr/bin:/bin"), Duration.ofSeconds(10), "rm", "-rf", other.toString());
        }
    }

    @Test
    void offlineSaysWhatWasNotAskedAndQuietSaysNothingWhenAllIsWell() {
        Child.Ended offline = lamplighter.run("doctor", "lamp-clock", "--offline");
        assertThat(offline.out().lines()).last().asString().contains("Skipped (offline): update");
        Child.Ended quiet = lamplighter.run("doctor", "lamp-clock", "--offline", "--quiet");
        assertThat(quiet.exitCode()).as(quiet.toString()).isZero();
        assertThat(quiet.out() + quiet.err()).isEmpty();
    }

    private static Map<String, String> withChild(Map<String, String> from) {
        Map<String, String> changed = new LinkedHashMap<>(from);
        changed.put("LAMPLIGHTER_CHILD", "1");
        return changed;
    }

    private static void describe(String... parts) throws IOException {
        Files.writeString(manifest, description.replaceFirst("\\{", "{" + String.join(",", parts) + ","));
    }

    private static void program(String name, String text) throws IOException {
        Path file = home.resolve("bin").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
