package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.Steps;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a person does in a terminal, from finding a tool to going back: the installed program, a real npm
/// package from the registry, a real virtual environment from a git tag, and a real systemd user manager.
@WithHome(inOneProcess = true)
@Tag("slow")
@Steps
class JourneyIT {

    private static final JsonMapper JSON = new JsonMapper();

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Provided
    private static NpmPrefix npm;

    private static GitRepository repository;
    private static Path clock;

    @Provided
    private static Installed lamplighter;

    private static int npmPort;
    private static int clockPort;

    @BeforeAll
    static void aMachineWithTwoTools() throws IOException {
        repository = GitRepository.lampClock(home);
        clock = repository.installedIn(home.resolve("clock"), "v1.0.0");
        npmPort = Ports.free();
        clockPort = Ports.free();
        Files.createDirectories(home.resolve("site"));
        Files.writeString(home.resolve("site/index.html"), "the site");
    }

    @Test
    @Order(1)
    void findsWhatNpmInstalledAndItself() {
        JsonNode tools = data("list").path("tools");
        assertThat(tools.valueStream().map(tool -> tool.path("name").asString()))
                .contains("http-server", "lamplighter");
        JsonNode found = named(tools, "http-server");
        assertThat(found.path("version").asString()).isEqualTo("14.1.0");
        assertThat(found.path("installer").asString()).isEqualTo("npm");
        assertThat(found.path("lookedAfter").asBoolean()).isFalse();
    }

    @Test
    @Order(2)
    void addingAsksAndWithoutATerminalIsRefused() {
        Child.Ended refused = lamplighter.run("add", "http-server");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(home.resolve(".config/lamplighter/tools/http-server.json")).doesNotExist();
    }

    @Test
    @Order(3)
    void looksAfterBothOnceAgreed() {
        lamplighter.addHttpServer(npmPort, home.resolve("site"));
        lamplighter.addClock(clock, clockPort);
        JsonNode tools = data("list").path("tools");
        assertThat(named(tools, "http-server").path("lookedAfter").asBoolean()).isTrue();
        assertThat(named(tools, "lamp-clock").path("origin").path("kind").asString())
                .isEqualTo("git");
        assertThat(named(tools, "lamp-clock")
                        .path("origin")
                        .path("requestedRevision")
                        .asString())
                .isEqualTo("v1.0.0");
    }

    @Test
    @Order(4)
    @Steps.On("looksAfterBothOnceAgreed")
    void servicesRunAnswerAndStop() {
        JsonNode installed = data("service", "install", "http-server", "--yes");
        assertThat(installed.path("outcome").asString())
                .as(installed.toString())
                .isEqualTo("done");
        assertThat(get(npmPort, "/")).contains("the site");
        assertThat(data("service", "install", "lamp-clock", "--yes")
                        .path("outcome")
                        .asString())
                .isEqualTo("done");
        assertThat(get(clockPort, "/version")).contains("1.0.0");
        assertThat(Files.exists(home.resolve(".config/systemd/user/lamplighter-http-server.service")))
                .isTrue();

        JsonNode status = data("service", "status", "http-server");
        assertThat(status.path("state").asString()).isEqualTo("running");
        assertThat(status.path("owner").asString()).isEqualTo("ours");

        assertThat(data("stop", "http-server").path("outcome").asString()).isEqualTo("done");
        assertThat(Ports.listens(npmPort)).as("stop means gone").isFalse();
        assertThat(data("stop", "http-server").path("outcome").asString()).isEqualTo("already");
        assertThat(data("start", "http-server").path("outcome").asString()).isEqualTo("done");
        assertThat(Ports.listens(npmPort)).as("ready was waited for").isTrue();
        long before = data("service", "status", "http-server").path("pid").asLong();
        assertThat(data("restart", "http-server").path("outcome").asString()).isEqualTo("done");
        assertThat(data("service", "status", "http-server").path("pid").asLong())
                .isNotEqualTo(before);
    }

