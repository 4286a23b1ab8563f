package io.github.lamplighter.app;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.platform.linux.OsRelease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What this process was given: read once, here, and passed on.
///
/// @param kernel name, version and architecture of the system
/// @param launcher the argument list that starts Lamplighter again (`./lamplighter`, or the installed program)
record Host(
        Map<String, String> environment,
        Path home,
        String user,
        boolean macos,
        Places places,
        InstantSource clock,
        List<String> launcher,
        Path java,
        String javaVersion,
        String kernel) {

    /// Which of a manifest's hints are for this system: `debian`, `macos`, ….
    String system() {
        return macos ? "macos" : OsRelease.family();
    }

    static Host ofThisProcess() {
        Map<String, String> environment = System.getenv();
        Path home = Path.of(Optional.ofNullable(environment.get("HOME"))
                .filter(value -> value.startsWith("/"))
                .orElse(System.getProperty("user.home")));
        boolean macos = System.getProperty("os.name").startsWith("Mac");
        return new Host(
                environment,
                home,
                System.getProperty("user.name"),
                macos,
                macos ? Places.macos(environment, home) : Places.linux(environment, home),
                InstantSource.system(),
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

    /// The name of this machine, asked of nobody outside it; empty when it cannot be told.
    String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            return environment.getOrDefault("HOSTNAME", "");
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
