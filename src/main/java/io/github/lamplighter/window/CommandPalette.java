package io.github.lamplighter.window;

import atlantafx.base.controls.CustomTextField;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javafx.collections.FXCollections;
import javafx.collections.transformation.FilteredList;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// Finds a command by some of its words: `rest mux`.
final class CommandPalette {

    private static final double LINE = 32;
    private static final int LINES = 9;

    /// @param label a tool's commands begin with its name
    record Entry(String label, Runnable run) {

        /// Whether the label has every word, in any order.
        boolean matches(String text) {
            String own = label.toLowerCase(Locale.ROOT);
            return Stream.of(text.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                    .allMatch(own::contains);
        }
    }

    private final Runnable close;
    private final FilteredList<Entry> found;
    private final CustomTextField search = new CustomTextField();
    private final ListView<Entry> list = new ListView<>();
    private final VBox root = new VBox(search, list);

    CommandPalette(List<Entry> entries, Runnable close) {
        this.close = close;
        this.found = new FilteredList<>(FXCollections.observableArrayList(entries));
        search.setId("commands");
        search.setLeft(StatusIcons.icon(Feather.SEARCH, "info"));
        search.setPromptText("Find a command");
        search.setAccessibleText("Find a command");
        search.textProperty().subscribe(text -> {
            found.setPredicate(entry -> entry.matches(text));
            list.getSelectionModel().selectFirst();
        });
        search.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        list.setItems(found);
        list.getSelectionModel().selectFirst();
        list.setAccessibleText("Commands");
        list.setFixedCellSize(LINE);
        list.setPrefHeight(LINE * LINES);
        list.setFocusTraversable(false);
        list.setPlaceholder(new Label("No command matches"));
        list.setCellFactory(_ -> new EntryCell());
        list.setOnMouseClicked(_ -> run());
        root.getStyleClass().addAll("dialog", "palette");
    }

    VBox root() {
        return root;
    }

    private void key(KeyEvent event) {
        switch (event.getCode()) {
            case DOWN -> list.getSelectionModel().selectNext();
            case UP -> list.getSelectionModel().selectPrevious();
            case ENTER -> run();
            default -> {
                return;
            }
        }
        list.scrollTo(Math.max(0, list.getSelectionModel().getSelectedIndex() - LINES + 2));
        event.consume();
    }

    private void run() {
        Entry chosen = list.getSelectionModel().getSelectedItem();
        if (chosen != null) {
            close.run();
            chosen.run().run();
        }
    }

    private static final class EntryCell extends ListCell<Entry> {
        @Override
        protected void updateItem(@Nullable Entry item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty || item == null ? null : item.label());
        }
    }
}
