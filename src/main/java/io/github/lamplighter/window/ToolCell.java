package io.github.lamplighter.window;

import java.util.Locale;
import java.util.function.Function;
import javafx.css.PseudoClass;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.OverrunStyle;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// A line of the sidebar: a heading with its count, or a tool with its icon, headline and version. Its nodes are
/// made once, and get other texts while the list is scrolled.
final class ToolCell extends ListCell<SidebarItem> {

    private static final PseudoClass HEADING = PseudoClass.getPseudoClass("heading");

    private final Function<ToolRow, ContextMenu> menu;
    private final StackPane icon = new StackPane();
    private final Label name = StatusIcons.label("", "name");
    private final Label headline = StatusIcons.label("", "headline");
    private final VBox words = new VBox(name, headline);
    private final Label version = StatusIcons.label("", "version");
    private final HBox row = new HBox(icon, words, version);
    private final Label title = StatusIcons.label("", "section");
    private final Label count = StatusIcons.label("", "section");
    private final HBox heading = new HBox(title, space(), count);
    private Object drawn = "";

    /// @param menu of a tool's line; made when it is asked for
    ToolCell(Function<ToolRow, ContextMenu> menu) {
        this.menu = menu;
        getStyleClass().add("tool-cell");
        setPrefWidth(0);
        icon.getStyleClass().add("icon-box");
        row.getStyleClass().add("row");
        heading.getStyleClass().add("heading");
        words.setMinWidth(0);
        words.setMaxWidth(Double.MAX_VALUE);
        words.getStyleClass().add("words");
        HBox.setHgrow(words, Priority.ALWAYS);
        version.setMinWidth(0);
        version.setMaxWidth(96);
        version.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
        setOnContextMenuRequested(event -> {
            if (getItem() instanceof SidebarItem.Tool(ToolRow tool)) {
                menu(tool).show(this, event.getScreenX(), event.getScreenY());
                event.consume();
            }
        });
    }

    private ContextMenu menu(ToolRow tool) {
        return menu.apply(tool);
    }

    @Override
    protected void updateItem(@Nullable SidebarItem item, boolean empty) {
        super.updateItem(item, empty);
        setText(null);
        pseudoClassStateChanged(HEADING, item instanceof SidebarItem.Heading);
        setMouseTransparent(item instanceof SidebarItem.Heading);
        if (empty || item == null) {
            setGraphic(null);
            setAccessibleText(null);
            return;
        }
        switch (item) {
            case SidebarItem.Overview _ -> {
                draw(Feather.GRID);
                show("Overview", "", "");
                setAccessibleText("Overview");
            }
            case SidebarItem.Heading(ToolRow.Section section, int number) -> {
                title.setText(section.title().toUpperCase(Locale.ROOT));
                count.setText(String.valueOf(number));
                setGraphic(heading);
                setAccessibleText("%s, %s".formatted(section.title(), HumanFormat.count(number, "tool", "tools")));
            }
            case SidebarItem.Tool(ToolRow tool) -> {
                draw(tool.mark());
                boolean showsVersion =
                        tool.section() != ToolRow.Section.NEEDS_ATTENTION && tool.section() != ToolRow.Section.UPDATES;
                show(tool.name(), tool.brief(), showsVersion ? tool.version() : "");
                setAccessibleText(tool.spoken());
            }
        }
    }

    private void show(String first, String second, String end) {
        name.setText(first);
        headline.setText(second);
        StatusIcons.show(headline, !second.isEmpty());
        version.setText(end);
        StatusIcons.show(version, !end.isEmpty());
        setGraphic(row);
    }

    private void draw(Object shape) {
        if (!drawn.equals(shape)) {
            drawn = shape;
            icon.getChildren()
                    .setAll(
                            shape instanceof ToolRow.Mark mark
                                    ? StatusIcons.icon(mark)
                                    : StatusIcons.icon(Feather.GRID, "info"));
        }
    }

    private static Region space() {
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        return space;
    }
}
