package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.LoginShell;
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
    private static final Pattern CONDITION = Pattern.compile("(?m)^%s(.+)$".formatted(UnitFileRenderer.CONDITION));

    private final UserManagerClient userManagerClient;
    private final LoginShell shell;
    private final Supplier<String> interval;
    private final AppDirectories directories;
    private final Path folder;
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
        this.directories = directories;
        this.folder = directories.configHome().resolve("systemd/user");
        this.launcher = List.copyOf(launcher);
    }

    @Override
    public State state() {
        Path file = folder.resolve(TIMER);
        Optional<String> unavailable = userManagerClient.unavailable();
        if (unavailable.isPresent()) {
            return new State(false, file, unavailable.get());
        }
        UserManagerClient.Properties shown =
                userManagerClient.show(TIMER, List.of("ActiveState", "UnitFileState", "FragmentPath"));
        if (shown.trouble().isPresent()) {
            return new State(false, file, shown.trouble().get());
        }
        boolean enabled = shown.is("UnitFileState", "enabled");
        boolean active = shown.is("ActiveState", "active");
        Optional<Path> program = program();
        if (program.filter(path -> !Files.isExecutable(path)).isPresent()) {
            return new State(false, file, "The timer starts a program that does not exist.");
        }
        if (enabled && active) {
            String every =
                    "Lamplighter checks the tools in the background every %s, without a tray icon".formatted(written());
            return new State(
                    true,
                    file,
                    program.filter(path -> !path.toString().equals(launcher.getFirst()))
                            .map(other -> Autostart.anotherLauncher(every, other, directories, " --headless"))
                            .orElse(every + "."));
        }
        return new State(
                false,
                file,
                enabled
                        ? "The timer is enabled, but not running."
                        : active
                                ? "The timer is running, but does not start at the next login."
                                : "No timer checks the tools in the background.");
    }

    @Override
    public List<Path> files() {
        return foreign().isPresent()
                ? List.of()
                : Stream.of(folder.resolve(TIMER), folder.resolve(SERVICE), wanted())
                        .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                        .toList();
    }

    private Path wanted() {
        return folder.resolve("timers.target.wants").resolve(TIMER);
    }

    @Override
    public Change on() {
        Optional<String> stopper = userManagerClient.unavailable().or(this::foreign);
        if (stopper.isPresent()) {
            return new Change.Refused(stopper.get());
        }
        Path program = Path.of(launcher.getFirst());
        if (!program.isAbsolute() || !Files.isExecutable(program)) {
            return new Change.Refused("Could not find the Lamplighter program, so a timer could not start it.");
        }
        String service = service();
        boolean same = read(TIMER).equals(Optional.of(timer())) && read(SERVICE).equals(Optional.of(service));
        if (same && state().on()) {
            return new Change.Already(state().words());
        }
        try {
            AtomicFile.write(folder.resolve(SERVICE), service.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
            AtomicFile.write(folder.resolve(TIMER), timer().getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        } catch (IOException e) {
            return new Change.Failed("Could not write the timer: " + e.getMessage());
        }
        userManagerClient.systemctl("daemon-reload");
        ProcessResult result = userManagerClient.systemctl("enable", "--now", TIMER);
        State now = state();
        return now.on() ? new Change.Done(now.words()) : new Change.Failed(UserManagerClient.sentence(result));
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
        try {
            Files.deleteIfExists(wanted());
            Files.deleteIfExists(folder.resolve(TIMER));
            Files.deleteIfExists(folder.resolve(SERVICE));
        } catch (IOException e) {
            return new Change.Failed("Could not remove the timer: " + e.getMessage());
        }
        if (manager) {
            userManagerClient.systemctl("daemon-reload");
        }
        return new Change.Done("The timer was removed. Lamplighter no longer checks the tools in the background.");
    }

    private Optional<String> foreign() {
        for (String name : List.of(TIMER, SERVICE)) {
            boolean there = Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
            if (there && read(name).filter(UnitFileRenderer::isOurs).isEmpty()) {
                return Optional.of(
                        "%s was not created by Lamplighter, so Lamplighter does not change it.".formatted(name));
            }
        }
        return Optional.empty();
    }

    private Optional<String> read(String name) {
        try {
            Path file = folder.resolve(name);
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(Files.readString(file))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The program that the existing files start.
    private Optional<Path> program() {
        return read(SERVICE)
                .map(CONDITION::matcher)
                .filter(Matcher::find)
                .map(line -> Path.of(line.group(1).replace("%%", "%")));
    }

    /// The interval in the existing file.
    private String written() {
        Matcher line = EVERY.matcher(read(TIMER).orElse(""));
        return line.find() ? line.group(1) : interval.get();
    }

    private String timer() {
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
    private String service() {
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
