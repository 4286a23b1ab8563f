package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
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
        PanelAnswer showInPanel();
    }

    /// @param done whether the desktop did it
    /// @param sentence what it did, or what is needed instead
    public record PanelAnswer(boolean done, String sentence) {}

    private final TrayRunner tray;
    private final Console console;

    @Option(names = "--show-in-panel", description = "Ask the desktop to show tray icons (GNOME), and exit")
    private boolean showInPanel;

    @Option(names = "--json", description = "Print the result of `--show-in-panel` as JSON")
    private boolean json;

    @Option(names = "--rehearse", hidden = true, description = "Show the icon once and exit (used by the launcher)")
    private boolean rehearse;

    public TrayCommand(TrayRunner tray, Console console) {
        this.tray = tray;
        this.console = console;
    }

    @Override
    public Integer call() {
        return showInPanel ? console.print("tray", result(tray.showInPanel()), json) : tray.stay(rehearse);
    }

    private static CommandResult result(PanelAnswer answer) {
        return answer.done()
                ? CommandResult.ok(
                        () -> JsonFile.MAPPER
                                .createObjectNode()
                                .put("outcome", "done")
                                .put("reason", answer.sentence()),
                        console -> console.out().println(answer.sentence()))
                : CommandResult.failed(ExitCode.REFUSED, "panel-refused", answer.sentence());
    }
}
