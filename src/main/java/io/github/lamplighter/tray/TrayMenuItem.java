package io.github.lamplighter.tray;

import java.util.List;

/// A menu, free of any toolkit. Every item has a key that says what it is for, not where it stands: the
/// D-Bus id comes from it, so that a click on a menu that was drawn a moment ago still means what was
/// written there.
sealed interface TrayMenuItem {

    String key();

    record Action(String key, String label, boolean enabled, MenuAction menuAction) implements TrayMenuItem {}

    /// With a tick.
    record Toggle(String key, String label, boolean on, MenuAction menuAction) implements TrayMenuItem {}

    /// A line to read.
    record Text(String key, String label) implements TrayMenuItem {}

    record Submenu(String key, String label, List<TrayMenuItem> items) implements TrayMenuItem {
        public Submenu {
            items = List.copyOf(items);
        }
    }

    record Separator(String key) implements TrayMenuItem {}
}
