package io.github.lamplighter.cli;

import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import picocli.CommandLine.Command;

/// `tray`: the resident process, in the foreground.
@Command(name = "tray", description = "Show the lantern in the panel and stay (what starts at login)")
public final class TrayCommand implements Callable<Integer> {

    private final IntSupplier tray;

    /// @param tray runs until somebody quits it, and gives the exit code
    public TrayCommand(IntSupplier tray) {
        this.tray = tray;
    }

    @Override
    public Integer call() {
        return tray.getAsInt();
    }
}
