package io.github.lamplighter.tray.bus;

import java.util.List;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/// The interface `com.canonical.dbusmenu`, version 3: a menu that another program draws.
@DBusInterfaceName(DBusMenu.NAME)
public interface DBusMenu extends DBusInterface {

    String NAME = "com.canonical.dbusmenu";
    String PATH = "/Menu";

    MenuLayout<UInt32, MenuNode> GetLayout(int parentId, int recursionDepth, List<String> propertyNames);

    List<MenuProperties> GetGroupProperties(List<Integer> ids, List<String> propertyNames);

    Variant<?> GetProperty(int id, String name);

    void Event(int id, String eventId, Variant<?> data, UInt32 timestamp);

    /// @return the unknown ids
    List<Integer> EventGroup(List<MenuEvent> events);

    boolean AboutToShow(int id);

    MenuLayout<List<Integer>, List<Integer>> AboutToShowGroup(List<Integer> ids);

    class LayoutUpdated extends DBusSignal {
        public final UInt32 revision;
        public final int parent;

        public LayoutUpdated(String path, UInt32 revision, int parent) throws DBusException {
            super(path, revision, parent);
            this.revision = revision;
            this.parent = parent;
        }
    }

    class ItemsPropertiesUpdated extends DBusSignal {
        public final List<MenuProperties> updated;
        public final List<RemovedProperties> removed;

        public ItemsPropertiesUpdated(String path, List<MenuProperties> updated, List<RemovedProperties> removed)
                throws DBusException {
            super(path, updated, removed);
            this.updated = updated;
            this.removed = removed;
        }
    }
}
