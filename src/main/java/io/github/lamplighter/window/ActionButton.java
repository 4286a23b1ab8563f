package io.github.lamplighter.window;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.Button;
import javafx.scene.layout.Region;

/// The button of an action, disabled while a command of the page runs.
final class ActionButton {

    private ActionButton() {}

    static Button of(Action action, ObservableValue<Boolean> busy, Runnable clicked) {
        Button button = new Button(action.label());
        button.getStyleClass().add("remedy");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.disableProperty().bind(busy);
        button.setOnAction(_ -> clicked.run());
        return button;
    }
}
