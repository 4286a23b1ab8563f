package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.platform.LoginFile;
import io.github.lamplighter.platform.launchd.Launchctl.Job;
import io.github.lamplighter.platform.launchd.Launchctl.LaunchctlResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// A launchd agent that runs the background doctor at login and at an interval.
public final class DoctorAgent implements Autostart {

    /// No agent of a tool has a name of this form.
    static final String LABEL = "io.github.lamplighter-doctor";

    private static final Duration SETTLES = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Set<Integer> ENDING = Set.of(Launchctl.IN_PROGRESS, Launchctl.ALREADY_IN_PROGRESS);

    /// Does nothing once Lamplighter is removed; launchd would report a missing program again and again.
    private static final String COMMAND = "[ ! -x \"$0\" ] || exec \"$0\" doctor --background";

    private final Launchctl launchctl;
    private final LoginShell shell;
    private final Supplier<String> interval;
    private final List<String> launcher;
    private final LoginFile agent;

    /// @param interval a number followed by a unit: `6h`
    public DoctorAgent(
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories,
            LoginShell shell,
            Supplier<String> interval,
            List<String> launcher) {
        this.launchctl = new Launchctl(runner, environment);
        this.shell = shell;
        this.interval = interval;
        this.launcher = List.copyOf(launcher);
        this.agent = new LoginFile(
                directories,
                directories.home().resolve("Library/LaunchAgents").resolve(LABEL + ".plist"),
                AgentPlistRenderer::isOurs);
    }

    @Override
    public State state() {
        Optional<String> unavailable = launchctl.unavailable();
        if (unavailable.isPresent()) {
            return off(unavailable.get());
        }
        if (!agent.exists()) {
            return off("No agent checks the tools in the background.");
        }
        if (agent.foreign().isPresent()) {
            return off(agent.foreign().get());
        }
        if (launchctl.override(LABEL).filter(enabled -> !enabled).isPresent()) {
            return off("The agent is disabled.");
        }
        String every = "Lamplighter checks the tools in the background every %s".formatted(written());
        return switch (launchctl.find(LABEL)) {
            case Job.CannotTell(String why) -> off(why);
            case Job.NotLoaded _ -> off("The agent is installed, but not loaded.");
            case Job.Loaded _ ->
                agent.started(AgentPlistRenderer.program(agent.text()), launcher, every, " --headless");
        };
    }

    private State off(String words) {
        return new State(false, agent.path(), words);
    }

    @Override
    public List<Path> files() {
        return LoginFile.ours(agent);
    }

    @Override
    public Change on() {
        Optional<String> stopper = launchctl.unavailable().or(agent::foreign).or(() -> LoginFile.missing(launcher));
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        String text = text();
        if (agent.text().filter(text::equals).isPresent() && state().on()) {
            return new Change.Already(state().words());
        }
        Optional<Change> failure = agent.write(text);
        if (failure.isPresent()) {
            return failure.get();
        }
        unload();
        String domain = launchctl.hasDesktop() ? launchctl.desktop() : launchctl.background();
        launchctl.enable(domain, LABEL);
        LaunchctlResult result = launchctl.bootstrap(domain, agent.path());
        long end = System.nanoTime() + SETTLES.toNanos();
        while (ENDING.contains(result.number()) && System.nanoTime() < end && pause()) {
            result = launchctl.bootstrap(domain, agent.path());
        }
        State now = state();
        return now.on()
                ? new Change.Done(now.words())
                : new Change.Failed("The agent could not be loaded: " + result.sentence());
    }

    @Override
    public Change off() {
        Optional<String> stopper = agent.foreign();
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        if (files().isEmpty()) {
            return new Change.Already("No agent checks the tools in the background.");
        }
        if (launchctl.unavailable().isEmpty()) {
            unload();
        }
        return agent.remove()
                .orElseGet(() -> new Change.Done(
                        "The agent was removed. Lamplighter no longer checks the tools in the background."));
    }

    private void unload() {
        if (launchctl.find(LABEL) instanceof Job.Loaded loaded) {
            launchctl.bootout(loaded.domain(), LABEL, Optional.of(agent.path()));
            long end = System.nanoTime() + SETTLES.toNanos();
            while (launchctl.find(LABEL) instanceof Job.Loaded && System.nanoTime() < end && pause()) {
                // `bootout` returns before the agent is gone.
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(POLL);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// The interval in the existing file.
    private String written() {
        return agent.text()
                .flatMap(PlistReader::parse)
                .map(list -> list.number("StartInterval"))
                .filter(seconds -> seconds.isPresent())
                .map(seconds -> Setting.span(interval.get())
                        .filter(span -> span.toSeconds() == seconds.getAsInt())
                        .map(_ -> interval.get())
                        .orElse(seconds.getAsInt() / 60 + "min"))
                .orElseGet(interval);
    }

    private String text() {
        Map<String, Object> values = new TreeMap<>();
        values.put("Label", LABEL);
        values.put("ProgramArguments", List.of("/bin/sh", "-c", COMMAND, launcher.getFirst()));
        values.put(
                "EnvironmentVariables", new TreeMap<>(Map.of("LAMPLIGHTER_CHILD", "1", "PATH", shell.cleanedPath())));
        values.put("RunAtLoad", true);
        values.put("StartInterval", (int)
                Setting.span(interval.get()).orElse(Duration.ofHours(6)).toSeconds());
        values.put("ProcessType", "Background");
        values.put("LowPriorityIO", true);
        values.put("Nice", 10);
        return AgentPlistRenderer.render(". To remove it, turn off the checks in the background", values);
    }
}
