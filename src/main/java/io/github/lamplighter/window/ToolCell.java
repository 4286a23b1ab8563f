package io.github.lamplighter.window;

import java.util.Locale;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// A line of the sidebar: a heading with its count, or a tool with its icon, headline and version.
final class ToolCell extends ListCell<SidebarItem> {

    private static final PseudoClass HEADING = PseudoClass.getPseudoClass("heading");

    ToolCell() {
        getStyleClass().add("tool-cell");
        setPrefWidth(0);
    }

    @Override
    protected void updateItem(@Nullable SidebarItem item, boolean empty) {
        super.updateItem(item, empty);
        setText(null);
        setGraphic(null);
        pseudoClassStateChanged(HEADING, item instanceof SidebarItem.Heading);
        setDisable(item instanceof SidebarItem.Heading);
        if (empty || item == null) {
            setAccessibleText(null);
            return;
        }
        switch (item) {
            case SidebarItem.Overview _ -> {
                setGraphic(row(
                        StatusIcons.icon(Feather.GRID, "info"), StatusIcons.label("Overview", "name"), new Label()));
                setAccessibleText("Overview");
            }
            case SidebarItem.Heading(ToolRow.Section section, int count) -> {
                HBox heading = new HBox(
                        StatusIcons.label(section.title().toUpperCase(Locale.ROOT), "section"),
                        space(),
                        StatusIcons.label(String.valueOf(count), "section"));
                setGraphic(heading);
                setAccessibleText("%s, %d".formatted(section.title(), count));
            }
            case SidebarItem.Tool(ToolRow tool) -> {
                Label headline = StatusIcons.label(tool.brief(), "headline");
                VBox words = new VBox(StatusIcons.label(tool.name(), "name"), headline);
                words.setMinWidth(0);
                boolean showsVersion =
                        tool.section() != ToolRow.Section.NEEDS_ATTENTION && tool.section() != ToolRow.Section.UPDATES;
                Label version = StatusIcons.label(showsVersion ? tool.version() : "", "version");
                version.setMinWidth(Region.USE_PREF_SIZE);
                setGraphic(row(StatusIcons.icon(tool.mark()), words, version));
                setAccessibleText(tool.spoken());
            }
        }
    }

    private static HBox row(Region icon, Region words, Region end) {
        HBox.setHgrow(words, Priority.ALWAYS);
        words.setMaxWidth(Double.MAX_VALUE);
        HBox row = new HBox(icon, words, end);
        row.getStyleClass().add("row");
        return row;
    }

    private static HBox row(javafx.scene.text.Text icon, Region words, Region end) {
        return row(boxed(icon), words, end);
    }

    private static Region boxed(javafx.scene.text.Text icon) {
        var box = new javafx.scene.layout.StackPane(icon);
        box.getStyleClass().add("icon-box");
        return box;
    }

    private static Region space() {
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        return space;
    }
}
