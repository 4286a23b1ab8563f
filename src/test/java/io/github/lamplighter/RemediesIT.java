package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.upgrade.Journals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the doctor offers is done, to the letter, and then it finds nothing any more: a real npm server and a real
/// virtual environment, run by a real systemd, broken each time in another way.
@WithHome(inOneProcess = true, variables = "SHELL=/bin/bash")
@Tag("slow")
class RemediesIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String UNIT = "lamplighter-lamp-clock.service";

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Provided
    private static NpmPrefix npm;

    @Provided
    private static Installed lamplighter;

    private static Path clock;
    private static Path description;
    private static String described;
    private static int port;

    @BeforeAll
    static void twoToolsThatRun() throws IOException {
        clock = GitRepository.lampClock(home).installedIn(home.resolve("clock"), "v1.0.0");
        Files.writeString(home.resolve(".bash_profile"), "export PATH=\"$HOME/oil/bin:$PATH\"\n");
        program(home.resolve("oil/bin/lamp-oil"), "#!/bin/sh\necho lamp-oil 2.0\n");
        port = Ports.free();
        int sitePort = Ports.free();
        Files.createDirectories(home.resolve("site"));
        lamplighter.addHttpServer(sitePort, home.resolve("site"));
        lamplighter.addClock(clock, port);
        description = home.resolve(".config/lamplighter/tools/lamp-clock.json");
        described = Files.readString(description);
        putRight("http-server", "process", "service-install");
        putRight("lamp-clock", "process", "service-install");
    }

    @BeforeEach
    void asItWas() throws IOException {
        Files.writeString(description, described);
    }

    @Test
    void whatWasStoppedByAnotherHandIsStarted() {
        manager.systemctl("stop", UNIT).well();
        putRight("lamp-clock", "process", "start");
        assertThat(finding("lamp-clock", "answering").path("severity").asString())
                .isEqualTo("ok");
    }

    @Test
    void whatHangsIsRestarted() {
        // At the same time, because most of it is waiting for a response.
        List.of("http-server", "lamp-clock").parallelStream().forEach(tool -> {
            String pid = manager.property("lamplighter-" + tool + ".service", "MainPID")
                    .orElseThrow();
            assertThat(pid).as("kill(1) takes 0 for every process of its group").isNotEqualTo("0");
            Child.run(manager.environment(), LIMIT, "kill", "-STOP", pid).well();
            assertThat(finding(tool, "answering").path("evidence").toString())
                    .as("who holds the port is said")
                    .contains("no response within 5 s", "pid " + pid);
            putRight(tool, "answering", "restart");
        });
    }

    @Test
    void aDependencyThatWasUpdatedBehindARunningServiceIsToldAndUsedAfterARestart() throws IOException {
        someSecondsAfterTheStartOf("lamplighter-http-server.service");
        Path dependency = home.resolve(".npm-global/lib/node_modules/http-server/node_modules/mime");
        Path before = home.resolve("mime");
        Files.move(dependency, before);
        Child.run(home.environment(), LIMIT, "cp", "-a", before.toString(), dependency.toString())
                .well();
        assertThat(finding("http-server", "running-version").path("title").asString())
                .isEqualTo("mime was installed after it started");
        putRight("http-server", "running-version", "restart");
    }

    @Test
    void aFileThatWasChangedByHandIsShownAndWrittenAnew() throws IOException {
        Path file = home.resolve(".config/systemd/user").resolve(UNIT);
        Files.writeString(file, Files.readString(file).replace("[Install]", "Nice=5\n\n[Install]"));
        Child.Ended difference = act(remedy("lamp-clock", "service-file", "service-diff"));
        assertThat(difference.out()).contains("- Nice=5");
        putRight("lamp-clock", "service-file", "service-install");
        assertThat(file).content().doesNotContain("Nice=5");
    }

    @Test
    void whatIsSaidBesideTheFileIsSeen() throws IOException {
        Path addition = home.resolve(".config/systemd/user/" + UNIT + ".d/path.conf");
        Files.createDirectories(addition.getParent());
        someSecondsAfterTheStartOf(UNIT);
        Files.writeString(
                addition,
                "[Service]\nEnvironment=PATH=~/bin::/nowhere/at/all:%s\n"
                        .formatted(home.environment().get("PATH")));
        manager.systemctl("daemon-reload").well();
        try {
            assertThat(finding("lamp-clock", "service-file").path("title").asString())
                    .isEqualTo("Service file was changed after the service started");
            act(remedy("lamp-clock", "service-file", "restart")).well();
            assertThat(finding("lamp-clock", "service-file").path("title").asString())
                    .isEqualTo("The service has drop-in files");
            JsonNode folders = finding("lamp-clock", "service-folders");
            assertThat(folders.path("severity").asString()).isEqualTo("warning");
            assertThat(folders.path("evidence").toString()).contains("~/bin", "/nowhere/at/all", "empty entry");
            assertThat(act(remedy("lamp-clock", "service-file", "")).out()).contains("/nowhere/at/all");
        } finally {
            Files.delete(addition);
            manager.systemctl("daemon-reload").well();
        }
    }

    @Test
    void whatIsMaskedIsUnmasked() {
        lamplighter.run("stop", "lamp-clock", "--yes").well();
        manager.systemctl("disable", UNIT).well();
        Path file = home.resolve(".config/systemd/user").resolve(UNIT);
        try {
            String text = Files.readString(file);
            Files.delete(file);
            manager.systemctl("mask", UNIT).well();
            // The user did not stop it with Lamplighter.
            Files.deleteIfExists(home.resolve(".local/state/lamplighter/stopped/lamp-clock"));
            JsonNode masked = finding("lamp-clock", "process");
            assertThat(masked.path("title").asString()).contains("nothing can start it");
            act(remedy("lamp-clock", "process", "")).well();
            Files.writeString(file, text);
            manager.systemctl("daemon-reload").well();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        putRight("lamp-clock", "process", "start");
        putRight("lamp-clock", "at-login", "service-enable");
    }

    @Test
    void aProgramThatOnlyTheShellFindsIsFoundByTheServiceToo() throws IOException {
        Path file = home.resolve(".config/systemd/user").resolve(UNIT);
        Files.writeString(
                description,
                described.replaceFirst(
                        "\\{", "{\"requires\": {\"programs\": [{\"name\": \"lamp-oil\", \"version\": \">=1\"}]},"));
        assertThat(finding("lamp-clock", "service-path").path("evidence").toString())
                .contains("service: ~/oil/bin/lamp-oil; shell: ~/oil/bin/lamp-oil");
        Files.writeString(file, Files.readString(file).replace(home.resolve("oil/bin") + ":", ""));
        manager.systemctl("daemon-reload").well();
        JsonNode lacks = finding("lamp-clock", "service-path");
        assertThat(lacks.path("title").asString()).isEqualTo("The service cannot find lamp-oil; your shell can");
        assertThat(lacks.path("evidence").toString())
                .contains("service: not found; shell: ~/oil/bin/lamp-oil", "the service's PATH lacks ~/oil/bin");
        putRight("lamp-clock", "service-path", "service-install");
        assertThat(manager.property(UNIT, "Environment").orElseThrow()).contains("/oil/bin");
    }

    @Test
    void aFileOfSecretsThatOthersCanReadIsClosed() throws IOException {
        Path secrets = home.resolve("its secrets");
        Files.writeString(secrets, "LAMP_PASSWORD=x\n");
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(
                description,
                described.replaceFirst(
                        "\"service\"\\s*:\\s*\\{", "\"service\": {\"environmentFile\": \"" + secrets + "\","));
        putRight("lamp-clock", "environment-file", "");
        Files.delete(secrets);
        putRight("lamp-clock", "environment-file", "");
        assertThat(Files.getPosixFilePermissions(secrets)).hasToString("[OWNER_READ, OWNER_WRITE]");
    }

    @Test
    void aLauncherThatIsGoneComesBackFromWhereItCame() throws IOException {
        someSecondsAfterTheStartOf(UNIT);
        Files.delete(clock);
        putRight("lamp-clock", "launcher", "");
        assertThat(finding("lamp-clock", "source").path("title").asString())
                .startsWith("Installed from git")
                .contains("v1.0.0");
        putRight("lamp-clock", "running-version", "restart");
    }

    @Test
    void somebodyElseOnItsPortIsNamed() throws IOException {
        lamplighter.run("stop", "lamp-clock", "--yes").well();
        Files.deleteIfExists(home.resolve(".local/state/lamplighter/stopped/lamp-clock"));
        try (Child other = Child.start(
                manager.environment(),
                Path.of("/"),
                List.of("python3", "-m", "http.server", "--bind", "127.0.0.1", "" + port))) {
            Await.until(LIMIT, () -> Ports.listens(port));
            JsonNode finding = finding("lamp-clock", "is-this-copy");
            assertThat(finding.path("title").asString()).isEqualTo("Another process responds on port " + port);
            assertThat(finding.path("evidence").toString())
                    .contains("pid " + other.process().pid(), "http.server");
            if (Files.isExecutable(Path.of("/usr/bin/ss"))) {
                assertThat(act(remedy("lamp-clock", "is-this-copy", "")).well().out())
                        .contains("pid=" + other.process().pid());
            }
        }
        putRight("lamp-clock", "process", "start");
        assertThat(finding("lamp-clock", "is-this-copy").path("severity").asString())
                .isEqualTo("ok");
    }

    @Test
    void aCopyInATerminalIsNotAnotherProgram() throws IOException {
        lamplighter.run("stop", "lamp-clock", "--yes").well();
        try (Child copy = Child.start(
                manager.environment(), Path.of("/"), List.of(clock.toString(), "serve", "--port", "" + port))) {
            Await.until(LIMIT, () -> Ports.listens(port));
            JsonNode finding = finding("lamp-clock", "is-this-copy");
            assertThat(finding.path("severity").asString()).isEqualTo("info");
            assertThat(finding.path("title").asString())
                    .isEqualTo("A process outside the service responds on port " + port);
            assertThat(finding("lamp-clock", "elsewhere").path("evidence").toString())
                    .contains("pid " + copy.process().pid());
        }
        lamplighter.run("start", "lamp-clock").well();
    }

    @Test
    @Tag("long")
    void aCopyInATerminalIsReplacedByTheService() throws IOException {
        lamplighter.run("stop", "lamp-clock", "--yes").well();
        try (Child _ = Child.start(
                manager.environment(), Path.of("/"), List.of(clock.toString(), "serve", "--port", "" + port))) {
            Await.until(LIMIT, () -> Ports.listens(port));
            putRight("lamp-clock", "elsewhere", "service-install");
        }
        assertThat(finding("lamp-clock", "is-this-copy").path("severity").asString())
                .isEqualTo("ok");
    }

    @Test
    void whatYouStoppedIsStarted() {
        lamplighter.run("stop", "lamp-clock", "--yes").well();
        putRight("lamp-clock", "stopped-by-you", "start");
        assertThat(finding("lamp-clock", "process").path("severity").asString()).isEqualTo("ok");
    }

    @Test
    @Tag("long")
    void whatKeepsCrashingIsStopped() throws IOException {
        Path addition = home.resolve(".config/systemd/user/" + UNIT + ".d/crash.conf");
        Files.createDirectories(addition.getParent());
        Files.writeString(
                addition,
                "[Unit]\n"
                        + "StartLimitIntervalSec=0\n"
                        + "[Service]\n"
                        + "ExecStart=\n"
                        + "ExecStart=/bin/false\n"
                        + "Restart=always\n"
                        + "RestartSec=1s\n");
        manager.systemctl("daemon-reload").well();
        try {
            manager.systemctl("restart", UNIT);
            Await.until(
                    "it came back once",
                    LIMIT,
                    () -> Integer.parseInt(manager.property(UNIT, "NRestarts").orElse("0")) > 0);
            Await.until(
                    "it waits",
                    LIMIT,
                    () -> manager.property(UNIT, "SubState").orElse("").equals("auto-restart"));
            putRight("lamp-clock", "process", "stop");
            assertThat(manager.property(UNIT, "ActiveState")).contains("inactive");
        } finally {
            Files.delete(addition);
            manager.systemctl("daemon-reload").well();
            lamplighter.run("start", "lamp-clock").well();
        }
    }

    @Test
    @Tag("long")
    void whatIsOnlyWantedOnDemandIsDisabled() throws IOException {
        Files.writeString(
                description, described.replaceFirst("\"expected\"\\s*:\\s*\"running\"", "\"expected\": \"on-demand\""));
        putRight("lamp-clock", "at-login", "service-disable");
        Files.writeString(description, described);
        putRight("lamp-clock", "at-login", "service-enable");
    }

    /// `systemctl is-enabled` says `enabled` in both cases.
    @Test
    void whatIsEnabledForATargetThatNeverStartsIsWantedAtLogin() throws IOException {
        Path wants = home.resolve(".config/systemd/user/multi-user.target.wants");
        manager.systemctl("disable", UNIT).well();
        Files.createDirectories(wants);
        Files.createSymbolicLink(wants.resolve(UNIT), Path.of("../" + UNIT));
        manager.systemctl("daemon-reload").well();
        try {
            assertThat(finding("lamp-clock", "at-login").path("title").asString())
                    .isEqualTo("Enabled, but does not start when you log in");
            putRight("lamp-clock", "at-login", "");
        } finally {
            Files.delete(wants.resolve(UNIT));
            manager.systemctl("reenable", UNIT).well();
        }
    }

    @Test
    void aSecondServiceIsStoppedAndDisabled() throws IOException {
        Path second = home.resolve(".config/systemd/user/second-clock.service");
        Files.writeString(
                second,
                "[Service]\nExecStart=%s serve --port %d\n[Install]\nWantedBy=default.target\n"
                        .formatted(clock, Ports.free()));
        manager.systemctl("enable", "--now", "second-clock.service").well();
        try {
            putRight("lamp-clock", "service-duplicate", "");
        } finally {
            manager.systemctl("disable", "--now", "second-clock.service");
            Files.delete(second);
            manager.systemctl("daemon-reload").well();
        }
    }

    /// systemd makes a unit of every file there (systemd-xdg-autostart-generator(8)), and no `disable` ends that.
    @Test
    void aServiceOfTheDesktopIsHidden() throws IOException {
        String generated = "app-lamp\\x2dclock@autostart.service";
        Path entry = home.resolve(".config/autostart/lamp-clock.desktop");
        Files.createDirectories(entry.getParent());
        Files.writeString(
                entry,
                "[Desktop Entry]\nType=Application\nName=lamp\nExec=%s serve --port %d\nHidden=false\n"
                        .formatted(clock, Ports.free()));
        manager.systemctl("daemon-reload").well();
        manager.systemctl("start", generated).well();
        try {
            putRight("lamp-clock", "service-duplicate", "");
            assertThat(manager.property(generated, "LoadState")).contains("not-found");
            assertThat(manager.systemctl("list-unit-files", "*clock*").out()).doesNotContain("autostart");
            assertThat(entry).content().contains("Hidden=true").doesNotContain("Hidden=false");
        } finally {
            manager.systemctl("stop", generated);
            Files.delete(entry);
            manager.systemctl("daemon-reload").well();
        }
    }

    /// Nobody can install again what came from nowhere that is recorded.
    @Test
    @Tag("long")
    void whatIsGoneIsNoLongerManaged() throws IOException {
        Path folder = home.resolve("gone");
        Child.run(
                        manager.environment(),
                        LIMIT,
                        "cp",
                        "-a",
                        home.resolve("clock").toString(),
                        folder.toString())
                .well();
        lamplighter
                .run("add", folder.resolve("bin/lamp-clock").toString(), "--as", "gone-clock", "--yes")
                .well();
        ThrowAwayHome.remove(folder);
        JsonNode offer = findings("gone-clock").stream()
                .flatMap(finding -> finding.path("remedies").valueStream())
                .filter(remedy -> remedy.path("action").asString("").equals("forget"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(findings("gone-clock")));
        act(offer).well();
        assertThat(lamplighter.run("doctor", "gone-clock").exitCode()).isEqualTo(2);
    }

    @Test
    @Tag("long")
    void whatAnUpgradeLeftIsDeleted() throws IOException {
        assertThat(lamplighter
                        .run("upgrade", "lamp-clock", "--to", "2.0.0", "--yes")
                        .exitCode())
                .isEqualTo(1);
        Path journal = new Journals(AppDirectories.linux(home.environment(), home.path()))
                .history(Optional.of("lamp-clock"))
                .getFirst()
                .journal()
                .orElseThrow();
        Path left = home.resolve(".lamplighter/clock/stages")
                .resolve(String.valueOf(journal.getFileName()).replace(".jsonl", ""));
        Files.createDirectories(left.resolve("clock/lib"));
        putRight("lamp-clock", "unfinished-upgrade", "");
        assertThat(left).doesNotExist();
    }

    /// The editor belongs to a person; here it is a program that does the same to the file.
    @Test
    @Tag("long")
    void aServiceFileOfAnotherHandIsEdited() throws IOException {
        Path own = home.resolve(".config/systemd/user/own-clock.service");
        lamplighter.run("service", "uninstall", "lamp-clock", "--yes").well();
        Files.writeString(own, "[Service]\nExecStart=%s serve --port %d\n".formatted(clock, port));
        manager.systemctl("daemon-reload").well();
        manager.systemctl("start", "own-clock.service").well();
        Files.writeString(
                description,
                described.replaceFirst("\"service\"\\s*:\\s*\\{", "\"service\": {\"unit\": \"own-clock.service\","));
        try {
            JsonNode remedy = remedy("lamp-clock", "at-login", "");
            assertThat(remedy.path("command").asString()).isEqualTo("systemctl --user edit --full own-clock.service");
            program(
                    home.resolve("editor"),
                    "#!/bin/sh\nfor file; do printf '[Install]\\nWantedBy=default.target\\n' >> \"$file\"; done\n");
            // It asks for a terminal.
            Child.run(
                            manager.environment(),
                            LIMIT,
                            "script",
                            "--quiet",
                            "--return",
                            "--command",
                            "SYSTEMD_EDITOR=%s %s"
                                    .formatted(
                                            home.resolve("editor"),
                                            remedy.path("command").asString()),
                            "/dev/null")
                    .well();
            putRight("lamp-clock", "at-login", "service-enable");
        } finally {
            manager.systemctl("disable", "--now", "own-clock.service");
            Files.deleteIfExists(own);
            manager.systemctl("daemon-reload").well();
            Files.writeString(description, described);
            lamplighter.run("service", "install", "lamp-clock", "--yes").well();
        }
    }

    @Test
    @Tag("long")
    void whatWasChangedByHandIsKept() throws IOException {
        Path file = home.resolve(".config/systemd/user").resolve(UNIT);
        String before = Files.readString(file);
        Files.writeString(file, before.replace("[Install]", "Nice=5\n\n[Install]"));
        manager.systemctl("daemon-reload").well();
        try {
            act(remedy("lamp-clock", "service-file", "ignore")).well();
            assertThat(finding("lamp-clock", "service-file").path("ignored").asBoolean())
                    .isTrue();
        } finally {
            lamplighter.run("unignore", "lamp-clock", "service-file");
            Files.writeString(file, before);
            manager.systemctl("daemon-reload").well();
        }
    }

    @Test
    @Tag("long")
    void aServiceOfAnotherHandIsAdopted() throws IOException {
        Path own = home.resolve(".config/systemd/user/own-clock.service");
        lamplighter.run("service", "uninstall", "lamp-clock", "--yes").well();
        Files.writeString(
                own,
                "[Service]\nExecStart=%s serve --port %d\n[Install]\nWantedBy=default.target\n".formatted(clock, port));
        manager.systemctl("enable", "--now", "own-clock.service").well();
        Await.until(LIMIT, () -> Ports.listens(port));
        try {
            putRight("lamp-clock", "service-file", "service-adopt");
        } finally {
            lamplighter.run("service", "adopt", "lamp-clock", "--undo", "--yes");
            manager.systemctl("disable", "--now", "own-clock.service");
            Files.deleteIfExists(own);
            manager.systemctl("daemon-reload").well();
            Files.writeString(description, described);
            lamplighter.run("service", "install", "lamp-clock", "--yes").well();
        }
    }

    @Test
    @Tag("long")
    void aServiceThatIsCloserToItsFileOnlyWithANewPathGetsOne() throws IOException {
        Path file = home.resolve(".config/systemd/user").resolve(UNIT);
        Files.writeString(file, Files.readString(file).replace("PATH=", "PATH=" + home.resolve("gone") + ":"));
        manager.systemctl("daemon-reload").well();
        putRight("lamp-clock", "service-folders", "service-install");
    }

    /// systemd reports whole seconds: a process and files of the same moment can't be told apart.
    private static void someSecondsAfterTheStartOf(String unit) {
        long pid = Long.parseLong(manager.property(unit, "MainPID").orElseThrow());
        Instant started =
                ProcessHandle.of(pid).orElseThrow().info().startInstant().orElseThrow();
        Await.until(LIMIT, () -> Instant.now().isAfter(started.plusSeconds(4)));
    }

    /// Does what a finding offers, and looks again.
    ///
    /// @param action the action's id; empty for a command to copy
    private static void putRight(String tool, String id, String action) {
        act(remedy(tool, id, action)).well();
        Await.until(
                "%s of %s is well".formatted(id, tool),
                Duration.ofSeconds(60),
                () -> findings(tool).stream()
                        .filter(named(id))
                        .allMatch(finding -> finding.path("severity").asString().equals("ok")));
    }

    private static JsonNode remedy(String tool, String id, String action) {
        JsonNode finding = finding(tool, id);
        assertThat(finding.path("severity").asString()).as(finding.toString()).isNotEqualTo("ok");
        return finding.path("remedies")
                .valueStream()
                .filter(remedy -> action.isEmpty()
                        ? remedy.path("kind").asString().equals("command")
                        : remedy.path("action").asString().equals(action))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such remedy: " + finding));
    }

    /// As a click or a person would: a verb of the program, or a line typed into a shell.
    private static Child.Ended act(JsonNode remedy) {
        if (remedy.path("kind").asString().equals("command")) {
            return Child.run(
                    manager.environment(),
                    Duration.ofMinutes(2),
                    "/bin/sh",
                    "-c",
                    // The tests run as root.
                    remedy.path("command").asString().replaceFirst("^sudo ", ""));
        }
        List<String> words = new ArrayList<>();
        remedy.path("argv").valueStream().skip(1).forEach(word -> words.add(word.asString()));
        if (!words.contains("diff") && !words.contains("ignore")) {
            words.add("--yes");
        }
        return lamplighter.run(words.toArray(String[]::new));
    }

    private static JsonNode finding(String tool, String id) {
        List<JsonNode> all = findings(tool);
        return all.stream()
                .filter(named(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " is not among " + all));
    }

    private static Predicate<JsonNode> named(String id) {
        return finding -> finding.path("id").asString().equals(id);
    }

    private static List<JsonNode> findings(String tool) {
        Child.Ended ended = lamplighter.run("doctor", tool, "--offline", "--json");
        return JSON.readTree(ended.out())
                .path("data")
                .path("tools")
                .path(0)
                .path("findings")
                .valueStream()
                .toList();
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
