package io.github.lamplighter.tray;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.DirectoryWatcher;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.file.ResidentProcesses;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.GlanceFile;
import io.github.lamplighter.status.NextCheckFile;
import io.github.lamplighter.status.StateHistory;
import io.github.lamplighter.tray.BackgroundChecks.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;

/// The resident process behind the tray icon. It waits for the service manager's signals, for a file to change,
/// and for a click, and shows what its parts know.
public final class Tray {

    /// Quit by the user, or another tray is already running.
    static final int OK = 0;

    static final int FAILED = 1;

    private static final Duration BURST = Duration.ofMillis(40);

    /// In a rehearsal: long enough to connect to the bus and to run a short child process.
    private static final Duration REHEARSED = Duration.ofSeconds(3);

    /// The limit for leaving the bus: a bus that hangs does not keep the tray from ending.
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    /// @param launcher the argument list that starts Lamplighter
    /// @param application the application id, on the bus and in notifications
    /// @param isMac whether the icon is in the menu bar of macOS
    public record TrayConfig(
            Map<String, String> environment,
            AppDirectories directories,
            List<String> launcher,
            long pid,
            InstantSource clock,
            ZoneId zone,
            Settings settings,
            String application,
            boolean isMac) {
        public TrayConfig {
            environment = Map.copyOf(environment);
            launcher = List.copyOf(launcher);
        }
    }

    private final TrayConfig trayConfig;
    private final GlanceFile glanceFile;
    private final TrayUpgrades upgrades;
    private final RunningWindow runningWindow;
    private final Autostart autostart;
    private final Consumer<String> print;

    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final LoopThread loop;
    private final TrayCommands trayCommands;
    private final TrayModel model;
    private final StatusNotifierItemExport item;
    private final DBusMenuExport menu;
    private final PanelLink panelLink;
    private final TrayNotifications notifications;
    private final SeenStates seenStates;
    private final ServiceWatch serviceWatch;
    private final ResidentChecks checks;

    private final AtomicReference<Optional<SystemBus>> systemBus = new AtomicReference<>(Optional.empty());

    // Only the loop uses the fields below.
    private Optional<StatusItem> statusItem = Optional.empty();
    private Optional<Glance> glance = Optional.empty();
    private Set<String> upgrading = Set.of();
    private Optional<DirectoryWatcher> files = Optional.empty();
    private boolean atLogin;

    /// @param endpoints probes a URL once
    /// @param print prints a message to standard error
    public Tray(
            TrayConfig trayConfig,
            GlanceFile glanceFile,
            ServiceManager services,
            Function<String, ProbeResult> endpoints,
            TrayUpgrades upgrades,
            RunningWindow runningWindow,
            Autostart autostart,
            ProcessRunner runner,
            Consumer<String> print) {
        this.trayConfig = trayConfig;
        this.glanceFile = glanceFile;
        this.upgrades = upgrades;
        this.runningWindow = runningWindow;
        this.autostart = autostart;
        this.print = print;
        this.loop = new LoopThread(trayConfig.clock(), ended::completeExceptionally);
        this.trayCommands = new TrayCommands(runner, trayConfig.launcher(), trayConfig.directories(), runningWindow);
        this.model = new TrayModel(trayConfig.zone());
        this.item = new StatusNotifierItemExport(
                token -> loop.run(() -> openWindow(MenuAction.OpenWindow.overview(), token)),
                StatusNotifierItemExport.themeIcons(
                        trayConfig.environment(), trayConfig.directories().dataHome(), trayConfig.application()));
        this.menu = new DBusMenuExport(this::clicked);
        this.panelLink = new PanelLink(trayConfig, loop, item, menu, print, new PanelListener());
        this.notifications = new TrayNotifications(
                trayConfig.settings(),
                new NotificationPolicy(model::clock),
                new UpdateDigest(trayConfig.directories().state().resolve("told-updates.json")),
                (notification, replaces, shown) -> {
                    statusItem.ifPresent(bar -> bar.tell(notification));
                    panelLink.notify(notification, replaces, shown);
                });
        this.seenStates = new SeenStates(new StateHistory(trayConfig.directories()));
        this.serviceWatch = new ServiceWatch(
                loop, services, endpoints, name -> upgrading.contains(name), new ServiceWatch.Listener() {
                    @Override
                    public void changed() {
                        render();
                    }

                    @Override
                    public void unitChanged() {
                        checks.stateChanged();
                    }

                    @Override
                    public void restarted(String tool, Optional<LastExit> exit) {
                        notifications.restarted(tool, exit, loop.now());
                    }
                });
        this.checks = new ResidentChecks(
                loop,
                () -> systemBus.get().map(SystemBus::conditions).orElse(Conditions.NONE),
                trayCommands::doctor,
                () -> trayConfig.settings().span(Setting.DOCTOR_INTERVAL),
                () -> tools().filter(ToolGlance::timedOut).map(ToolGlance::name).toList(),
                new ResidentChecks.Listener() {
                    @Override
                    public void planned(Instant at) {
                        loop.aside(() -> new NextCheckFile(trayConfig.directories()).write(at));
                    }

                    @Override
                    public void changed() {
                        render();
                    }

                    @Override
                    public void finished() {
                        readGlance();
                        render();
                        notifications.updates(tools().toList(), loop.now());
                    }
                });
    }

