package io.github.lamplighter.window;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import javafx.geometry.Insets;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyCombination.Modifier;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/// The keys of the window, with what each does.
final class WindowKeys {

    /// @param inDialogs whether it works while a dialog is open
    private record Shortcut(KeyCombination keys, String meaning, boolean inDialogs, BooleanSupplier run) {}

    private final List<Shortcut> shortcuts = new ArrayList<>();
    private final BooleanSupplier dialogIsOpen;

    WindowKeys(BooleanSupplier dialogIsOpen) {
        this.dialogIsOpen = dialogIsOpen;
    }

    WindowKeys add(String meaning, Runnable run, KeyCode code, Modifier... modifiers) {
        return add(meaning, false, run, code, modifiers);
    }

    WindowKeys always(String meaning, Runnable run, KeyCode code, Modifier... modifiers) {
        return add(meaning, true, run, code, modifiers);
    }

    private WindowKeys add(String meaning, boolean inDialogs, Runnable run, KeyCode code, Modifier... modifiers) {
        shortcuts.add(new Shortcut(new KeyCodeCombination(code, modifiers), meaning, inDialogs, () -> {
            run.run();
            return true;
        }));
        return this;
    }

    /// @param run false if the key has no meaning now, so that others get it
    WindowKeys addIf(String meaning, BooleanSupplier run, KeyCode code, Modifier... modifiers) {
        shortcuts.add(new Shortcut(new KeyCodeCombination(code, modifiers), meaning, true, run));
        return this;
    }

    void pressed(KeyEvent event) {
        shortcuts.stream()
                .filter(shortcut -> shortcut.keys().match(event))
                .filter(shortcut -> shortcut.inDialogs() || !dialogIsOpen.getAsBoolean())
                .findFirst()
                .filter(shortcut -> shortcut.run().getAsBoolean())
                .ifPresent(_ -> event.consume());
    }

    /// The dialog with the table of the keys.
    VBox dialog(Runnable close) {
        Button done = new Button("Close");
        done.setCancelButton(true);
        done.setDefaultButton(true);
        done.setOnAction(_ -> close.run());
        HBox buttons = new HBox(done);
        buttons.getStyleClass().add("dialog-buttons");
        VBox dialog = new VBox(StatusIcons.label("Keys", "title-4"), table(), buttons);
        dialog.getStyleClass().add("dialog");
        return dialog;
    }

    /// A table of the keys; one that repeats another has no meaning of its own.
    private GridPane table() {
        GridPane table = new GridPane();
        table.setHgap(24);
        table.setVgap(4);
        table.setPadding(new Insets(4, 0, 0, 0));
        ColumnConstraints keys = new ColumnConstraints();
        keys.setMinWidth(130);
        table.getColumnConstraints().setAll(keys, new ColumnConstraints());
        List<Shortcut> named = shortcuts.stream()
                .filter(shortcut -> !shortcut.meaning().isEmpty())
                .toList();
        for (int row = 0; row < named.size(); row++) {
            Label key = StatusIcons.label(named.get(row).keys().getDisplayText(), "mono");
            table.addRow(row, key, new Label(named.get(row).meaning()));
        }
        return table;
    }
}
