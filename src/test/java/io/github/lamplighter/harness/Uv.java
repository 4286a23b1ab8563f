package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/// The real `uv`, from PyPI, in a throw-away home. It uses the system's Python and downloads none.
public final class Uv {

    private final Map<String, String> environment;
    private final Path program;

    private Uv(Map<String, String> environment, Path program) {
        this.environment = environment;
        this.program = program;
    }

    /// The program itself.
    public static Path program() {
        return RegistryPackages.python("uv").resolve("bin/uv");
    }

    /// Links it into the home's folder of programs, which is first on its `PATH`.
    public static Uv in(ThrowAwayHome home, Map<String, String> environment) {
        Path link = home.resolve(".local/bin/uv");
        try {
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, program());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("UV_PYTHON_DOWNLOADS", "never");
        environment.put("UV_NO_PROGRESS", "1");
        environment.put("UV_CACHE_DIR", home.resolve(".cache/uv").toString());
        return new Uv(environment, link);
    }

    /// `uv tool WORDS…`, which has to end well.
    public Child.Ended tool(String... words) {
        return run(Stream.concat(Stream.of("tool"), Stream.of(words)).toArray(String[]::new));
    }

    /// `uv WORDS…`, which has to end well.
    public Child.Ended run(String... words) {
        return Child.run(
                        environment,
                        Duration.ofMinutes(3),
                        Stream.concat(Stream.of(program.toString()), Stream.of(words))
                                .toArray(String[]::new))
                .well();
    }
}
