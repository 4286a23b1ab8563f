package io.github.lamplighter.harness;

import io.github.lamplighter.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The command line from the classes that are being tested, in a process of its own. What a launcher adds (module
/// path, caches) is not in it: that is [Installed].
public final class Compiled {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Map<String, String> environment;

    /// @param environment all that the program gets
    public Compiled(Map<String, String> environment) {
        this.environment = new LinkedHashMap<>(environment);
    }

    public Child.Ended run(String... words) {
        try (Child child = start(words)) {
            return child.end(LIMIT);
        }
    }

    /// The same, where the program starts itself anew (a worker): a launcher of that name stands at `file`, on its
    /// `PATH`.
    public static Compiled withLauncher(Map<String, String> environment, Path file) throws IOException {
        Files.createDirectories(AtomicFile.folderOf(file));
        Files.writeString(
                file,
                "#!/bin/sh\nexec "
                        + argv().stream()
                                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                                .collect(Collectors.joining(" "))
                        + " \"$@\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Compiled(environment);
    }

    public Child start(String... words) {
        List<String> argv = new ArrayList<>(argv());
        argv.addAll(List.of(words));
        return Child.start(environment, Path.of(environment.getOrDefault("HOME", "/")), argv);
    }

    private static List<String> argv() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlamplighter.launcher=lamplighter",
                "-cp",
                System.getProperty("java.class.path"),
                "io.github.lamplighter.app.Main");
    }
}
