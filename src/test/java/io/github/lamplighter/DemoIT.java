package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.Steps;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a newcomer does with `lamplighter demo`: the installed program, a real virtual environment and git, and a
/// real systemd user manager.
@WithHome
@Tag("slow")
@Steps
class DemoIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String UNIT = "lamplighter-demo-lamp-clock.service";

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Provided
    private static Installed lamplighter;

    private static Path folder;
    private static Map<String, String> before;
    private static String url;

    @BeforeAll
    static void aHomeWithSomethingInIt() throws IOException {
        folder = home.resolve(".local/share/lamplighter/demo");
        Files.writeString(home.resolve(".gitconfig"), "[user]\n\tname = Ada\n");
        Files.createDirectories(home.resolve(".config/systemd/user/default.target.wants"));
        Files.writeString(home.resolve(".config/systemd/user/own.service"), "[Service]\nExecStart=/bin/true\n");
        before = everything();
    }

    /// A kill in the middle: files of the demo, and no sign that they are all there.
    @Test
    @Order(1)
    void isMadeAlsoWhenAnEarlierRunWasKilled() throws IOException {
        Files.createDirectories(folder.resolve("home/tools/lamp-clock/bin"));
        Files.writeString(folder.resolve("home/tools/lamp-clock/bin/python"), "half");
        Files.createDirectories(folder.resolve("home/projects/lamp-clock/.git"));

        JsonNode made = data(lamplighter.run("demo", "--no-window", "--json").well());

        assertThat(made.path("outcome").asString()).isEqualTo("made");
        assertThat(made.path("version").asString()).isEqualTo("1.0.0");
        url = made.path("url").asString();
        assertThat(get("version")).contains("\"1.0.0\"");
        assertThat(manager.property(UNIT, "ActiveState")).contains("active");
        assertThat(manager.property(UNIT, "UnitFileState")).contains("enabled-runtime");
        JsonNode tools = data(inDemo("list", "--json").well()).path("tools");
        assertThat(tools.valueStream().map(tool -> tool.path("name").asString()))
                .as("no tool of the machine")
                .containsExactlyInAnyOrder("lamp-clock", "lamplighter");
    }

    @Test
    @Order(2)
    @Steps.On("isMadeAlsoWhenAnEarlierRunWasKilled")
    void aSecondRunChangesNothing() {
        String pid = manager.property(UNIT, "MainPID").orElseThrow();
        assertThat(data(lamplighter.run("demo", "--json", "--no-window").well())
                        .path("outcome")
                        .asString())
                .isEqualTo("already");
        assertThat(manager.property(UNIT, "MainPID")).contains(pid);
    }

    /// 1.1.0 is offered first, and 2.0.0 once it is running.
    @Test
    @Order(3)
    @Steps.On("isMadeAlsoWhenAnEarlierRunWasKilled")
    void upgradesToTheGoodVersionAndRollsBackFromTheBrokenOne() {
        assertThat(inDemo("doctor").well().out()).contains("1.1.0 is available", "lamplighter demo upgrade lamp-clock");
        assertThat(result(inDemo("upgrade", "lamp-clock", "--yes", "--json"))).isEqualTo("upgraded to 1.1.0");
        assertThat(get("version")).contains("\"1.1.0\"");

        assertThat(result(inDemo("upgrade", "lamp-clock", "--yes", "--json"))).isEqualTo("rolled-back to 2.0.0");
        assertThat(get("version")).contains("\"1.1.0\"");
    }

    /// The user's login and Lamplighter's installation are no part of the demo.
    @Test
    @Order(4)
    @Steps.On("isMadeAlsoWhenAnEarlierRunWasKilled")
    void commandsThatWouldChangeMoreAreRefused() {
        assertThat(inDemo("autostart", "on").exitCode()).isEqualTo(3);
        assertThat(inDemo("demo", "--remove").exitCode()).isEqualTo(3);
        inDemo("service", "disable", "lamp-clock").well();
        inDemo("service", "enable", "lamp-clock").well();
        assertThat(inDemo("service", "enable", "lamp-clock", "--linger").err()).contains("stops at logout");
    }

    @Test
    @Order(5)
    @Steps.On("isMadeAlsoWhenAnEarlierRunWasKilled")
    void nothingIsLeftWhenItIsRemoved() {
        lamplighter.run("demo", "--remove").well();

        assertThat(everything()).as("the user's home and units").isEqualTo(before);
        assertThat(manager.property(UNIT, "LoadState")).contains("not-found");
        assertThat(manager.systemctl("list-units", "--all", "--plain", "--no-legend", "lamplighter*")
                        .out())
                .isBlank();
        assertThat(home.runtime().resolve("systemd/user")).doesNotExist();
        assertThat(lamplighter.run("demo", "--remove").well().out()).contains("no demo");
        assertThat(lamplighter.run("demo", "doctor").exitCode()).isEqualTo(3);
    }

    private static Child.Ended inDemo(String... words) {
        List<String> all = new ArrayList<>(List.of("demo"));
        all.addAll(List.of(words));
        return lamplighter.run(all.toArray(String[]::new));
    }

    private static JsonNode data(Child.Ended ended) {
        return JSON.readTree(ended.out()).path("data");
    }

    private static String result(Child.Ended upgrade) {
        JsonNode tool = data(upgrade).path("tools").path(0);
        return tool.path("outcome").asString() + " to " + tool.path("to").asString();
    }

    private static String get(String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url + path)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Every file and folder of the home, with the content of each file.
    private static Map<String, String> everything() {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home.path())) {
            for (Path file : files.toList()) {
                all.put(
                        home.path().relativize(file).toString(),
                        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file) : "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}
