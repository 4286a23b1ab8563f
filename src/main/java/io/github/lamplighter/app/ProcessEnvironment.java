package io.github.lamplighter.app;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.platform.linux.OsRelease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What this process was given: read once, here, and passed on.
///
/// @param zone what they read and type is on their clock; looked up when it is needed, which takes a while
/// @param kernel name, version and architecture of the system
/// @param terminals which of the standard streams are terminals, as digits; empty when nobody looked (Java
/// itself can only tell of input and output together)
/// @param plain whether the user's locale has no signs but ASCII's
/// @param launcher the argument list that starts Lamplighter again (`./lamplighter`, or the installed
/// program)
record ProcessEnvironment(
        Map<String, String> environment,
        Path home,
        String user,
        boolean macos,
        AppDirectories directories,
        InstantSource clock,
        Supplier<ZoneId> zone,
        Optional<String> terminals,
        boolean plain,
        List<String> launcher,
        Path java,
        String javaVersion,
        String kernel) {

    /// Which of a manifest's hints are for this system: `debian`, `macos`, ….
    String system() {
        return macos ? "macos" : OsRelease.family();
    }

    static ProcessEnvironment ofThisProcess() {
        Map<String, String> environment = System.getenv();
        Path home = Path.of(Optional.ofNullable(environment.get("HOME"))
                .filter(value -> value.startsWith("/"))
                .orElse(System.getProperty("user.home")));
        boolean macos = System.getProperty("os.name").startsWith("Mac");
        return new ProcessEnvironment(
                environment,
                home,
                System.getProperty("user.name"),
                macos,
                macos ? AppDirectories.macos(environment, home) : AppDirectories.linux(environment, home),
                InstantSource.system(),
                ZoneId::systemDefault,
                Optional.ofNullable(System.getProperty("lamplighter.terminals")),
                Boolean.getBoolean("lamplighter.plain"),
                List.of(Optional.ofNullable(System.getProperty("lamplighter.launcher"))
                        .or(() -> Optional.ofNullable(System.getProperty("jpackage.app-path")))
                        .orElse("lamplighter")),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.version"),
                "%s %s %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                System.getProperty("os.arch")));
    }

    /// With sudo, and in the home of the user who called it (macOS leaves it so): whatever is written there
    /// would belong to root, and the user's own Lamplighter could not read it any more. A sentence with
    /// what to do.
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
                            "This runs with sudo in the home of %s, where its files would belong to root: run it without sudo, or with `sudo -H` for root's own tools."
                                    .formatted(caller))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException _) {
            return Optional.empty();
        }
    }

    /// The name of this machine, asked of nobody outside it; empty when it cannot be told.
    String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            return environment.getOrDefault("HOSTNAME", "");
        }
    }

    /// What this person is called: the login, and the full name as the system knows it (passwd(5), GECOS).
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

    /// What the distribution calls itself (os-release(5), `PRETTY_NAME`).
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
