package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.tray.TrayMenuItem.Action;
import io.github.lamplighter.tray.TrayMenuItem.Submenu;
import io.github.lamplighter.tray.bus.DBusMenu;
import io.github.lamplighter.tray.bus.MenuNode;
import java.util.ArrayList;
import java.util.List;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.Test;

class DBusMenuExportTest {

    private final List<MenuAction> clicks = new ArrayList<>();
    private final DBusMenuExport menu = new DBusMenuExport(clicks::add);

    private static Action action(String key, String label) {
        return new Action(key, label, true, MenuAction.RunCommand.about(key, "verb", key));
    }

    private int id(String label) {
        return find(menu.GetLayout(0, -1, List.of()).root, label);
    }

    private static int find(MenuNode node, String label) {
        Variant<?> own = node.properties.get("label");
        if (own != null && own.getValue().equals(label)) {
            return node.id;
        }
        return node.children.stream()
                .mapToInt(child -> find((MenuNode) child.getValue(), label))
                .max()
                .orElse(-1);
    }

    private void click(int id) {
        menu.Event(id, "clicked", new Variant<>(""), new UInt32(0));
    }

    @Test
    void aClickOnAMenuDrawnEarlierStillMeansWhatWasWrittenThere() throws DBusException {
        menu.show(List.of(action("a", "Restart a"), action("b", "Restart b")));
        int b = id("Restart b");
        menu.show(List.of(action("c", "Restart c"), action("b", "Restart b")));

        click(b);

        assertThat(clicks).containsExactly(MenuAction.RunCommand.about("b", "verb", "b"));
    }

    @Test
    void aClickOnWhatIsGoneDoesNothing() throws DBusException {
        menu.show(List.of(action("a", "Restart a")));
        int a = id("Restart a");
        menu.show(List.of(action("b", "Restart b")));

        click(a);

        assertThat(clicks).isEmpty();
    }

    @Test
    void otherWordsKeepAnOpenMenuOpenAndOtherItemsDrawItAnew() throws DBusException {
        menu.show(List.of(action("a", "Restart a")));

        assertThat(menu.show(List.of(action("a", "Restart a")))).isEmpty();
        assertThat(menu.show(List.of(action("a", "Restart it"))))
                .get()
                .isInstanceOf(DBusMenu.ItemsPropertiesUpdated.class);
        assertThat(menu.show(List.of(action("a", "Restart it"), action("b", "Restart b"))))
                .get()
                .isInstanceOf(DBusMenu.LayoutUpdated.class);
    }

    @Test
    void anUnderscoreInANameIsNoMnemonic() throws DBusException {
        menu.show(List.of(action("a", "http_server")));

        assertThat(id("http__server")).isPositive();
    }

    @Test
    void givesOnlyAsManyLevelsAsAskedFor() throws DBusException {
        menu.show(List.of(new Submenu("sub", "Tool", List.of(action("a", "Restart")))));

        assertThat(menu.GetLayout(0, 0, List.of()).root.children).isEmpty();
        MenuNode one = menu.GetLayout(0, 1, List.of()).root;
        assertThat(((MenuNode) one.children.getFirst().getValue()).children).isEmpty();
        assertThat(find(menu.GetLayout(id("Tool"), -1, List.of("label")).root, "Restart"))
                .isPositive();
    }

    @Test
    void aDisabledItemCannotBeClicked() throws DBusException {
        menu.show(List.of(new Action("a", "Restart", false, new MenuAction.Quit())));

        click(id("Restart"));

        assertThat(clicks).isEmpty();
    }

    @Test
    void saysWhichIdsItDoesNotKnow() throws DBusException {
        menu.show(List.of(action("a", "Restart")));

        assertThat(menu.AboutToShowGroup(List.of(0, id("Restart"), 999)).root).containsExactly(999);
    }
}
