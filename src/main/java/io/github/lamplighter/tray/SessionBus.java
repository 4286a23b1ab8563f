package io.github.lamplighter.tray;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tray.bus.DBusMenu;
import io.github.lamplighter.tray.bus.NotificationImage;
import io.github.lamplighter.tray.bus.Notifications;
import io.github.lamplighter.tray.bus.StatusNotifierItem;
import io.github.lamplighter.tray.bus.StatusNotifierWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.exceptions.NotConnected;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/// A connection to the session bus, with the tray icon and its menu on it.
final class SessionBus implements AutoCloseable {

    private static final int QUEUED = 2;
    private static final int EXISTS = 3;
    private static final int DO_NOT_QUEUE = 4;

    private final DBusConnection connection;
    private final String application;
    private final String itemName;

    private SessionBus(DBusConnection connection, String application, String itemName) {
        this.connection = connection;
        this.application = application;
        this.itemName = itemName;
    }

    /// Receives events of the bus, in the library's threads.
    interface Listener {
        /// A watcher appeared or vanished.
        void watcher(boolean there);

        /// A button of a notification was pressed.
        void action(long notification, String action);

        void closed(long notification);

        /// The connection was lost.
        void lost();
    }

    /// The result of connecting.
    sealed interface Opened {
        record Open(SessionBus bus) implements Opened {}

        /// Another tray of this user owns the application's name on the bus.
        record Taken() implements Opened {}

        record NoBus(String reason) implements Opened {}
    }

    /// @param application the id under which one tray of a user is on the bus
    static Opened open(
            String address,
            String application,
            long pid,
            StatusNotifierItemExport item,
            DBusMenuExport menu,
            Listener listener) {
        DBusConnection connection;
        try {
            connection = connect(address, listener::lost);
        } catch (DBusException | DBusExecutionException e) {
            return new Opened.NoBus(String.valueOf(e.getMessage()));
        }
        try {
            DBus bus = connection.getRemoteObject("org.freedesktop.DBus", "/org/freedesktop/DBus", DBus.class);
            int reply = bus.RequestName(application, new UInt32(DO_NOT_QUEUE)).intValue();
            if (reply == EXISTS || reply == QUEUED) {
                connection.disconnect();
                return new Opened.Taken();
            }
            SessionBus opened = new SessionBus(connection, application, itemName(pid));
            connection.exportObject(StatusNotifierItem.PATH, item);
            connection.exportObject(DBusMenu.PATH, menu);
            opened.listen(listener);
            connection.requestBusName(opened.itemName);
            return new Opened.Open(opened);
        } catch (DBusException | DBusExecutionException e) {
            connection.disconnect();
            return new Opened.NoBus(String.valueOf(e.getMessage()));
        }
    }

    /// The name of a tray icon on the bus, by its process.
    static String itemName(long pid) {
        return "org.kde.StatusNotifierItem-%d-1".formatted(pid);
    }

    /// The address of the session bus; empty if there is none.
    static Optional<String> address(Map<String, String> environment, AppDirectories directories) {
        return Optional.ofNullable(environment.get("DBUS_SESSION_BUS_ADDRESS"))
                .filter(value -> !value.isEmpty())
                .or(() -> directories
                        .runtime()
                        .map(runtime -> runtime.resolve("bus"))
                        .filter(Files::exists)
                        .map(path -> "unix:path=" + path));
    }

    /// Uses few threads: each costs memory as long as the tray is running.
    static DBusConnection connect(String address, Runnable lost) throws DBusException {
        return DBusConnectionBuilder.forAddress(address)
                .withShared(false)
                .withDisconnectCallback(new IDisconnectCallback() {
                    @Override
                    public void disconnectOnError(IOException e) {
                        lost.run();
                    }
                })
                .receivingThreadConfig()
                .withSignalThreadCount(1)
                .withErrorHandlerThreadCount(1)
                .withMethodCallThreadCount(1)
                .withMethodReturnThreadCount(1)
                .connectionConfig()
                .build();
    }

    private void listen(Listener listener) throws DBusException {
        connection.addSigHandler(
                DBusMatchRuleBuilder.create()
                        .withType(DBus.NameOwnerChanged.class)
                        .withArg0123(0, StatusNotifierWatcher.NAME)
                        .build(),
                (DBus.NameOwnerChanged changed) -> {
                    if (changed.name.equals(StatusNotifierWatcher.NAME)) {
                        listener.watcher(!changed.newOwner.isEmpty());
                    }
                });
        connection.addSigHandler(
                Notifications.ActionInvoked.class, signal -> listener.action(signal.id.longValue(), signal.action));
        connection.addSigHandler(
                Notifications.NotificationClosed.class, signal -> listener.closed(signal.id.longValue()));
    }

    /// Registers the icon with the watcher.
    ///
    /// @return false if there is no watcher
    boolean register() {
        try {
            if (!owned(StatusNotifierWatcher.NAME)) {
                return false;
            }
            connection
                    .getRemoteObject(
                            StatusNotifierWatcher.NAME, StatusNotifierWatcher.PATH, StatusNotifierWatcher.class)
                    .RegisterStatusNotifierItem(itemName);
            return true;
        } catch (DBusException | DBusExecutionException e) {
            return false;
        }
    }

    /// Whether a panel shows the watcher's icons; empty if that is not known.
    Optional<Boolean> hasHost() {
        try {
            Object value = connection
                    .getRemoteObject(StatusNotifierWatcher.NAME, StatusNotifierWatcher.PATH, Properties.class)
                    .Get(StatusNotifierWatcher.NAME, "IsStatusNotifierHostRegistered");
            return value instanceof Boolean there ? Optional.of(there) : Optional.empty();
        } catch (DBusException | DBusExecutionException e) {
            return Optional.empty();
        }
    }

    /// Sends signals; without an effect once the connection is lost.
    void send(List<DBusSignal> signals) {
        try {
            signals.forEach(connection::sendMessage);
        } catch (NotConnected | RejectedExecutionException e) {
            // The listener reconnects, and sends everything again.
        }
    }

    boolean isOpen() {
        return connection.isConnected();
    }

    /// Shows a notification.
    ///
    /// @param replaces the id of an earlier one, or 0
    /// @param actions alternating keys and labels
    /// @return its id; empty if there is no notification service
    Optional<Long> notify(
            long replaces, Pixmap picture, String title, String body, List<String> actions, byte urgency) {
        Map<String, Variant<?>> hints = new LinkedHashMap<>();
        hints.put("urgency", new Variant<>(urgency));
        hints.put("desktop-entry", new Variant<>(application));
        hints.put(
                "image-data",
                new Variant<>(new NotificationImage(picture.width(), picture.height(), picture.rgba()), "(iiibiiay)"));
        try {
            return Optional.of(connection
                    .getRemoteObject(Notifications.NAME, Notifications.PATH, Notifications.class)
                    .Notify("Lamplighter", new UInt32(replaces), "", title, body, actions, hints, -1)
                    .longValue());
        } catch (DBusException | DBusExecutionException e) {
            return Optional.empty();
        }
    }

    private boolean owned(String name) throws DBusException {
        return connection
                .getRemoteObject("org.freedesktop.DBus", "/org/freedesktop/DBus", DBus.class)
                .NameHasOwner(name);
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
