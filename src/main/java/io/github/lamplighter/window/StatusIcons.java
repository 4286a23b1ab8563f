package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Severity;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Icons and small nodes. An icon always stands next to its word.
final class StatusIcons {

    private static final int SIZE = 16;

    private StatusIcons() {}

    static FontIcon icon(ToolRow.Mark mark) {
        return icon(
                switch (mark) {
                    case OK -> Feather.CHECK_CIRCLE;
                    case UPDATE -> Feather.ARROW_UP_CIRCLE;
                    case WARNING -> Feather.ALERT_TRIANGLE;
                    case FAILURE -> Feather.X_OCTAGON;
                    case CRASHED -> Feather.SETTINGS;
                    case UNKNOWN -> Feather.HELP_CIRCLE;
                    case INFO -> Feather.CIRCLE;
                },
                mark.style());
    }

    static FontIcon icon(Feather shape, String role) {
        FontIcon icon = new FontIcon(shape);
        icon.setIconSize(SIZE);
        icon.getStyleClass().addAll("mark", role);
        return icon;
    }

    /// A spinner for work in progress.
    static StackPane spinner() {
        ProgressIndicator indicator = new ProgressIndicator();
        indicator.getStyleClass().add("small-spinner");
        StackPane box = new StackPane(indicator);
        box.getStyleClass().add("icon-box");
        return box;
    }

    static ToolRow.Mark of(Severity severity) {
        return switch (severity) {
            case OK -> ToolRow.Mark.OK;
            case INFO -> ToolRow.Mark.INFO;
            case WARNING -> ToolRow.Mark.WARNING;
            case FAILURE -> ToolRow.Mark.FAILURE;
            case UNKNOWN -> ToolRow.Mark.UNKNOWN;
            case CRASHED -> ToolRow.Mark.CRASHED;
        };
    }

    static Label label(String text, String... styles) {
        Label label = new Label(text);
        label.getStyleClass().addAll(styles);
        return label;
    }

    static Label wrapped(String text, String... styles) {
        Label label = label(text, styles);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    /// Shows a node, or removes it from view and from the layout.
    static void show(Node node, boolean shown) {
        node.setVisible(shown);
        node.setManaged(shown);
    }
}
