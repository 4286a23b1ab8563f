package io.github.lamplighter.window;

import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;
import tools.jackson.databind.node.ObjectNode;

/// Where the window was, how large it was, and the size of its text: `window.json` in the folder of states.
record WindowPlace(OptionalDouble x, OptionalDouble y, double width, double height, boolean maximized, double text) {

    /// Fits a small screen with a panel.
    private static final double WIDTH = 1040;

    private static final double HEIGHT = 680;

    /// Below, the list and a page no longer stand side by side; a phone's width is enough for one of them.
    private static final double LEAST_WIDTH = 420;

    private static final double LEAST_HEIGHT = 360;

    static WindowPlace unknown() {
        return new WindowPlace(OptionalDouble.empty(), OptionalDouble.empty(), WIDTH, HEIGHT, false, 1);
    }

    static WindowPlace read(Path file) {
        return JsonFile.read(file) instanceof JsonFile.Content.Present(ObjectNode json)
                ? new WindowPlace(
                        number(json, "x"),
                        number(json, "y"),
                        number(json, "width").orElse(WIDTH),
                        number(json, "height").orElse(HEIGHT),
                        json.path("maximized").asBoolean(false),
                        Math.clamp(number(json, "text").orElse(1), 0.8, 2))
                : unknown();
    }

    private static OptionalDouble number(ObjectNode json, String key) {
        return json.path(key).isNumber() ? OptionalDouble.of(json.path(key).doubleValue()) : OptionalDouble.empty();
    }

    static WindowPlace of(Stage stage, double text) {
        return new WindowPlace(
                OptionalDouble.of(stage.getX()),
                OptionalDouble.of(stage.getY()),
                stage.getWidth(),
                stage.getHeight(),
                stage.isMaximized(),
                text);
    }

    /// Never larger than the screen, and never outside of all screens.
    void apply(Stage stage) {
        Optional<Screen> before = x.isPresent() && y.isPresent()
                ? Screen.getScreensForRectangle(x.getAsDouble(), y.getAsDouble(), width, height).stream()
                        .findFirst()
                : Optional.empty();
        Rectangle2D screen = before.orElseGet(Screen::getPrimary).getVisualBounds();
        double wide = Math.min(width, screen.getWidth());
        double high = Math.min(height, screen.getHeight());
        stage.setMinWidth(Math.min(LEAST_WIDTH, screen.getWidth()));
        stage.setMinHeight(Math.min(LEAST_HEIGHT, screen.getHeight()));
        stage.setWidth(wide);
        stage.setHeight(high);
        if (before.isPresent()) {
            stage.setX(Math.clamp(x.getAsDouble(), screen.getMinX(), screen.getMaxX() - wide));
            stage.setY(Math.clamp(y.getAsDouble(), screen.getMinY(), screen.getMaxY() - high));
        }
        stage.setMaximized(maximized);
    }

    /// It is not missed if it cannot be written. Of a maximized window only that is new.
    void write(Path file) {
        WindowPlace kept = maximized ? read(file) : this;
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        kept.x().ifPresent(value -> json.put("x", value));
        kept.y().ifPresent(value -> json.put("y", value));
        json.put("width", kept.width());
        json.put("height", kept.height());
        json.put("maximized", maximized);
        json.put("text", text);
        try {
            JsonFile.write(file, json);
        } catch (IOException e) {
            // The window opens at its usual place next time.
        }
    }
}
