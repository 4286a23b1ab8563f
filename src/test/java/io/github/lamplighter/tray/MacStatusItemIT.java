package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.status.ToolStatus.State;
import java.awt.CheckboxMenuItem;
import java.awt.GraphicsEnvironment;
import java.awt.Menu;
import java.awt.MenuItem;
import java.awt.PopupMenu;
import java.awt.event.ActionEvent;
import java.awt.event.ItemEvent;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/// The menu of macOS, made from the same model as the others. It was not run on a Mac.
class MacStatusItemIT {

    static boolean isHeadless() {
        return GraphicsEnvironment.isHeadless();
    }

    @Test
    @DisabledIf("isHeadless")
    void theMenuHasTheItemsOfTheModelAndPassesClicksOn() {
        List<TrayMenuItem> model = new TrayModel(ZoneOffset.UTC)
                .view(TrayStates.of(TrayStates.tool("alpha", State.UPDATE, "1.1.0 is available")))
                .menu();
        List<MenuAction> clicks = new ArrayList<>();

        PopupMenu menu = MacStatusItem.menu(model, clicks::add);

        assertThat(menu.getItemCount()).isEqualTo(model.size());
        Menu alpha = (Menu) item(menu, "↑ alpha: 1.1.0 is available");
        click(item(alpha, "Restart…"));
        CheckboxMenuItem login = (CheckboxMenuItem) item(menu, "Start when I log in");
        assertThat(login.getState()).isFalse();
        login.setState(true);
        login.getItemListeners()[0].itemStateChanged(
                new ItemEvent(login, ItemEvent.ITEM_STATE_CHANGED, login.getLabel(), ItemEvent.SELECTED));
        assertThat(login.getState()).as("until it is so").isFalse();
        assertThat(item(menu, "No problems found · 1 update available").isEnabled())
                .isFalse();
        assertThat(clicks)
                .containsExactly(
                        MenuAction.OpenWindow.asking("restart", "alpha"),
                        new MenuAction.RunCommand(List.of("autostart", "on"), java.util.Optional.empty()));
    }

    private static MenuItem item(Menu menu, String label) {
        return IntStream.range(0, menu.getItemCount())
                .mapToObj(menu::getItem)
                .filter(item -> item.getLabel().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static void click(MenuItem item) {
        item.getActionListeners()[0].actionPerformed(
                new ActionEvent(item, ActionEvent.ACTION_PERFORMED, item.getLabel()));
    }
}
