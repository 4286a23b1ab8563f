package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.Schema;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `self uninstall` with a real systemd user manager, a real npm tool as a service, and the tray icon's process. The
/// program is a checkout, so only its own folder stays.
@WithHome
@Tag("slow")
class SelfUninstallIT {

    private static final String UNIT = "lamplighter-http-server.service";
    private static final String TIMER = "io.github.lamplighter.doctor.timer";

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Provided
    private static NpmPrefix npm;

    @Provided
    private static Installed lamplighter;

    @Test
    void theServiceGoesOnWithoutLamplighterAndIsRemovedOnRequest() throws Exception {
        int port = Ports.free();
        // Without a folder to serve, its working directory is one of Lamplighter's.
        lamplighter
                .run(
                        "add",
                        "http-server",
                        "--argument=-p",
                        "--argument=" + port,
                        "--argument=-a",
                        "--argument=127.0.0.1",
                        "--url",
                        "http://127.0.0.1:" + port + "/",
                        "--yes")
                .well();
        lamplighter.run("service", "install", "http-server", "--yes").well();
        lamplighter.run("autostart", "on", "--headless").well();
        lamplighter.run("autostart", "on").well();
        Path previous = Files.createDirectories(
                npm.folder().resolve("lib/.lamplighter/http-server/snapshots/20260101-000000-0000/environment"));
        try (Child tray = lamplighter.start("tray")) {
            Path running = home.resolve(
                    ".local/state/lamplighter/running/tray-" + tray.process().pid());
            Await.until("the tray icon is running", Duration.ofSeconds(20), () -> Files.exists(running));

            Child.Ended preview =
                    lamplighter.run("self", "uninstall", "--dry-run").well();
            assertThat(preview.err())
                    .contains("PID " + tray.process().pid(), UNIT, "keeps running", "http-server.json");
            assertThat(lamplighter.run("self", "uninstall").exitCode())
                    .as("nobody to ask")
                    .isEqualTo(3);
            assertThat(tray.process().isAlive()).isTrue();

            JsonNode removed =
                    data(lamplighter.run("self", "uninstall", "--yes", "--json").well());
            assertThat(removed.path("outcome").asString()).isEqualTo("done");
            assertThat(tray.end(Duration.ofSeconds(10)).exitCode())
                    .as("the tray icon ended in order")
                    .isZero();
        }
        assertThat(previous).doesNotExist();
        assertThat(npm.folder().resolve("lib/.lamplighter")).doesNotExist();
        assertThat(left())
                .containsExactlyInAnyOrder(
                        ".config/systemd/user/" + UNIT,
                        ".config/systemd/user/default.target.wants/" + UNIT,
                        ".local/state/lamplighter/work/http-server");
        assertThat(Ports.listens(port)).isTrue();
        assertThat(manager.systemctl("list-units", "--failed", "--plain", "--no-legend")
                        .out())
                .isEmpty();
        assertThat(manager.property(TIMER, "LoadState")).contains("not-found");
        manager.systemctl("restart", UNIT).well();
        Await.until("the service responds again", Duration.ofSeconds(20), () -> Ports.listens(port));

        assertThat(data(lamplighter.run("self", "uninstall", "--yes", "--json").well())
                        .path("outcome")
                        .asString())
                .isEqualTo("already");
        // Also without its manifest.
        JsonNode services = data(lamplighter
                .run("self", "uninstall", "--services", "--yes", "--json")
                .well());
        assertThat(services.path("services").path(0).path("outcome").asString()).isEqualTo("done");
        assertThat(Ports.listens(port)).isFalse();
        assertThat(left()).isEmpty();
        assertThat(npm.folder().resolve("bin/http-server")).exists();
    }

    private static JsonNode data(Child.Ended ended) throws IOException {
        assertThat(new Schema(Schema.ENVELOPE).complaints(ended.out())).isEmpty();
        return new JsonMapper().readTree(ended.out()).path("data");
    }

    /// The files with Lamplighter's name below the folders of all programs, and empty folders of its own.
    private static List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(home.path())) {
            return files.filter(path -> Stream.of(".config", ".local/state", ".local/share", ".cache")
                            .map(home::resolve)
                            .anyMatch(path::startsWith))
                    .filter(path -> home.path().relativize(path).toString().contains("lamplighter"))
                    .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || isEmpty(path))
                    .map(path -> home.path().relativize(path).toString())
                    .toList();
        }
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}
