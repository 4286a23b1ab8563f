package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A real `systemd --user` in a throw-away home, with the session's bus that it starts. Needs root, since
/// nobody has logged in. It lives in control groups of its own: managers of several tests never see each
/// other's units.
public final class UserManager implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/lib/systemd/systemd");

    private final ThrowAwayHome home;
    private final Map<String, String> environment;
    private final List<Path> groups;
    private final Child manager;

    private UserManager(ThrowAwayHome home, Map<String, String> environment, List<Path> groups, Child manager) {
        this.home = home;
        this.environment = environment;
        this.groups = groups;
        this.manager = manager;
    }

    /// Where there is no systemd, or no right to start one, such tests have nothing to say.
    public static boolean isPossible() {
        return Files.isExecutable(PROGRAM) && Files.isWritable(Path.of("/run"));
    }

    public static UserManager start(ThrowAwayHome home) {
        return start(home, Map.of());
    }

    /// With a journald of its own, which the `journalctl` in the home's programs reads; the machine's is
    /// not touched.
    public static UserManager startWithJournal(ThrowAwayHome home) {
        UserManager started = start(home, Map.of(), List.of("unshare", "--mount", "--propagation", "private"), """
            mkdir -p /run/systemd/journal /run/log/journal
            mount -t tmpfs tmpfs /run/systemd/journal && mount -t tmpfs tmpfs /run/log && mkdir /run/log/journal
            /lib/systemd/systemd-journald &
            until [ -S /run/systemd/journal/stdout ]; do sleep 0.05; done
            export SYSTEMD_LOG_TARGET=journal
            """);
        try {
            Path journalctl = home.resolve(".local/bin/journalctl");
            Files.writeString(
                    journalctl,
                    "#!/bin/sh\nexec nsenter --target %d --mount /usr/bin/journalctl \"$@\"\n"
                            .formatted(started.manager.process().pid()));
            Files.setPosixFilePermissions(journalctl, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return started;
    }

    /// @param more variables that this user's services inherit
    public static UserManager start(ThrowAwayHome home, Map<String, String> more) {
        return start(home, more, List.of(), "");
    }

    private static UserManager start(ThrowAwayHome home, Map<String, String> more, List<String> around, String before) {
        Map<String, String> environment = new LinkedHashMap<>(home.environment());
        environment.putAll(more);
        environment.put(
                "DBUS_SESSION_BUS_ADDRESS", "unix:path=" + home.runtime().resolve("bus"));
        try {
            // Its presence says "this machine was booted with systemd"; without it systemctl refuses to
            // talk.
            Files.createDirectories(Path.of("/run/systemd/system"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Path> groups = groups();
        List<String> argv = new ArrayList<>(around);
        argv.addAll(List.of(
                "/bin/sh",
                "-c",
                "for group; do echo $$ > \"$group/cgroup.procs\"; done\n" + before + "exec " + PROGRAM + " --user"));
        argv.add("manager");
        groups.forEach(group -> argv.add(group.toString()));
        Child manager = Child.start(environment, Path.of("/"), argv);
        UserManager started = new UserManager(home, Map.copyOf(environment), groups, manager);
        try {
            Await.until(
                    "the user manager is up",
                    Duration.ofSeconds(30),
                    () -> Files.exists(home.runtime().resolve("bus"))
                            && Files.exists(home.runtime().resolve("systemd/private"))
                            && started.busHasManager());
        } catch (AssertionError e) {
            String said = manager.out() + manager.err();
            started.close();
            throw new AssertionError(e.getMessage() + "\n" + said, e);
        }
        return started;
    }

    private boolean busHasManager() {
        return systemctl("is-system-running").out().strip().matches("running|degraded")
                && Child.run(
                                        environment,
                                        Duration.ofSeconds(10),
                                        "busctl",
                                        "--user",
                                        "status",
                                        "org.freedesktop.systemd1")
                                .exitCode()
                        == 0;
    }

    /// What a program in this user's session has.
    public Map<String, String> environment() {
        return environment;
    }

    public ThrowAwayHome home() {
        return home;
    }

    public long pid() {
        return manager.process().pid();
    }

    public Child.Ended systemctl(String... words) {
        List<String> argv = new ArrayList<>(List.of("systemctl", "--user"));
        argv.addAll(List.of(words));
        return Child.run(environment, Duration.ofSeconds(60), argv.toArray(String[]::new));
    }

    public Optional<String> property(String unit, String name) {
        String value = systemctl("show", "-P", name, unit).out().strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /// Ends the manager and all that lives under it at once, its bus too, as a crash would; the home stays.
    public void kill() {
        manager.process().destroyForcibly();
        groups.forEach(group ->
                members(group).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly)));
        Await.until(
                "everything under the manager is gone",
                Duration.ofSeconds(10),
                () -> groups.stream().allMatch(group -> members(group).isEmpty()));
        try {
            // What it listened on stays behind, as after a crash; the bus would look like one that is there.
            Files.deleteIfExists(home.runtime().resolve("bus"));
            Files.deleteIfExists(home.runtime().resolve("systemd/private"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stops every unit, then the manager, then whatever is left in its control groups.
    @Override
    public void close() {
        if (manager.process().isAlive()) {
            systemctl("exit");
            try {
                Await.until(
                        "the manager ends",
                        Duration.ofSeconds(20),
                        () -> !manager.process().isAlive());
            } catch (AssertionError e) {
                // It is ended below; a test that is over has nothing to learn from this.
            }
        }
        manager.close();
        for (Path group : groups) {
            members(group).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            try {
                Await.until(
                        "the control group is empty",
                        Duration.ofSeconds(5),
                        () -> members(group).isEmpty());
                try (Stream<Path> folders = Files.walk(group)) {
                    for (Path folder : folders.filter(Files::isDirectory)
                            .sorted(Comparator.reverseOrder())
                            .toList()) {
                        Files.deleteIfExists(folder);
                    }
                }
                Files.deleteIfExists(group.getParent());
            } catch (IOException | UncheckedIOException | AssertionError e) {
                // An empty control group that stays behind hurts nobody.
            }
        }
    }

    private static List<Long> members(Path group) {
        List<Long> result = new ArrayList<>();
        if (!Files.isDirectory(group)) {
            return result;
        }
        try (Stream<Path> folders = Files.walk(group)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                Files.readAllLines(folder.resolve("cgroup.procs")).forEach(line -> result.add(Long.valueOf(line)));
            }
        } catch (IOException | UncheckedIOException e) {
            // A group that vanishes while it is read has no members any more.
        }
        return result;
    }

    /// One group in each hierarchy in which systemd tracks processes: the hybrid layout has two, the
    /// unified one. Where none can be made, the manager shares this process's.
    private static List<Path> groups() {
        List<Path> result = new ArrayList<>();
        // Named as at a login, since the journal reads from it which user's unit wrote a line.
        String name = "lamplighter-%d-%d.slice/user@0.service"
                .formatted(ProcessHandle.current().pid(), System.nanoTime());
        for (String hierarchy : List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd")) {
            if (Files.isWritable(Path.of(hierarchy, "cgroup.procs"))) {
                try {
                    result.add(Files.createDirectories(Path.of(hierarchy, name)));
                } catch (IOException e) {
                    // Read-only for us, as in most containers.
                }
            }
        }
        return result;
    }
}
