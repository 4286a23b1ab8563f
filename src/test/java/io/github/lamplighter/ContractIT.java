package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.Schema;
import io.github.lamplighter.harness.Steps;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What scripts rely on: one object on standard output, its names and types, and the exit codes. Every verb of the
/// built program, on real tools in one home, in the order in which a person comes to them.
@WithHome(inOneProcess = true, variables = "NO_COLOR=1")
@Tag("slow")
@Steps
class ContractIT {

    /// Trailing words after the object are not let through.
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Schema ENVELOPE = new Schema(Schema.ENVELOPE);
    private static final List<String> FACTS = List.of("installed", "enabled", "running", "answering", "mine");

    /// Keys whose values are times, or null.
    private static final Set<String> TIMES =
            Set.of("at", "since", "checkedAt", "reportedAt", "startedAt", "publishedAt", "takenAt");

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Provided
    private static NpmPrefix npm;

    private static Path clock;

    @Provided
    private static Installed lamplighter;

    private static AppDirectories directories;
    private static Golden golden;
    private static int httpPort;
    private static int clockPort;

    @BeforeAll
    static void aMachineWithThreeTools() throws IOException {
        linkedTool();
        clock = GitRepository.lampClock(home).installedIn(home.resolve("clock"), "v1.0.0");
        directories = AppDirectories.linux(lamplighter.environment(), home.path());
        httpPort = Ports.free();
        clockPort = Ports.free();
        golden = new Golden(Map.of(
                home.path().toString(), "HOME",
                Installed.CHECKOUT.toString(), "CHECKOUT",
                Integer.toString(httpPort), "PORT1",
                Integer.toString(clockPort), "PORT2"));
        Files.createDirectories(home.resolve("site"));
        Files.writeString(home.resolve("site/index.html"), "the site");
        lamplighter.run("--version").well();
    }

