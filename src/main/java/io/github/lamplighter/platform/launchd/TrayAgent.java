package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.settings.Autostart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

    private static final String STARTS = "The tray icon starts at login.";

    /// Does nothing once Lamplighter is removed; launchd would report a missing program again and again.
    private static final String COMMAND = "[ ! -x \"$0\" ] || exec \"$0\" tray";

    private final Launchctl launchctl;
    private final AppDirectories directories;
    private final List<String> launcher;
    private final Path file;

    /// @param launcher the argument list that starts Lamplighter, its program with the full path
    public TrayAgent(
            ProcessRunner runner, Map<String, String> environment, AppDirectories directories, List<String> launcher) {
        this.launchctl = new Launchctl(runner, environment);
        this.directories = directories;
        this.launcher = List.copyOf(launcher);
        this.file = directories.home().resolve("Library/LaunchAgents").resolve(LABEL + ".plist");
    }

    @Override
    public State state() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new State(false, file, "The tray icon does not start at login.");
        }
        if (files().isEmpty()) {
            return new State(
                    false, file, "%s exists but was not created by Lamplighter.".formatted(directories.display(file)));
        }
        Optional<Path> program = program();
        if (program.filter(Files::isExecutable).isEmpty()) {
            return new State(false, file, "The agent starts a program that does not exist.");
        }
        if (launchctl.override(LABEL).filter(enabled -> !enabled).isPresent()) {
            return new State(false, file, "The agent is disabled.");
        }
        return new State(
                true,
                file,
                program.get().toString().equals(launcher.getFirst())
                        ? STARTS
                        : Autostart.anotherLauncher("The tray icon starts at login", program.get(), directories, ""));
    }

    @Override
    public List<Path> files() {
        return read().filter(AgentPlistRenderer::isOurs).isPresent() ? List.of(file) : List.of();
    }

    @Override
    public List<Path> places() {
        return List.of(file);
    }

    @Override
    public Change on() {
        Optional<String> foreign = foreign();
        if (foreign.isPresent()) {
            return new Change.Refused(foreign.get());
        }
        Path program = Path.of(launcher.getFirst());
        if (!program.isAbsolute() || !Files.isExecutable(program)) {
            return new Change.Refused("Could not find the Lamplighter program, so an agent could not start it.");
        }
        String text = text();
        if (read().filter(text::equals).isPresent() && state().on()) {
            return new Change.Already(STARTS);
        }
        try {
            AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        } catch (IOException e) {
            return new Change.Failed("Could not write the agent: %s.".formatted(AtomicFile.why(file, e)));
        }
        launchctl.enable(launchctl.desktop(), LABEL);
        return new Change.Done(STARTS);
    }

    @Override
    public Change off() {
        Optional<String> foreign = foreign();
        if (foreign.isPresent()) {
            return new Change.Refused(foreign.get());
        }
        try {
            return Files.deleteIfExists(file)
                    ? new Change.Done("The tray icon no longer starts at login.")
                    : new Change.Already("The tray icon does not start at login.");
        } catch (IOException e) {
            return new Change.Failed("Could not remove the agent: %s.".formatted(AtomicFile.why(file, e)));
        }
    }

    private Optional<String> foreign() {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && files().isEmpty()
                ? Optional.of("%s was not created by Lamplighter, so Lamplighter does not change it."
                        .formatted(directories.display(file)))
                : Optional.empty();
    }

    private Optional<String> read() {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(Files.readString(file))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private Optional<Path> program() {
        return read().flatMap(PlistReader::parse)
                .map(list -> list.texts("ProgramArguments"))
                .filter(argv -> !argv.isEmpty())
                .map(argv -> Path.of(argv.getLast()));
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
