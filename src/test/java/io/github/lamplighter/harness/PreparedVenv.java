package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Virtual environments with pip. Installing pip takes most of the time of `python -m venv`, so that is done once for
/// each Python, under `target/harness`; each test gets a copy, whose scripts name the place where it lies.
public final class PreparedVenv {

    private static final Path CACHE = Installed.CHECKOUT.resolve("target/harness");

    private PreparedVenv() {}

    /// Does what `PYTHON -m venv VENV` does.
    ///
    /// @param python a program's path, or its name on the environment's `PATH`
    public static void make(Map<String, String> environment, String python, Path venv) {
        String real = Child.run(
                        environment,
                        Duration.ofSeconds(30),
                        python,
                        "-c",
                        "import sys; print(sys.executable); print(sys.version.split()[0])")
                .well()
                .out();
        String executable = real.lines().findFirst().orElseThrow();
        Path kept = CACHE.resolve("venv" + real.strip().replaceAll("[^A-Za-z0-9.]+", "-"));
        try {
            prepare(environment, executable, kept);
            Files.createDirectories(venv.toAbsolutePath().getParent());
            Child.run(environment, Duration.ofMinutes(1), "cp", "-a", kept.toString(), venv.toString())
                    .well();
            move(kept, venv);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void prepare(Map<String, String> environment, String executable, Path kept) throws IOException {
        Files.createDirectories(CACHE);
        Path complete = kept.resolveSibling(kept.getFileName() + ".complete");
        // Two JVMs may run tests at the same time.
        try (FileChannel channel = FileChannel.open(
                        kept.resolveSibling(kept.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (!Files.exists(complete)) {
                ThrowAwayHome.delete(kept);
                Child.run(environment, Duration.ofMinutes(2), executable, "-m", "venv", kept.toString())
                        .well();
                Files.createFile(complete);
            }
        }
    }

    /// Makes scripts and settings name `to` instead of `from`.
    private static void move(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> inside = Files.list(to.resolve("bin"))) {
            files = Stream.concat(inside, Stream.of(to.resolve("pyvenv.cfg")))
                    .filter(file -> !Files.isSymbolicLink(file))
                    .toList();
        }
        for (Path file : files) {
            try {
                String text = Files.readString(file);
                // A path with a space cannot follow `#!`: pip then writes its scripts for a shell.
                String moved = text.replaceFirst(
                                "^#!(" + from + "/bin/\\S+)\n", "#!/bin/sh\n'''exec' \"$1\" \"\\$0\" \"\\$@\"\n' '''\n")
                        .replace(from.toString(), to.toString());
                if (!moved.equals(text)) {
                    Files.writeString(file, moved);
                }
            } catch (MalformedInputException e) {
                // A program, not a script.
            }
            // As if it was made now: pipx renews what is older than a month.
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        }
    }
}
