package io.github.lamplighter.tray;

import java.util.List;

/// A menu item without a toolkit. Its key says what it is for, not where it stands. The D-Bus id comes from
/// the key, so that a click on a menu that is no longer current still has the effect of the label that was
/// clicked.
sealed interface TrayMenuItem {

    String key();

    record Action(String key, String label, boolean enabled, MenuAction menuAction) implements TrayMenuItem {}

    /// An item with a check mark.
    record Toggle(String key, String label, boolean on, MenuAction menuAction) implements TrayMenuItem {}

    /// A disabled line of text.
    record Text(String key, String label) implements TrayMenuItem {}

    record Submenu(String key, String label, List<TrayMenuItem> items) implements TrayMenuItem {
        public Submenu {
            items = List.copyOf(items);
        }
    }

    record Separator(String key) implements TrayMenuItem {}
}
