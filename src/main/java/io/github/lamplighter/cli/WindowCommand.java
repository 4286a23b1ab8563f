package io.github.lamplighter.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lamplighter window [NAME]`.
@Command(
        name = "window",
        header = "Open the window",
        footer = {"lamplighter window", "lamplighter window n8n --upgrade"})
public final class WindowCommand implements Callable<Integer> {

    /// Opens the window. `app` implements it, because the front ends do not know each other.
    public interface WindowOpener {

        /// @param ask the dialog or tab to open: `upgrade`, `restart`
        int open(Optional<String> name, Optional<String> ask, boolean check, Optional<String> theme, boolean rehearse);
    }

    private final WindowOpener windowOpener;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Tool whose page to open, or `settings`")
    private Optional<String> name = Optional.empty();

    @Option(names = "--upgrade", description = "Open the upgrade dialog of NAME")
    private boolean upgrade;

    @Option(
            names = "--ask",
            hidden = true,
            paramLabel = "WHAT",
            description = "Open a dialog or the log of NAME (used by the tray icon)")
    private Optional<String> ask = Optional.empty();

    @Option(names = "--check", description = "Check NAME now (default: all tools)")
    private boolean check;

    @Option(names = "--theme", paramLabel = "light|dark", description = "Theme to use (default: the desktop's)")
    private Optional<String> theme = Optional.empty();

    @Option(names = "--rehearse", hidden = true, description = "Show every page once and exit (used by the launcher)")
    private boolean rehearse;

    public WindowCommand(WindowOpener windowOpener) {
        this.windowOpener = windowOpener;
    }

    @Override
    public Integer call() {
        return windowOpener.open(name, upgrade ? Optional.of("upgrade") : ask, check, theme, rehearse);
    }
}
