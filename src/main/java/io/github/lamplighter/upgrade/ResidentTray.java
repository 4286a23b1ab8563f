package io.github.lamplighter.upgrade;

import java.nio.file.Path;
import java.util.Optional;

/// The port to the tray icon of this user, a process that keeps the version that it was started with.
public interface ResidentTray {

    /// Whether it is running from a program below this folder.
    boolean isRunningFrom(Path folder);

    /// Ends the tray icon that is running, if any, starts it again, and waits until the new process has proved that it
    /// works: it owns the application's name, its icon is registered where there is a panel, and it responds.
    ///
    /// @param launcher that starts it
    /// @param image the folder of the version that it must run from
    /// @return empty if it works, else a sentence
    Optional<String> restart(Path launcher, Path image);
}
