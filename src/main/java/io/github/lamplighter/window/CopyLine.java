package io.github.lamplighter.window;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/// A command or an address with a button that copies it.
final class CopyLine {

    private CopyLine() {}

    static HBox of(String command) {
        Label text = StatusIcons.wrapped(command, "evidence");
        Button copy = new Button("Copy");
        copy.getStyleClass().addAll("small", "flat");
        copy.setMinWidth(Region.USE_PREF_SIZE);
        copy.setAccessibleText("Copy: " + command);
        copy.setOnAction(_ -> {
            DialogHost.copy(command);
            copy.setText("Copied");
        });
        HBox line = new HBox(text, copy);
        line.getStyleClass().add("copy-line");
        return line;
    }
}
