package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Desktop;
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
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The tray in a session that changes under it: a service that crashes and is brought back from its notification, as
/// xfce4-notifyd shows it; a panel that crashes; a service manager that goes away with its bus and comes back.
@OnDesktop
@WithHome
@Tag("slow")
@Steps
class TrayNoticesIT {

    private static final String UNIT = "lamplighter-http-server.service";

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
    private static Child bus;

    @BeforeAll
    static void startADesktopWithAServiceWithoutRestarts() throws IOException {
        desktop.showNotifications();
        int port = Ports.free();
        Files.createDirectories(home.resolve("site"));
        lamplighter.addHttpServer(port, home.resolve("site"));
        lamplighter.run("service", "install", "http-server", "--yes").well();
        Path dropIn = Files.createDirectories(home.resolve(".config/systemd/user/" + UNIT + ".d"));
        Files.writeString(dropIn.resolve("stay.conf"), "[Service]\nRestart=no\n");
        manager.systemctl("daemon-reload").well();
        lamplighter.run("doctor", "--offline");
        // Whether there is a network here is not what this is about.
        lamplighter.run("ignore", "http-server", "update", "--until", "always").well();
        bus = desktop.begin("dbus-monitor", "--session", "interface='org.freedesktop.Notifications'");
        tray = lamplighter.start("tray");
        Await.until(
                "the item is in the panel",
                Duration.ofSeconds(60),
                () -> desktop.items().size() == 1);
        Await.until("it is well", Duration.ofSeconds(60), () -> title().contains("No problems found"));
    }

    @AfterAll
    static void end() {
        tray.close();
    }

    @Test
    @Order(1)
    void aCrashIsShownWithItsActions() throws IOException {
        kill();
        Await.until(
                "the daemon shows it",
                Duration.ofSeconds(30),
                () -> notification().isPresent());
        Await.until("with the artwork of a failure", Duration.ofSeconds(10), () -> red() > 100);
        keep("notice-crash");
        assertThat(said("http-server stopped unexpectedly"))
                .contains("string \"restart\"", "string \"Restart\"", "string \"Open\"", "variant byte 1")
                .containsPattern("string \"At \\d\\d:\\d\\d \\(killed by SIGKILL\\).\"");
    }

    @Test
    @Order(2)
    @Steps.On("aCrashIsShownWithItsActions")
    void theEndOfAProblemReplacesItsNotification() throws IOException {
        lamplighter.run("service", "start", "http-server", "--yes").well();
        Await.until(
                "it is said",
                Duration.ofSeconds(30),
                () -> !said("http-server is running again").isEmpty());
        Await.until("in the same place, without the red", Duration.ofSeconds(10), () -> red() == 0);
        keep("notice-over");
        assertThat(said("http-server is running again"))
                .doesNotContain("string \"Lamplighter\" uint32 0 ")
                .containsPattern("string \"Down for \\d+ (s|min).\"");
        assertThat(notifications()).hasSize(1);
    }

    @Test
    @Order(3)
    @Steps.On("theEndOfAProblemReplacesItsNotification")
    void itsButtonRestartsTheService() throws IOException {
        kill();
        Await.until("it is shown again", Duration.ofSeconds(30), () -> red() > 100);
        Await.until(
                "with its buttons", Duration.ofSeconds(10), () -> firstButton().isPresent());
        Point button = firstButton().orElseThrow();
        desktop.click(button.x, button.y);
        Await.until(
                "the service runs",
                Duration.ofSeconds(60),
                () -> manager.property(UNIT, "ActiveState")
                        .filter("active"::equals)
                        .isPresent());
        Await.until("the icon shows no problem", Duration.ofSeconds(60), () -> title().contains("No problems found"));
    }

    @Test
    @Order(4)
    void aPanelThatWasRestartedShowsTheIconAgain() {
        List<String> before = desktop.items();
        desktop.restartPanel();
        Await.until(
                "the item is in the new panel",
                Duration.ofSeconds(30),
                () -> desktop.items().equals(before));
    }

