package io.github.lamplighter.window;

import javafx.application.Application;
import javafx.application.Platform;

/// Opens the window. This class names no type of JavaFX, so that a reference to it loads none.
public final class WindowEntryPoint {
    private WindowEntryPoint() {}

    /// Opens the window, and returns when it is closed. There must be a display.
    public static void open(WindowLaunch context) {
        LamplighterWindow.setLaunch(context);
        Application.launch(LamplighterWindow.class);
    }

    /// Closes the window, from any thread.
    public static void close() {
        Platform.exit();
    }
}
