package io.github.lamplighter.tray;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tray.bus.PortalSettings;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/// Whether the desktop prefers dark windows, from its portal.
public final class DesktopAppearance {

    private static final int DARK = 1;

    private DesktopAppearance() {}

    /// Reports the preference now and after each change, in a thread of the bus.
    ///
    /// @param dark receives whether the desktop prefers dark windows; not called where there is no portal
    /// @return stops listening; empty without a session bus
    public static Optional<AutoCloseable> follow(
            Map<String, String> environment, AppDirectories directories, Consumer<Boolean> dark) {
        return SessionBus.address(environment, directories).flatMap(address -> {
            try {
                DBusConnection connection = SessionBus.connect(address, () -> {});
                connection.addSigHandler(PortalSettings.SettingChanged.class, signal -> {
                    if (signal.namespace.equals(PortalSettings.APPEARANCE)
                            && signal.key.equals(PortalSettings.COLOR_SCHEME)) {
                        isDark(signal.value).ifPresent(dark);
                    }
                });
                read(connection).ifPresent(dark);
                return Optional.of(connection::disconnect);
            } catch (DBusException | DBusExecutionException _) {
                return Optional.empty();
            }
        });
    }

    /// Empty where there is no portal.
    private static Optional<Boolean> read(DBusConnection connection) {
        try {
            return isDark(connection
                    .getRemoteObject(PortalSettings.NAME, PortalSettings.PATH, PortalSettings.class)
                    .Read(PortalSettings.APPEARANCE, PortalSettings.COLOR_SCHEME));
        } catch (DBusException | DBusExecutionException _) {
            return Optional.empty();
        }
    }

    /// 0 is no preference, 1 dark, 2 light.
    private static Optional<Boolean> isDark(Object value) {
        return switch (value) {
            case Variant<?> variant -> isDark(variant.getValue());
            case UInt32 number -> Optional.of(number.intValue() == DARK);
            default -> Optional.empty();
        };
    }
}
