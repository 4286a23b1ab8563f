package io.github.lamplighter.window;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.process.Programs;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What the window is given.
///
/// @param launcher the argument list that starts Lamplighter again
/// @param tool the page to open with; empty is the overview
/// @param upgrade whether its upgrade dialog is opened at once
/// @param theme `light` or `dark`; empty follows the desktop
/// @param onShow given the way to show a page in the open window: the single instance calls it
public record WindowContext(
        List<String> launcher,
        Places places,
        Programs programs,
        InstantSource clock,
        Optional<String> tool,
        boolean upgrade,
        Optional<String> theme,
        Consumer<Consumer<String>> onShow) {

    public WindowContext {
        launcher = List.copyOf(launcher);
    }
}
