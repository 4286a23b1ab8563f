package io.github.lamplighter.tray.bus;

import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;

/// The signals of logind on the system bus.
@DBusInterfaceName("org.freedesktop.login1.Manager")
public interface LoginManager extends DBusInterface {

    /// Sent when a session is gone.
    class SessionRemoved extends DBusSignal {
        public final String id;
        public final DBusPath object;

        public SessionRemoved(String path, String id, DBusPath object) throws DBusException {
            super(path, id, object);
            this.id = id;
            this.object = object;
        }
    }

    /// Sent before a suspend (`start`), and after it.
    class PrepareForSleep extends DBusSignal {
        public final boolean start;

        public PrepareForSleep(String path, boolean start) throws DBusException {
            super(path, start);
            this.start = start;
        }
    }
}
