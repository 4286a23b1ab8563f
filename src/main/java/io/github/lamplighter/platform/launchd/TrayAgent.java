package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.platform.LoginFile;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.settings.Autostart;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A launchd agent that starts the tray icon when the user logs in at the screen. Its file counts at the next login:
/// loading it now would start a second icon, and unloading it would end the running one.
public final class TrayAgent implements Autostart {

    /// No agent of a tool has a name of this form.
    static final String LABEL = "io.github.lamplighter-tray";

    private static final String STARTS = "The tray icon starts at login";

    /// Does nothing once Lamplighter is removed; launchd would report a missing program again and again.
    private static final String COMMAND = "[ ! -x \"$0\" ] || exec \"$0\" tray";

    private final Launchctl launchctl;
    private final List<String> launcher;
    private final LoginFile agent;

    /// @param launcher the argument list that starts Lamplighter, its program with the full path
    public TrayAgent(
            ProcessRunner runner, Map<String, String> environment, AppDirectories directories, List<String> launcher) {
        this.launchctl = new Launchctl(runner, environment);
        this.launcher = List.copyOf(launcher);
        this.agent = new LoginFile(
                directories,
                directories.home().resolve("Library/LaunchAgents").resolve(LABEL + ".plist"),
                AgentPlistRenderer::isOurs);
    }

    @Override
    public State state() {
        if (!agent.exists()) {
            return off("The tray icon does not start at login.");
        }
        if (agent.foreign().isPresent()) {
            return off(agent.foreign().get());
        }
        if (launchctl.override(LABEL).filter(enabled -> !enabled).isPresent()) {
            return off("The agent is disabled.");
        }
        return agent.started(AgentPlistRenderer.program(agent.text()), launcher, STARTS, "");
    }

    private State off(String words) {
        return new State(false, agent.path(), words);
    }

    @Override
    public List<Path> files() {
        return LoginFile.ours(agent);
    }

    @Override
    public List<Path> places() {
        return List.of(agent.path());
    }

    @Override
    public Change on() {
        Optional<String> stopper = agent.foreign().or(() -> LoginFile.missing(launcher));
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        String text = text();
        if (agent.text().filter(text::equals).isPresent() && state().on()) {
            return new Change.Already(STARTS + ".");
        }
        Optional<Change> failure = agent.write(text);
        if (failure.isPresent()) {
            return failure.get();
        }
        launchctl.enable(launchctl.desktop(), LABEL);
        return new Change.Done(STARTS + ".");
    }

    @Override
    public Change off() {
        Optional<String> stopper = agent.foreign();
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        return agent.exists()
                ? agent.remove().orElseGet(() -> new Change.Done("The tray icon no longer starts at login."))
                : new Change.Already("The tray icon does not start at login.");
    }

    private String text() {
        Map<String, Object> values = new TreeMap<>();
        values.put("Label", LABEL);
        values.put("ProgramArguments", List.of("/bin/sh", "-c", COMMAND, launcher.getFirst()));
        values.put("EnvironmentVariables", new TreeMap<>(Map.of("LAMPLIGHTER_CHILD", "1")));
        values.put("RunAtLoad", true);
        // Only with a screen, and so it ends with the session.
        values.put("LimitLoadToSessionType", "Aqua");
        values.put("ProcessType", "Interactive");
        return AgentPlistRenderer.render(". To remove it: lamplighter autostart off", values);
    }
}
