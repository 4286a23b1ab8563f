package io.github.lamplighter.tray;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.DirectoryWatcher;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.GlanceFile;
import io.github.lamplighter.tray.TrayState.UnansweredState;
import io.github.lamplighter.tray.TrayState.Watched;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;

/// The resident process. It waits: for the service manager's signals, for a file to change, for a click.
/// All that it knows is changed and shown by one thread, its loop.
public final class Tray {

    /// Ended because somebody asked for it, or because another tray runs already.
    private static final int OK = 0;

    private static final int NOT_POSSIBLE = 1;

    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration BURST = Duration.ofMillis(40);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final Duration WITHOUT_BUS = Duration.ofMinutes(5);

    /// In a rehearsal: long enough for a look at the bus and at a child that ends at once.
    private static final Duration REHEARSED = Duration.ofSeconds(3);

    /// What is being told to others at the end may take this long; whoever hangs does not keep the tray.
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /// What this process was given.
    ///
    /// @param launcher the argument list that starts Lamplighter again
    /// @param application the application id, on the bus and in notifications
    public record TrayConfig(
            Map<String, String> environment,
            AppDirectories directories,
            List<String> launcher,
            long pid,
            InstantSource clock,
            ZoneId zone,
            Settings settings,
            String application) {
        public TrayConfig {
            environment = Map.copyOf(environment);
            launcher = List.copyOf(launcher);
        }
    }

    private final TrayConfig trayConfig;
    private final GlanceFile glanceFile;
    private final ServiceManager services;
    private final Function<String, ProbeResult> endpoints;
    private final Supplier<Set<String>> transactions;
    private final BooleanSupplier startsAtLogin;
    private final Consumer<String> say;
    private final TrayCommands trayCommands;
    private final TrayModel model;
    private final NotificationPolicy notificationPolicy;
    private final StatusNotifierItemExport item;
    private final DBusMenuExport menu;

