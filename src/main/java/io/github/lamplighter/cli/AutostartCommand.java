package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.settings.Autostart;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `autostart on|off|status`: whether Lamplighter itself is there after a login.
@Command(
        name = "autostart",
        header = "Start Lamplighter at login",
        footer = {
            "lamplighter autostart on",
            "lamplighter autostart on --headless     # on a server",
            "lamplighter autostart status"
        })
public final class AutostartCommand implements Callable<Integer> {

    private final Autostart tray;
    private final Autostart timer;
    private final AppDirectories directories;
    private final ActivityRecorder activityRecorder;
    private final Console console;

    @Parameters(
            paramLabel = "on|off|status",
            description = "Turn it on or off, or show whether it is on",
            completionCandidates = Words.class)
    private String word = "";

    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("on", "off", "status").iterator();
        }
    }

    @Option(names = "--headless", description = "Use a systemd timer instead of the tray icon (for servers)")
    private boolean headless;

    @Option(names = "--json", description = "Print the result as JSON")
    private boolean json;

    /// @param tray what starts the tray with the desktop
    /// @param timer what starts the background doctor without one
    public AutostartCommand(
            Autostart tray,
            Autostart timer,
            AppDirectories directories,
            ActivityRecorder activityRecorder,
            Console console) {
        this.tray = tray;
        this.timer = timer;
        this.directories = directories;
        this.activityRecorder = activityRecorder;
        this.console = console;
    }

    @Override
    public Integer call() {
        Autostart autostart = headless ? timer : tray;
        return switch (word) {
            case "on" -> tell(autostart, autostart.on());
            case "off" -> tell(autostart, autostart.off());
            case "status" -> {
                Autostart.State state = autostart.state();
                yield answer(autostart, "done", state.words(), ExitCode.OK);
            }
            default ->
                console.problem(
                        json, "autostart", ExitCode.USAGE, new Problem("usage", "It takes `on`, `off` or `status`."));
        };
    }

    private int tell(Autostart autostart, Autostart.Change change) {
        return switch (change) {
            case Autostart.Change.Done done -> {
                String kind = headless ? " --headless" : "";
                activityRecorder.add(
                        "lamplighter",
                        "switched Lamplighter's start at login %s".formatted(word),
                        directories.display(autostart.state().file()),
                        "lamplighter autostart %s%s".formatted(word, kind),
                        "lamplighter autostart %s%s".formatted(word.equals("on") ? "off" : "on", kind));
                yield answer(autostart, "done", done.reason(), ExitCode.OK);
            }
            case Autostart.Change.Already already -> answer(autostart, "already", already.reason(), ExitCode.OK);
            case Autostart.Change.Refused refused -> answer(autostart, "refused", refused.reason(), ExitCode.REFUSED);
            case Autostart.Change.Failed failed -> answer(autostart, "failed", failed.reason(), ExitCode.FAILED);
        };
    }

    private int answer(Autostart autostart, String outcome, String reason, int code) {
        if (json) {
            Autostart.State state = autostart.state();
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            data.put("outcome", outcome)
                    .put("reason", reason)
                    .put("on", state.on())
                    .put("headless", headless)
                    .put("file", state.file().toString())
                    .put("words", state.words());
            List<Problem> problems =
                    code == ExitCode.OK ? List.of() : List.of(new Problem("autostart-" + outcome, reason));
            return console.envelope("autostart", code, data, problems);
        }
        if (code == ExitCode.OK) {
            console.out().println(reason);
        } else {
            console.err().println("lamplighter: " + reason);
        }
        return code;
    }
}
