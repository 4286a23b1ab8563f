package io.github.lamplighter.tray;

import io.github.lamplighter.tray.bus.LoginManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;

/// Hears from logind when the machine wakes up, where there is one.
final class ResumeListener {

    private static final String SOCKET = "/run/dbus/system_bus_socket";

    private ResumeListener() {}

    /// @return what ends the listening; empty when there is no system bus
    static Optional<AutoCloseable> onWaking(Map<String, String> environment, Runnable woke) {
        String address = environment.getOrDefault("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + SOCKET);
        if (address.equals("unix:path=" + SOCKET) && !Files.exists(Path.of(SOCKET))) {
            return Optional.empty();
        }
        try {
            DBusConnection connection = SessionBus.connect(address, () -> {});
            connection.addSigHandler(LoginManager.PrepareForSleep.class, signal -> {
                if (!signal.start) {
                    woke.run();
                }
            });
            return Optional.of(connection::disconnect);
        } catch (DBusException | DBusExecutionException e) {
            return Optional.empty();
        }
    }
}