    /// Shows the icon until the user quits it.
    ///
    /// @param rehearse whether to end after everything was shown once
    /// @return the exit code
    public int run(boolean rehearse) {
        Optional<Integer> refused = trayConfig.isMac() ? openStatusItem() : panelLink.open();
        if (refused.isPresent()) {
            return refused.get();
        }
        try (DirectoryWatcher files =
                DirectoryWatcher.start(BURST, folders -> loop.run(() -> folders.forEach(this::folderChanged)))) {
            watchFiles(files);
            Optional<SystemBus> system = SystemBus.open(
                    trayConfig.environment(),
                    () -> loop.run(checks::resumed),
                    () -> loop.run(checks::conditionsChanged),
                    this::quit);
            systemBus.set(system);
            loop.run(this::start);
            if (rehearse) {
                loop.after(REHEARSED, () -> ended.complete(OK));
            }
            try {
                return ended.join();
            } finally {
                shutdown(system);
            }
        } catch (IOException e) {
            print.accept("Cannot watch the folder %s: %s."
                    .formatted(
                            trayConfig
                                    .directories()
                                    .display(trayConfig.directories().state()),
                            FileProblem.why(e)));
            return FAILED;
        }
    }

    /// @return the exit code if there can be no icon
    private Optional<Integer> openStatusItem() {
        boolean isAnotherRunning = new ResidentProcesses(trayConfig.directories())
                .all().stream()
                        .anyMatch(resident -> resident.role() == ResidentProcesses.Role.TRAY
                                && resident.process().pid() != trayConfig.pid());
        if (isAnotherRunning) {
            print.accept("The tray icon is already running.");
            return Optional.of(OK);
        }
        StatusItem made = new MacStatusItem(
                this::clicked, () -> loop.run(() -> openWindow(MenuAction.OpenWindow.overview(), Optional.empty())));
        Optional<String> problem = made.open();
        if (problem.isPresent()) {
            print.accept(problem.get() + " Run `lamplighter status` instead.");
            return Optional.of(FAILED);
        }
        statusItem = Optional.of(made);
        return Optional.empty();
    }

    /// Ends [#run].
    public void quit() {
        ended.complete(OK);
    }

