package io.github.lamplighter.app;

import io.github.lamplighter.demo.DemoHome;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.platform.linux.OsRelease;
import io.github.lamplighter.process.OperatingSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The environment of this process, read once and passed on: a component for each thing that a process is given.
///
/// @param zone the user's time zone; looked up on demand, because that is slow
/// @param kernel name, version and architecture of the system
/// @param terminals which of the standard streams are terminals, as digits; empty if the launcher did not
///     check (Java can only tell for input and output together)
/// @param plain whether the user's locale supports only ASCII
/// @param build the record of the build of a package; empty for a checkout
/// @param launcher the argument list that starts Lamplighter (`./lamplighter`, or the installed program)
record ProcessEnvironment(
        Map<String, String> environment,
        Path home,
        String user,
        OperatingSystem system,
        AppDirectories directories,
        InstantSource clock,
        Supplier<ZoneId> zone,
        Optional<String> terminals,
        boolean plain,
        Optional<Path> build,
        List<String> launcher,
        Path java,
        String javaVersion,
        String kernel) {

    /// Commands that concern the login of the user and the installation of Lamplighter.
    private static final Set<String> NOT_IN_DEMO = Set.of("autostart", "demo", "self");

    private static final Set<String> CHANGE_VERSIONS = Set.of("upgrade", "rollback", "upgrade-worker");

    static ProcessEnvironment ofThisProcess() {
        Map<String, String> environment = System.getenv();
        Path home = Path.of(Optional.ofNullable(environment.get("HOME"))
                .filter(value -> value.startsWith("/"))
                .orElse(System.getProperty("user.home")));
        OperatingSystem system = System.getProperty("os.name").startsWith("Mac")
                ? OperatingSystem.macos()
                : OperatingSystem.linux(OsRelease.family());
        AppDirectories directories = directories(system, environment, home);
        return new ProcessEnvironment(
                environment,
                home,
                System.getProperty("user.name"),
                system,
                directories,
                InstantSource.system(),
                ZoneId::systemDefault,
                Optional.ofNullable(System.getProperty("lamplighter.terminals")),
                Boolean.getBoolean("lamplighter.plain"),
                Optional.ofNullable(System.getProperty("lamplighter.build"))
                        .map(file -> Path.of(file).normalize()),
                List.of(launcher(system, directories)),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.version"),
                "%s %s %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                System.getProperty("os.arch")));
    }

    /// The launcher that stays the same after an upgrade. The one that jpackage makes for macOS names the version
    /// that it is in.
    private static String launcher(OperatingSystem system, AppDirectories directories) {
        String launcher =
                Optional.ofNullable(System.getProperty("lamplighter.launcher")).orElse("lamplighter");
        if (!system.isMacos() || !launcher.startsWith("/")) {
            return launcher;
        }
        Path path = Path.of(launcher).normalize();
        VersionFolders folders = new VersionFolders(directories);
        return (folders.contains(path) ? folders.launcher() : path).toString();
    }

    /// Whether this process is inside of the demo.
    boolean isDemo() {
        return DemoHome.isInside(environment, home);
    }

    /// The same process in the demo.
    ProcessEnvironment inDemo(DemoHome demo) {
        Map<String, String> inside = demo.variables(environment);
        return new ProcessEnvironment(
                inside,
                demo.home(),
                user,
                system,
                directories(system, inside, demo.home()),
                clock,
                zone,
                terminals,
                plain,
                build,
                launcher,
                java,
                javaVersion,
                kernel);
    }

    private static AppDirectories directories(OperatingSystem system, Map<String, String> environment, Path home) {
        return system.isMacos() ? AppDirectories.macos(environment, home) : AppDirectories.linux(environment, home);
    }

    /// Why a command must not run in the demo, as a sentence: it would change more than the demo.
    Optional<String> outsideOfDemo(List<String> arguments) {
        boolean itself = arguments.contains("lamplighter") && CHANGE_VERSIONS.contains(arguments.getFirst());
        return isDemo() && !arguments.isEmpty() && (itself || NOT_IN_DEMO.contains(arguments.getFirst()))
                ? Optional.of("`%s` is not available in the demo. Run it outside of the demo."
                        .formatted(itself ? arguments.getFirst() + " lamplighter" : arguments.getFirst()))
                : Optional.empty();
    }

    /// Why Lamplighter must not run, as a sentence: with sudo in the home directory of another user (the
    /// default on macOS) its files would belong to root, and the user's own Lamplighter could not read them.
    Optional<String> misplaced() {
        String caller = environment.getOrDefault("SUDO_USER", "root");
        if (caller.equals("root")) {
            return Optional.empty();
        }
        try {
            Object own = Files.getAttribute(Path.of("/"), "unix:uid");
            boolean root = "root".equals(user);
            boolean foreign = root && !own.equals(Files.getAttribute(home, "unix:uid"));
            return foreign
                    ? Optional.of(
                            "Lamplighter is running with sudo in the home directory of %s, where its files would belong to root. Run it without sudo, or with `sudo -H` for root's own tools."
                                    .formatted(caller))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException _) {
            return Optional.empty();
        }
    }

    /// Whether a systemd user manager is running: its socket. A session bus may offer to start one, and fail.
    boolean hasUserManager() {
        return directories
                .runtime()
                .filter(runtime -> Files.exists(runtime.resolve("systemd/private")))
                .isPresent();
    }

    /// The host name, without network access; empty if it is not known.
    String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            return environment.getOrDefault("HOSTNAME", "");
        }
    }

    /// The user's login name and full name (passwd(5), GECOS).
    List<String> names() {
        try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
            Stream<String> full = lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 4 && fields[0].equals(user))
                    .map(fields -> fields[4].split(",", 2)[0])
                    .filter(name -> name.length() > 1);
            return Stream.concat(Stream.of(user), full).distinct().toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of(user);
        }
    }

    /// The name of the distribution (os-release(5), `PRETTY_NAME`).
    Optional<String> distribution() {
        try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith("PRETTY_NAME="))
                    .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                    .findFirst();
        } catch (IOException | UncheckedIOException _) {
            return Optional.empty();
        }
    }
}
