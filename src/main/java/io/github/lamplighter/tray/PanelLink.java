package io.github.lamplighter.tray;

import io.github.lamplighter.doctor.TrayPanel;
import io.github.lamplighter.doctor.TrayPanelFile;
import io.github.lamplighter.tray.NotificationPolicy.Notification;
import io.github.lamplighter.tray.Tray.TrayConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.freedesktop.dbus.messages.DBusSignal;

/// The icon's way to the panel over the session bus. Both may come later, and both may come back: it registers the
/// icon again, and connects again.
final class PanelLink implements AutoCloseable {

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final Duration WITHOUT_BUS = Duration.ofMinutes(5);

    /// What happens on the way to the panel; called in the loop.
    interface Listener {
        /// It is on a new bus, which knows nothing yet.
        void connected();

        /// It was lost; the notifications of that bus are gone.
        void lost();

        /// No panel shows the icon, or one does again: there is a finding about it.
        void panelChanged();

        /// The user clicked a notification.
        void action(long notification, String action);

        /// A notification is gone.
        void closed(long notification);

        /// There is no way any more.
        ///
        /// @param exitCode of the process
        void ended(int exitCode);
    }

    private final TrayConfig trayConfig;
    private final LoopThread loop;
    private final StatusNotifierItemExport item;
    private final DBusMenuExport menu;
    private final TrayPanelFile panelFile;
    private final Consumer<String> print;
    private final Listener listener;

    /// Runs the bus calls that wait for an answer, one at a time: a notification service that hangs must not
    /// stop the loop.
    private final ExecutorService calls = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("lamplighter-bus").factory());

    // Only the loop uses the fields below, once it is running.
    private Optional<SessionBus> bus = Optional.empty();
    private Optional<Instant> lostAt = Optional.empty();
    private Duration retry = FIRST_RETRY;
    private boolean noHostWarned;

    /// @param print prints a message to standard error
    PanelLink(
            TrayConfig trayConfig,
            LoopThread loop,
            StatusNotifierItemExport item,
            DBusMenuExport menu,
            Consumer<String> print,
            Listener listener) {
        this.trayConfig = trayConfig;
        this.loop = loop;
        this.item = item;
        this.menu = menu;
        this.panelFile = new TrayPanelFile(trayConfig.directories());
        this.print = print;
        this.listener = listener;
    }

    /// @return the exit code if there can be no icon
    Optional<Integer> open() {
        Optional<String> address = SessionBus.address(trayConfig.environment(), trayConfig.directories());
        if (address.isEmpty()) {
            print.accept("No D-Bus session bus found, so there is no tray icon. Run `lamplighter status` instead.");
            return Optional.of(Tray.FAILED);
        }
        return switch (open(address.get())) {
            case SessionBus.Opened.Taken _ -> {
                print.accept("The tray icon is already running.");
                yield Optional.of(Tray.OK);
            }
            case SessionBus.Opened.NoBus _ -> {
                print.accept("The D-Bus session bus is not responding, so there is no tray icon."
                        + " Run `lamplighter status` instead.");
                yield Optional.of(Tray.FAILED);
            }
            case SessionBus.Opened.Open opened -> {
                bus = Optional.of(opened.bus());
                yield Optional.empty();
            }
        };
    }

    private SessionBus.Opened open(String address) {
        return SessionBus.open(
                address, trayConfig.application(), trayConfig.pid(), item, menu, new SessionBus.Listener() {
                    @Override
                    public void watcher(boolean there) {
                        // If it vanished, no panel shows the icon any more.
                        loop.run(PanelLink.this::register);
                    }

                    @Override
                    public void action(long notification, String action) {
                        loop.run(() -> listener.action(notification, action));
                    }

                    @Override
                    public void closed(long notification) {
                        loop.run(() -> listener.closed(notification));
                    }

                    @Override
                    public void lost() {
                        loop.run(PanelLink.this::busLost);
                    }
                });
    }

    void send(List<DBusSignal> signals) {
        bus.ifPresent(there -> there.send(signals));
    }

    /// Shows a notification.
    void notify(Notification notification, long replaces, LongConsumer shown) {
        bus.ifPresent(there -> call(() -> there.notify(
                        replaces,
                        StatusNotifierItemExport.artwork(notification.state(), 48),
                        notification.title(),
                        notification.body(),
                        notification.actions(),
                        notification.urgency())
                .ifPresent(shown::accept)));
    }

    /// Registers the icon with the panel, and finds out whether one shows it.
    void register() {
        bus.ifPresent(there -> call(() -> {
            boolean shown = there.register() && there.hasHost().orElse(true);
            String desktop = trayConfig.environment().getOrDefault("XDG_CURRENT_DESKTOP", "");
            TrayPanel panel = shown ? TrayPanel.shown(desktop) : TrayPanel.missing(desktop);
            try {
                panelFile.write(panel, trayConfig.pid());
            } catch (IOException e) {
                // The finding about it is missing then.
            }
            loop.run(() -> panelKnown(panel));
        }));
    }

    /// At login the panel may start later.
    private void panelKnown(TrayPanel panel) {
        if (panel.shown()) {
            loop.cancel("panel");
            if (noHostWarned) {
                noHostWarned = false;
                listener.panelChanged();
            }
            return;
        }
        loop.once("panel", TrayModel.GRACE, () -> {
            if (bus.isPresent() && !noHostWarned) {
                noHostWarned = true;
                print.accept("No panel shows the tray icon. " + panel.needs() + " The icon appears by itself then.");
                listener.panelChanged();
            }
        });
    }

    private void busLost() {
        if (lostAt.isPresent()) {
            return;
        }
        bus.ifPresent(gone -> call(gone::close));
        bus = Optional.empty();
        listener.lost();
        lostAt = Optional.of(loop.now());
        loop.once("bus", retry, this::reconnect);
    }

    /// Not in the loop: connecting to a bus that is just starting takes time.
    private void reconnect() {
        call(() -> {
            SessionBus.Opened opened = SessionBus.address(trayConfig.environment(), trayConfig.directories())
                    .map(this::open)
                    .orElse(new SessionBus.Opened.NoBus("no address"));
            loop.run(() -> reconnected(opened));
        });
    }

    private void reconnected(SessionBus.Opened outcome) {
        switch (outcome) {
            case SessionBus.Opened.Open opened
            when opened.bus().isOpen() -> {
                bus = Optional.of(opened.bus());
                lostAt = Optional.empty();
                retry = FIRST_RETRY;
                register();
                listener.connected();
            }
            case SessionBus.Opened.Taken _ -> {
                print.accept("Another tray icon is running now.");
                listener.ended(Tray.OK);
            }
            case SessionBus.Opened.Open _, SessionBus.Opened.NoBus _ -> {
                if (lostAt.filter(at -> at.plus(WITHOUT_BUS).isBefore(loop.now()))
                        .isPresent()) {
                    print.accept("The D-Bus session bus ended and did not restart, so the tray icon ended too.");
                    listener.ended(Tray.FAILED);
                    return;
                }
                retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? retry.multipliedBy(2) : LONGEST_RETRY;
                loop.once("bus", retry, this::reconnect);
            }
        }
    }

    private void call(Runnable task) {
        try {
            calls.execute(loop.failFast(task));
        } catch (RejectedExecutionException e) {
            // The tray is shutting down.
        }
    }

    /// No more calls; what the panel shows is no longer true.
    void stop() {
        calls.shutdownNow();
        panelFile.delete();
    }

    /// Leaves the bus in order, so that panels remove the icon at once.
    @Override
    public void close() {
        bus.ifPresent(SessionBus::close);
    }
}
