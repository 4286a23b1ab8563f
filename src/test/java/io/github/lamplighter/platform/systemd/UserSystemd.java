package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.process.LocalPrograms;
import io.github.lamplighter.process.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A real `systemd --user` of a test's own, in a throw-away home. Names of units carry the pid of this JVM:
/// without a
/// login, the control groups of all such managers of a machine are the same ones.
public final class UserSystemd implements AutoCloseable {

    private static final Path MANAGER = Path.of("/lib/systemd/systemd");

    private final Path base;
    private final Process manager;
    private final Map<String, String> environment;

    private UserSystemd(Path base, Process manager, Map<String, String> environment) {
        this.base = base;
        this.manager = manager;
        this.environment = environment;
    }

    /// Where there is no systemd, or no right to start one, such tests have nothing to say.
    public static boolean isPossible() {
        return Files.isExecutable(MANAGER) && Path.of("/run").toFile().canWrite();
    }

    public static UserSystemd start() throws IOException, InterruptedException {
        Files.createDirectories(Path.of("/run/systemd/system"));
        Path base = Files.createTempDirectory(
                "ll", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path run = Files.createDirectories(
                base.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path home = Files.createDirectories(base.resolve("home"));
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("HOME", home.toString());
        environment.put("XDG_CONFIG_HOME", home.resolve(".config").toString());
        environment.put("XDG_RUNTIME_DIR", run.toString());
        environment.put("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + run.resolve("bus"));
        ProcessBuilder builder = new ProcessBuilder(MANAGER.toString(), "--user");
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.directory(new File("/"));
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true)
                .redirectOutput(base.resolve("manager.log").toFile());
        UserSystemd started = new UserSystemd(base, builder.start(), environment);
        until(
                Duration.ofSeconds(20),
                () -> Files.exists(run.resolve("bus")) && Files.exists(run.resolve("systemd/private")));
        return started;
    }

    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    public Path home() {
        return base.resolve("home");
    }

    public Places places() {
        return Places.linux(environment, home());
    }

    public Programs programs() {
        return new LocalPrograms(environment);
    }

    public SystemdServiceManager services() {
        return new SystemdServiceManager(programs(), environment, places());
    }

    /// A tool's name that no other manager of this machine uses.
    public static String unique(String name) {
        return name + "-" + ProcessHandle.current().pid();
    }

    public static void until(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come about in " + limit);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        new LocalPrograms(environment)
                .run(new Session(programs(), environment)
                        .inSession(io.github.lamplighter.process.Command.of(
                                Duration.ofSeconds(20), "systemctl", "--user", "stop", "lamplighter-*.service")));
        List<ProcessHandle> left = manager.descendants().toList();
        manager.destroy();
        try {
            if (!manager.waitFor(10, TimeUnit.SECONDS)) {
                manager.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        left.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (java.io.UncheckedIOException | java.nio.file.FileSystemException e) {
            // A mount of the manager's own that is still busy; the folder is temporary.
        }
    }
}
