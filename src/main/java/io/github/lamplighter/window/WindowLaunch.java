package io.github.lamplighter.window;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.ProcessRunner;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The arguments of the window: a component for each thing that its process is given.
///
/// @param launcher the argument list that starts Lamplighter
/// @param version of this program
/// @param request the page to open
/// @param theme `light` or `dark`; empty follows the desktop
/// @param desktopTheme follows the desktop's preference
/// @param staysReady whether its process waits for a second request after it was closed
/// @param title of the window
/// @param rehearse whether to close after every page was shown once
/// @param trust the age up to which a report is trusted
/// @param windowData what the window shows
/// @param onOpened receives the window once it is open
public record WindowLaunch(
        List<String> launcher,
        AppDirectories directories,
        ProcessRunner runner,
        InstantSource clock,
        ZoneId zone,
        String version,
        Request request,
        Supplier<Optional<String>> theme,
        DesktopTheme desktopTheme,
        boolean staysReady,
        String title,
        boolean rehearse,
        Supplier<Duration> trust,
        WindowData windowData,
        Consumer<OpenedWindow> onOpened) {

    /// The window of this process; its methods may be called in any thread.
    public interface OpenedWindow {

        /// Before there is one.
        OpenedWindow NONE = new OpenedWindow() {
            @Override
            public void show(Request request) {}

            @Override
            public boolean isVisible() {
                return false;
            }
        };

        /// Shows a page, and the window if it was closed.
        void show(Request request);

        boolean isVisible();
    }

    /// @param page a tool's name or `settings`; empty is the overview
    /// @param ask what to open there
    public record Request(Optional<String> page, Optional<Ask> ask) {

        /// Whether to open the tool's upgrade dialog.
        public boolean upgrade() {
            return ask.filter(Ask.UPGRADE::equals).isPresent();
        }
    }

    /// A dialog that asks before it changes something, or a tab of the page.
    public enum Ask {
        UPGRADE,
        /// Of all tools, on the overview.
        UPGRADE_ALL,
        RESTART,
        STOP,
        ROLLBACK,
        LOG;

        /// The word on the command line: `upgrade-all`.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<Ask> of(String word) {
            return Stream.of(values()).filter(ask -> ask.word().equals(word)).findFirst();
        }
    }

    /// Port to the desktop's preference of dark or light windows.
    public interface DesktopTheme {

        /// @param dark receives whether the desktop prefers dark windows, now and after each change, in some thread
        /// @return stops following; empty if this desktop does not tell
        Optional<AutoCloseable> follow(Consumer<Boolean> dark);
    }

    public WindowLaunch {
        launcher = List.copyOf(launcher);
    }
}