    /// The library waits up to a minute for a bus that hangs; the connections end with the process in any case.
    private void shutdown(Optional<SystemBus> system) {
        loop.close();
        panelLink.stop();
        Thread leaving = Thread.ofPlatform()
                .daemon()
                .name("lamplighter-shutdown")
                .start(() -> {
                    serviceWatch.close();
                    statusItem.ifPresent(StatusItem::close);
                    panelLink.close();
                    system.ifPresent(SystemBus::close);
                });
        try {
            leaving.join(SHUTDOWN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watchFiles(DirectoryWatcher files) throws IOException {
        for (Path folder : List.of(
                trayConfig.directories().state(),
                trayConfig.directories().manifests(),
                trayConfig.directories().journals())) {
            AtomicFile.makeFolder(folder);
            files.add(folder);
        }
        files.addBelow(trayConfig.directories().journals());
        files.add(AtomicFile.folderOf(trayConfig.directories().settings()));
        watchAutostart(files);
        this.files = Optional.of(files);
    }

    /// The desktop's settings and the command line change the same file. Its folder may not exist yet.
    private void watchAutostart(DirectoryWatcher files) throws IOException {
        for (Path place : autostart.places()) {
            Path folder = AtomicFile.folderOf(place);
            if (Files.isDirectory(folder)) {
                files.add(folder);
            } else if (Files.isDirectory(AtomicFile.folderOf(folder))) {
                files.add(AtomicFile.folderOf(folder));
            }
        }
    }

    private void start() {
        atLogin = autostart.state().on();
        readGlance();
        upgrading = upgrades.open();
        render();
        panelLink.register();
        // Takes a process or two, and nothing waits for it.
        loop.aside(autostart::settle);
        if (upgrading.isEmpty()) {
            checks.due();
        } else {
            // Finishes a transaction whose worker was killed. A live worker holds its lock, so nothing happens.
            trayCommands.run(List.of("recover"), _ -> loop.run(checks::due));
        }
        loop.repeat("probe", () -> trayConfig.settings().span(Setting.PROBE_INTERVAL), serviceWatch::probeAll);
    }

    // --- input ---

    private void folderChanged(Path folder) {
        if (folder.equals(trayConfig.directories().state())) {
            readGlance();
            render();
        } else if (folder.equals(trayConfig.directories().manifests())) {
            checks.soon();
        } else if (folder.startsWith(trayConfig.directories().journals())) {
            readJournals();
        } else {
            // Settings, or start at login.
            checks.intervalChanged();
            readAutostart();
            render();
        }
    }

    private void readAutostart() {
        files.ifPresent(watch -> {
            try {
                watchAutostart(watch);
            } catch (IOException e) {
                print.accept("Cannot watch the folder of the start at login: " + FileProblem.why(e));
            }
        });
        atLogin = autostart.state().on();
    }

    private void readGlance() {
        glance = glanceFile.read();
        serviceWatch.follow(tools().toList());
    }

    private Stream<ToolGlance> tools() {
        return glance.map(Glance::tools).orElse(List.of()).stream();
    }

    private void readJournals() {
        files.ifPresent(watch -> {
            try {
                watch.addBelow(trayConfig.directories().journals());
            } catch (IOException e) {
                print.accept("Cannot watch the upgrade journals: " + FileProblem.why(e));
            }
        });
        Set<String> over = new HashSet<>(upgrading);
        upgrading = upgrades.open();
        over.removeAll(upgrading);
        render();
        if (!over.isEmpty()) {
            boolean seen = runningWindow.isOpen();
            over.stream()
                    .sorted()
                    .flatMap(name -> upgrades.last(name).stream())
                    .forEach(outcome -> notifications.ended(outcome, seen));
            checks.soon();
        }
    }

    // --- output ---

    private void render() {
        TrayState trayState = new TrayState(
                glance,
                serviceWatch.services(),
                serviceWatch.failedProbes(),
                upgrading,
                checks.isChecking(),
                atLogin,
                checks.leftOut(),
                trayConfig.settings().names(Setting.TRAY_TOOLS),
                loop.now());
        TrayView view = model.view(trayState);
        List<DBusSignal> signals = new ArrayList<>();
        try {
            signals.addAll(item.show(view));
            menu.show(view.menu()).ifPresent(signals::add);
        } catch (DBusException e) {
            throw new IllegalStateException("malformed signal", e);
        }
        panelLink.send(signals);
        statusItem.ifPresent(shown -> shown.show(view));
        notifications.problems(view.tools(), trayState.now());
        seenStates.record(trayState, view.tools());
        loop.once("render", Duration.between(trayState.now(), model.shownUntil(trayState)), this::render);
    }

    private final class PanelListener implements PanelLink.Listener {
        @Override
        public void connected() {
            render();
        }

        @Override
        public void lost() {
            notifications.forget();
        }

        @Override
        public void panelChanged() {
            checks.stateChanged();
        }

        @Override
        public void action(long notification, String action) {
            notifications.about(notification).ifPresent(name -> notificationClicked(name, action));
        }

        @Override
        public void closed(long notification) {
            notifications.closed(notification);
        }

        @Override
        public void ended(int exitCode) {
            ended.complete(exitCode);
        }
    }

    // --- clicks ---

    private void clicked(MenuAction menuAction) {
        switch (menuAction) {
            case MenuAction.OpenWindow window -> loop.run(() -> openWindow(window, Optional.empty()));
            case MenuAction.RunCommand command -> loop.run(() -> runCommand(command));
            case MenuAction.CheckNow _ -> loop.run(checks::now);
            // Ends at once, even while the loop is waiting.
            case MenuAction.Quit _ -> quit();
        }
    }

    private void notificationClicked(String name, String action) {
        boolean known = tools().anyMatch(tool -> tool.name().equals(name));
        switch (action) {
            case "restart" -> runCommand(MenuAction.RunCommand.about(name, "service", "restart", name));
            case "log", "why" -> openWindow(MenuAction.OpenWindow.asking("log", name), Optional.empty());
            case "default" ->
                openWindow(known ? MenuAction.OpenWindow.of(name) : MenuAction.OpenWindow.overview(), Optional.empty());
            default -> {
                // Not an action of ours.
            }
        }
    }

    private void openWindow(MenuAction.OpenWindow window, Optional<String> token) {
        trayCommands.window(window, token, print);
    }

    private void runCommand(MenuAction.RunCommand command) {
        trayCommands.run(
                command.arguments(),
                result -> loop.run(() -> {
                    atLogin = autostart.state().on();
                    serviceWatch.readAll();
                    render();
                    notifications.result(command, result);
                    checks.stateChanged();
                }));
    }
}