    /// What `npm link` makes: a link into a folder that somebody works on. Its upgrade is always refused.
    private static void linkedTool() throws IOException {
        Path source = Files.createDirectories(home.resolve("projects/toy"));
        Files.writeString(
                source.resolve("package.json"), "{\"name\": \"toy\", \"version\": \"0.1.0\", \"bin\": \"toy.js\"}\n");
        Path program = source.resolve("toy.js");
        Files.writeString(program, "#!/usr/bin/env node\nconsole.log('0.1.0')\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(npm.folder().resolve("lib/node_modules/toy"), source);
        Files.createSymbolicLink(npm.program("toy"), Path.of("../lib/node_modules/toy/toy.js"));
    }

    @Test
    @Order(1)
    void anUnknownNameAndWrongUsageAreSaidBeforeAnythingRuns() {
        for (String verb : List.of(
                "doctor nobody",
                "status nobody",
                "outdated nobody",
                "upgrade nobody --yes",
                "rollback nobody --yes",
                "service status nobody",
                "service restart nobody",
                "start nobody",
                "ignore nobody process",
                "manifest show nobody",
                "add nobody --yes",
                "forget nobody --yes")) {
            JsonNode answer = json(2, verb.split(" "));
            assertThat(code(answer)).as(verb).isEqualTo("unknown-tool");
            assertThat(answer.path("data")).as(verb).isEmpty();
        }
        for (String verb : List.of(
                "doctor --nonsense", "service start", "upgrade", "settings get nothing", "autostart sideways")) {
            assertThat(code(json(2, verb.split(" ")))).as(verb).isEqualTo("usage");
        }
        Map<String, String> meant = Map.of(
                "delete x", "lamplighter forget NAME",
                "update x", "lamplighter upgrade NAME",
                "docter", "doctor",
                "service instal x", "install");
        meant.forEach((typed, expected) -> {
            Child.Ended ended = lamplighter.run(typed.split(" "));
            assertThat(ended.exitCode()).as(typed).isEqualTo(2);
            assertThat(ended.out()).as(typed).isEmpty();
            assertThat(ended.err()).as(typed).contains("Did you mean").contains(expected);
            assertThat(json(2, typed.split(" ")).path("errors").toString())
                    .as(typed)
                    .contains(expected);
        });
        assertThat(directories.state().resolve("reports")).doesNotExist();
    }

    @Test
    @Order(2)
    void whatWouldBeAskedIsRefusedWithoutATerminal() {
        JsonNode refused = json(3, "add", "http-server");
        assertThat(code(refused)).isEqualTo("needs-consent");
        JsonNode shown = data(0, "add", "http-server", "--dry-run");
        assertThat(shown.path("added").isBoolean()).isTrue();
        assertThat(shown.path("added").asBoolean()).isFalse();
        texts(shown, "name", "source", "file");
        assertThat(new Schema(Schema.MANIFEST).complaints(shown.path("manifest").toString()))
                .isEmpty();
        assertThat(directories.manifests().resolve("http-server.json")).doesNotExist();
    }

    @Test
    @Order(3)
    void addListAndManifest() {
        JsonNode added = data(
                0,
                "add",
                "http-server",
                "--argument=-p",
                "--argument=" + httpPort,
                "--argument=-a",
                "--argument=127.0.0.1",
                "--directory",
                home.resolve("site").toString(),
                "--url",
                "http://127.0.0.1:" + httpPort + "/",
                "--yes");
        assertThat(added.path("added").asBoolean()).isTrue();
        assertThat(Path.of(added.path("file").asString())).exists();
        data(
                0,
                "add",
                clock.toString(),
                "--argument=serve",
                "--argument=--port",
                "--argument=" + clockPort,
                "--url",
                "http://127.0.0.1:" + clockPort + "/",
                "--yes");
        data(0, "add", "toy", "--yes");
        assertThat(code(json(3, "add", "toy", "--yes"))).isEqualTo("looked-after");

        JsonNode tools = data(0, "list").path("tools");
        assertThat(tools.valueStream().map(tool -> tool.path("id").asString())).doesNotHaveDuplicates();
        for (JsonNode tool : tools) {
            texts(tool, "id", "name", "source");
            assertThat(tool.path("lookedAfter").isBoolean()).isTrue();
        }
        assertThat(origin(tools, "http-server")).isEqualTo("index");
        assertThat(origin(tools, "toy")).isEqualTo("linked");
        JsonNode git = named(tools, "lamp-clock").path("origin");
        assertThat(git.path("kind").asString()).isEqualTo("git");
        // Only the repository can tell a tag from a branch, and nobody asked it yet.
        assertThat(git.path("revisionKind").isNull()).isTrue();
        assertThat(git.path("requestedRevision").asString()).isEqualTo("v1.0.0");
        assertThat(git.path("commit").asString()).hasSize(40);

        JsonNode lint = data(0, "manifest", "lint", "http-server").path("files").path(0);
        assertThat(lint.path("complaints")).isEmpty();
        assertThat(new Schema(Schema.MANIFEST)
                        .complaints(data(0, "manifest", "show", "http-server")
                                .path("manifest")
                                .toString()))
                .isEmpty();
    }

    @Test
    @Order(4)
    @Steps.On("addListAndManifest")
    void serviceVerbs() {
        JsonNode before = data(0, "service", "status", "http-server");
        assertThat(before.path("state").asString()).isEqualTo("not-installed");
        assertThat(before.path("owner").isNull()).isTrue();

        for (String tool : List.of("http-server", "lamp-clock")) {
            outcome("done", data(0, "service", "install", tool, "--yes"));
        }
        JsonNode status = data(0, "service", "status", "http-server");
        assertThat(status.path("state").asString()).isEqualTo("running");
        assertThat(status.path("owner").asString()).isEqualTo("ours");
        texts(status, "name", "outcome", "file", "words", "since");
        assertThat(status.path("reason").isNull()).isTrue();
        assertThat(status.path("pid").isIntegralNumber()).isTrue();
        assertThat(status.path("restarts").isIntegralNumber()).isTrue();
        assertThat(status.has("lastExit")).isTrue();
        assertThat(status.path("drift").asBoolean(true)).isFalse();
        assertThat(status.path("linger").isBoolean()).isTrue();
        assertThat(status.path("facts").propertyNames()).containsExactlyElementsOf(FACTS);

        JsonNode difference = data(0, "service", "diff", "http-server");
        assertThat(difference.path("drift").asBoolean(true)).isFalse();
        assertThat(difference.path("lines")).isEmpty();

        outcome("done", data(0, "service", "disable", "http-server"));
        outcome("already", data(0, "service", "disable", "http-server"));
        outcome("done", data(0, "service", "enable", "http-server"));
        outcome("done", data(0, "service", "stop", "http-server"));
        outcome("already", data(0, "stop", "http-server"));
        assertThat(data(0, "service", "status", "http-server").path("state").asString())
                .isEqualTo("stopped");
        outcome("done", data(0, "start", "http-server"));
        outcome("done", data(0, "service", "restart", "http-server"));
        outcome("already", data(0, "service", "start", "http-server"));
        if (Files.exists(Path.of("/run/systemd/journal/socket"))) {
            assertThat(data(0, "service", "logs", "lamp-clock", "-n", "5")
                            .path("lines")
                            .isArray())
                    .isTrue();
        } else {
            assertThat(code(json(1, "service", "logs", "lamp-clock", "-n", "5")))
                    .isEqualTo("no-log");
        }

        assertThat(code(json(3, "service", "uninstall", "http-server"))).isEqualTo("needs-consent");
    }

    @Test
    @Order(5)
    @Steps.On("serviceVerbs")
    void theDoctorOutdatedAndStatus() {
        JsonNode checked = json(0, "doctor");
        assertThat(checked.path("status").asString()).isEqualTo("success");
        JsonNode tools = checked.path("data").path("tools");
        assertThat(names(tools)).contains("lamplighter", "http-server", "lamp-clock", "toy");
        for (JsonNode tool : tools) {
            assertThat(tool.path("facts").propertyNames()).containsExactlyElementsOf(FACTS);
            for (JsonNode finding : tool.path("findings")) {
                assertThat(finding.path("group").asString())
                        .isIn("running", "version", "needs", "at-login", "settings-and-access", "own-doctor");
                assertThat(finding.path("doc").asString()).startsWith("checks/");
                finding.path("remedies")
                        .valueStream()
                        .filter(remedy -> remedy.path("kind").asString().equals("action"))
                        .forEach(
                                remedy -> assertThat(remedy.path("argv").path(0).asString())
                                        .isEqualTo("lamplighter"));
            }
        }
        JsonNode update = named(named(tools, "http-server").path("findings"), "id", "update");
        assertThat(update.path("severity").asString()).isEqualTo("info");
        assertThat(update.path("remedies").path(0).path("argv").toString())
                .isEqualTo("[\"lamplighter\",\"upgrade\",\"http-server\"]");
        assertThat(names(data(0, "check", "lamp-clock").path("tools"))).containsExactly("lamp-clock");

        JsonNode outdated = data(0, "outdated").path("tools");
        assertThat(verdict(outdated, "http-server").path("kind").asString()).isEqualTo("outdated");
        golden = golden.with(verdict(outdated, "http-server").path("to").asString(), "NEWEST");
        assertThat(verdict(outdated, "lamp-clock").path("to").asString()).isEqualTo("2.0.0");
        assertThat(verdict(outdated, "toy").path("kind").asString()).isEqualTo("pinned");
        assertThat(verdict(outdated, "toy").path("reason").asString()).isNotEmpty();

        JsonNode status = named(data(0, "status").path("tools"), "http-server");
        assertThat(status.path("state").asString()).isEqualTo("running");
        assertThat(status.path("severity").asString()).isIn("ok", "info");
        assertThat(status.path("reportedAt").isString()).isTrue();
        assertThat(names(data(0, "status", "toy").path("tools"))).containsExactly("toy");
    }

    @Test
    @Order(6)
    @Steps.On("theDoctorOutdatedAndStatus")
    void theTextsThatPeopleRead() {
        Map<String, String> said = new LinkedHashMap<>();
        said.put("doctor", text(0, "doctor"));
        said.put("doctor-name", text(0, "doctor", "http-server"));
        said.put("status", text(0, "status"));
        said.put("list", text(0, "list"));
        said.put("outdated", text(0, "outdated"));
        SoftAssertions.assertSoftly(softly -> said.forEach((name, text) -> golden.holds(softly, name, text)));
    }

    @Test
    @Order(7)
    @Steps.On("addListAndManifest")
    void choices() {
        JsonNode all = data(0, "settings");
        assertThat(all.path("doctor.interval").isString()).isTrue();
        assertThat(data(0, "settings", "get", "doctor.interval").propertyNames())
                .containsExactly("doctor.interval");
        assertThat(data(0, "settings", "set", "doctor.interval", "12h")
                        .path("doctor.interval")
                        .asString())
                .isEqualTo("12h");
        assertThat(code(json(2, "settings", "set", "doctor.interval", "often"))).isEqualTo("usage");

        assertThat(data(0, "ignore", "lamp-clock", "update", "--until", "change")
                        .path("until")
                        .asString())
                .isEqualTo("change");
        JsonNode aside = named(
                named(data(0, "doctor", "lamp-clock").path("tools"), "lamp-clock")
                        .path("findings"),
                "id",
                "update");
        assertThat(aside.path("ignored").asBoolean()).isTrue();
        assertThat(data(0, "unignore", "lamp-clock", "update").path("was").asBoolean())
                .isTrue();
        assertThat(code(json(2, "ignore", "lamp-clock", "no-such-check"))).isEqualTo("unknown-check");
        assertThat(code(json(2, "ignore", "lamp-clock", "update", "--until", "1.12.2026")))
                .isEqualTo("usage");
    }

    /// `open` starts what the desktop opens addresses with, and nothing else.
    @Test
    @Order(7)
    @Steps.On("addListAndManifest")
    void openGivesTheAddressToTheBrowser() throws IOException {
        Path seen = home.resolve("opened");
        Path opener = home.resolve(".local/bin/xdg-open");
        Files.writeString(opener, "#!/bin/sh\nprintf '%s\\n' \"$@\" > '" + seen + "'\n");
        Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwxr-xr-x"));
        JsonNode opened = data(0, "open", "http-server");
        outcome("done", opened);
        String address = "http://127.0.0.1:" + httpPort + "/";
        assertThat(opened.path("url").asString()).isEqualTo(address);
        Await.until(
                "the browser was called",
                Duration.ofSeconds(20),
                () -> Files.readString(seen).equals(address + "\n"));
        assertThat(code(json(3, "open", "toy"))).isEqualTo("no-address");
    }

    @Test
    @Order(7)
    @Steps.On("addListAndManifest")
    void aMachineWithoutADesktopIsLookedAfterByATimer() throws IOException {
        String unit = "io.github.lamplighter.doctor";
        JsonNode off = data(0, "autostart", "status", "--headless");
        assertThat(off.path("on").asBoolean(true)).isFalse();
        assertThat(off.path("headless").asBoolean()).isTrue();
        texts(off, "outcome", "file", "words");

        JsonNode on = data(0, "autostart", "on", "--headless");
        assertThat(on.path("outcome").asString()).isEqualTo("done");
        assertThat(on.path("on").asBoolean()).isTrue();
        assertThat(manager.property(unit + ".timer", "UnitFileState")).contains("enabled");
        assertThat(manager.systemctl("list-timers", "--all").out()).contains(unit + ".timer");
        assertThat(manager.property(unit + ".service", "Nice")).contains("10");
        assertThat(data(0, "autostart", "on", "--headless").path("outcome").asString())
                .isEqualTo("already");

        Path glance = directories.glance();
        Files.deleteIfExists(glance);
        manager.systemctl("start", unit + ".service").well();
        assertThat(STRICT.readTree(Files.readString(glance)).toString()).contains("http-server");

        assertThat(data(0, "autostart", "off", "--headless").path("outcome").asString())
                .isEqualTo("done");
        assertThat(Path.of(on.path("file").asString())).doesNotExist();
        assertThat(manager.systemctl("list-timers", "--all").out()).doesNotContain(unit);
    }

    @Test
    @Order(8)
    @Steps.On("serviceVerbs")
    void aWarningCountsWhenItIsAskedTo() throws IOException {
        Path unit = home.resolve(".config/systemd/user/lamplighter-http-server.service");
        String before = Files.readString(unit);
        Files.writeString(unit, before.replace("[Service]\n", "[Service]\nNice=5\n"));
        manager.systemctl("daemon-reload");
        JsonNode tool = named(data(0, "doctor", "http-server").path("tools"), "http-server");
        assertThat(named(tool.path("findings"), "id", "service-file")
                        .path("severity")
                        .asString())
                .isEqualTo("warning");
        JsonNode strict = json(1, "doctor", "http-server", "--strict");
        assertThat(strict.path("status").asString()).isEqualTo("partial");
        JsonNode refused = json(3, "service", "install", "http-server");
        outcome("refused", refused.path("data"));
        JsonNode difference = data(0, "service", "diff", "http-server");
        assertThat(difference.path("drift").asBoolean()).isTrue();
        assertThat(difference.path("lines").toString()).contains("Nice=5");
        Files.writeString(unit, before);
        manager.systemctl("daemon-reload");
    }

    @Test
    @Order(9)
    @Steps.On("serviceVerbs")
    void aPlanIsShownAndNothingIsDone() {
        JsonNode plan =
                data(0, "upgrade", "http-server", "--dry-run").path("tools").path(0);
        outcome("ready", plan);
        assertThat(plan.path("from").asString()).isEqualTo("14.1.0");
        assertThat(plan.path("plan").path("downtimeMillis").isIntegralNumber()).isTrue();
        assertThat(plan.path("plan").path("commands")).isNotEmpty();
        assertThat(plan.path("plan").path("source").asString()).isEqualTo("index");
        JsonNode asked = json(3, "upgrade", "http-server");
        outcome("needs-consent", asked.path("data").path("tools").path(0));
        assertThat(code(asked)).isEqualTo("needs-consent");
        JsonNode refused = json(3, "upgrade", "toy", "--yes");
        outcome("refused", refused.path("data").path("tools").path(0));
        assertThat(code(json(3, "rollback", "http-server", "--yes"))).isEqualTo("nothing-kept");
        assertThat(data(0, "history").path("tools")).isEmpty();
        assertThat(data(0, "recover").path("tools")).isEmpty();
    }

    @Test
    @Order(10)
    @Steps.On("serviceVerbs")
    void whoHoldsTheLockIsNotDisturbed() throws IOException {
        Path environment = Path.of(named(data(0, "list").path("tools"), "http-server")
                .path("environment")
                .asString());
        EnvironmentLock.Attempt attempt =
                new EnvironmentLock(directories).take(environment, "Polishing http-server since noon.");
        try (EnvironmentLock.Held _ = (EnvironmentLock.Held) attempt) {
            JsonNode upgrade = json(5, "upgrade", "http-server", "--yes");
            assertThat(code(upgrade)).isEqualTo("busy");
            outcome("refused", upgrade.path("data").path("tools").path(0));
            JsonNode service = json(5, "restart", "http-server");
            assertThat(code(service)).isEqualTo("busy");
            outcome("refused", service.path("data"));
            assertThat(service.path("data").path("reason").asString()).contains("Polishing http-server");
            // Several tools: busy counts more than refused.
            assertThat(json(5, "upgrade", "toy", "http-server", "--yes")
                            .path("data")
                            .path("tools"))
                    .hasSize(2);
        }
    }

    @Test
    @Order(11)
    @Steps.On("serviceVerbs")
    void anUpgradeAndOneThatIsTakenBack() {
        JsonNode answer = json(1, "upgrade", "http-server", "toy", "lamp-clock", "--yes");
        assertThat(answer.path("status").asString()).isEqualTo("partial");
        JsonNode tools = answer.path("data").path("tools");
        JsonNode upgraded = named(tools, "http-server");
        outcome("upgraded", upgraded);
        outcome("refused", named(tools, "toy"));
        JsonNode back = named(tools, "lamp-clock");
        outcome("rolled-back", back);
        assertThat(back.path("reason").asString()).isNotEmpty();
        for (JsonNode done : List.of(upgraded, back)) {
            texts(done, "from", "to", "journal");
            assertThat(done.path("downtimeMillis").isIntegralNumber()).isTrue();
            assertThat(done.path("dataMayHaveChanged").isBoolean()).isTrue();
            assertThat(done.path("steps")).isNotEmpty();
            for (JsonNode step : done.path("steps")) {
                assertThat(step.path("outcome").asString()).isIn("done", "skipped", "failed");
                assertThat(step.path("tookMillis").isIntegralNumber()).isTrue();
            }
        }
        outcome(
                "current",
                data(0, "upgrade", "http-server", "--yes").path("tools").path(0));
    }

    @Test
    @Order(12)
    @Steps.On("anUpgradeAndOneThatIsTakenBack")
    void whatWasDoneIsTold() {
        JsonNode history = data(0, "history").path("tools");
        assertThat(names(history)).containsOnly("http-server", "lamp-clock");
        assertThat(history.path(0).path("startedAt").isString()).isTrue();
        assertThat(names(data(0, "history", "http-server").path("tools"))).containsOnly("http-server");
        SoftAssertions.assertSoftly(softly -> {
            golden.holds(softly, "history", text(0, "history"));
            golden.holds(softly, "activity", text(0, "activity"));
        });

        JsonNode back = data(0, "rollback", "http-server", "--yes");
        outcome("rolled-back", back);
        assertThat(back.path("to").asString()).isEqualTo("14.1.0");

        JsonNode changes = data(0, "activity").path("changes");
        assertThat(changes).isNotEmpty();
        for (JsonNode change : changes) {
            texts(change, "at", "name", "what", "where", "why", "back");
        }
    }

    @Test
    @Order(13)
    @Steps.On("serviceVerbs")
    void leavingLeavesTheToolAlone() {
        outcome("done", data(0, "service", "uninstall", "lamp-clock", "--yes"));
        assertThat(code(json(3, "forget", "lamp-clock"))).isEqualTo("needs-consent");
        texts(data(0, "forget", "lamp-clock", "--yes"), "name", "file");
        assertThat(clock).exists();
        assertThat(code(json(2, "doctor", "lamp-clock"))).isEqualTo("unknown-tool");
    }

    // --- how it is asked --------------------------------------------------------------------------------------

    /// Runs a verb with `--json` and holds its answer to everything that is so of every verb.
    private static JsonNode json(int exitCode, String... words) {
        Child.Ended ended =
                run(Stream.concat(Stream.of(words), Stream.of("--json")).toArray(String[]::new));
        String what = String.join(" ", words) + "\n" + ended.out() + ended.err();
        assertThat(ended.exitCode()).as(what).isEqualTo(exitCode);
        JsonNode answer = STRICT.readTree(ended.out());
        assertThat(answer.isObject()).as(what).isTrue();
        assertThat(ended.out()).as(what).endsWith("}\n");
        assertThat(ENVELOPE.complaints(ended.out())).as(what).isEmpty();
        assertThat(answer.path("exitCode").asInt()).as(what).isEqualTo(exitCode);
        if (exitCode != 0 && !words[0].equals("doctor")) {
            assertThat(answer.path("errors")).as(what).isNotEmpty();
        }
        answer.path("errors")
                .forEach(error ->
                        assertThat(error.path("message").asString()).as(what).matches("(?s).*[.?!`:)].*"));
        assertThat(ended.err()).as(what).doesNotContain("\tat ").doesNotContain("Exception");
        walk(answer, what);
        return answer;
    }

    private static JsonNode data(int exitCode, String... words) {
        JsonNode answer = json(exitCode, words);
        String command = answer.path("command").asString();
        assertThat(String.join(" ", words)
                        .replaceFirst("^check", "doctor")
                        .replaceFirst("^(start|stop|restart)", "service $1"))
                .as("what the answer calls its verb")
                .startsWith(command);
        return answer.path("data");
    }

    private static String text(int exitCode, String... words) {
        Child.Ended ended = run(words);
        assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(exitCode);
        assertThat(ended.out()).doesNotContain("\u001B");
        return ended.out();
    }

    private static Child.Ended run(String... words) {
        return lamplighter.run(Duration.ofMinutes(4), words);
    }

    private static void walk(JsonNode node, String what) {
        node.properties().forEach(entry -> {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            if (key.endsWith("Millis")) {
                assertThat(value.isNull() || value.isIntegralNumber())
                        .as(key + " in " + what)
                        .isTrue();
            }
            if (TIMES.contains(key) && !value.isNull()) {
                assertThat(OffsetDateTime.parse(value.asString()))
                        .as(key + " in " + what)
                        .isNotNull();
            }
            if (key.equals("severity")) {
                assertThat(value.asString()).isIn("ok", "info", "warning", "failure", "unknown", "crashed");
            }
            if (key.equals("state")) {
                assertThat(value.asString())
                        .as(what)
                        .isIn(
                                "running",
                                "starting",
                                "stopped",
                                "failed",
                                "restarting",
                                "not-installed",
                                "unknown",
                                "command");
            }
        });
        node.forEach(child -> walk(child, what));
    }

    private static void outcome(String expected, JsonNode result) {
        texts(result, "name");
        assertThat(result.path("outcome").asString()).as(result.toString()).isEqualTo(expected);
    }

    private static void texts(JsonNode node, String... keys) {
        for (String key : keys) {
            assertThat(node.path(key).isString()).as(key + " in " + node).isTrue();
            assertThat(node.path(key).asString()).as(key + " in " + node).isNotEmpty();
        }
    }

    private static String code(JsonNode answer) {
        return answer.path("errors").path(0).path("code").asString("");
    }

    private static String origin(JsonNode tools, String name) {
        return named(tools, name).path("origin").path("kind").asString();
    }

    private static JsonNode verdict(JsonNode tools, String name) {
        return named(tools, name).path("verdict");
    }

    private static List<String> names(JsonNode tools) {
        return tools.valueStream().map(tool -> tool.path("name").asString()).toList();
    }

    private static JsonNode named(JsonNode tools, String name) {
        return named(tools, "name", name);
    }

    private static JsonNode named(JsonNode array, String key, String value) {
        return array.valueStream()
                .filter(entry -> entry.path(key).asString("").equals(value))
                .findFirst()
                .orElseThrow(() -> new AssertionError(value + " is not in " + array));
    }
}