    private final ScheduledThreadPoolExecutor loop;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    /// Calls that wait for another program's answer, in turn: a notification service that hangs must not stop
    /// the loop.
    private final ExecutorService talk = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("lamplighter-talk").factory());

    private final AtomicBoolean noHostWarned = new AtomicBoolean();

    /// The number of the last notification about each tool.
    private final Map<String, Long> notificationIds = new ConcurrentHashMap<>();

    // Everything below is touched by the loop only.
    private Optional<SessionBus> bus = Optional.empty();
    private Optional<Instant> busLostAt = Optional.empty();
    private Duration retry = Duration.ofSeconds(1);
    private Optional<Glance> glance = Optional.empty();
    private final Map<String, Watched> watched = new HashMap<>();
    private final Map<String, UnansweredState> silent = new HashMap<>();
    private final Set<String> started = new HashSet<>();
    private final Set<String> reading = new HashSet<>();
    private final Set<String> unread = new HashSet<>();
    private Set<String> open = Set.of();
    private Set<String> units = Set.of();
    private AutoCloseable unitWatch = () -> {};
    private final Map<String, ScheduledFuture<?>> pending = new HashMap<>();
    private Optional<DirectoryWatcher> files = Optional.empty();
    private boolean checking;
    private boolean checkAgain;
    private boolean atLogin;

    /// @param endpoints asks an endpoint's address once
    /// @param transactions the names of the tools with an open transaction
    /// @param startsAtLogin whether autostart is on
    /// @param say a sentence for whoever started it
    public Tray(
            TrayConfig trayConfig,
            GlanceFile glanceFile,
            ServiceManager services,
            Function<String, ProbeResult> endpoints,
            Supplier<Set<String>> transactions,
            BooleanSupplier startsAtLogin,
            ProcessRunner runner,
            Consumer<String> say) {
        this.trayConfig = trayConfig;
        this.glanceFile = glanceFile;
        this.services = services;
        this.endpoints = endpoints;
        this.transactions = transactions;
        this.startsAtLogin = startsAtLogin;
        this.say = say;
        this.trayCommands = new TrayCommands(runner, trayConfig.launcher(), trayConfig.directories());
        this.model = new TrayModel(trayConfig.zone());
        this.notificationPolicy = new NotificationPolicy(model::clock);
        this.item = new StatusNotifierItemExport(token -> inLoop(() -> openWindow(List.of(), token)));
        this.menu = new DBusMenuExport(this::clicked);
        this.loop = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("lamplighter-tray").factory());
        loop.setRemoveOnCancelPolicy(true);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /// Shows the icon until somebody quits it.
    ///
    /// @param rehearse whether it ends by itself when everything was shown once
    /// @return the exit code
    public int run(boolean rehearse) {
        Optional<String> address = address();
        if (address.isEmpty()) {
            say.accept("There is no session bus here, so there is no panel for the icon."
                    + " `lamplighter doctor` says in words what it would show.");
            return NOT_POSSIBLE;
        }
        switch (open(address.get())) {
            case SessionBus.Opened.Taken _ -> {
                say.accept("The tray runs already.");
                return OK;
            }
            case SessionBus.Opened.NoBus _ -> {
                say.accept("The session bus does not answer, so there is no panel for the icon."
                        + " `lamplighter doctor` says in words what it would show.");
                return NOT_POSSIBLE;
            }
            case SessionBus.Opened.Open opened -> bus = Optional.of(opened.bus());
        }
        try (DirectoryWatcher files =
                DirectoryWatcher.start(BURST, folders -> inLoop(() -> folders.forEach(this::changed)))) {
            watchFiles(files);
            Optional<AutoCloseable> sleep = ResumeListener.onWaking(
                    trayConfig.environment(), () -> inLoop(() -> debounce("check", SETTLE, this::check)));
            inLoop(this::begin);
            if (rehearse) {
                inLoop(() -> schedule(REHEARSED, () -> ended.complete(OK)));
            }
            try {
                return ended.join();
            } finally {
                shutdown(sleep);
            }
        } catch (IOException e) {
            say.accept("The folder %s cannot be watched: %s."
                    .formatted(
                            trayConfig
                                    .directories()
                                    .display(trayConfig.directories().state()),
                            e.getMessage()));
            return NOT_POSSIBLE;
        }
    }

    /// Leaves the bus in order, so that panels take the icon away at once. The library waits up to a minute for
    /// a bus that hangs; the connections end with the process in any case.
    private void shutdown(Optional<AutoCloseable> sleep) {
        loop.shutdownNow();
        talk.shutdownNow();
        Thread leaving = Thread.ofPlatform()
                .daemon()
                .name("lamplighter-goodbye")
                .start(() -> {
                    close(unitWatch);
                    bus.ifPresent(SessionBus::close);
                    sleep.ifPresent(Tray::close);
                });
        try {
            leaving.join(GOODBYE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> address() {
        return Optional.ofNullable(trayConfig.environment().get("DBUS_SESSION_BUS_ADDRESS"))
                .filter(value -> !value.isEmpty())
                .or(() -> trayConfig
                        .directories()
                        .runtime()
                        .map(runtime -> runtime.resolve("bus"))
                        .filter(Files::exists)
                        .map(path -> "unix:path=" + path));
    }

    private SessionBus.Opened open(String address) {
        return SessionBus.open(
                address, trayConfig.application(), trayConfig.pid(), item, menu, new SessionBus.Listener() {
                    @Override
                    public void watcher(boolean there) {
                        inLoop(() -> {
                            if (there) {
                                register();
                            }
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
                        inLoop(Tray.this::lost);
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
        this.files = Optional.of(files);
    }

    private void begin() {
        atLogin = startsAtLogin.getAsBoolean();
        readGlance();
        open = transactions.get();
        paint();
        register();
        if (open.isEmpty()) {
            check();
        } else {
            // A worker that was killed leaves a transaction open; one that lives keeps its lock, and this
            // comes to
            // nothing.
            trayCommands.run(List.of("recover", "--json"), _ -> inLoop(this::check));
        }
        repeat("ask", Setting.PROBE_INTERVAL, this::askAll);
        repeat("doctor", Setting.DOCTOR_INTERVAL, this::check);
    }

    // --- what is seen ---

    private void changed(Path folder) {
        if (folder.equals(trayConfig.directories().state())) {
            readGlance();
            paint();
        } else if (folder.equals(trayConfig.directories().manifests())) {
            debounce("check", SETTLE, this::check);
        } else {
            readJournals();
        }
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
        silent.keySet().retainAll(expected().map(ToolGlance::name).toList());
        glance.ifPresent(seen -> {
            Duration left = Duration.between(trayConfig.clock().instant(), seen.staleAfter());
            if (!left.isNegative()) {
                debounce("stale", left.plusSeconds(1), this::paint);
            }
        });
    }

    private java.util.stream.Stream<ToolGlance> expected() {
        return glance.map(Glance::tools).orElse(List.of()).stream().filter(ToolGlance::expectedRunning);
    }

    private void readJournals() {
        files.ifPresent(watch -> {
            try {
                watch.addBelow(trayConfig.directories().journals());
            } catch (IOException e) {
                say.accept("The journals cannot be watched: " + e.getMessage());
            }
        });
        Set<String> before = open;
        open = transactions.get();
        paint();
        if (!open.containsAll(before)) {
            debounce("check", SETTLE, this::check);
        }
    }

    private void unitChanged(String unit) {
        if (!units.contains(unit)) {
            return;
        }
        readUnit(unit);
        boolean working = expected()
                .filter(tool -> tool.unit().filter(unit::equals).isPresent())
                .anyMatch(tool -> working().contains(tool.name()));
        if (!working) {
            debounce("check", SETTLE, this::check);
        }
    }

    /// Asks for the state of a unit, which takes as long as its manager takes, and shows it then.
    private void readUnit(String unit) {
        if (!reading.add(unit)) {
            // What is being answered may be older than what made us ask.
            unread.add(unit);
            return;
        }
        Thread.ofVirtual().start(failFast(() -> {
            ServiceState state = services.state(unit);
            inLoop(() -> {
                reading.remove(unit);
                if (units.contains(unit)) {
                    unitRead(unit, state);
                    paint();
                }
                if (unread.remove(unit)) {
                    readUnit(unit);
                }
            });
        }));
    }

    private void unitRead(String unit, ServiceState state) {
        Optional<Watched> before = Optional.ofNullable(watched.get(unit));
        Watched next = Watched.next(before, state, trayConfig.clock().instant());
        watched.put(unit, next);
        if (next.restlessSince().isPresent()) {
            // Looked at again when it must have settled, and when the grace is over.
            debounce("settled " + unit, TrayModel.SETTLED.plusMillis(200), () -> readUnit(unit));
            if (before.flatMap(Watched::restlessSince).isEmpty()) {
                schedule(TrayModel.GRACE.plusMillis(200), this::paint);
            }
        }
        if (state.phase() != ServiceState.Phase.RUNNING) {
            expected()
                    .filter(tool -> tool.unit().filter(unit::equals).isPresent())
                    .forEach(tool -> silent.remove(tool.name()));
        }
    }

    // --- asking endpoints ---

    private void askAll() {
        expected().filter(this::worthAsking).forEach(this::ask);
    }

    private boolean worthAsking(ToolGlance tool) {
        return tool.endpoint().isPresent()
                && !working().contains(tool.name())
                && tool.unit()
                        .map(watched::get)
                        .filter(unit -> unit.state().phase() != ServiceState.Phase.RUNNING)
                        .isEmpty();
    }

    private void ask(ToolGlance tool) {
        String url = tool.endpoint().orElse("");
        Thread.ofVirtual().start(() -> {
            ProbeResult answer = endpoints.apply(url);
            inLoop(() -> answered(tool.name(), answer));
        });
    }

    private void answered(String name, ProbeResult answer) {
        Optional<String> wrong = switch (answer) {
            case ProbeResult.Yes yes -> yes.ready() ? Optional.empty() : Optional.of(yes.detail());
            case ProbeResult.No no -> Optional.of(no.detail());
        };
        Optional<ToolGlance> tool = expected()
                .filter(candidate -> candidate.name().equals(name))
                .filter(this::worthAsking)
                .findFirst();
        if (tool.isEmpty()) {
            return;
        }
        boolean changed = wrong.isPresent() || silent.containsKey(name);
        wrong.ifPresentOrElse(
                detail -> {
                    Optional<UnansweredState> before = Optional.ofNullable(silent.get(name));
                    silent.put(
                            name,
                            new UnansweredState(
                                    before.map(UnansweredState::since)
                                            .orElse(trayConfig.clock().instant()),
                                    before.map(UnansweredState::times).orElse(0) + 1,
                                    detail));
                    if (before.isEmpty()) {
                        schedule(
                                TrayModel.GRACE,
                                () -> expected()
                                        .filter(again -> again.name().equals(name))
                                        .filter(this::worthAsking)
                                        .forEach(this::ask));
                    }
                },
                () -> silent.remove(name));
        if (changed) {
            paint();
        }
    }

    // --- the doctor ---

    private void check() {
        if (checking) {
            checkAgain = true;
            return;
        }
        checking = true;
        paint();
        trayCommands.doctor(() -> inLoop(() -> {
            checking = false;
            readGlance();
            paint();
            if (checkAgain) {
                checkAgain = false;
                debounce("check", SETTLE, this::check);
            }
        }));
    }

    // --- what is shown ---

    private Set<String> working() {
        Set<String> all = new HashSet<>(open);
        all.addAll(started);
        return all;
    }

    private void paint() {
        TrayState trayState = new TrayState(
                glance,
                watched,
                silent,
                working(),
                checking,
                atLogin,
                trayConfig.clock().instant());
        TrayView view = model.view(trayState);
        List<DBusSignal> signals = new ArrayList<>();
        try {
            signals.addAll(item.show(view));
            menu.show(view.menu()).ifPresent(signals::add);
        } catch (DBusException e) {
            throw new IllegalStateException("a signal of ours is not well formed", e);
        }
        bus.ifPresent(there -> there.send(signals));
        notificationPolicy.of(view.tools(), trayConfig.clock().instant()).forEach(this::show);
    }

    private void show(NotificationPolicy.Notification notification) {
        if (notification
                .choice()
                .filter(choice -> !trayConfig.settings().isOn(choice))
                .isPresent()) {
            return;
        }
        bus.ifPresent(there -> talk.execute(failFast(() -> there.notify(
                        notificationIds.getOrDefault(notification.about(), 0L),
                        StatusNotifierItemExport.lantern(notification.picture(), 48),
                        notification.title(),
                        notification.body(),
                        notification.actions(),
                        notification.urgency())
                .ifPresent(id -> notificationIds.put(notification.about(), id)))));
    }

    private void register() {
        bus.ifPresent(there -> talk.execute(() -> {
            boolean hidden = there.register() && !there.shown().orElse(true);
            if (hidden && noHostWarned.compareAndSet(false, true)) {
                say.accept("No panel shows tray icons at the moment; the icon appears as soon as one does."
                        + " GNOME needs the extension AppIndicator and KStatusNotifierItem Support for it.");
            }
        }));
    }

    private void lost() {
        if (busLostAt.isPresent()) {
            return;
        }
        bus.ifPresent(gone -> talk.execute(gone::close));
        bus = Optional.empty();
        notificationIds.clear();
        busLostAt = Optional.of(trayConfig.clock().instant());
        debounce("bus", retry, this::reconnect);
    }

    /// Not in the loop: a bus that is just being started keeps whoever connects waiting.
    private void reconnect() {
        talk.execute(failFast(() -> {
            SessionBus.Opened opened = address().map(this::open).orElse(new SessionBus.Opened.NoBus("no address"));
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
                paint();
            }
            case SessionBus.Opened.Taken _ -> {
                say.accept("Another tray runs now.");
                ended.complete(OK);
            }
            case SessionBus.Opened.Open _, SessionBus.Opened.NoBus _ -> {
                Instant now = trayConfig.clock().instant();
                if (busLostAt.filter(at -> at.plus(WITHOUT_BUS).isBefore(now)).isPresent()) {
                    say.accept("The session bus went away and did not come back, so the tray ended.");
                    ended.complete(NOT_POSSIBLE);
                    return;
                }
                retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? retry.multipliedBy(2) : LONGEST_RETRY;
                debounce("bus", retry, this::reconnect);
            }
        }
    }

    // --- what is clicked ---

    private void clicked(MenuAction menuAction) {
        switch (menuAction) {
            case MenuAction.OpenWindow window -> inLoop(() -> openWindow(window.arguments(), Optional.empty()));
            case MenuAction.RunVerb verb -> inLoop(() -> runVerb(verb));
            case MenuAction.CheckNow _ -> inLoop(this::check);
            // Whatever the loop is waiting for, this does not wait for it.
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
                        case "restart" -> runVerb(MenuAction.RunVerb.about(name, "service", "restart", name, "--json"));
                        case "default" -> openWindow(known ? List.of(name) : List.of(), Optional.empty());
                        default -> {
                            // A button that we did not offer.
                        }
                    }
                });
    }

    private void openWindow(List<String> arguments, Optional<String> token) {
        trayCommands.window(arguments, token).ifPresent(say);
    }

    private void runVerb(MenuAction.RunVerb verb) {
        boolean upgrade = verb.arguments().getFirst().equals("upgrade");
        if (upgrade) {
            verb.tool().ifPresent(started::add);
            paint();
        }
        trayCommands.run(
                verb.arguments(),
                result -> inLoop(() -> {
                    if (upgrade) {
                        verb.tool().ifPresent(started::remove);
                        open = transactions.get();
                    }
                    atLogin = startsAtLogin.getAsBoolean();
                    units.forEach(this::readUnit);
                    paint();
                    NotificationPolicy.of(verb, result).ifPresent(this::show);
                    debounce("check", SETTLE, this::check);
                }));
    }

    // --- the loop ---

    private void inLoop(Runnable task) {
        try {
            loop.execute(failFast(task));
        } catch (RejectedExecutionException e) {
            // The tray is ending.
        }
    }

    /// Once, after `delay`; asked for again in the meantime, the delay begins anew.
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

    /// How often is asked each time: a choice counts from the next time on.
    private void repeat(String what, Setting interval, Runnable task) {
        debounce(what + " again", trayConfig.settings().span(interval), () -> {
            task.run();
            repeat(what, interval, task);
        });
    }

    /// A fault of ours in one task ends the tray with its trace, rather than leaving an icon that no longer
    /// changes.
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
            // What could not be closed is gone with the process.
        }
    }
}
