package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Desktop;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.OnDesktop;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.Steps;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A user at a desktop looks at the panel, opens the window with a click, upgrades a tool, and sees a version that
/// does not start being rolled back. It has a real panel and the installed program, and clicks on the pixels of
/// a button.
@OnDesktop
@WithHome
@Tag("slow")
@Steps
class DesktopJourneyIT {

    /// Primer light's accent, success, and the ground of a banner that warns, as the theme of the window has
    /// them.
    private static final int ACCENT = 0x0969da;

    /// The same button with the focus, which the plan's has.
    private static final int FOCUSED = 0x0550ae;

    private static final int SUCCESS = 0x1a7f37;
    private static final int BANNER = 0xfff8c5;

    private static final JsonMapper JSON = new JsonMapper();

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Provided
    private static Desktop desktop;

    @Provided
    private static NpmPrefix npm;

    @Provided
    private static Installed lamplighter;

    private static Child tray;

    @BeforeAll
    static void aDesktopWithTwoServices() throws IOException {
        GitRepository repository = GitRepository.lampClock(home);
        Path clock = repository.installedIn(home.resolve("clock"), "v1.1.0");
        int npmPort = Ports.free();
        Files.createDirectories(home.resolve("site"));
        lamplighter.addHttpServer(npmPort, home.resolve("site"));
        int clockPort = Ports.free();
        lamplighter.addClock(clock, clockPort);
        lamplighter.run("service", "install", "http-server", "--yes").well();
        lamplighter.run("service", "install", "lamp-clock", "--yes").well();
        lamplighter.run("doctor").well();
    }

    @AfterAll
    static void end() {
        if (tray != null) {
            tray.close();
        }
    }

    @Test
    @Order(1)
    void theIconIsInThePanelAndItsStateFollowsAServiceAtOnce() throws IOException {
        tray = lamplighter.start("tray");
        Await.until(
                "the item is in the panel",
                Duration.ofSeconds(40),
                () -> desktop.items().size() == 1);
        Await.until("it is OK", Duration.ofSeconds(40), () -> status().equals("Active"));
        // What systemd restarts is no failure yet, so it must not restart it.
        Path dropIn = home.resolve(".config/systemd/user/lamplighter-http-server.service.d/once.conf");
        Files.createDirectories(dropIn.getParent());
        Files.writeString(dropIn, "[Service]\nRestart=no\n");
        manager.systemctl("daemon-reload").well();
        long pid = manager.property("lamplighter-http-server.service", "MainPID")
                .map(Long::parseLong)
                .orElseThrow();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        Await.until("the icon says so", Duration.ofSeconds(20), () -> status().equals("NeedsAttention"));
        Files.delete(dropIn);
        manager.systemctl("daemon-reload").well();
        lamplighter.run("start", "http-server").well();
        Await.until("it is OK again", Duration.ofSeconds(60), () -> status().equals("Active"));
    }

    @Test
    @Order(2)
    @Steps.On("theIconIsInThePanelAndItsStateFollowsAServiceAtOnce")
    void aClickOnTheIconOpensTheWindow() {
        desktop.run("busctl", "--user", "call", bus(), path(), "org.kde.StatusNotifierItem", "Activate", "ii", "0", "0")
                .well();
        Await.until(
                "the window is there",
                Duration.ofSeconds(60),
                () -> desktop.windows().contains("Lamplighter"));
    }

    @Test
    @Order(3)
    @Steps.On("aClickOnTheIconOpensTheWindow")
    void anUpgradeIsShownToItsEnd() throws IOException {
        upgradeInTheWindow("http-server");
        Await.until(
                "it is done",
                Duration.ofSeconds(120),
                () -> outcome("http-server").filter("upgraded"::equals).isPresent());
        assertThat(npm.folder().resolve("lib/node_modules/http-server/package.json"))
                .content()
                .doesNotContain("\"version\": \"14.1.0\"");
        Await.until("the steps are shown as done", Duration.ofSeconds(30), () -> count(SUCCESS) > 40);
        keep("upgraded");
        desktop.press("Escape");
    }

    @Test
    @Order(4)
    @Steps.On("anUpgradeIsShownToItsEnd")
    void aVersionThatDoesNotStartIsRolledBackInTheWindow() throws IOException {
        upgradeInTheWindow("lamp-clock");
        Await.until(
                "it was rolled back",
                Duration.ofSeconds(240),
                () -> outcome("lamp-clock").filter("rolled-back"::equals).isPresent());
        try {
            Await.until("the window says so", Duration.ofSeconds(15), () -> count(BANNER) > 5000);
        } finally {
            keep("rolled-back");
        }
    }

    /// Opens the tool's page, asks for the dialog, waits for the plan, and clicks its button.
    private static void upgradeInTheWindow(String tool) throws IOException {
        lamplighter.run("window", tool).well();
        Await.until("its page offers the upgrade", Duration.ofSeconds(60), () -> count(ACCENT) > 1500);
        keep("page-" + tool);
        desktop.press("ctrl+u");
        Await.until("the dialog is in front", Duration.ofSeconds(20), () -> count(ACCENT) < 1000);
        try {
            Await.until("the plan is there", Duration.ofSeconds(60), () -> count(FOCUSED) > 1500);
        } finally {
            keep("plan-" + tool);
        }
        Point button = middle(FOCUSED);
        desktop.click(button.x, button.y);
        // A button under the pointer has another colour: the next dialog's may lie in the same place.
        desktop.point(1, 1);
    }

    private static Optional<String> outcome(String tool) {
        JsonNode past = JSON.readTree(lamplighter.run("history", tool, "--json").out());
        return Optional.of(
                past.path("data").path("tools").path(0).path("outcome").asString(""));
    }

    private static String status() {
        return desktop.run("busctl", "--user", "get-property", bus(), path(), "org.kde.StatusNotifierItem", "Status")
                .out()
                .replaceAll("^s \"|\"\\s*$", "");
    }

    private static String bus() {
        return desktop.items().getFirst().replaceFirst("/.*", "");
    }

    private static String path() {
        return desktop.items().getFirst().replaceFirst("^[^/]*", "");
    }

    private static long count(int colour) throws IOException {
        return points(colour).size();
    }

    private static Point middle(int colour) throws IOException {
        List<Point> points = points(colour);
        return new Point(
                (int) points.stream().mapToInt(point -> point.x).average().orElseThrow(),
                (int) points.stream().mapToInt(point -> point.y).average().orElseThrow());
    }

    /// The points of the screen that have exactly this colour.
    private static List<Point> points(int colour) throws IOException {
        BufferedImage screen =
                ImageIO.read(desktop.screenshot(home.resolve("screen.png")).toFile());
        List<Point> points = new ArrayList<>();
        for (int y = 0; y < screen.getHeight(); y++) {
            for (int x = 0; x < screen.getWidth(); x++) {
                if ((screen.getRGB(x, y) & 0xffffff) == colour) {
                    points.add(new Point(x, y));
                }
            }
        }
        return points;
    }

    /// For people who want to see what the test saw.
    private static void keep(String name) throws IOException {
        Path folder = Files.createDirectories(Installed.CHECKOUT.resolve("target/screenshots"));
        desktop.screenshot(folder.resolve("journey-" + name + ".png"));
    }
}