    @Test
    @Order(5)
    @Steps.On("itsButtonRestartsTheService")
    void withNotificationsOffAFailureOnlyShowsInTheIcon() {
        lamplighter.run("settings", "set", "notify.failure", "off").well();
        long before = bus.out().split("http-server stopped unexpectedly", -1).length;
        kill();
        Await.until("the icon says it", Duration.ofSeconds(30), () -> title().contains("http-server needs attention"));
        long ends = bus.out().split("http-server is running again", -1).length;
        lamplighter.run("service", "start", "http-server", "--yes").well();
        Await.until(
                "its end is still said",
                Duration.ofSeconds(30),
                () -> bus.out().split("http-server is running again", -1).length > ends);
        assertThat(bus.out().split("http-server stopped unexpectedly", -1).length)
                .isEqualTo(before);
    }

    @Test
    @Order(6)
    void withoutItsServiceManagerAToolIsUnknown() {
        ProcessHandle.of(manager.pid()).orElseThrow().destroyForcibly();
        try {
            Await.until(
                    "nothing is claimed any more",
                    Duration.ofSeconds(60),
                    () -> title().contains("http-server could not be checked"));
        } catch (AssertionError e) {
            throw new AssertionError("title: " + title(), e);
        }
    }

    /// What was sent to the daemon under a title, on one line; empty when nothing was.
    private static String said(String title) {
        return Stream.of(bus.out().split("(?m)^(method call|signal) "))
                .filter(message -> message.contains("member=Notify") && message.contains("\"" + title + "\""))
                .reduce((_, last) -> last)
                .map(message -> message.replaceAll("\\s+", " "))
                .orElse("");
    }

    private static void kill() {
        long pid = manager.property(UNIT, "MainPID").map(Long::parseLong).orElseThrow();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private static Optional<Rectangle> notification() {
        return notifications().stream().findFirst();
    }

    /// Where the notifications are on the screen.
    private static List<Rectangle> notifications() {
        return desktop.run("xdotool", "search", "--onlyvisible", "--class", "xfce4-notifyd")
                .out()
                .lines()
                .map(window -> desktop.run("xdotool", "getwindowgeometry", "--shell", window)
                        .out()
                        .lines()
                        .filter(line -> line.contains("="))
                        .map(line -> line.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> Integer.valueOf(pair[1]))))
                .filter(geometry -> geometry.getOrDefault("WIDTH", 0) > 100)
                .map(geometry -> new Rectangle(
                        geometry.get("X"), geometry.get("Y"), geometry.get("WIDTH"), geometry.get("HEIGHT")))
                .toList();
    }

    /// How many points of the notification are red, as the badge of a failure.
    private static long red() throws IOException {
        Optional<BufferedImage> picture = picture();
        return picture.isEmpty()
                ? 0
                : Arrays.stream(picture.get()
                                .getRGB(
                                        0,
                                        0,
                                        picture.get().getWidth(),
                                        picture.get().getHeight(),
                                        null,
                                        0,
                                        picture.get().getWidth()))
                        .filter(rgb -> (rgb >> 16 & 255) > 190 && (rgb >> 8 & 255) < 90 && (rgb & 255) < 100)
                        .count();
    }

    private static Optional<BufferedImage> picture() throws IOException {
        BufferedImage screen =
                ImageIO.read(desktop.screenshot(home.resolve("screen.png")).toFile());
        return notification().map(place -> screen.getSubimage(place.x, place.y, place.width, place.height));
    }

    /// Inside the leftmost button: in the row of buttons, the first points that are not the bubble's ground.
    private static Optional<Point> firstButton() throws IOException {
        Optional<BufferedImage> picture = picture();
        if (picture.isEmpty()) {
            return Optional.empty();
        }
        Rectangle place = notification().orElseThrow();
        int row = place.height - 30;
        int ground = picture.get().getRGB(8, row);
        for (int x = 8; x < place.width - 40; x++) {
            if (picture.get().getRGB(x, row) != ground) {
                return Optional.of(new Point(place.x + x + 15, place.y + row));
            }
        }
        return Optional.empty();
    }

    /// What the item says of itself, asked directly.
    private static String title() {
        return desktop.run(
                        "busctl",
                        "--user",
                        "get-property",
                        "org.kde.StatusNotifierItem-%d-1"
                                .formatted(tray.process().pid()),
                        "/StatusNotifierItem",
                        "org.kde.StatusNotifierItem",
                        "Title")
                .out();
    }

    /// For people who want to see what the test saw.
    private static void keep(String name) throws IOException {
        Path folder = Files.createDirectories(Installed.CHECKOUT.resolve("target/screenshots"));
        desktop.screenshot(folder.resolve(name + ".png"));
    }
}
