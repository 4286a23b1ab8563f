package io.github.lamplighter.app;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.OperatingSystem;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Linux machine on which nothing but a home exists.
final class TestHost {

    private TestHost() {}

    static ProcessEnvironment at(Path home) {
        return at(home, Map.of("HOME", home.toString(), "PATH", "/usr/bin:/bin"));
    }

    static ProcessEnvironment at(Path home, Map<String, String> environment) {
        return new ProcessEnvironment(
                environment,
                home,
                "ada",
                OperatingSystem.linux("debian"),
                AppDirectories.linux(environment, home),
                InstantSource.system(),
                () -> ZoneOffset.UTC,
                Optional.of(""),
                false,
                Optional.empty(),
                List.of("lamplighter"),
                Path.of("java"),
                "25",
                "Linux");
    }
}
