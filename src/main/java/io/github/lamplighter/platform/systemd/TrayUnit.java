package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.platform.LoginFile;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.settings.Autostart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A unit that runs the tray icon as a part of the graphical session (systemd.special(7), `graphical-session.target`):
/// it starts and ends with it.
public final class TrayUnit implements Autostart {

    private static final String NAME = "io.github.lamplighter.tray.service";
    private static final String TARGET = "graphical-session.target";
    private static final String STARTS = "The tray icon starts at login";

    private final UserManagerClient userManagerClient;
    private final LoginFile unit;
    private final LoginFile wanted;
    private final List<String> launcher;

    /// @param launcher the argument list that starts Lamplighter, its program with the full path
    public TrayUnit(
            ProcessRunner runner, Map<String, String> environment, AppDirectories directories, List<String> launcher) {
        this.userManagerClient = new UserManagerClient(runner, Map.copyOf(environment));
        Path folder = directories.configHome().resolve("systemd/user");
        this.unit = new LoginFile(directories, folder.resolve(NAME), UnitFileRenderer::isOurs);
        this.wanted =
                LoginFile.link(directories, folder.resolve(TARGET + ".wants").resolve(NAME));
        this.launcher = List.copyOf(launcher);
    }

    /// Whether this session has the target: then its desktop starts what it wants, and ends it.
    public boolean isForThisSession() {
        return userManagerClient.unavailable().isEmpty()
                && userManagerClient.show(TARGET, List.of("ActiveState")).is("ActiveState", "active");
    }

    @Override
    public State state() {
        if (!unit.exists()) {
            return new State(false, unit.path(), "The tray icon does not start at login.");
        }
        if (unit.foreign().isPresent()) {
            return new State(false, unit.path(), unit.foreign().get());
        }
        // The link is what systemd reads; to ask the manager would take a process at each look.
        return wanted.exists()
                ? unit.started(UnitFileRenderer.program(unit.text()), launcher, STARTS, "")
                : new State(false, unit.path(), "The tray icon's unit is disabled.");
    }

    @Override
    public List<Path> files() {
        return unit.foreign().isPresent()
                ? List.of()
                : Stream.concat(
                                LoginFile.ours(unit).stream(),
                                Stream.of(wanted).filter(LoginFile::exists).map(LoginFile::path))
                        .toList();
    }

    /// The link goes with the file: systemd calls the unit enabled by it.
    @Override
    public List<Path> places() {
        return List.of(unit.path(), wanted.path());
    }

    @Override
    public Change on() {
        Optional<String> stopper =
                userManagerClient.unavailable().or(unit::foreign).or(() -> LoginFile.missing(launcher));
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        String text = text();
        if (unit.text().equals(Optional.of(text)) && state().on()) {
            return new Change.Already(STARTS + ".");
        }
        return unit.write(text).orElseGet(() -> {
            userManagerClient.systemctl("daemon-reload");
            ProcessResult result = userManagerClient.systemctl("enable", NAME);
            State now = state();
            return now.on() ? new Change.Done(now.words()) : new Change.Failed(UserManagerClient.sentence(result));
        });
    }

    /// Does not stop a running tray icon.
    @Override
    public Change off() {
        Optional<String> stopper = unit.foreign();
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        if (files().isEmpty()) {
            return new Change.Already("The tray icon does not start at login.");
        }
        return wanted.remove().or(unit::remove).orElseGet(() -> {
            if (userManagerClient.unavailable().isEmpty()) {
                userManagerClient.systemctl("daemon-reload");
            }
            return new Change.Done("The tray icon no longer starts at login.");
        });
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
