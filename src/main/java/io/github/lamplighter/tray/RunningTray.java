package io.github.lamplighter.tray;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tray.bus.StatusNotifierItem;
import io.github.lamplighter.tray.bus.StatusNotifierWatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.interfaces.Properties;

/// The tray icon of this user as others see it, on the session bus.
public final class RunningTray implements AutoCloseable {

    private final DBusConnection connection;
    private final String application;

    private RunningTray(DBusConnection connection, String application) {
        this.connection = connection;
        this.application = application;
    }

    /// @param environment of this process
    /// @param application the name that the tray owns on the bus
    /// @return empty if there is no session bus
    public static Optional<RunningTray> connect(
            Map<String, String> environment, AppDirectories directories, String application) {
        return SessionBus.address(environment, directories).flatMap(address -> {
            try {
                return Optional.of(new RunningTray(SessionBus.connect(address, () -> {}), application));
            } catch (DBusException | DBusExecutionException _) {
                return Optional.empty();
            }
        });
    }

    /// The process of the tray; empty if there is none.
    public Optional<Long> pid() {
        try {
            DBus bus = connection.getRemoteObject("org.freedesktop.DBus", "/org/freedesktop/DBus", DBus.class);
            return bus.NameHasOwner(application)
                    ? Optional.of(bus.GetConnectionUnixProcessID(application).longValue())
                    : Optional.empty();
        } catch (DBusException | DBusExecutionException _) {
            return Optional.empty();
        }
    }

    /// What does not work yet, as a sentence; empty when the icon is registered, if there is a panel, and responds.
    public Optional<String> problem(long pid) {
        String name = SessionBus.itemName(pid);
        try {
            DBus bus = connection.getRemoteObject("org.freedesktop.DBus", "/org/freedesktop/DBus", DBus.class);
            if (!bus.NameHasOwner(name)) {
                return Optional.of("The new tray icon is not on the session bus.");
            }
            if (bus.NameHasOwner(StatusNotifierWatcher.NAME) && !registered(name, bus.GetNameOwner(name))) {
                return Optional.of("The new tray icon is not registered with the panel.");
            }
            Object id = connection
                    .getRemoteObject(name, StatusNotifierItem.PATH, Properties.class)
                    .Get(StatusNotifierItem.NAME, "Id");
            return String.valueOf(id).isEmpty()
                    ? Optional.of("The new tray icon is not responding.")
                    : Optional.empty();
        } catch (DBusException | DBusExecutionException _) {
            return Optional.of("The new tray icon is not responding.");
        }
    }

    /// A watcher lists items by the name that they gave or by their unique name, some with a path behind it.
    private boolean registered(String name, String owner) throws DBusException {
        Object items = connection
                .getRemoteObject(StatusNotifierWatcher.NAME, StatusNotifierWatcher.PATH, Properties.class)
                .Get(StatusNotifierWatcher.NAME, "RegisteredStatusNotifierItems");
        Stream<?> all = items instanceof List<?> list
                ? list.stream()
                : items instanceof Object[] array ? Stream.of(array) : Stream.of();
        return all.map(String::valueOf)
                .anyMatch(item ->
                        Stream.of(name, owner).anyMatch(ours -> item.equals(ours) || item.startsWith(ours + "/")));
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
