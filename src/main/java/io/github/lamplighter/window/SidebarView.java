package io.github.lamplighter.window;

import atlantafx.base.controls.CustomTextField;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// The search and the list of tools. The shown page decides which line is selected, by the tool's id; a list that
/// changes never changes the page.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class SidebarView {

    /// The height of a line at the normal size of text.
    private static final double LINE = 44;

    /// What a click or a key in the list asks for.
    ///
    /// @param open shows a page: a tool's id, or empty for the overview
    /// @param enter moves the focus to the shown page
    /// @param act runs an action of a tool's menu
    record Clicks(Consumer<String> open, Runnable enter, BiConsumer<ToolRow, Action> act) {}

    private final ToolsViewModel model;
    private final Clicks clicks;

    @FXML
    private CustomTextField search;

    @FXML
    private ListView<SidebarItem> list;

    private final Parent root;
    private String shown = "";
    private boolean following;

    SidebarView(ToolsViewModel model, Clicks clicks) {
        this.model = model;
        this.clicks = clicks;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        search.setLeft(StatusIcons.icon(Feather.SEARCH, "info"));
        search.addEventFilter(KeyEvent.KEY_PRESSED, this::searchKey);
        list.setFixedCellSize(LINE);
        list.setCellFactory(_ -> new ToolCell(this::menu));
        list.setPlaceholder(nothing());
        list.addEventFilter(KeyEvent.KEY_PRESSED, this::listKey);
        list.getSelectionModel().selectedItemProperty().subscribe(this::selected);
        model.items().addListener((ListChangeListener<SidebarItem>) this::itemsChanged);
        // After the listener: it arranges the lines.
        model.filterProperty().bind(search.textProperty());
    }

    /// Whether the pointer is over the list.
    ReadOnlyBooleanProperty pointedAtProperty() {
        return list.hoverProperty();
    }

    /// @param page a tool's id; empty is the overview; a page without a line has no selection
    void showPage(String page) {
        shown = page;
        selectShown();
    }

    void scale(double factor) {
        list.setFixedCellSize(Math.rint(LINE * factor));
    }

    void focusSearch() {
        search.requestFocus();
        search.selectAll();
    }

    void focusList() {
        list.requestFocus();
    }

    /// Clears the search; false if it was empty.
    boolean clearSearch() {
        boolean searched = !search.getText().isEmpty();
        search.clear();
        return searched;
    }

    /// The selection model of a list goes by index, so that a new order would select another tool.
    private void itemsChanged(ListChangeListener.Change<? extends SidebarItem> change) {
        following = true;
        try {
            while (change.next()) {
                if (change.wasReplaced() && change.getAddedSize() == change.getRemovedSize()) {
                    for (int at = change.getFrom(); at < change.getTo(); at++) {
                        list.getItems().set(at, model.items().get(at));
                    }
                } else {
                    list.getItems().setAll(model.items());
                    break;
                }
            }
        } finally {
            following = false;
        }
        selectShown();
    }

    private void selectShown() {
        following = true;
        try {
            for (int at = 0; at < list.getItems().size(); at++) {
                if (list.getItems().get(at).shows(shown)) {
                    if (list.getSelectionModel().getSelectedIndex() != at) {
                        list.getSelectionModel().clearAndSelect(at);
                        list.getFocusModel().focus(at);
                    }
                    return;
                }
            }
            list.getSelectionModel().clearSelection();
        } finally {
            following = false;
        }
    }

    private void selected(@Nullable SidebarItem item) {
        if (following || item == null) {
            return;
        }
        switch (item) {
            case SidebarItem.Overview _ -> open("");
            case SidebarItem.Tool(ToolRow row) -> open(row.id());
            // Page up and page down may end on a heading.
            case SidebarItem.Heading _ ->
                Platform.runLater(() -> select(list.getSelectionModel().getSelectedIndex(), at -> at + 1));
        }
    }

    private void open(String page) {
        shown = page;
        clicks.open().accept(page);
    }

    private void searchKey(KeyEvent event) {
        switch (event.getCode()) {
            case DOWN -> {
                list.requestFocus();
                select(-1, at -> at + 1);
                event.consume();
            }
            case ENTER -> {
                select(-1, at -> at + 1);
                clicks.enter().run();
                event.consume();
            }
            default -> {}
        }
    }

    private void listKey(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown() || event.isShiftDown()) {
            return;
        }
        int at = list.getSelectionModel().getSelectedIndex();
        KeyCode code = event.getCode();
        if (code == KeyCode.DOWN) {
            select(at, next -> next + 1);
        } else if (code == KeyCode.UP && !select(at, next -> next - 1)) {
            search.requestFocus();
        } else if (code == KeyCode.ENTER) {
            clicks.enter().run();
        } else if (code == KeyCode.DELETE) {
            forgetSelected();
        } else if (code != KeyCode.UP) {
            return;
        }
        event.consume();
    }

    private void forgetSelected() {
        if (list.getSelectionModel().getSelectedItem() instanceof SidebarItem.Tool(ToolRow row)) {
            ToolCommands.of(row).stream()
                    .map(ToolCommands.Offer::action)
                    .filter(action -> action.kind() == Action.Kind.FORGET)
                    .findFirst()
                    .ifPresent(action -> clicks.act().accept(row, action));
        }
    }

    /// Selects the next line that is not a heading; false if there is none.
    private boolean select(int from, IntUnaryOperator step) {
        int at = step.applyAsInt(from);
        while (at >= 0 && at < list.getItems().size()) {
            if (!(list.getItems().get(at) instanceof SidebarItem.Heading)) {
                list.getSelectionModel().clearAndSelect(at);
                list.getFocusModel().focus(at);
                list.scrollTo(Math.max(0, at - 2));
                return true;
            }
            at = step.applyAsInt(at);
        }
        return false;
    }

    /// What can be done with a tool without opening its page. What cannot be done now is disabled, with the reason.
    private ContextMenu menu(ToolRow row) {
        ContextMenu menu = new ContextMenu();
        for (ToolCommands.Offer offer : ToolCommands.of(row)) {
            MenuItem item = new MenuItem(offer.label());
            item.setMnemonicParsing(false);
            item.setDisable(!offer.isPossible());
            item.setOnAction(_ -> clicks.act().accept(row, offer.action()));
            menu.getItems().add(item);
        }
        MenuItem copy = new MenuItem("Copy name");
        copy.setOnAction(_ -> DialogHost.copy(row.name()));
        menu.getItems().addAll(new SeparatorMenuItem(), copy);
        return menu;
    }

    private Label nothing() {
        Label label = StatusIcons.wrapped("", "meta");
        label.textProperty()
                .bind(search.textProperty()
                        .map(text -> text.isBlank() ? "" : "No tool matches \"%s\"".formatted(text.strip())));
        return label;
    }
}
