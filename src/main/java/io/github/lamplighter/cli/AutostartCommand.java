package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.settings.Autostart;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `autostart on|off|status`: starts Lamplighter at login.
@Command(
        name = "autostart",
        header = "Start Lamplighter at login",
        footer = {
            "lamplighter autostart on",
            "lamplighter autostart on --headless     # on a server",
            "lamplighter autostart status"
        })
public final class AutostartCommand extends ReportingCommand {

    private final Autostart tray;
    private final Autostart timer;
    private final AppDirectories directories;
    private final ActivityRecorder activityRecorder;

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

    @Option(names = "--headless", description = "Use a timer instead of the tray icon (for servers)")
    private boolean headless;

    /// @param tray starts the tray icon with the desktop
    /// @param timer runs the doctor in the background without a desktop
    public AutostartCommand(
            Autostart tray,
            Autostart timer,
            AppDirectories directories,
            ActivityRecorder activityRecorder,
            Console console) {
        super("autostart", console);
        this.tray = tray;
        this.timer = timer;
        this.directories = directories;
        this.activityRecorder = activityRecorder;
    }

    @Override
    CommandResult run() {
        Autostart autostart = headless ? timer : tray;
        return switch (word) {
            case "on" -> result(autostart, autostart.on());
            case "off" -> result(autostart, autostart.off());
            case "status" -> {
                Autostart.State now = autostart.state();
                yield result(() -> now, "done", now.words() + other(), ExitCode.OK);
            }
            default -> CommandResult.usage("Specify `on`, `off` or `status`, not `%s`.".formatted(word));
        };
    }

    /// The timer, if the tray icon was asked for and the timer is on, too.
    private String other() {
        Optional<Autostart.State> other = headless ? Optional.empty() : Optional.of(timer.state());
        return other.filter(Autostart.State::on).map(now -> " " + now.words()).orElse("");
    }

    /// What stays on after `off`.
    private String left() {
        String other = word.equals("off") ? other() : "";
        return other.isEmpty() ? "" : other + " To turn that off, run `lamplighter autostart off --headless`.";
    }

    private CommandResult result(Autostart autostart, Autostart.Change change) {
        return switch (change) {
            case Autostart.Change.Done(String reason) -> {
                String kind = headless ? " --headless" : "";
                Autostart.State now = autostart.state();
                activityRecorder.add(
                        "lamplighter",
                        "turned %s Lamplighter's autostart".formatted(word),
                        directories.display(now.file()),
                        "lamplighter autostart %s%s".formatted(word, kind),
                        "lamplighter autostart %s%s".formatted(word.equals("on") ? "off" : "on", kind));
                yield result(() -> now, "done", reason + left(), ExitCode.OK);
            }
            case Autostart.Change.Already(String reason) ->
                result(autostart::state, "already", reason + left(), ExitCode.OK);
            case Autostart.Change.Refused(String reason) ->
                result(autostart::state, "refused", reason, ExitCode.REFUSED);
            case Autostart.Change.Failed(String reason) -> result(autostart::state, "failed", reason, ExitCode.FAILED);
        };
    }

    /// @param state for JSON only
    private CommandResult result(Supplier<Autostart.State> state, String outcome, String reason, int exitCode) {
        boolean ok = exitCode == ExitCode.OK;
        return new CommandResult(
                exitCode,
                () -> data(state.get(), outcome, reason),
                ok ? List.of() : List.of(new Problem("autostart-" + outcome, reason)),
                ok ? console -> console.out().println(reason) : console -> console.warn(reason));
    }

    private ObjectNode data(Autostart.State state, String outcome, String reason) {
        return JsonFile.MAPPER
                .createObjectNode()
                .put("outcome", outcome)
                .put("reason", reason)
                .put("on", state.on())
                .put("headless", headless)
                .put("file", state.file().toString())
                .put("words", state.words());
    }
}