    @Test
    @Order(5)
    @Steps.On("servicesRunAnswerAndStop")
    void theDoctorSaysWhatIsSoOnWhatEvidence() {
        JsonNode report = named(data("doctor", "http-server", "lamp-clock").path("tools"), "http-server");
        assertThat(report.path("provenance").path("version").asString()).isEqualTo("14.1.0");
        assertThat(report.path("provenance").path("evidence")).isNotEmpty();
        assertThat(report.path("verdict").path("kind").asString()).isEqualTo("outdated");
        for (String fact : new String[] {"installed", "enabled", "running", "answering", "mine"}) {
            assertThat(report.path("facts").path(fact).path("value").asBoolean())
                    .as(fact)
                    .isTrue();
            assertThat(report.path("facts").path(fact).path("evidence"))
                    .as(fact)
                    .isNotEmpty();
        }
        JsonNode clockReport = named(data("doctor", "lamp-clock").path("tools"), "lamp-clock");
        assertThat(clockReport.path("verdict").path("kind").asString()).isEqualTo("outdated");
        assertThat(clockReport.path("verdict").path("to").asString()).isEqualTo("2.0.0");

        Child.Ended text = lamplighter.run("doctor", "http-server");
        assertThat(text.out()).contains("http-server").doesNotContain("\u001B[");
    }

    @Test
    @Order(6)
    @Steps.On("servicesRunAnswerAndStop")
    void anUpgradeIsATransactionThatKeepsTheServiceRunning() {
        JsonNode upgraded = data("upgrade", "http-server", "--yes");
        JsonNode result = first(upgraded);
        assertThat(result.path("outcome").asString()).as(upgraded.toString()).isEqualTo("upgraded");
        assertThat(result.path("from").asString()).isEqualTo("14.1.0");
        assertThat(get(npmPort, "/")).contains("the site");
        assertThat(npm.folder().resolve("lib/node_modules/http-server/package.json"))
                .content()
                .contains("\"version\": \"" + result.path("to").asString() + "\"");
        String now = result.path("to").asString();
        Await.until(
                "the report speaks of what is there now",
                Duration.ofSeconds(40),
                () -> report("http-server")
                        .filter(report ->
                                report.at("/provenance/version").asString().equals(now))
                        .filter(report -> report.at("/verdict/kind").asString().equals("current"))
                        .isPresent());
        JsonNode again = first(data("upgrade", "http-server", "--yes"));
        assertThat(again.path("outcome").asString()).isEqualTo("current");

        assertThat(first(data("upgrade", "lamp-clock", "--to", "1.1.0", "--yes"))
                        .path("outcome")
                        .asString())
                .isEqualTo("upgraded");
        assertThat(get(clockPort, "/version")).contains("1.1.0");
    }

    @Test
    @Order(7)
    @Steps.On("anUpgradeIsATransactionThatKeepsTheServiceRunning")
    void aVersionThatInstallsButDoesNotServeIsTakenBack() {
        Child.Ended ended = lamplighter.run(Duration.ofMinutes(4), "upgrade", "lamp-clock", "--yes", "--json");
        JsonNode result = first(JSON.readTree(ended.out()).path("data"));
        assertThat(result.path("outcome").asString()).as(ended.out()).isEqualTo("rolled-back");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(get(clockPort, "/version")).contains("1.1.0");
        assertThat(named(data("list").path("tools"), "lamp-clock")
                        .path("version")
                        .asString())
                .isEqualTo("1.1.0");
        JsonNode later = first(JSON.readTree(lamplighter
                        .run("upgrade", "lamp-clock", "--yes", "--json")
                        .out())
                .path("data"));
        assertThat(later.path("outcome").asString())
                .as("skipped until something newer appears")
                .isNotEqualTo("upgraded");
    }

