package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.TrayPanel;
import io.github.lamplighter.doctor.TrayPanelFile;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.GlanceFile;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.tray.bus.LoginManager;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The tray on real buses of its own, which come and go.
@Tag("slow")
class TrayBusIT {

    private static final String UNIT = "lamplighter-alpha.service";
    private static final String NETWORK = "org.freedesktop.NetworkManager";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ThrowAwayHome home = ThrowAwayHome.make();
    private final List<String> printed = new CopyOnWriteArrayList<>();
    private final List<Command> started = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
    private final AtomicInteger answers = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicReference<Consumer<String>> changed = new AtomicReference<>(_ -> {});

    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Map<String, UpgradeOutcome> outcomes = new ConcurrentHashMap<>();

    /// On while its file is there.
    private final Autostart autostart = new Autostart() {
        @Override
        public State state() {
            Path file = directories().configHome().resolve("autostart/lamplighter.desktop");
            return new State(Files.exists(file), file, "");
        }

        @Override
        public Change on() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Change off() {
            throw new UnsupportedOperationException();
        }
    };

    private Child session = bus("session");
    private final Child system = bus("system");

    @BeforeEach
    void aGlanceWithOneService() throws IOException {
        Glance glance =
                new Glance(now.get(), now.get().plusSeconds(3600), List.of(TrayStates.tool("alpha", State.OK, "OK")));
        Files.createDirectories(directories().glance().getParent());
        new GlanceFile(directories().glance()).write(glance);
    }

    @AfterEach
    void end() {
        never.countDown();
        session.close();
        system.close();
        home.close();
    }

