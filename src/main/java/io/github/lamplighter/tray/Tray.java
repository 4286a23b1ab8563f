package io.github.lamplighter.tray;

import io.github.lamplighter.doctor.TrayPanel;
import io.github.lamplighter.doctor.TrayPanelFile;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.DirectoryWatcher;
import io.github.lamplighter.file.ResidentProcesses;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.GlanceFile;
import io.github.lamplighter.status.StateHistory;
import io.github.lamplighter.status.UserTools;
import io.github.lamplighter.tray.BackgroundChecks.Conditions;
import io.github.lamplighter.tray.BackgroundChecks.Extent;
import io.github.lamplighter.tray.BackgroundChecks.Reason;
import io.github.lamplighter.tray.TrayState.FailedProbes;
import io.github.lamplighter.tray.TrayState.WatchedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;

/// The resident process behind the tray icon. It waits for the service manager's signals, for a file to change,
/// and for a click. It is one class because one thread, its loop, owns everything that it knows and shows it.
public final class Tray {

    /// Quit by the user, or another tray is already running.
    private static final int OK = 0;

    private static final int FAILED = 1;

    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration BURST = Duration.ofMillis(40);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final Duration WITHOUT_BUS = Duration.ofMinutes(5);

    /// When a check that did not finish in time is tried again.
    private static final List<Duration> RETRIES =
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(5));

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
    private final ServiceManager services;
    private final Function<String, ProbeResult> endpoints;
    private final TrayUpgrades upgrades;
    private final BooleanSupplier windowIsOpen;
    private final Autostart autostart;
    private final Consumer<String> print;
    private final TrayPanelFile panelFile;
    private final TrayCommands trayCommands;
    private final TrayModel model;
    private final NotificationPolicy notificationPolicy;
    private final StatusNotifierItemExport item;
    private final DBusMenuExport menu;

    private final ScheduledThreadPoolExecutor loop;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    /// Runs the bus calls that wait for an answer, one at a time: a notification service that hangs must not
    /// stop the loop.
    private final ExecutorService busCalls = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("lamplighter-bus").factory());

    /// The id of the last notification about each tool.
    private final Map<String, Long> notificationIds = new ConcurrentHashMap<>();

    private final AtomicReference<Optional<SystemBus>> systemBus = new AtomicReference<>(Optional.empty());

    // Only the loop uses the fields below.
    private Optional<SessionBus> bus = Optional.empty();
    private Optional<StatusItem> statusItem = Optional.empty();
    private Optional<Instant> busLostAt = Optional.empty();
    private Duration retry = Duration.ofSeconds(1);
    private Optional<Glance> glance = Optional.empty();
    private final Map<String, WatchedService> watched = new HashMap<>();
    private final Map<String, FailedProbes> failedProbes = new HashMap<>();
    private final Set<String> reading = new HashSet<>();
    private final Set<String> unread = new HashSet<>();
    private Set<String> open = Set.of();
    private Set<String> units = Set.of();
    private AutoCloseable unitWatch = () -> {};
    private final Map<String, ScheduledFuture<?>> pending = new HashMap<>();
    private Optional<DirectoryWatcher> files = Optional.empty();
    private boolean noHostWarned;
    private boolean checking;
    private Optional<Reason> checkAgain = Optional.empty();
    private Optional<String> leftOut = Optional.empty();
    private int timeouts;
    private final BackgroundChecks backgroundChecks = new BackgroundChecks();
    private final UpdateDigest updateDigest;
    private final SeenStates seenStates;
    private boolean atLogin;

    /// @param endpoints probes a URL once
    /// @param windowIsOpen whether a window shows the results of upgrades
    /// @param print prints a message to standard error
    public Tray(
            TrayConfig trayConfig,
            GlanceFile glanceFile,
            ServiceManager services,
            Function<String, ProbeResult> endpoints,
            TrayUpgrades upgrades,
            BooleanSupplier windowIsOpen,
            Autostart autostart,
            ProcessRunner runner,
            Consumer<String> print) {
        this.trayConfig = trayConfig;
        this.glanceFile = glanceFile;
        this.services = services;
        this.endpoints = endpoints;
        this.upgrades = upgrades;
        this.windowIsOpen = windowIsOpen;
        this.autostart = autostart;
        this.print = print;
        this.updateDigest = new UpdateDigest(trayConfig.directories().state().resolve("told-updates.json"));
        this.seenStates = new SeenStates(new StateHistory(trayConfig.directories()));
        this.panelFile = new TrayPanelFile(trayConfig.directories());
        this.trayCommands = new TrayCommands(runner, trayConfig.launcher(), trayConfig.directories());
        this.model = new TrayModel(trayConfig.zone());
        this.notificationPolicy = new NotificationPolicy(model::clock);
        this.item = new StatusNotifierItemExport(
                token -> inLoop(() -> openWindow(List.of(), token)),
                StatusNotifierItemExport.themeIcons(
                        trayConfig.environment(), trayConfig.directories().dataHome(), trayConfig.application()));
        this.menu = new DBusMenuExport(this::clicked);
        this.loop = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("lamplighter-tray").factory());
        loop.setRemoveOnCancelPolicy(true);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /// Shows the icon until the user quits it.
    ///
    /// @param rehearse whether to end after everything was shown once
    /// @return the exit code
    public int run(boolean rehearse) {
        Optional<Integer> refused = trayConfig.isMac() ? openStatusItem() : openBus();
        if (refused.isPresent()) {
            return refused.get();
        }
        try (DirectoryWatcher files =
                DirectoryWatcher.start(BURST, folders -> inLoop(() -> folders.forEach(this::folderChanged)))) {
            watchFiles(files);
            // Asked again at each check; the answers of a service that hangs must not stop the loop.
            Optional<SystemBus> system = SystemBus.open(
                    trayConfig.environment(),
                    () -> inLoop(() -> debounce("due", SETTLE, this::due)),
                    () -> inLoop(() -> debounce("conditions", SETTLE, this::conditionsChanged)),
                    this::quit);
            systemBus.set(system);
            inLoop(this::start);
            if (rehearse) {
                inLoop(() -> schedule(REHEARSED, () -> ended.complete(OK)));
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
                            e.getMessage()));
            return FAILED;
        }
    }

    /// @return the exit code if there can be no icon
    private Optional<Integer> openBus() {
        Optional<String> address = SessionBus.address(trayConfig.environment(), trayConfig.directories());
        if (address.isEmpty()) {
            print.accept("No D-Bus session bus found, so there is no tray icon. Run `lamplighter status` instead.");
            return Optional.of(FAILED);
        }
        return switch (open(address.get())) {
            case SessionBus.Opened.Taken _ -> {
                print.accept("The tray icon is already running.");
                yield Optional.of(OK);
            }
            case SessionBus.Opened.NoBus _ -> {
                print.accept("The D-Bus session bus is not responding, so there is no tray icon."
                        + " Run `lamplighter status` instead.");
                yield Optional.of(FAILED);
            }
            case SessionBus.Opened.Open opened -> {
                bus = Optional.of(opened.bus());
                yield Optional.empty();
            }
        };
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
        StatusItem made = new MacStatusItem(this::clicked, () -> inLoop(() -> openWindow(List.of(), Optional.empty())));
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

    /// Leaves the bus in order, so that panels remove the icon at once. The library waits up to a minute for a
    /// bus that hangs; the connections end with the process in any case.
    private void shutdown(Optional<SystemBus> system) {
        loop.shutdownNow();
        busCalls.shutdownNow();
        panelFile.delete();
        Thread leaving = Thread.ofPlatform()
                .daemon()
                .name("lamplighter-shutdown")
                .start(() -> {
                    close(unitWatch);
                    statusItem.ifPresent(StatusItem::close);
                    bus.ifPresent(SessionBus::close);
                    system.ifPresent(Tray::close);
                });
        try {
            leaving.join(SHUTDOWN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SessionBus.Opened open(String address) {
        return SessionBus.open(
                address, trayConfig.application(), trayConfig.pid(), item, menu, new SessionBus.Listener() {
                    @Override
                    public void watcher(boolean there) {
                        inLoop(() -> {
                            // If it vanished, no panel shows the icon any more.
                            register();
                        });
                    }

                    @Override
                    public void action(long notification, String action) {
                        inLoop(() -> notificationClicked(notification, action));
                    }

                    @Override
                    public void closed(long notification) {
                        inLoop(() -> notificationIds.values().remove(notification));
                    }

                    @Override
                    public void lost() {
                        inLoop(Tray.this::busLost);
                    }
                });
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
        open = upgrades.open();
        render();
        register();
        // Takes a process or two, and nothing waits for it.
        Thread.ofVirtual().start(failFast(autostart::settle));
        if (open.isEmpty()) {
            due();
        } else {
            // Finishes a transaction whose worker was killed. A live worker holds its lock, so nothing happens.
            trayCommands.run(List.of("recover"), _ -> inLoop(this::due));
        }
        repeat("probe", Setting.PROBE_INTERVAL, this::probeAll);
        repeat("doctor", Setting.DOCTOR_INTERVAL, this::due);
    }

    // --- input ---

    private void folderChanged(Path folder) {
        if (folder.equals(trayConfig.directories().state())) {
            readGlance();
            render();
        } else if (folder.equals(trayConfig.directories().manifests())) {
            checkSoon();
        } else if (folder.startsWith(trayConfig.directories().journals())) {
            readJournals();
        } else {
            // Settings, or start at login.
            readAutostart();
            render();
        }
    }

    private void readAutostart() {
        files.ifPresent(watch -> {
            try {
                watchAutostart(watch);
            } catch (IOException e) {
                print.accept("Cannot watch the folder of the start at login: " + e.getMessage());
            }
        });
        atLogin = autostart.state().on();
    }

    private void readGlance() {
        glance = glanceFile.read();
        Set<String> now = new HashSet<>();
        glance.ifPresent(seen -> seen.tools()
                .forEach(tool -> tool.unit().filter(_ -> tool.expectedRunning()).ifPresent(now::add)));
        if (!now.equals(units)) {
            close(unitWatch);
            units = now;
            watched.keySet().retainAll(now);
            unread.retainAll(now);
            unitWatch = now.isEmpty()
                    ? () -> {}
                    : services.watch(
                            List.copyOf(now),
                            unit -> inLoop(() -> debounce("unit " + unit, BURST, () -> unitChanged(unit))));
            now.forEach(this::readUnit);
        }
        failedProbes.keySet().retainAll(expectedRunning().map(ToolGlance::name).toList());
        glance.ifPresent(seen -> {
            Duration left = Duration.between(trayConfig.clock().instant(), seen.staleAfter());
            if (!left.isNegative()) {
                debounce("stale", left.plusSeconds(1), this::render);
            }
        });
    }

    private Stream<ToolGlance> expectedRunning() {
        return glance.map(Glance::tools).orElse(List.of()).stream().filter(ToolGlance::expectedRunning);
    }

    private void readJournals() {
        files.ifPresent(watch -> {
            try {
                watch.addBelow(trayConfig.directories().journals());
            } catch (IOException e) {
                print.accept("Cannot watch the upgrade journals: " + e.getMessage());
            }
        });
        Set<String> ended = new HashSet<>(open);
        open = upgrades.open();
        ended.removeAll(open);
        render();
        if (!ended.isEmpty()) {
            boolean seen = windowIsOpen.getAsBoolean();
            ended.stream()
                    .sorted()
                    .flatMap(name -> upgrades.last(name).stream())
                    .flatMap(outcome -> NotificationPolicy.of(outcome, seen).stream())
                    .forEach(this::show);
            checkSoon();
        }
    }

    private void unitChanged(String unit) {
        if (!units.contains(unit)) {
            return;
        }
        readUnit(unit);
        boolean upgrading = expectedRunning()
                .filter(tool -> tool.unit().filter(unit::equals).isPresent())
                .anyMatch(tool -> upgrading().contains(tool.name()));
        if (!upgrading) {
            checkSoon();
        }
    }

    /// Queries the state of a unit in a thread of its own, and shows it.
    private void readUnit(String unit) {
        if (!reading.add(unit)) {
            // The answer in progress may be older than the change.
            unread.add(unit);
            return;
        }
        Thread.ofVirtual().start(failFast(() -> {
            ServiceState state = services.state(unit);
            inLoop(() -> {
                reading.remove(unit);
                if (units.contains(unit)) {
                    unitRead(unit, state);
                    render();
                }
                if (unread.remove(unit)) {
                    readUnit(unit);
                }
            });
        }));
    }

    private void unitRead(String unit, ServiceState state) {
        Optional<WatchedService> before = Optional.ofNullable(watched.get(unit));
        WatchedService next =
                WatchedService.next(before, state, trayConfig.clock().instant());
        watched.put(unit, next);
        if (next.unstableSince().isPresent()) {
            // Read again once it must be stable, and when the grace period is over.
            debounce("settled " + unit, TrayModel.SETTLED.plusMillis(200), () -> readUnit(unit));
            if (before.flatMap(WatchedService::unstableSince).isEmpty()) {
                schedule(TrayModel.GRACE.plusMillis(200), this::render);
            }
        }
        if (state.phase() != ServiceState.Phase.RUNNING) {
            expectedRunning()
                    .filter(tool -> tool.unit().filter(unit::equals).isPresent())
                    .forEach(tool -> failedProbes.remove(tool.name()));
        }
    }

    // --- probes ---

    private void probeAll() {
        expectedRunning().filter(this::shouldProbe).forEach(this::probe);
    }

    private boolean shouldProbe(ToolGlance tool) {
        return tool.endpoint().isPresent()
                && !upgrading().contains(tool.name())
                && tool.unit()
                        .map(watched::get)
                        .filter(unit -> unit.state().phase() != ServiceState.Phase.RUNNING)
                        .isEmpty();
    }

    private void probe(ToolGlance tool) {
        String url = tool.endpoint().orElse("");
        Thread.ofVirtual().start(() -> {
            ProbeResult answer = endpoints.apply(url);
            inLoop(() -> probed(tool.name(), answer));
        });
    }

    private void probed(String name, ProbeResult answer) {
        Optional<String> failure = switch (answer) {
            case ProbeResult.Yes yes -> yes.ready() ? Optional.empty() : Optional.of(yes.detail());
            case ProbeResult.No no -> Optional.of(no.detail());
        };
        Optional<ToolGlance> tool = expectedRunning()
                .filter(candidate -> candidate.name().equals(name))
                .filter(this::shouldProbe)
                .findFirst();
        if (tool.isEmpty()) {
            return;
        }
        boolean changed = failure.isPresent() || failedProbes.containsKey(name);
        failure.ifPresentOrElse(
                detail -> {
                    Optional<FailedProbes> before = Optional.ofNullable(failedProbes.get(name));
                    failedProbes.put(
                            name,
                            new FailedProbes(
                                    before.map(FailedProbes::since)
                                            .orElse(trayConfig.clock().instant()),
                                    before.map(FailedProbes::count).orElse(0) + 1,
                                    detail));
                    if (before.isEmpty()) {
                        schedule(
                                TrayModel.GRACE,
                                () -> expectedRunning()
                                        .filter(again -> again.name().equals(name))
                                        .filter(this::shouldProbe)
                                        .forEach(this::probe));
                    }
                },
                () -> failedProbes.remove(name));
        if (changed) {
            render();
        }
    }

    // --- the doctor ---

    /// Checks after something changed.
    private void checkSoon() {
        debounce("check", SETTLE, () -> check(Reason.CHANGE));
    }

    private void due() {
        check(Reason.DUE);
    }

    private void conditionsChanged() {
        withConditions(conditions -> {
            leftOut = backgroundChecks.isOverdue() ? conditions.reason() : Optional.empty();
            render();
            if (backgroundChecks.mayCatchUp(conditions)) {
                check(Reason.DUE);
            }
        });
    }

    private void check(Reason reason) {
        withConditions(conditions -> check(reason, conditions));
    }

    private void check(Reason reason, Conditions conditions) {
        if (checking) {
            checkAgain = Optional.of(reason);
            return;
        }
        Optional<Extent> extent = backgroundChecks.begin(reason, conditions);
        leftOut = backgroundChecks.isOverdue() ? conditions.reason() : Optional.empty();
        if (extent.isEmpty()) {
            render();
            return;
        }
        timeouts = 0;
        doctor(extent.get() == Extent.FULL ? List.of() : List.of("--offline"));
    }

    private void doctor(List<String> options) {
        checking = true;
        render();
        trayCommands.doctor(
                options,
                () -> inLoop(() -> {
                    checking = false;
                    readGlance();
                    render();
                    tellUpdates();
                    retryTimedOut();
                    checkAgain.ifPresent(reason -> {
                        checkAgain = Optional.empty();
                        debounce("check", SETTLE, () -> check(reason));
                    });
                }));
    }

    /// A check that did not finish in time is tried again soon, a few times.
    private void retryTimedOut() {
        List<String> tools = glance.map(Glance::tools).orElse(List.of()).stream()
                .filter(ToolGlance::timedOut)
                .map(ToolGlance::name)
                .toList();
        if (tools.isEmpty() || timeouts >= RETRIES.size()) {
            return;
        }
        debounce("timed out", RETRIES.get(timeouts), () -> {
            if (!checking) {
                timeouts++;
                doctor(Stream.concat(Stream.of("--offline"), tools.stream()).toList());
            }
        });
    }

    private void tellUpdates() {
        Map<String, String> offered = new TreeMap<>();
        glance.map(Glance::tools).orElse(List.of()).stream()
                .filter(tool -> UserTools.isOne(tool.name()))
                .forEach(tool -> tool.update().ifPresent(update -> offered.put(tool.name(), update.version())));
        Set<String> updates = offered.entrySet().stream()
                .map(one -> one.getKey() + " " + one.getValue())
                .collect(Collectors.toSet());
        if (!offered.isEmpty()
                && trayConfig.settings().isOn(Setting.NOTIFY_UPDATES)
                && updateDigest.tell(updates, trayConfig.clock().instant())) {
            show(NotificationPolicy.updates(List.copyOf(offered.keySet())));
        }
    }

    /// Asks the system in a thread of its own, and goes on in the loop.
    private void withConditions(Consumer<Conditions> then) {
        Optional<SystemBus> system = systemBus.get();
        if (system.isEmpty()) {
            then.accept(Conditions.NONE);
            return;
        }
        Thread.ofVirtual().start(failFast(() -> {
            Conditions conditions = system.get().conditions();
            inLoop(() -> then.accept(conditions));
        }));
    }

    // --- output ---

    private Set<String> upgrading() {
        return open;
    }

    private void render() {
        TrayState trayState = new TrayState(
                glance,
                watched,
                failedProbes,
                upgrading(),
                checking,
                atLogin,
                leftOut,
                trayConfig.settings().names(Setting.TRAY_TOOLS),
                trayConfig.clock().instant());
        TrayView view = model.view(trayState);
        List<DBusSignal> signals = new ArrayList<>();
        try {
            signals.addAll(item.show(view));
            menu.show(view.menu()).ifPresent(signals::add);
        } catch (DBusException e) {
            throw new IllegalStateException("malformed signal", e);
        }
        bus.ifPresent(there -> there.send(signals));
        statusItem.ifPresent(shown -> shown.show(view));
        notificationPolicy.of(view.tools(), trayConfig.clock().instant()).forEach(this::show);
        seenStates.record(trayState, view.tools());
    }

    private void show(NotificationPolicy.Notification notification) {
        if (notification
                .choice()
                .filter(choice -> !trayConfig.settings().isOn(choice))
                .isPresent()) {
            return;
        }
        statusItem.ifPresent(shown -> shown.tell(notification));
        bus.ifPresent(there -> busCalls.execute(failFast(() -> there.notify(
                        notificationIds.getOrDefault(notification.about(), 0L),
                        StatusNotifierItemExport.artwork(notification.state(), 48),
                        notification.title(),
                        notification.body(),
                        notification.actions(),
                        notification.urgency())
                .ifPresent(id -> notificationIds.put(notification.about(), id)))));
    }

    private void register() {
        bus.ifPresent(there -> busCalls.execute(() -> {
            boolean shown = there.register() && there.hasHost().orElse(true);
            String desktop = trayConfig.environment().getOrDefault("XDG_CURRENT_DESKTOP", "");
            TrayPanel panel = shown ? TrayPanel.shown(desktop) : TrayPanel.missing(desktop);
            try {
                panelFile.write(panel, trayConfig.pid());
            } catch (IOException e) {
                // The finding about it is missing then.
            }
            inLoop(() -> panelKnown(panel));
        }));
    }

    /// At login the panel may start later.
    private void panelKnown(TrayPanel panel) {
        if (panel.shown()) {
            Optional.ofNullable(pending.remove("panel")).ifPresent(warning -> warning.cancel(false));
            if (noHostWarned) {
                // The finding about it is over.
                noHostWarned = false;
                checkSoon();
            }
            return;
        }
        debounce("panel", TrayModel.GRACE, () -> {
            if (bus.isPresent() && !noHostWarned) {
                noHostWarned = true;
                print.accept("No panel shows the tray icon. " + panel.needs() + " The icon appears by itself then.");
                checkSoon();
            }
        });
    }

    private void busLost() {
        if (busLostAt.isPresent()) {
            return;
        }
        bus.ifPresent(gone -> busCalls.execute(gone::close));
        bus = Optional.empty();
        notificationIds.clear();
        busLostAt = Optional.of(trayConfig.clock().instant());
        debounce("bus", retry, this::reconnect);
    }

    /// Not in the loop: connecting to a bus that is just starting takes time.
    private void reconnect() {
        busCalls.execute(failFast(() -> {
            SessionBus.Opened opened = SessionBus.address(trayConfig.environment(), trayConfig.directories())
                    .map(this::open)
                    .orElse(new SessionBus.Opened.NoBus("no address"));
            inLoop(() -> reconnected(opened));
        }));
    }

    private void reconnected(SessionBus.Opened outcome) {
        switch (outcome) {
            case SessionBus.Opened.Open opened
            when opened.bus().isOpen() -> {
                bus = Optional.of(opened.bus());
                busLostAt = Optional.empty();
                retry = Duration.ofSeconds(1);
                register();
                render();
            }
            case SessionBus.Opened.Taken _ -> {
                print.accept("Another tray icon is running now.");
                ended.complete(OK);
            }
            case SessionBus.Opened.Open _, SessionBus.Opened.NoBus _ -> {
                Instant now = trayConfig.clock().instant();
                if (busLostAt.filter(at -> at.plus(WITHOUT_BUS).isBefore(now)).isPresent()) {
                    print.accept("The D-Bus session bus ended and did not restart, so the tray icon ended too.");
                    ended.complete(FAILED);
                    return;
                }
                retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? retry.multipliedBy(2) : LONGEST_RETRY;
                debounce("bus", retry, this::reconnect);
            }
        }
    }

    // --- clicks ---

    private void clicked(MenuAction menuAction) {
        switch (menuAction) {
            case MenuAction.OpenWindow window -> inLoop(() -> openWindow(window.arguments(), Optional.empty()));
            case MenuAction.RunCommand command -> inLoop(() -> runCommand(command));
            case MenuAction.CheckNow _ -> inLoop(() -> check(Reason.CLICK));
            // Ends at once, even while the loop is waiting.
            case MenuAction.Quit _ -> ended.complete(OK);
        }
    }

    private void notificationClicked(long notification, String action) {
        notificationIds.entrySet().stream()
                .filter(entry -> entry.getValue() == notification)
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(name -> {
                    boolean known = glance.map(Glance::tools).orElse(List.of()).stream()
                            .anyMatch(tool -> tool.name().equals(name));
                    switch (action) {
                        case "restart" -> runCommand(MenuAction.RunCommand.about(name, "service", "restart", name));
                        case "log", "why" -> openWindow(List.of(name, "--ask", "log"), Optional.empty());
                        case "default" -> openWindow(known ? List.of(name) : List.of(), Optional.empty());
                        default -> {
                            // Not an action of ours.
                        }
                    }
                });
    }

    private void openWindow(List<String> arguments, Optional<String> token) {
        trayCommands.window(arguments, token).ifPresent(print);
    }

    private void runCommand(MenuAction.RunCommand command) {
        trayCommands.run(
                command.arguments(),
                result -> inLoop(() -> {
                    atLogin = autostart.state().on();
                    units.forEach(this::readUnit);
                    render();
                    NotificationPolicy.of(command, result).ifPresent(this::show);
                    checkSoon();
                }));
    }

    // --- the loop ---

    private void inLoop(Runnable task) {
        try {
            loop.execute(failFast(task));
        } catch (RejectedExecutionException e) {
            // The tray is shutting down.
        }
    }

    /// Runs `task` once, after `delay`; another call before that restarts the delay.
    private void debounce(String what, Duration delay, Runnable task) {
        Optional.ofNullable(pending.remove(what)).ifPresent(earlier -> earlier.cancel(false));
        pending.put(what, schedule(delay, () -> {
            pending.remove(what);
            task.run();
        }));
    }

    private ScheduledFuture<?> schedule(Duration delay, Runnable task) {
        return loop.schedule(failFast(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Reads the interval each time, so that a new setting applies from the next run on.
    private void repeat(String what, Setting interval, Runnable task) {
        debounce(what + " again", trayConfig.settings().span(interval), () -> {
            task.run();
            repeat(what, interval, task);
        });
    }

    /// Ends the tray with a stack trace if a task fails, rather than leaving an icon that no longer changes.
    private Runnable failFast(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                ended.completeExceptionally(e);
            }
        };
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // It ends with the process.
        }
    }
}
