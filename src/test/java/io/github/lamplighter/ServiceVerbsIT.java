package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The service verbs as they are typed, in a home with a space and an umlaut in its name, with nothing in
/// the environment but that home and the folder of the session, so that their signs are ASCII's without a
/// locale; and what they say of bad input.
@WithHome(difficultName = true)
@Tag("slow")
@EnabledIf("isPossible")
class ServiceVerbsIT {

    private static final String SERVER = """
        #!/usr/bin/python3
        import http.server, json, os, sys
        host, port = sys.argv[1], int(sys.argv[2])
        class H(http.server.BaseHTTPRequestHandler):
            def log_message(self, *a): pass
            def do_GET(self):
                body = json.dumps(sys.argv[3:]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer((host, port), H).serve_forever()
        """;
    private static final List<String> ARGUMENTS =
            List.of("Привет, мир", "日本語", "🦆 👩‍💻", "ü \"%h\" $HOME \\n", "", "--x=<&>;");

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    private static Installed lamplighter;
    private static Path units;

    static boolean isPossible() {
        return UserManager.isPossible() && Files.isExecutable(Path.of("/usr/bin/python3"));
    }

    @BeforeAll
    static void aSession() throws IOException {
        lamplighter = new Installed(Map.of(
                        "HOME",
                        home.path().toString(),
                        "XDG_RUNTIME_DIR",
                        home.runtime().toString()))
                .inOneProcess();
        units = home.resolve(".config/systemd/user");
        Path program = Files.createDirectories(home.resolve("the env/bin")).resolve("sérver");
        Files.writeString(program, SERVER);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterAll
    static void end() {
        lamplighter.close();
    }

    @Test
    void everyVerbSaysWhatIsSoAndSayingItTwiceIsNoMistake() throws IOException {
        int port = Ports.free();
        describe("lamp", port, "127.0.0.1", ARGUMENTS);

        JsonNode installed = data(0, "service", "install", "lamp");
        assertThat(installed.path("outcome").asString()).isEqualTo("done");
        facts(installed, true);
        assertThat(get(port)).isEqualTo(ARGUMENTS);
        assertThat(data(0, "service", "install", "lamp").path("outcome").asString())
                .isEqualTo("already");
        assertThat(data(0, "start", "lamp").path("outcome").asString()).isEqualTo("already");

        Child.Ended restarted = lamplighter.run("restart", "lamp").well();
        assertThat(restarted.out())
                .contains(
                        "lamp: The service is running and responding",
                        "Installed +   Starts at login +   Running +   Responding +   Identity +");

        assertThat(data(0, "service", "disable", "lamp").path("outcome").asString())
                .isEqualTo("done");
        assertThat(data(0, "service", "disable", "lamp").path("outcome").asString())
                .isEqualTo("already");
        assertThat(data(0, "service", "enable", "lamp").path("outcome").asString())
                .isEqualTo("done");
        assertThat(data(0, "service", "enable", "lamp").path("outcome").asString())
                .isEqualTo("already");
        assertThat(data(0, "service", "diff", "lamp").path("drift").asBoolean()).isFalse();

        JsonNode stopped = data(0, "stop", "lamp");
        assertThat(stopped.path("outcome").asString()).isEqualTo("done");
        assertThat(stopped.path("facts").path("running").path("value").asBoolean())
                .isFalse();
        assertThat(data(0, "stop", "lamp").path("outcome").asString()).isEqualTo("already");
        assertThat(data(0, "service", "uninstall", "lamp", "--yes")
                        .path("outcome")
                        .asString())
                .isEqualTo("done");
        JsonNode gone = data(0, "service", "uninstall", "lamp", "--yes");
        assertThat(gone.path("outcome").asString()).isEqualTo("already");
        assertThat(gone.path("facts").path("installed").path("value").asBoolean())
                .isFalse();
        assertThat(units.resolve("lamplighter-lamp.service")).doesNotExist();
        assertThat(units.resolve("default.target.wants/lamplighter-lamp.service"))
                .doesNotExist();
    }

    @Test
    void aServerThatEverybodyCanReachIsSaidAtTheInstallation() throws IOException {
        int port = Ports.free();
        describe("wide", port, "0.0.0.0", List.of());
        Child.Ended ended = lamplighter.run("service", "install", "wide").well();
        assertThat(ended.err()).contains("! Anyone on your network can use it. It accepts connections from");
        JsonNode again = data(0, "service", "install", "wide");
        assertThat(again.path("warnings").path(0).path("id").asString()).isEqualTo("address");
        lamplighter.run("service", "uninstall", "wide", "--yes").well();
        describe("narrow", port, "127.0.0.1", List.of());
        assertThat(lamplighter.run("service", "install", "narrow").well().err()).isEmpty();
        lamplighter.run("service", "uninstall", "narrow", "--yes").well();
    }

    @Test
    void aSecondServiceIsSaidWithTheWayToEndIt() throws IOException {
        int port = Ports.free();
        describe("twice", port, "127.0.0.1", List.of());
        data(0, "service", "install", "twice");
        Path second = Files.writeString(
                units.resolve("by-hand.service"), """
                    [Service]
                    ExecStart="%s" 127.0.0.1 %d
                    [Install]
                    WantedBy=default.target
                    """.formatted(home.resolve("the env/bin/sérver"), port));
        try {
            assertThat(manager.systemctl("enable", "by-hand.service").exitCode())
                    .isZero();
            JsonNode again = data(0, "service", "install", "twice");
            assertThat(again.path("warnings").path(0).path("id").asString()).isEqualTo("service-duplicate");
            Child.Ended doctor = lamplighter.run("doctor", "twice", "--offline");
            assertThat(doctor.out())
                    .contains(
                            "More than one service starts this tool", "systemctl --user disable --now by-hand.service");
        } finally {
            manager.systemctl("disable", "by-hand.service");
            Files.deleteIfExists(second);
            manager.systemctl("daemon-reload");
            data(0, "service", "uninstall", "twice", "--yes");
        }
    }

    @Test
    void whoHoldsThePortIsSaid() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            // It hangs up at once: what says nothing is waited for, several times.
            Thread.startVirtualThread(() -> {
                while (!other.isClosed()) {
                    try (Socket _ = other.accept()) {
                        continue;
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            describe("late", other.getLocalPort(), "127.0.0.1", List.of());
            Child.Ended ended = lamplighter.run("service", "install", "late");
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.err())
                    .contains(
                            "late: The service exited soon after its start",
                            "Its address is in use: pid "
                                    + ProcessHandle.current().pid(),
                            "Running x",
                            "lamplighter service uninstall late");
            lamplighter.run("service", "uninstall", "late", "--yes").well();
        }
    }

    @Test
    void aNameThatNobodyKnowsIsAnsweredBeforeAnythingRuns() throws IOException {
        describe("known", Ports.free(), "127.0.0.1", List.of());
        for (String verb : List.of("install", "uninstall", "start", "stop", "restart", "status", "enable", "diff")) {
            Child.Ended ended = lamplighter.run("service", verb, "knwon");
            assertThat(ended.exitCode()).as(verb).isEqualTo(2);
            assertThat(ended.err()).as(verb).contains("knwon is not managed", "known");
            assertThat(ended.out()).as(verb).isEmpty();
        }
    }

    @Test
    void aDescriptionWithoutAServiceSaysHowToGetOne() throws IOException {
        ObjectNode manifest = manifest("command", Ports.free(), "127.0.0.1", List.of());
        manifest.put("expected", "command");
        manifest.remove(List.of("service", "endpoint"));
        write("command", manifest);
        Child.Ended ended = lamplighter.run("service", "install", "command");
        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.err()).contains("its manifest describes no service", "--argument", "tools/command.json");
        assertThat(units.resolve("lamplighter-command.service")).doesNotExist();
        Child.Ended started = lamplighter.run("start", "command");
        assertThat(started.exitCode()).isEqualTo(3);
        assertThat(started.err())
                .contains("There is no service lamplighter-command.service. To create one, run `lamplighter service"
                        + " install command`.");
    }

    @Test
    void aSecretInADescriptionIsRefusedWithTheWayToDoIt() throws IOException {
        ObjectNode manifest = manifest("secretive", Ports.free(), "127.0.0.1", List.of());
        manifest.withObjectProperty("service").withObjectProperty("environment").put("API_TOKEN", "canary-4711");
        write("secretive", manifest);
        Child.Ended ended = lamplighter.run("service", "install", "secretive");
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.err()).contains("API_TOKEN", "environmentFile").doesNotContain("canary-4711");
        assertThat(units.resolve("lamplighter-secretive.service")).doesNotExist();
    }

