package io.github.lamplighter.tray;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tray.bus.Notifications;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.types.UInt32;

/// One notification of a process that is no tray icon, and that was started by a click: nobody reads its standard
/// error. It does not name its desktop entry: GNOME removes the notifications of such a program when its process ends.
public final class DesktopNotice {

    private DesktopNotice() {}

    /// Does nothing without a session bus or a notification service.
    ///
    /// @param application the application id, for the icon
    public static void send(
            Map<String, String> environment,
            AppDirectories directories,
            String application,
            String title,
            String body) {
        Optional<String> address = SessionBus.address(environment, directories);
        if (address.isEmpty()) {
            return;
        }
        try (DBusConnection connection = SessionBus.connect(address.get(), () -> {})) {
            connection
                    .getRemoteObject(Notifications.NAME, Notifications.PATH, Notifications.class)
                    .Notify("Lamplighter", new UInt32(0), application, title, body, List.of(), Map.of(), -1);
        } catch (DBusException | DBusExecutionException | IOException e) {
            // Nothing shows notifications.
        }
    }
}
