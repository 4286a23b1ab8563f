package io.github.lamplighter.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What other tests stand on, stands.
@OnDesktop
@Tag("slow")
class HarnessIT {

    @Test
    void aServiceRunsUnderAUserManagerOfTheTestsOwnAndIsGoneAfterwards() throws Exception {
        assumeThat(UserManager.isPossible()).isTrue();
        long pid;
        Path folder;
        try (ThrowAwayHome home = ThrowAwayHome.withDifficultName();
                UserManager manager = UserManager.start(home)) {
            folder = home.path();
            Path units = Files.createDirectories(home.resolve(".config/systemd/user"));
            Files.writeString(units.resolve("lamp.service"), "[Service]\nExecStart=/bin/sleep 600\n");
            manager.systemctl("daemon-reload").well();
            manager.systemctl("start", "lamp.service").well();
            pid = Long.parseLong(manager.property("lamp.service", "MainPID").orElseThrow());
            assertThat(ProcessHandle.of(pid)).isPresent();
        }
        Await.until(
                "the service is gone",
                Duration.ofSeconds(30),
                () -> ProcessHandle.of(pid).isEmpty());
        assertThat(folder).doesNotExist();
    }

    @Test
    void twoManagersDoNotSeeEachOther() throws Exception {
        assumeThat(UserManager.isPossible()).isTrue();
        try (ThrowAwayHome one = ThrowAwayHome.make();
                ThrowAwayHome two = ThrowAwayHome.make();
                UserManager first = UserManager.start(one);
                UserManager second = UserManager.start(two)) {
            for (UserManager manager : List.of(first, second)) {
                Path units = Files.createDirectories(manager.home().resolve(".config/systemd/user"));
                Files.writeString(units.resolve("lamp.service"), "[Service]\nExecStart=/bin/sleep 600\n");
                manager.systemctl("daemon-reload").well();
                manager.systemctl("start", "lamp.service").well();
            }
            first.systemctl("stop", "lamp.service").well();
            assertThat(second.property("lamp.service", "ActiveState")).contains("active");
        }
    }

    @Test
    void thePanelIsOnTheScreen() throws Exception {
        assumeThat(UserManager.isPossible()).isTrue();
        try (ThrowAwayHome home = ThrowAwayHome.make();
                UserManager manager = UserManager.start(home);
                Desktop desktop = Desktop.start(manager)) {
            assertThat(desktop.items()).isEmpty();
            Path picture = desktop.screenshot(home.resolve("screen.png"));
            assertThat(Files.size(picture)).isGreaterThan(1000);
        }
    }

    @Test
    void npmInstalledAnOldHttpServer() {
        try (ThrowAwayHome home = ThrowAwayHome.make()) {
            NpmPrefix prefix = NpmPrefix.withHttpServer(home);
            Child.Ended answer = Child.run(
                    home.environment(),
                    Duration.ofSeconds(30),
                    prefix.program("http-server").toString(),
                    "--version");
            assertThat(answer.well().out().strip()).isEqualTo("v14.1.0");
        }
    }

    @Test
    void pipInstallsATagWithNoIndexAndItServes() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.withDifficultName()) {
            GitRepository repository = GitRepository.lampClock(home);
            Path program = repository.installedIn(home.resolve("clock env"), "v1.0.0");
            int port = Ports.free();
            try (Child server = Child.start(
                            home.environment(),
                            home.path(),
                            List.of(program.toString(), "serve", "--port", "" + port));
                    HttpClient client = HttpClient.newHttpClient()) {
                URI version = URI.create("http://127.0.0.1:" + port + "/version");
                Await.until(
                        "it serves; " + server.err(),
                        Duration.ofSeconds(20),
                        () -> client.send(HttpRequest.newBuilder(version).build(), HttpResponse.BodyHandlers.ofString())
                                .body()
                                .contains("\"1.0.0\""));
            }
            Path broken = repository.installedIn(home.resolve("broken env"), "v2.0.0");
            Child.Ended ended = Child.run(
                    home.environment(), Duration.ofSeconds(20), broken.toString(), "serve", "--port", "" + port);
            assertThat(ended.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void theTlsServerAnswers() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.make();
                TlsServer server = TlsServer.start(home, 5, "well")) {
            Child.Ended answer = Child.run(
                    home.environment(),
                    Duration.ofSeconds(20),
                    "curl",
                    "-sS",
                    "--noproxy",
                    "*",
                    "--cacert",
                    server.certificate().toString(),
                    server.url().toString());
            assertThat(answer.well().out()).isEqualTo("well");
        }
    }
}