    /// The folder of the units on a tiny disk of its own, which is full, or may not be written to.
    @Test
    void aDiskThatTakesNothingLeavesTheOldFileAndTheRunningServiceAsTheyAre() throws IOException {
        Files.createDirectories(units);
        Child.run(Map.of(), Duration.ofSeconds(10), "/bin/mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", units + "")
                .well();
        try {
            int port = Ports.free();
            describe("full", port, "127.0.0.1", List.of("old"));
            data(0, "service", "install", "full");
            Path unit = units.resolve("lamplighter-full.service");
            String old = Files.readString(unit);
            describe("full", port, "127.0.0.1", List.of("new"));

            fill(units.resolve("filler"));
            Child.Ended full = lamplighter.run("service", "install", "full");
            assertThat(full.exitCode()).isEqualTo(1);
            assertThat(full.err())
                    .contains("Could not write the service file: no space left on the disk of " + units)
                    .contains("Free some space, then try again", "It is unchanged.");
            assertThat(unit).hasContent(old);
            assertThat(get(port)).containsExactly("old");
            assertThat(hidden()).as("nothing half written stays").isEmpty();

            Files.delete(units.resolve("filler"));
            remount("ro");
            Child.Ended readOnly = lamplighter.run("service", "install", "full");
            assertThat(readOnly.exitCode()).isEqualTo(1);
            assertThat(readOnly.err()).contains("the file system of " + units + " is read-only");
            assertThat(unit).hasContent(old);
            assertThat(get(port)).containsExactly("old");
            Child.Ended stays = lamplighter.run("service", "uninstall", "full", "--yes");
            assertThat(stays.exitCode()).isEqualTo(1);
            assertThat(unit).hasContent(old);

            remount("rw");
            assertThat(data(0, "service", "install", "full").path("outcome").asString())
                    .isEqualTo("done");
            assertThat(get(port)).containsExactly("new");
            data(0, "service", "uninstall", "full", "--yes");
        } finally {
            Child.run(Map.of(), Duration.ofSeconds(10), "/bin/umount", "-l", units.toString());
        }
    }

