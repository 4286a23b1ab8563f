package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.settings.Autostart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A unit that runs the tray icon as a part of the graphical session (systemd.special(7), `graphical-session.target`):
/// it starts and ends with it.
public final class TrayUnit implements Autostart {

    private static final String NAME = "io.github.lamplighter.tray.service";
    private static final String TARGET = "graphical-session.target";
    private static final String STARTS = "The tray icon starts at login.";

    private static final Pattern CONDITION = Pattern.compile("(?m)^%s(.+)$".formatted(UnitFileRenderer.CONDITION));

    private final UserManagerClient userManagerClient;
    private final AppDirectories directories;
    private final Path folder;
    private final List<String> launcher;

    /// @param launcher the argument list that starts Lamplighter, its program with the full path
    public TrayUnit(
            ProcessRunner runner, Map<String, String> environment, AppDirectories directories, List<String> launcher) {
        this.userManagerClient = new UserManagerClient(runner, Map.copyOf(environment));
        this.directories = directories;
        this.folder = directories.configHome().resolve("systemd/user");
        this.launcher = List.copyOf(launcher);
    }

    /// Whether this session has the target: then its desktop starts what it wants, and ends it.
    public boolean isForThisSession() {
        return userManagerClient.unavailable().isEmpty()
                && userManagerClient.show(TARGET, List.of("ActiveState")).is("ActiveState", "active");
    }

    @Override
    public State state() {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new State(false, file, "The tray icon does not start at login.");
        }
        if (foreign().isPresent()) {
            return new State(false, file, foreign().get());
        }
        // The link is what systemd reads; to ask the manager would take a process at each look.
        if (!Files.exists(wanted(), LinkOption.NOFOLLOW_LINKS)) {
            return new State(false, file, "The tray icon's unit is disabled.");
        }
        Optional<Path> program = program();
        if (program.filter(Files::isExecutable).isEmpty()) {
            return new State(
                    false, file, "%s starts a program that does not exist.".formatted(directories.display(file)));
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
        return foreign().isPresent()
                ? List.of()
                : Stream.of(folder.resolve(NAME), wanted())
                        .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                        .toList();
    }

    /// The link goes with the file: systemd calls the unit enabled by it.
    @Override
    public List<Path> places() {
        return List.of(folder.resolve(NAME), wanted());
    }

    private Path wanted() {
        return folder.resolve(TARGET + ".wants").resolve(NAME);
    }

    @Override
    public Change on() {
        Optional<String> stopper = userManagerClient.unavailable().or(this::foreign);
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        Path program = Path.of(launcher.getFirst());
        if (!program.isAbsolute() || !Files.isExecutable(program)) {
            return new Change.Refused("Could not find the Lamplighter program, so the session could not start it.");
        }
        String text = text();
        if (read().equals(Optional.of(text)) && state().on()) {
            return new Change.Already(STARTS);
        }
        try {
            AtomicFile.write(folder.resolve(NAME), text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        } catch (IOException e) {
            return new Change.Failed("Could not write %s: %s".formatted(NAME, e.getMessage()));
        }
        userManagerClient.systemctl("daemon-reload");
        ProcessResult result = userManagerClient.systemctl("enable", NAME);
        State now = state();
        return now.on() ? new Change.Done(now.words()) : new Change.Failed(UserManagerClient.sentence(result));
    }

    /// Does not stop a running tray icon.
    @Override
    public Change off() {
        Optional<String> stopper = foreign();
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        if (files().isEmpty()) {
            return new Change.Already("The tray icon does not start at login.");
        }
        try {
            Files.deleteIfExists(wanted());
            Files.deleteIfExists(folder.resolve(NAME));
        } catch (IOException e) {
            return new Change.Failed("Could not remove %s: %s".formatted(NAME, e.getMessage()));
        }
        if (userManagerClient.unavailable().isEmpty()) {
            userManagerClient.systemctl("daemon-reload");
        }
        return new Change.Done("The tray icon no longer starts at login.");
    }

    private Optional<String> foreign() {
        boolean there = Files.exists(folder.resolve(NAME), LinkOption.NOFOLLOW_LINKS);
        return there && read().filter(UnitFileRenderer::isOurs).isEmpty()
                ? Optional.of("%s was not created by Lamplighter, so Lamplighter does not change it.".formatted(NAME))
                : Optional.empty();
    }

    private Optional<String> read() {
        try {
            Path file = folder.resolve(NAME);
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(Files.readString(file))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Path> program() {
        return read().map(CONDITION::matcher)
                .filter(Matcher::find)
                .map(line -> Path.of(line.group(1).replace("%%", "%")));
    }

    /// A start at login uses the existing build; it must not compile. `ExitType`: when its package is upgraded, the
    /// process starts its successor and ends; the unit keeps running with that one.
    private String text() {
        List<String> argv = new ArrayList<>(launcher);
        argv.add("tray");
        return """
            # Written by Lamplighter. To remove it: lamplighter autostart off
            [Unit]
            Description=Lamplighter tray icon
            PartOf=%1$s
            After=%1$s
            %2$s

            [Service]
            ExecStart=%3$s
            Environment="LAMPLIGHTER_CHILD=1"
            ExitType=cgroup
            SuccessExitStatus=143
            Restart=on-failure
            RestartSec=5s

            [Install]
            WantedBy=%1$s
            """.formatted(
                        TARGET, UnitFileRenderer.ifExecutable(launcher.getFirst()), UnitFileRenderer.command(argv));
    }
}
