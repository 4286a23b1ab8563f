package io.github.lamplighter.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tray`: runs the tray icon in the foreground.
@Command(
        name = "tray",
        header = "Run the tray icon",
        description = "Runs in the foreground. To start it at login, use `lamplighter autostart on`.",
        footer = "lamplighter tray")
public final class TrayCommand implements Callable<Integer> {

    /// Runs the tray icon until the user quits it. `app` implements it, because the front ends do not know each other.
    public interface TrayRunner {

        /// @param rehearse whether to exit once everything was shown
        /// @return the exit code
        int stay(boolean rehearse);

        /// Asks the desktop to show tray icons.
        int showInPanel();
    }

    private final TrayRunner tray;

    @Option(names = "--show-in-panel", description = "Ask the desktop to show tray icons (GNOME), and exit")
    private boolean showInPanel;

    @Option(names = "--rehearse", hidden = true, description = "Show the icon once and exit (used by the launcher)")
    private boolean rehearse;

    public TrayCommand(TrayRunner tray) {
        this.tray = tray;
    }

    @Override
    public Integer call() {
        return showInPanel ? tray.showInPanel() : tray.stay(rehearse);
    }
}