    private static void remount(String how) {
        Child.run(Map.of(), Duration.ofSeconds(10), "/bin/mount", "-o", "remount," + how, units.toString())
                .well();
    }

    private static List<Path> hidden() throws IOException {
        try (Stream<Path> files = Files.list(units)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("."))
                    .toList();
        }
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] page = new byte[4096];
            for (int i = 0; i < 1000; i++) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(Files.size(file)).isPositive();
            return;
        }
        throw new AssertionError("that disk is not small");
    }

    private static void facts(JsonNode data, boolean value) {
        for (String fact : List.of("installed", "enabled", "running", "answering", "mine")) {
            assertThat(data.path("facts").path(fact).path("value").asBoolean())
                    .as(fact)
                    .isEqualTo(value);
        }
    }

    private static JsonNode data(int exitCode, String... words) {
        Child.Ended ended = lamplighter.run(
                Stream.concat(Stream.of(words), Stream.of("--json")).toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(exitCode);
        return JsonFile.MAPPER.readTree(ended.out()).path("data");
    }

    private static void describe(String name, int port, String host, List<String> more) throws IOException {
        write(name, manifest(name, port, host, more));
    }

    private static ObjectNode manifest(String name, int port, String host, List<String> more) {
        ObjectNode manifest = JsonFile.MAPPER.createObjectNode();
        manifest.put("schema", "lamplighter.tool/1").put("name", name).put("expected", "running");
        manifest.putObject("install")
                .put("installer", "venv")
                .put("package", name)
                .put("environment", home.resolve("the env").toString())
                .put("program", home.resolve("the env/bin/sérver").toString());
        ObjectNode service = manifest.putObject("service");
        var arguments = service.putArray("arguments");
        arguments.add(host).add(Integer.toString(port));
        more.forEach(arguments::add);
        manifest.putObject("endpoint")
                .put("url", "http://127.0.0.1:" + port + "/")
                .put("readyTimeoutSeconds", 20);
        return manifest;
    }

    private static void write(String name, ObjectNode manifest) throws IOException {
        Path file = home.resolve(".config/lamplighter/tools").resolve(name + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, manifest.toPrettyString());
    }

    private static List<String> get(int port) {
        String[] answer = new String[1];
        Await.until("port " + port + " answers", Duration.ofSeconds(10), () -> {
            answer[0] = new String(
                    java.net
                            .URI
                            .create("http://127.0.0.1:" + port + "/")
                            .toURL()
                            .openStream()
                            .readAllBytes(),
                    java.nio.charset.StandardCharsets.UTF_8);
            return true;
        });
        return JsonFile.MAPPER
                .readTree(answer[0])
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }
}
