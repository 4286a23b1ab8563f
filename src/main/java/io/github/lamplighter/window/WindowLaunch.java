package io.github.lamplighter.window;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.ProcessRunner;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What the window is given.
///
/// @param launcher the argument list that starts Lamplighter again
/// @param asked the page to open with
/// @param theme `light` or `dark`; empty follows the desktop
/// @param rehearse whether it closes by itself when every page was shown once
/// @param trust a report that is older is not believed
/// @param onShow given the way to show a page in the open window: the single instance calls it
public record WindowLaunch(
        List<String> launcher,
        AppDirectories directories,
        ProcessRunner runner,
        InstantSource clock,
        ZoneId zone,
        Asked asked,
        Optional<String> theme,
        boolean rehearse,
        Supplier<Duration> trust,
        Consumer<Consumer<Asked>> onShow) {

    /// @param page a tool's name or `settings`; empty is the overview
    /// @param upgrade whether the upgrade dialog of that tool is opened
    public record Asked(Optional<String> page, boolean upgrade) {}

    public WindowLaunch {
        launcher = List.copyOf(launcher);
    }
}
