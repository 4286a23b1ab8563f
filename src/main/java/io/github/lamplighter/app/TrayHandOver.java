package io.github.lamplighter.app;

import io.github.lamplighter.file.ResidentProcesses;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.tray.RunningTray;
import io.github.lamplighter.upgrade.ResidentTray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Restarts the tray icon of this user from another version of Lamplighter, and checks that it works. A systemd unit
/// that runs it is restarted; otherwise the process ends, and a new one starts in the same environment, because the
/// upgrade may have been started without a display. Only on Linux: there is no tray icon elsewhere yet.
final class TrayHandOver implements ResidentTray {

    private static final String BUS = "DBUS_SESSION_BUS_ADDRESS";
    private static final Duration START_LIMIT = Duration.ofSeconds(25);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    private static final Duration MANAGER_LIMIT = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofMillis(200);

    private final ProcessEnvironment host;
    private final ProcessRunner runner;

    TrayHandOver(ProcessEnvironment host, ProcessRunner runner) {
        this.host = host;
        this.runner = runner;
    }

    @Override
    public boolean isRunningFrom(Path folder) {
        try (Connection bus = connect()) {
            return bus.pid().filter(pid -> runsFrom(pid, folder)).isPresent();
        }
    }

    @Override
    public Optional<String> restart(Path launcher, Path image) {
        try (Connection bus = connect()) {
            Optional<Long> old = bus.pid();
            if (old.filter(pid -> runsFrom(pid, image)).isPresent()
                    && bus.problem(old.get()).isEmpty()) {
                return Optional.empty();
            }
            Optional<String> problem = restart(launcher, old);
            return problem.isPresent() ? problem : proved(bus, old, image);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of("The restart of the tray icon was interrupted.");
        }
    }

    private Optional<String> restart(Path launcher, Optional<Long> old) throws InterruptedException {
        Optional<String> unit = old.flatMap(this::unit);
        if (unit.isPresent()
                && runner.run(Command.of(MANAGER_LIMIT, "systemctl", "--user", "restart", unit.get()))
                        instanceof ProcessResult.Exited exited
                && exited.status() == 0) {
            return Optional.empty();
        }
        Map<String, Optional<String>> environment = environment(old);
        if (old.isPresent() && !ended(old.get())) {
            return Optional.of("The old tray icon (PID %d) did not end.".formatted(old.get()));
        }
        List<String> argv = new ArrayList<>(scope());
        argv.addAll(List.of(launcher.toString(), "tray"));
        return runner.launch(argv, environment).map(why -> why + ".");
    }

    private static boolean ended(long pid) throws InterruptedException {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return true;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException _) {
            return process.get().destroyForcibly();
        }
    }

    /// Waits until a new process has everything that a tray icon needs.
    private static Optional<String> proved(Connection bus, Optional<Long> old, Path image) throws InterruptedException {
        long until = System.nanoTime() + START_LIMIT.toNanos();
        Optional<String> problem = Optional.of("The new tray icon did not start.");
        while (System.nanoTime() < until) {
            Optional<Long> pid = bus.pid().filter(now -> old.filter(now::equals).isEmpty());
            if (pid.isPresent()) {
                problem = runsFrom(pid.get(), image)
                        ? bus.problem(pid.get())
                        : Optional.of("The tray icon runs from another version (PID %d).".formatted(pid.get()));
                if (problem.isEmpty()) {
                    return problem;
                }
            }
            Thread.sleep(POLL);
        }
        return problem;
    }

    /// Whether its Java is in this folder.
    private static boolean runsFrom(long pid, Path folder) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .filter(command -> Path.of(command).startsWith(real(folder)))
                .isPresent();
    }

    /// The unit of the user's service manager whose main process this is: not the service of a terminal in which the
    /// tray was started.
    private Optional<String> unit(long pid) {
        try {
            return Files.readString(Path.of("/proc/%d/cgroup".formatted(pid)))
                    .lines()
                    .map(group -> group.substring(group.lastIndexOf('/') + 1))
                    .filter(name -> name.endsWith(".service") && !name.startsWith("user@"))
                    .distinct()
                    .filter(name -> mainProcess(name).equals(String.valueOf(pid)))
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private String mainProcess(String unit) {
        Command show = Command.of(MANAGER_LIMIT, "systemctl", "--user", "show", "--value", "--property=MainPID", unit);
        return runner.run(show) instanceof ProcessResult.Exited exited
                ? exited.out().strip()
                : "";
    }

    /// The environment of the old process, as changes to this one's: it has the display, the bus and the locale.
    private Map<String, Optional<String>> environment(Optional<Long> old) {
        Map<String, Optional<String>> changes = new HashMap<>();
        try {
            if (old.isPresent()) {
                byte[] bytes = Files.readAllBytes(Path.of("/proc/%d/environ".formatted(old.get())));
                host.environment().keySet().forEach(name -> changes.put(name, Optional.empty()));
                for (String variable : new String(bytes, StandardCharsets.UTF_8).split("\0", -1)) {
                    int equals = variable.indexOf('=');
                    if (equals > 0) {
                        changes.put(variable.substring(0, equals), Optional.of(variable.substring(equals + 1)));
                    }
                }
            }
        } catch (IOException _) {
            // Then this one's has to do.
            changes.clear();
        }
        return changes;
    }

    /// The worker's own scope ends with the upgrade.
    private List<String> scope() {
        return host.hasUserManager() && runner.find("systemd-run").isPresent()
                ? List.of("systemd-run", "--user", "--scope", "--quiet", "--collect", "--")
                : List.of();
    }

    private Connection connect() {
        return host.system().isMacos()
                ? new Connection(Optional.empty())
                : new Connection(
                        RunningTray.connect(busEnvironment(), host.directories(), CompositionRoot.APPLICATION_ID));
    }

    /// A worker that was started without a session bus (by cron, over SSH) still reaches the tray: on the bus that the
    /// tray itself uses.
    private Map<String, String> busEnvironment() {
        return new ResidentProcesses(host.directories())
                .all().stream()
                        .filter(resident -> resident.role() == ResidentProcesses.Role.TRAY)
                        .map(resident ->
                                given(environment(Optional.of(resident.process().pid()))))
                        .filter(given -> given.containsKey(BUS))
                        .findFirst()
                        .orElse(host.environment());
    }

    /// The variables of an environment that is given as changes, with the address of the bus if it has one.
    private static Map<String, String> given(Map<String, Optional<String>> changes) {
        Map<String, String> given = new HashMap<>();
        changes.forEach((name, value) -> value.ifPresent(text -> given.put(name, text)));
        Optional.ofNullable(given.get("XDG_RUNTIME_DIR"))
                .map(runtime -> Path.of(runtime, "bus"))
                .filter(Files::exists)
                .ifPresent(bus -> given.putIfAbsent(BUS, "unix:path=" + bus));
        return given;
    }

    /// The bus, or none: then nothing is running.
    private record Connection(Optional<RunningTray> bus) implements AutoCloseable {

        Optional<Long> pid() {
            return bus.flatMap(RunningTray::pid);
        }

        Optional<String> problem(long pid) {
            return bus.flatMap(known -> known.problem(pid));
        }

        @Override
        public void close() {
            bus.ifPresent(RunningTray::close);
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path;
        }
    }
}
