package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.platform.LoginFile;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.settings.Autostart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A systemd timer that runs the background doctor, for machines without a tray icon.
public final class DoctorTimer implements Autostart {

    /// No unit of a tool has a name of this form.
    private static final String NAME = "io.github.lamplighter.doctor";

    private static final String TIMER = NAME + ".timer";
    private static final String SERVICE = NAME + ".service";

    private static final Pattern EVERY = Pattern.compile("(?m)^OnUnitActiveSec=(.+)$");

    private final UserManagerClient userManagerClient;
    private final LoginShell shell;
    private final Supplier<String> interval;
    private final LoginFile timer;
    private final LoginFile service;
    private final LoginFile wanted;
    private final List<String> launcher;

    /// @param interval as systemd.time(7) reads it: `6h`
    public DoctorTimer(
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories,
            LoginShell shell,
            Supplier<String> interval,
            List<String> launcher) {
        this.userManagerClient = new UserManagerClient(runner, Map.copyOf(environment));
        this.shell = shell;
        this.interval = interval;
        Path folder = directories.configHome().resolve("systemd/user");
        this.timer = new LoginFile(directories, folder.resolve(TIMER), UnitFileRenderer::isOurs);
        this.service = new LoginFile(directories, folder.resolve(SERVICE), UnitFileRenderer::isOurs);
        this.wanted = LoginFile.link(
                directories, folder.resolve("timers.target.wants").resolve(TIMER));
        this.launcher = List.copyOf(launcher);
    }

    @Override
    public State state() {
        Optional<String> obstacle = foreign().or(userManagerClient::unavailable);
        if (obstacle.isPresent()) {
            return off(obstacle.get());
        }
        UserManagerClient.Properties shown =
                userManagerClient.show(TIMER, List.of("ActiveState", "UnitFileState", "FragmentPath"));
        if (shown.trouble().isPresent()) {
            return off(shown.trouble().get());
        }
        boolean enabled = shown.is("UnitFileState", "enabled");
        boolean active = shown.is("ActiveState", "active");
        Optional<Path> program = UnitFileRenderer.program(service.text());
        boolean missing = program.filter(path -> !Files.isExecutable(path)).isPresent();
        return missing || (enabled && active)
                ? timer.started(
                        program,
                        launcher,
                        "Lamplighter checks the tools in the background every %s, without a tray icon"
                                .formatted(written()),
                        " --headless")
                : off(
                        enabled
                                ? "The timer is enabled, but not running."
                                : active
                                        ? "The timer is running, but does not start at the next login."
                                        : "No timer checks the tools in the background.");
    }

    private State off(String words) {
        return new State(false, timer.path(), words);
    }

    @Override
    public List<Path> files() {
        return foreign().isPresent()
                ? List.of()
                : Stream.concat(
                                LoginFile.ours(timer, service).stream(),
                                Stream.of(wanted).filter(LoginFile::exists).map(LoginFile::path))
                        .toList();
    }

    @Override
    public Change on() {
        Optional<String> stopper =
                userManagerClient.unavailable().or(this::foreign).or(() -> LoginFile.missing(launcher));
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        String timerText = timerText();
        String serviceText = serviceText();
        boolean same =
                timer.text().equals(Optional.of(timerText)) && service.text().equals(Optional.of(serviceText));
        if (same && state().on()) {
            return new Change.Already(state().words());
        }
        return service.write(serviceText).or(() -> timer.write(timerText)).orElseGet(() -> {
            userManagerClient.systemctl("daemon-reload");
            ProcessResult result = userManagerClient.systemctl("enable", "--now", TIMER);
            State now = state();
            return now.on() ? new Change.Done(now.words()) : new Change.Failed(UserManagerClient.sentence(result));
        });
    }

    @Override
    public Change off() {
        Optional<String> stopper = foreign();
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        if (files().isEmpty()) {
            return new Change.Already("No timer checks the tools in the background.");
        }
        // Without a manager the files are all there is.
        boolean manager = userManagerClient.unavailable().isEmpty();
        if (manager) {
            userManagerClient.systemctl("disable", "--now", TIMER);
            userManagerClient.systemctl("stop", SERVICE);
        }
        return wanted.remove().or(timer::remove).or(service::remove).orElseGet(() -> {
            if (manager) {
                userManagerClient.systemctl("daemon-reload");
            }
            return new Change.Done("The timer was removed. Lamplighter no longer checks the tools in the background.");
        });
    }

    private Optional<String> foreign() {
        return timer.foreign().or(service::foreign);
    }

    /// The interval in the existing file.
    private String written() {
        Matcher line = EVERY.matcher(timer.text().orElse(""));
        return line.find() ? line.group(1) : interval.get();
    }

    private String timerText() {
        return """
            # Written by Lamplighter. To remove it: lamplighter autostart off --headless
            [Unit]
            Description=Lamplighter checks the tools
            %s

            [Timer]
            OnStartupSec=2min
            OnUnitActiveSec=%s
            RandomizedDelaySec=5min

            [Install]
            WantedBy=timers.target
            """.formatted(UnitFileRenderer.ifExecutable(launcher.getFirst()), interval.get());
    }

    /// `SuccessExitStatus`: a problem of a tool is not a failure of this unit, nor is a stop (143).
    private String serviceText() {
        List<String> argv = new ArrayList<>(launcher);
        argv.addAll(List.of("doctor", "--background"));
        return """
            # Written by Lamplighter. To remove it: lamplighter autostart off --headless
            [Unit]
            Description=Lamplighter checks the tools
            %s

            [Service]
            Type=oneshot
            ExecStart=%s
            Environment="LAMPLIGHTER_CHILD=1" %s
            SuccessExitStatus=1 143
            Nice=10
            IOSchedulingClass=idle
            TimeoutStartSec=15min
            """.formatted(
                        UnitFileRenderer.ifExecutable(launcher.getFirst()),
                        UnitFileRenderer.command(argv),
                        UnitFileRenderer.quoted("PATH=" + shell.cleanedPath()));
    }
}
