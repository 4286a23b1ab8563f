package io.github.lamplighter.tray;

import io.github.lamplighter.tray.bus.LoginManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;

/// Listens to logind for the end of a suspend, where there is a logind.
final class ResumeListener {

    private static final String SOCKET = "/run/dbus/system_bus_socket";

    private ResumeListener() {}

    /// @return stops listening; empty without a system bus
    static Optional<AutoCloseable> onResume(Map<String, String> environment, Runnable resumed) {
        String address = environment.getOrDefault("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + SOCKET);
        if (address.equals("unix:path=" + SOCKET) && !Files.exists(Path.of(SOCKET))) {
            return Optional.empty();
        }
        try {
            DBusConnection connection = SessionBus.connect(address, () -> {});
            connection.addSigHandler(LoginManager.PrepareForSleep.class, signal -> {
                if (!signal.start) {
                    resumed.run();
                }
            });
            return Optional.of(connection::disconnect);
        } catch (DBusException | DBusExecutionException e) {
            return Optional.empty();
        }
    }
}
