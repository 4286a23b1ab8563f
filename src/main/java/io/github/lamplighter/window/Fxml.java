package io.github.lamplighter.window;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Objects;
import javafx.fxml.FXMLLoader;

/// Loads the FXML file of a view, which has the name of its class.
final class Fxml {
    private Fxml() {}

    static <T> T load(Object view) {
        String name = view.getClass().getSimpleName() + ".fxml";
        URL file = Objects.requireNonNull(Fxml.class.getResource(name), () -> "a resource is missing: " + name);
        FXMLLoader loader = new FXMLLoader(file);
        loader.setController(view);
        try {
            return loader.load();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot load " + name, e);
        }
    }
}
