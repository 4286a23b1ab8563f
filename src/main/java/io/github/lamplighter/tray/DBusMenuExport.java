package io.github.lamplighter.tray;

import io.github.lamplighter.tray.bus.DBusMenu;
import io.github.lamplighter.tray.bus.MenuEvent;
import io.github.lamplighter.tray.bus.MenuLayout;
import io.github.lamplighter.tray.bus.MenuNode;
import io.github.lamplighter.tray.bus.MenuProperties;
import io.github.lamplighter.tray.bus.RemovedProperties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/// The menu on the bus (`com.canonical.dbusmenu`). It is called from the D-Bus library's threads, and passes
/// clicks on.
final class DBusMenuExport implements DBusMenu, Properties {

    private static final int ROOT = 0;

    private final Consumer<MenuAction> clicked;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Integer, TrayMenuItem> items = new HashMap<>();
    private List<TrayMenuItem> menu = List.of();
    private long revision = 1;

    DBusMenuExport(Consumer<MenuAction> clicked) {
        this.clicked = clicked;
    }

    /// Takes over a menu, and returns the signal about what changed, if anything did. For new labels and check
    /// marks that is the items' properties, otherwise the whole layout, which closes an open menu.
    synchronized Optional<DBusSignal> show(List<TrayMenuItem> now) throws DBusException {
        if (now.equals(menu)) {
            return Optional.empty();
        }
        Map<Integer, TrayMenuItem> before = new HashMap<>(items);
        List<Integer> shapeBefore = shape(menu);
        menu = List.copyOf(now);
        List<Integer> shape = shape(menu);
        items.clear();
        index(menu);
        if (!shape.equals(shapeBefore)) {
            revision++;
            return Optional.of(new LayoutUpdated(PATH, new UInt32(revision), ROOT));
        }
        List<MenuProperties> updated = items.entrySet().stream()
                .filter(entry -> {
                    TrayMenuItem earlier = before.get(entry.getKey());
                    return earlier == null || !properties(earlier).equals(properties(entry.getValue()));
                })
                .map(entry -> new MenuProperties(entry.getKey(), variants(properties(entry.getValue()), List.of())))
                .toList();
        return Optional.of(new ItemsPropertiesUpdated(PATH, updated, List.<RemovedProperties>of()));
    }

