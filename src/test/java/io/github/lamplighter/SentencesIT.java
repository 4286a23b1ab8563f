package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.Voice;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Messages when something is missing: no display, no bus, no service manager, no network, no such tool, no readable
/// manifest. Each is a sentence in the writing style, with what to do. The window's own messages are in
/// `WindowTest`.
@WithHome
@Tag("slow")
class SentencesIT {

    /// A closed port.
    private static final String NOWHERE = "http://127.0.0.1:1/";

    /// Traces of the code.
    private static final Pattern UNWANTED = Pattern.compile("\\b(?:\\w*Exception|null)\\b|\\tat ");

    private static final JsonMapper JSON = new JsonMapper();

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static NpmPrefix npm;

    private static Map<String, String> environment;
    private static Installed lamplighter;

    @BeforeAll
    static void aToolOnAMachineThatHasNothingElse() throws IOException {
        environment = new LinkedHashMap<>(home.environment());
        environment.putAll(npm.environment());
        environment.put("npm_config_registry", NOWHERE);
        for (String session : List.of(
                "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "npm_config_userconfig")) {
            environment.remove(session);
        }
        lamplighter = new Installed(environment).inOneProcess();
        lamplighter
                .run(
                        "add",
                        "http-server",
                        "--argument=-p",
                        "--argument=8099",
                        "--url",
                        "http://127.0.0.1:8099/",
                        "--yes")
                .well();
    }

    @AfterAll
    static void end() {
        lamplighter.close();
    }

    @Test
    void withoutADisplayThereIsTextInstead() {
        says(
                lamplighter.run("window"),
                1,
                "This session has no display. To see the same as text, run `lamplighter status`.");
        says(with("DISPLAY", ":4711").run("window"), 1, "Could not open the display :4711.");
        Child.Ended alone = lamplighter.run();
        assertThat(alone.exitCode()).isZero();
        assertThat(alone.out()).contains("http-server");
    }

    @Test
    void withoutABusThereIsNoTrayIcon() {
        says(
                lamplighter.run("tray"),
                1,
                "No D-Bus session bus found, so there is no tray icon. Run `lamplighter status` instead.");
        says(
                with("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + home.resolve("no-bus"))
                        .run("tray"),
                1,
                "The D-Bus session bus is not responding, so there is no tray icon. Run `lamplighter status` instead.");
    }

    /// The reason differs from machine to machine: `NoServiceManagerIT` has the sentences.
    @Test
    void withoutAServiceManagerNothingIsChangedAndNothingIsReportedAsRunning() throws IOException {
        for (List<String> verb : List.of(
                List.of("service", "install", "http-server", "--yes"),
                List.of("service", "enable", "http-server"),
                List.of("restart", "http-server"),
                List.of("autostart", "on", "--headless"))) {
            says(lamplighter.run(verb.toArray(String[]::new)), 3, ". ");
        }
        says(lamplighter.run("service", "status", "http-server"), 1, ". ");
        Path runtime = Files.createDirectories(
                home.resolve("runtime"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        says(with("XDG_RUNTIME_DIR", runtime.toString()).run("start", "http-server"), 3, "http-server: ");
        Child.Ended doctor = lamplighter.run("doctor", "http-server", "--offline");
        assertThat(doctor.out())
                .contains(
                        "Background services are not available here",
                        "Lamplighter cannot tell whether the tool is running",
                        "Running ?");
        assertThat(home.resolve(".config/systemd")).doesNotExist();
    }

    @Test
    void withoutANetworkNothingIsReportedAsUpToDate() {
        Child.Ended outdated = lamplighter.run("outdated", "http-server");
        assertThat(outdated.out()).contains("? http-server 14.1.0  Could not reach 127.0.0.1");
        Child.Ended doctor = lamplighter.run("doctor", "http-server");
        assertThat(doctor.out())
                .contains(
                        "? Could not check for updates",
                        "Could not reach 127.0.0.1",
                        "Lamplighter checks again when it is reachable");
        assertThat(UNWANTED.matcher(outdated.out() + doctor.out()).find()).isFalse();
        says(
                lamplighter.run("upgrade", "http-server", "--yes"),
                3,
                "http-server was not upgraded. Could not reach 127.0.0.1");
    }

    @Test
    void anUnknownNameIsAUsageErrorOfEveryCommand() {
        for (List<String> verb : List.of(
                List.of("doctor"),
                List.of("status"),
                List.of("outdated"),
                List.of("upgrade"),
                List.of("rollback"),
                List.of("start"),
                List.of("stop"),
                List.of("restart"),
                List.of("open"),
                List.of("logs"),
                List.of("forget"),
                List.of("service", "install"),
                List.of("service", "status"))) {
            List<String> line = new java.util.ArrayList<>(verb);
            line.add("http-servr");
            Child.Ended ended = lamplighter.run(line.toArray(String[]::new));
            says(ended, 2, "http-servr");
            assertThat(ended.err()).as(String.join(" ", line)).containsPattern("Did you mean `?http-server");
        }
        // This needs no display.
        says(
                with("DISPLAY", ":4711").run("window", "http-servr"),
                2,
                "There is no tool http-servr. Did you mean http-server?");
        Child.Ended json = lamplighter.run("doctor", "http-servr", "--json");
        assertThat(json.exitCode()).isEqualTo(2);
        assertThat(JSON.readTree(json.out()).path("errors").path(0).path("code").asString())
                .isEqualTo("unknown-tool");
    }

    @Test
    void aManifestThatCannotBeReadIsReportedWithItsPlaceAndNotChanged() throws IOException {
        String text =
                "{\n  \"schema\": \"lamplighter.tool/1\",\n  \"name\": \"broken\"\n  \"expected\": \"command\"\n}\n";
        Path file = home.resolve(".config/lamplighter/tools/broken.json");
        Files.writeString(file, text);
        try {
            String place = "Could not read the manifest of broken (~/.config/lamplighter/tools/broken.json:4:3,"
                    + " a comma is missing before this). The file was not changed.";
            Child.Ended listed = lamplighter.run("list");
            assertThat(listed.err()).contains(place);
            assertThat(listed.out()).contains("http-server");
            for (List<String> verb : List.of(List.of("doctor", "--offline"), List.of("status"))) {
                Child.Ended ended = lamplighter.run(verb.toArray(String[]::new));
                assertThat(ended.err()).as("it has a row").doesNotContain("broken");
                assertThat(ended.out())
                        .as(String.join(" ", verb))
                        .contains(
                                "http-server",
                                "? broken",
                                "Manifest cannot be read (line 4)",
                                "~/.config/lamplighter/tools/broken.json:4:3, a comma is missing before this");
            }
            for (String verb : List.of("upgrade", "rollback", "start", "stop", "open", "logs")) {
                says(lamplighter.run(verb, "broken"), 3, place);
            }
            assertThat(lamplighter.run("outdated").out())
                    .contains("Its manifest cannot be read. For details, run `lamplighter manifest lint broken`.");
            assertThat(lamplighter.run("manifest", "lint", "broken").out()
                            + lamplighter.run("manifest", "lint", "broken").err())
                    .contains("broken.json:4:3", "a comma is missing");
            assertThat(file).hasContent(text);
        } finally {
            Files.delete(file);
        }
    }

    private static Installed with(String variable, String value) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put(variable, value);
        return new Installed(changed);
    }

    private static void says(Child.Ended ended, int exitCode, String... parts) {
        assertThat(ended.err()).contains(parts).startsWith("lamplighter: ");
        assertThat(UNWANTED.matcher(ended.err()).find()).as(ended.err()).isFalse();
        assertThat(Voice.faults(ended.err())).isEmpty();
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(exitCode);
        assertThat(ended.out()).isEmpty();
    }
}