    @Test
    @Order(8)
    @Steps.On("aVersionThatInstallsButDoesNotServeIsTakenBack")
    void rollbackGoesBackLater() {
        JsonNode back = first(data("rollback", "lamp-clock", "--yes"));
        assertThat(back.path("outcome").asString()).as(back.toString()).isIn("upgraded", "rolled-back");
        assertThat(get(clockPort, "/version")).contains("1.0.0");
        assertThat(data("history", "lamp-clock").toString()).contains("1.1.0");
    }

    @Test
    @Order(9)
    @Steps.On("rollbackGoesBackLater")
    void aWorkerThatIsKilledLeavesAWholeToolBehind() {
        try (Child upgrade = lamplighter.start("upgrade", "lamp-clock", "--to", "1.1.0", "--yes", "--json")) {
            Await.until("a journal is open", Duration.ofSeconds(60), () -> workers() > 0);
            killWorkers();
            upgrade.end(Duration.ofMinutes(2));
        }
        lamplighter.run("recover", "--json");
        Await.until("it answers again", Duration.ofSeconds(30), () -> Ports.listens(clockPort));
        assertThat(get(clockPort, "/version")).containsAnyOf("1.0.0", "1.1.0");
        String version =
                named(data("list").path("tools"), "lamp-clock").path("version").asString();
        assertThat(get(clockPort, "/version")).contains(version);
    }

    @Test
    @Order(10)
    @Steps.On("servicesRunAnswerAndStop")
    void uninstallingAServiceAndForgettingLeaveTheToolAlone() {
        assertThat(data("service", "uninstall", "http-server", "--yes")
                        .path("outcome")
                        .asString())
                .isEqualTo("done");
        assertThat(home.resolve(".config/systemd/user/lamplighter-http-server.service"))
                .doesNotExist();
        well("forget", "http-server", "--yes");
        assertThat(npm.program("http-server")).exists();
        assertThat(lamplighter.run("doctor", "no-such-tool").exitCode()).isEqualTo(2);
    }

    private static long workers() {
        return workerProcesses().count();
    }

    private static java.util.stream.Stream<ProcessHandle> workerProcesses() {
        return ProcessHandle.allProcesses().filter(process -> {
            try {
                String line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                        .replace('\0', ' ');
                return line.contains("upgrade-worker") && line.contains("java") && environmentNames(process.pid());
            } catch (IOException e) {
                return false;
            }
        });
    }

    /// Only workers of this test's own home: a machine may run others.
    private static boolean environmentNames(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/environ"), java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains("HOME=" + home.path());
    }

    private static void killWorkers() {
        workerProcesses().forEach(ProcessHandle::destroyForcibly);
    }

    private static JsonNode data(String... words) {
        String[] argv = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(words), java.util.stream.Stream.of("--json"))
                .toArray(String[]::new);
        Child.Ended ended = lamplighter.run(Duration.ofMinutes(4), argv);
        assertThat(ended.exitCode()).as(ended.toString()).isIn(0, 1);
        JsonNode envelope = JSON.readTree(ended.out());
        assertThat(envelope.path("schema").asString()).isEqualTo("lamplighter/1");
        return envelope.path("data");
    }

    private static void well(String... words) {
        Child.Ended ended = lamplighter.run(words);
        assertThat(ended.exitCode()).as(ended.toString()).isZero();
    }

    /// As it lies on disk.
    private static Optional<JsonNode> report(String name) {
        return JsonFile.read(home.resolve(".local/state/lamplighter/reports/" + name + ".json"))
                        instanceof JsonFile.Content.Present present
                ? Optional.of(present.json())
                : Optional.empty();
    }

    private static JsonNode first(JsonNode data) {
        return data.has("tools") ? data.path("tools").path(0) : data;
    }

    private static JsonNode named(JsonNode tools, String name) {
        return tools.valueStream()
                .filter(tool -> tool.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + tools));
    }

    private static String get(int port, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError("nobody answers on port " + port, e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
