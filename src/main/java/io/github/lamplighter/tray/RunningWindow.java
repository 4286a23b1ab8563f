package io.github.lamplighter.tray;

import java.util.Optional;

/// The port to the process of the window, as long as one runs: it stays for a while after the window was closed.
public interface RunningWindow {

    /// Whether its window is open, so that the user sees what happens.
    boolean isOpen();

    /// Has it show a page. Without a process of its own, this is quick.
    ///
    /// @param tool whose page; empty for the overview
    /// @param ask what to open there, as [MenuAction.OpenWindow]
    /// @return whether a process did
    boolean show(Optional<String> tool, Optional<String> ask);
}
