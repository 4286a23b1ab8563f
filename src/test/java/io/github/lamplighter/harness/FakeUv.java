package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/// A `uv` of a throw-away home, for `uv tool` alone, on machines that cannot have the real one. It makes
/// real virtual environments and writes the records that uv documents; pip does the rest for it.
public final class FakeUv {

    private final Map<String, String> environment;
    private final Path program;

    private FakeUv(Map<String, String> environment, Path program) {
        this.environment = environment;
        this.program = program;
    }

    /// Puts it into the home's folder of programs, which stands first on its `PATH`.
    public static FakeUv in(ThrowAwayHome home, Map<String, String> environment) {
        Path program = home.resolve(".local/bin/uv");
        try (InputStream script =
                Objects.requireNonNull(FakeUv.class.getResourceAsStream("/fake-uv/uv.py"), "the script")) {
            Files.writeString(
                    program,
                    "#!/usr/bin/python3\n" + new String(script.readAllBytes(), StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Where the stand-in keeps the pip that works for it.
        PreparedVenv.make(environment, "/usr/bin/python3", home.resolve(".cache/uv/pip"));
        return new FakeUv(environment, program);
    }

    /// `uv tool WORDS…`, which has to end well.
    public Child.Ended tool(String... words) {
        String[] argv = new String[words.length + 2];
        argv[0] = program.toString();
        argv[1] = "tool";
        System.arraycopy(words, 0, argv, 2, words.length);
        return Child.run(environment, Duration.ofMinutes(3), argv).well();
    }
}