    @Override
    public String getObjectPath() {
        return PATH;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public synchronized MenuLayout<UInt32, MenuNode> GetLayout(int parent, int depth, List<String> names) {
        List<TrayMenuItem> below =
                parent == ROOT ? menu : items.get(parent) instanceof TrayMenuItem.Submenu sub ? sub.items() : List.of();
        Map<String, Variant<?>> properties = variants(properties(parent), names);
        return new MenuLayout<>(
                new UInt32(revision),
                new MenuNode(parent, properties, depth == 0 ? List.of() : nodes(below, depth, names)));
    }

    @Override
    public synchronized List<MenuProperties> GetGroupProperties(List<Integer> wanted, List<String> names) {
        List<Integer> all = new ArrayList<>(wanted);
        if (wanted.isEmpty()) {
            all.add(ROOT);
            all.addAll(items.keySet());
        }
        return all.stream()
                .filter(this::isKnown)
                .map(id -> new MenuProperties(id, variants(properties(id), names)))
                .toList();
    }

    @Override
    public synchronized Variant<?> GetProperty(int id, String name) {
        return Optional.<Variant<?>>ofNullable(
                        variants(properties(id), List.of(name)).get(name))
                .orElseGet(() -> new Variant<>(""));
    }

    @Override
    public void Event(int id, String event, Variant<?> data, UInt32 timestamp) {
        if (event.equals("clicked")) {
            click(id).ifPresent(clicked);
        }
    }

    @Override
    public List<Integer> EventGroup(List<MenuEvent> events) {
        List<Integer> unknown = new ArrayList<>();
        for (MenuEvent event : events) {
            if (isKnown(event.id)) {
                Event(event.id, event.event, event.data, event.timestamp);
            } else {
                unknown.add(event.id);
            }
        }
        return unknown;
    }

    /// Nothing to update: the menu is always current.
    @Override
    public boolean AboutToShow(int id) {
        return false;
    }

    @Override
    public MenuLayout<List<Integer>, List<Integer>> AboutToShowGroup(List<Integer> wanted) {
        return new MenuLayout<>(
                List.of(), wanted.stream().filter(id -> !isKnown(id)).toList());
    }

    @Override
    @SuppressWarnings("unchecked") // the library fixes this signature; the bus type is always a variant
    public <A> A Get(String interfaceName, String property) {
        return (A) GetAll(interfaceName).getOrDefault(property, new Variant<>(""));
    }

    @Override
    public <A> void Set(String interfaceName, String property, A value) {
        // All properties are read-only.
    }

    @Override
    public Map<String, Variant<?>> GetAll(String interfaceName) {
        return Map.of(
                "Version", new Variant<>(new UInt32(3)),
                "TextDirection", new Variant<>("ltr"),
                "Status", new Variant<>("normal"),
                "IconThemePath", new Variant<>(new String[0], "as"));
    }

    private Map<String, Object> properties(int id) {
        return Optional.ofNullable(items.get(id))
                .map(DBusMenuExport::properties)
                .orElse(id == ROOT ? Map.of("children-display", "submenu") : Map.of());
    }

    private synchronized boolean isKnown(int id) {
        return id == ROOT || items.containsKey(id);
    }

    private synchronized Optional<MenuAction> click(int id) {
        return switch (items.get(id)) {
            case TrayMenuItem.Action action when action.enabled() -> Optional.of(action.menuAction());
            case TrayMenuItem.Toggle toggle -> Optional.of(toggle.menuAction());
            case null, default -> Optional.empty();
        };
    }

    private List<Variant<?>> nodes(List<TrayMenuItem> level, int depth, List<String> names) {
        List<Variant<?>> nodes = new ArrayList<>();
        for (TrayMenuItem item : level) {
            List<Variant<?>> below = item instanceof TrayMenuItem.Submenu sub && depth != 1
                    ? nodes(sub.items(), depth - 1, names)
                    : List.of();
            nodes.add(new Variant<>(new MenuNode(id(item), variants(properties(item), names), below), "(ia{sv}av)"));
        }
        return nodes;
    }

    private List<Integer> shape(List<TrayMenuItem> level) {
        List<Integer> shape = new ArrayList<>();
        for (TrayMenuItem item : level) {
            shape.add(id(item));
            if (item instanceof TrayMenuItem.Submenu sub) {
                shape.addAll(shape(sub.items()));
                shape.add(-1);
            }
        }
        return shape;
    }

    private void index(List<TrayMenuItem> level) {
        for (TrayMenuItem item : level) {
            items.put(id(item), item);
            if (item instanceof TrayMenuItem.Submenu sub) {
                index(sub.items());
            }
        }
    }

    /// An id is never reused for another key.
    private int id(TrayMenuItem item) {
        return ids.computeIfAbsent(item.key(), _ -> ids.size() + 1);
    }

    /// The properties that differ from their defaults, or that may change.
    static Map<String, Object> properties(TrayMenuItem item) {
        Map<String, Object> properties = new LinkedHashMap<>();
        switch (item) {
            case TrayMenuItem.Action action -> {
                properties.put("label", plain(action.label()));
                properties.put("enabled", action.enabled());
            }
            case TrayMenuItem.Toggle toggle -> {
                properties.put("label", plain(toggle.label()));
                properties.put("toggle-type", "checkmark");
                properties.put("toggle-state", toggle.on() ? 1 : 0);
            }
            case TrayMenuItem.Text text -> {
                properties.put("label", plain(text.label()));
                properties.put("enabled", false);
            }
            case TrayMenuItem.Submenu submenu -> {
                properties.put("label", plain(submenu.label()));
                properties.put("children-display", "submenu");
            }
            case TrayMenuItem.Separator _ -> properties.put("type", "separator");
        }
        return properties;
    }

    /// In a label an underscore marks the next letter as the access key.
    private static String plain(String label) {
        return label.replace("_", "__");
    }

    private static Map<String, Variant<?>> variants(Map<String, Object> properties, List<String> names) {
        Map<String, Variant<?>> variants = new LinkedHashMap<>();
        properties.forEach((name, value) -> {
            if (names.isEmpty() || names.contains(name)) {
                variants.put(name, new Variant<>(value));
            }
        });
        return variants;
    }
}
