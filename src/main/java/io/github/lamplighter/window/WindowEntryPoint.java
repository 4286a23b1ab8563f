package io.github.lamplighter.window;

import javafx.application.Application;

/// The way in from `app`: it names no type of the toolkit, so that whoever refers to it loads none.
public final class WindowEntryPoint {
    private WindowEntryPoint() {}

    /// Opens the window and returns when it is closed. The caller has made sure that there is a display.
    public static void open(WindowLaunch context) {
        LamplighterWindow.give(context);
        Application.launch(LamplighterWindow.class);
    }
}
