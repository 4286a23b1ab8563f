package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A screen that nobody sees: Xvfb, openbox and an xfce4-panel whose systray plugin shows status notifier
/// items, on the bus of a user manager.
public final class Desktop implements AutoCloseable {

    /// In the folder of libraries of this kind of machine.
    private static final String NOTIFIER = "xfce4/notifyd/xfce4-notifyd";

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    private final UserManager manager;
    private final List<Child> children = new ArrayList<>();
    private final Map<String, String> environment;
    private @Nullable Child panel;

    private Desktop(UserManager manager) {
        this.manager = manager;
        this.environment = new LinkedHashMap<>(manager.environment());
    }

    public static Desktop start(UserManager manager) {
        Desktop desktop = new Desktop(manager);
        try {
            desktop.bring();
            return desktop;
        } catch (AssertionError | RuntimeException e) {
            StringBuilder said = new StringBuilder(String.valueOf(e.getMessage()));
            desktop.children.forEach(
                    child -> said.append('\n').append(child.out()).append(child.err()));
            desktop.close();
            throw new AssertionError(said.toString(), e);
        }
    }

    private void bring() {
        // The server itself picks a display that is free, and says which.
        Child screen =
                begin("Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset", "-r");
        Await.until(
                "Xvfb names its display",
                Duration.ofSeconds(20),
                () -> screen.out().endsWith("\n"));
        environment.put("DISPLAY", ":" + screen.out().strip());
        environment.put("XDG_CURRENT_DESKTOP", "XFCE");
        environment.put("XDG_SESSION_TYPE", "x11");
        environment.put("XDG_SESSION_DESKTOP", "xfce");
        environment.put("XDG_CONFIG_DIRS", "/etc/xdg");
        environment.put("XDG_DATA_DIRS", "/usr/local/share:/usr/share");
        environment.put("NO_AT_BRIDGE", "1");
        panelFile();
        run("dbus-update-activation-environment", "--systemd", "DISPLAY", "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE")
                .well();
        begin("openbox", "--sm-disable");
        beginPanel();
    }

    private void beginPanel() {
        panel = begin("xfce4-panel", "--disable-wm-check");
        Await.until(
                "the panel hosts status notifier items",
                Duration.ofSeconds(40),
                () -> run(
                                "busctl",
                                "--user",
                                "get-property",
                                "org.kde.StatusNotifierWatcher",
                                "/StatusNotifierWatcher",
                                "org.kde.StatusNotifierWatcher",
                                "IsStatusNotifierHostRegistered")
                        .out()
                        .strip()
                        .equals("b true"));
    }

    /// Shows notifications from now on, with xfce4-notifyd: until then there is nobody on the bus who would.
    public void showNotifications() {
        // They stay until somebody does something about them.
        run("xfconf-query", "-c", "xfce4-notifyd", "-p", "/expire-timeout", "-n", "-t", "int", "-s", "300")
                .well();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(Path.of("/usr/lib"), folder -> Files.isExecutable(folder.resolve(NOTIFIER)))) {
            begin(found.iterator().next().resolve(NOTIFIER).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until(
                "somebody shows notifications", Duration.ofSeconds(20), () -> owned("org.freedesktop.Notifications"));
    }

    private boolean owned(String name) {
        return run("busctl", "--user", "list", "--no-legend", "--acquired")
                .out()
                .contains(name);
    }

    /// Ends the panel, as a crash would, and starts it again.
    public void restartPanel() {
        Optional.ofNullable(panel).ifPresent(running -> {
            running.process().destroyForcibly().onExit().join();
            running.close();
            children.remove(running);
        });
        Await.until(
                "nobody keeps the list of icons",
                Duration.ofSeconds(20),
                () -> !owned("org.kde.StatusNotifierWatcher"));
        beginPanel();
    }

    /// What a program of this session has, with its display.
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    public UserManager manager() {
        return manager;
    }

    /// The items that the panel shows, as the watcher names them (bus name and path).
    public List<String> items() {
        Matcher matcher = QUOTED.matcher(run(
                        "busctl",
                        "--user",
                        "get-property",
                        "org.kde.StatusNotifierWatcher",
                        "/StatusNotifierWatcher",
                        "org.kde.StatusNotifierWatcher",
                        "RegisteredStatusNotifierItems")
                .well()
                .out());
        return matcher.results().map(found -> found.group(1)).toList();
    }

    /// The whole screen as a PNG file.
    public Path screenshot(Path png) {
        run("import", "-window", "root", png.toString()).well();
        return png;
    }

    public void click(int x, int y) {
        click(x, y, 1);
    }

    /// @param button 1 left, 2 middle, 3 right
    public void click(int x, int y, int button) {
        run("xdotool", "mousemove", "--sync", "" + x, "" + y, "click", "" + button)
                .well();
    }

    /// Moves the pointer.
    public void point(int x, int y) {
        run("xdotool", "mousemove", "--sync", "" + x, "" + y).well();
    }

    public void type(String text) {
        run("xdotool", "type", text).well();
    }

    /// Presses keys by their X names, as `Return` or `ctrl+q`.
    public void press(String... keys) {
        for (String key : keys) {
            run("xdotool", "key", key).well();
        }
    }

    /// The titles of the windows that are to be seen.
    public List<String> windows() {
        List<String> titles = new ArrayList<>();
        run("xdotool", "search", "--onlyvisible", "--name", ".+")
                .out()
                .lines()
                .forEach(window ->
                        titles.add(run("xdotool", "getwindowname", window).out().strip()));
        return titles;
    }

    public Child.Ended run(String... argv) {
        return Child.run(environment, Duration.ofSeconds(30), argv);
    }

    /// Starts a program in this session; it ends with the desktop.
    public Child begin(String... argv) {
        Child child = Child.start(environment, manager.home().path(), List.of(argv));
        children.add(child);
        return child;
    }

    @Override
    public void close() {
        children.reversed().forEach(Child::close);
    }

    /// The first panel of a fixed form, so that its icons lie in the same place every time.
    private void panelFile() {
        Path folder = manager.home().resolve(".config/xfce4/xfconf/xfce-perchannel-xml");
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("xfce4-panel.xml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <channel name="xfce4-panel" version="1.0">
                  <property name="configver" type="int" value="2"/>
                  <property name="panels" type="array">
                    <value type="int" value="1"/>
                    <property name="panel-1" type="empty">
                      <property name="position" type="string" value="p=6;x=0;y=0"/>
                      <property name="position-locked" type="bool" value="true"/>
                      <property name="length" type="uint" value="100"/>
                      <property name="size" type="uint" value="32"/>
                      <property name="plugin-ids" type="array">
                        <value type="int" value="1"/>
                        <value type="int" value="2"/>
                        <value type="int" value="3"/>
                        <value type="int" value="4"/>
                      </property>
                    </property>
                  </property>
                  <property name="plugins" type="empty">
                    <property name="plugin-1" type="string" value="tasklist"/>
                    <property name="plugin-2" type="string" value="separator">
                      <property name="expand" type="bool" value="true"/>
                      <property name="style" type="uint" value="0"/>
                    </property>
                    <property name="plugin-3" type="string" value="systray">
                      <property name="square-icons" type="bool" value="true"/>
                      <property name="hide-new-items" type="bool" value="false"/>
                    </property>
                    <property name="plugin-4" type="string" value="clock"/>
                  </property>
                </channel>
                """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