    @Test
    void quitDoesNotWaitForAServiceManagerThatHangs() throws Exception {
        start(_ -> {
            asked.countDown();
            await(never);
            return running();
        });
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        quit();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void theItemIsThereAgainAfterTheBusRestarts() {
        start(_ -> running());
        Await.until("the item is there", LIMIT, this::isThere);
        session.process().destroyForcibly().onExit().join();
        // A change without a bus breaks nothing.
        changed.get().accept(UNIT);
        socket("session").toFile().delete();
        session = bus("session");
        Await.until("the item is there again", LIMIT, this::isThere);
        assertThat(ended).isNotDone();
        assertThat(printed).isEmpty();
    }

    @Test
    void theTrayEndsWithAMessageIfTheBusStaysAway() throws Exception {
        start(_ -> running());
        Await.until("the item is there", LIMIT, this::isThere);
        session.process().destroyForcibly().onExit().join();
        Await.until("the time is over", LIMIT, () -> {
            now.set(now.get().plus(Duration.ofMinutes(10)));
            return ended.isDone();
        });
        assertThat(ended.get()).isEqualTo(1);
        assertThat(printed)
                .containsExactly("The D-Bus session bus ended and did not restart, so the tray icon ended too.");
    }

    @Test
    void aResumeStartsACheckAndASuspendDoesNot() throws Exception {
        start(_ -> running());
        Await.until("the first check has begun", LIMIT, () -> checks() == 1);
        try (DBusConnection logind = SessionBus.connect("unix:path=" + socket("system"), () -> {})) {
            logind.requestBusName("org.freedesktop.login1");
            logind.sendMessage(new LoginManager.PrepareForSleep("/org/freedesktop/login1", true));
            logind.sendMessage(new LoginManager.PrepareForSleep("/org/freedesktop/login1", false));
            Await.until("it checks again", LIMIT, () -> checks() == 2);
        }
    }

    /// dbusmock plays NetworkManager, as it does in the tests of desktops.
    @Test
    void onAMeteredConnectionADueCheckIsMadeUpForOnceItIsNotMetered() {
        try (Child network = Child.start(
                environment(),
                Path.of("/"),
                List.of("/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "networkmanager"))) {
            Await.until("NetworkManager is there", LIMIT, () -> {
                // The template is of a version without it.
                mock("AddProperty", "ssv", NETWORK, "Metered", "u", "1");
                return metered() == 1;
            });
            start(_ -> running());
            Await.until("it checks without the network", LIMIT, () -> checks("--offline") == 1);
            assertThat(layout()).contains("Updates not checked: metered connection");

            mock("UpdateProperties", "sa{sv}", NETWORK, "1", "Metered", "u", "2");
            Await.until("it is made up for", LIMIT, () -> checks() == 2);
            assertThat(checks("--offline")).isEqualTo(1);
            Await.until("nothing is left out", LIMIT, () -> !layout().contains("Updates not checked"));
            assertThat(network.process().isAlive()).isTrue();
        }
    }

    /// As on GNOME without its extension: there is no watcher.
    @Test
    void whatTheDesktopNeedsIsKnownWhileNoPanelShowsTheIcon() {
        TrayPanelFile file = new TrayPanelFile(directories());
        start(_ -> running());
        Await.until("the tray knows", LIMIT, () -> file.read().isPresent());
        assertThat(file.read().orElseThrow().shown()).isFalse();
        try (Child watcher = Child.start(environment(), Path.of("/"), List.of("/usr/bin/python3", "-c", """
            import dbus, dbusmock.mockobject, dbus.mainloop.glib
            from gi.repository import GLib
            dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
            bus = dbus.SessionBus()
            W = 'org.kde.StatusNotifierWatcher'
            name = dbus.service.BusName(W, bus)
            o = dbusmock.mockobject.DBusMockObject(name, '/StatusNotifierWatcher', W,
                {'IsStatusNotifierHostRegistered': dbus.Boolean(True)})
            o.AddMethod(W, 'RegisterStatusNotifierItem', 's', '', '')
            GLib.MainLoop().run()
            """))) {
            Await.until(
                    "a panel shows it",
                    LIMIT,
                    () -> file.read().filter(TrayPanel::shown).isPresent());
            assertThat(watcher.process().isAlive()).isTrue();
        }
        Await.until(
                "the panel is gone",
                LIMIT,
                () -> file.read().filter(panel -> !panel.shown()).isPresent());
        quit();
        Await.until("and so is the tray", LIMIT, () -> file.read().isEmpty());
    }

    /// GNOME Shell enables the extension if it is installed, and asks the user to install it otherwise.
    @Test
    void gnomeIsAskedForItsExtension() {
        Map<String, String> gnome = new HashMap<>(environment());
        gnome.put("XDG_CURRENT_DESKTOP", "GNOME");
        assertThat(PanelRequest.send(gnome, directories()).sentence())
                .contains("did not respond", "gnome-shell-extension-appindicator");
        try (Child shell = Child.start(
                environment(),
                Path.of("/"),
                List.of(
                        "/usr/bin/python3",
                        "-m",
                        "dbusmock",
                        "org.gnome.Shell.Extensions",
                        "/org/gnome/Shell/Extensions",
                        "org.gnome.Shell.Extensions"))) {
            String name = "org.gnome.Shell.Extensions";
            String path = "/org/gnome/Shell/Extensions";
            Await.until("the shell is there", LIMIT, () -> {
                busctl(
                        "call",
                        name,
                        path,
                        "org.freedesktop.DBus.Mock",
                        "AddMethod",
                        "sssss",
                        name,
                        "EnableExtension",
                        "s",
                        "b",
                        "ret = False");
                busctl(
                        "call",
                        name,
                        path,
                        "org.freedesktop.DBus.Mock",
                        "AddMethod",
                        "sssss",
                        name,
                        "InstallRemoteExtension",
                        "s",
                        "s",
                        "ret = 'successful'");
                return PanelRequest.send(gnome, directories()).done();
            });
            assertThat(shell.out()).contains("InstallRemoteExtension \"appindicatorsupport@rgcjonas.gmail.com\"");
        }
        assertThat(PanelRequest.send(environment(), directories()).done())
                .as("another desktop")
                .isFalse();
    }

    @Test
    void aRolledBackUpgradeAndNewUpdatesAreNotifications() throws IOException {
        new GlanceFile(directories().glance())
                .write(new Glance(
                        now.get(),
                        now.get().plusSeconds(3600),
                        List.of(TrayStates.tool("alpha", State.UPDATE, "1.1.0 is available"))));
        Files.createDirectories(directories().journals());
        open.add("beta");
        try (Child daemon = Child.start(
                environment(),
                Path.of("/"),
                List.of("/usr/bin/python3", "-m", "dbusmock", "--session", "--template", "notification_daemon"))) {
            Await.until(
                    "somebody shows notifications",
                    LIMIT,
                    () -> busctl("list", "--acquired").contains("org.freedesktop.Notifications"));
            start(_ -> running());
            Await.until("the update is told", LIMIT, () -> daemon.out().contains("An update of alpha is available"));

            outcomes.put(
                    "beta",
                    new UpgradeOutcome(
                            "beta",
                            UpgradeOutcome.Asked.UPGRADE,
                            UpgradeOutcome.Result.ROLLED_BACK,
                            "1.0.0",
                            "2.0.0",
                            Optional.of("2.0.0 did not start."),
                            0,
                            UpgradeOutcome.DataRisk.NONE,
                            Optional.empty(),
                            List.of(),
                            now.get()));
            open.clear();
            Files.createDirectory(directories().journals().resolve("beta"));

            Await.until("the rollback is told", LIMIT, () -> daemon.out().contains("Upgrade of beta failed"));
            assertThat(daemon.out()).contains("Rolled back to 1.0.0: 2.0.0 did not start.");
            Await.until("it was checked again", LIMIT, () -> checks() >= 2);
            assertThat(daemon.out().split("An update of alpha is available", -1))
                    .as("told once")
                    .hasSize(2);
        }
    }

    /// As from a click on the icon, where the window can't be opened.
    @Test
    void aProcessThatIsNoTrayIconCanTellSomethingToo() {
        DesktopNotice.send(environment(), directories(), "test", "Without a service", "");
        try (Child daemon = Child.start(
                environment(),
                Path.of("/"),
                List.of("/usr/bin/python3", "-m", "dbusmock", "--session", "--template", "notification_daemon"))) {
            Await.until(
                    "somebody shows notifications",
                    LIMIT,
                    () -> busctl("list", "--acquired").contains("org.freedesktop.Notifications"));
            DesktopNotice.send(environment(), directories(), "test", "The window could not be opened", "No display.");
            Await.until("it is shown", LIMIT, () -> daemon.out().contains("The window could not be opened"));
            assertThat(daemon.out())
                    .as("GNOME removes it when its process ends otherwise")
                    .doesNotContain("desktop-entry")
                    .doesNotContain("Without a service");
        }
    }

    @Test
    @Tag("long")
    void aCheckThatTimedOutIsTriedAgainAfterHalfAMinute() throws IOException {
        ToolGlance alpha = TrayStates.tool("alpha", State.FAILURE, "Running, but not responding");
        new GlanceFile(directories().glance())
                .write(new Glance(
                        now.get(),
                        now.get().plusSeconds(3600),
                        List.of(new ToolGlance(
                                alpha.name(),
                                alpha.state(),
                                alpha.headline(),
                                alpha.version(),
                                alpha.update(),
                                true,
                                alpha.unit(),
                                alpha.endpoint(),
                                Set.of(),
                                Optional.empty(),
                                Optional.empty(),
                                true,
                                Optional.empty()))));
        start(_ -> running());
        Await.until("the first check is over", LIMIT, () -> checks() == 1);
        Await.until("alpha alone is tried again", Duration.ofSeconds(60), () -> checks("alpha") == 1);
        assertThat(checks()).isEqualTo(2);
    }

    /// The bus of the user may go on: other sessions, or lingering.
    @Test
    void theTrayEndsWithItsSession() throws Exception {
        start(_ -> running());
        // It listens to the system's bus then.
        Await.until("it checks", LIMIT, () -> checks() == 1);
        try (DBusConnection logind = SessionBus.connect("unix:path=" + socket("system"), () -> {})) {
            logind.requestBusName("org.freedesktop.login1");
            DBusPath path = new DBusPath("/org/freedesktop/login1/session/c4");
            logind.sendMessage(new LoginManager.SessionRemoved("/org/freedesktop/login1", "c3", path));
            logind.sendMessage(new LoginManager.SessionRemoved("/org/freedesktop/login1", "c4", path));
            assertThat(ended.get(30, TimeUnit.SECONDS)).isZero();
        }
    }

    private void mock(String method, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of("call", NETWORK, "/org/freedesktop/NetworkManager", "org.freedesktop.DBus.Mock", method));
        words.addAll(List.of(arguments));
        system(words.toArray(String[]::new));
    }

    private int metered() {
        String said = system("get-property", NETWORK, "/org/freedesktop/NetworkManager", NETWORK, "Metered");
        return said.startsWith("u ") ? Integer.parseInt(said.substring(2).strip()) : -1;
    }

    private String system(String... words) {
        List<String> argv = new ArrayList<>(List.of("busctl", "--address=unix:path=" + socket("system")));
        argv.addAll(List.of(words));
        return Child.run(environment(), Duration.ofSeconds(20), argv.toArray(String[]::new))
                .out();
    }

    @Test
    void theProbeIntervalIsASetting() throws IOException {
        Files.createDirectories(directories().settings().getParent());
        Files.writeString(directories().settings(), "{ \"probe.interval\": \"15s\" }");
        start(_ -> running());
        Await.until("it was probed once", LIMIT, () -> answers.get() == 1);
        long since = System.nanoTime();
        Await.until("and again", LIMIT, () -> answers.get() == 2);
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(25));
    }

    @Test
    void withoutANotificationServiceTheTrayKeepsRunning() {
        AtomicReference<ServiceState> state = new AtomicReference<>(running());
        start(_ -> state.get());
        Await.until("it is OK", LIMIT, () -> title().contains("No problems found"));
        state.set(TrayStates.service("alpha", ServiceState.Phase.FAILED, now.get()));
        changed.get().accept(UNIT);
        Await.until("it is in the icon", LIMIT, () -> title().contains("alpha needs attention"));
        state.set(running());
        changed.get().accept(UNIT);
        Await.until("and its end too", LIMIT, () -> title().contains("No problems found"));
        assertThat(printed).isEmpty();
        assertThat(ended).isNotDone();
    }

    @Test
    void theTickForTheStartAtLoginFollowsAChangeFromElsewhere() throws IOException {
        start(_ -> running());
        Await.until("the menu is there", LIMIT, () -> tick() == 0);
        Path file = autostart.state().file();
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        Await.until("it was turned on", LIMIT, () -> tick() == 1);
        Files.delete(file);
        Await.until("it was turned off", LIMIT, () -> tick() == 0);
    }

    /// The state of the check mark in the menu; -1 without a menu.
    private int tick() {
        Matcher state =
                Pattern.compile("\"toggle-state\":\\{[^}]*\"data\":(\\d)").matcher(layout());
        return state.find() ? Integer.parseInt(state.group(1)) : -1;
    }

    private AppDirectories directories() {
        return AppDirectories.linux(home.environment(), home.path());
    }

    private void start(Function<String, ServiceState> states) {
        ServiceManager services = (ServiceManager) Proxy.newProxyInstance(
                TrayBusIT.class.getClassLoader(),
                new Class<?>[] {ServiceManager.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "state" -> states.apply((String) arguments[0]);
                    case "watch" -> {
                        @SuppressWarnings("unchecked")
                        Consumer<String> listener = (Consumer<String>) arguments[1];
                        changed.set(listener);
                        yield (AutoCloseable) () -> {};
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        ProcessRunner runner = (ProcessRunner) Proxy.newProxyInstance(
                TrayBusIT.class.getClassLoader(),
                new Class<?>[] {ProcessRunner.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "run" -> {
                        started.add((Command) arguments[0]);
                        yield new ProcessResult.Exited(0, "", "", Duration.ZERO);
                    }
                    default -> Optional.empty();
                });
        InstantSource clock = now::get;
        Tray tray = new Tray(
                new Tray.TrayConfig(
                        environment(),
                        directories(),
                        List.of("lamplighter"),
                        ProcessHandle.current().pid(),
                        clock,
                        ZoneOffset.UTC,
                        new Settings(directories().settings()),
                        "io.github.lamplighter.Test",
                        false),
                new GlanceFile(directories().glance()),
                services,
                _ -> {
                    answers.incrementAndGet();
                    return new ProbeResult.Yes(true, "HTTP 200", Duration.ZERO);
                },
                new TrayUpgrades() {
                    @Override
                    public Set<String> open() {
                        return Set.copyOf(open);
                    }

                    @Override
                    public Optional<UpgradeOutcome> last(String name) {
                        return Optional.ofNullable(outcomes.get(name));
                    }
                },
                new RunningWindow() {
                    @Override
                    public boolean isOpen() {
                        return false;
                    }

                    @Override
                    public boolean show(Optional<String> tool, Optional<String> ask) {
                        return false;
                    }
                },
                autostart,
                runner,
                printed::add);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                ended.complete(tray.run(false));
            } catch (RuntimeException e) {
                ended.completeExceptionally(e);
            }
        });
    }

    private void quit() {
        Await.until("the menu is there", LIMIT, () -> {
            Matcher quit =
                    Pattern.compile("\\[(\\d+),\\{\"label\":\\{[^}]*\"Quit ").matcher(layout());
            if (!quit.find()) {
                return false;
            }
            busctl(
                    "--",
                    "call",
                    name(),
                    "/Menu",
                    "com.canonical.dbusmenu",
                    "Event",
                    "isvu",
                    quit.group(1),
                    "clicked",
                    "i",
                    "0",
                    "0");
            return true;
        });
    }

    private String layout() {
        return busctl(
                "--json=short",
                "--",
                "call",
                name(),
                "/Menu",
                "com.canonical.dbusmenu",
                "GetLayout",
                "iias",
                "0",
                "-1",
                "0");
    }

    private long checks(String... options) {
        return started.stream()
                .filter(command ->
                        command.argv().contains("doctor") && command.argv().containsAll(List.of(options)))
                .count();
    }

    private boolean isThere() {
        return title().contains("Lamplighter");
    }

    private String title() {
        return busctl("get-property", name(), "/StatusNotifierItem", "org.kde.StatusNotifierItem", "Title");
    }

    private String busctl(String... words) {
        List<String> argv = new ArrayList<>(List.of("busctl", "--user"));
        argv.addAll(List.of(words));
        return Child.run(environment(), Duration.ofSeconds(20), argv.toArray(String[]::new))
                .out();
    }

    private static String name() {
        return "org.kde.StatusNotifierItem-%d-1"
                .formatted(ProcessHandle.current().pid());
    }

    private ServiceState running() {
        return TrayStates.service("alpha", ServiceState.Phase.RUNNING, now.get().minusSeconds(7200));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Child bus(String kind) {
        Child child = Child.start(
                home.environment(),
                Path.of("/"),
                List.of("dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=unix:path=" + socket(kind)));
        Await.until("the bus is there", LIMIT, () -> Files.exists(socket(kind)));
        return child;
    }

    private Path socket(String kind) {
        return home.runtime().resolve(kind);
    }

    private Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(home.environment());
        all.put("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + socket("session"));
        all.put("XDG_SESSION_ID", "c4");
        all.put("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + socket("system"));
        return all;
    }
}
