package io.github.lamplighter.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Another program with exactly the given environment, nothing on standard input, and its streams apart.
public final class Child implements AutoCloseable {

    /// How a program ended.
    public record Ended(int exitCode, String out, String err) {

        /// @throws AssertionError with what the program said, when it did not end well
        public Ended well() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + "\n" + out + err);
            }
            return this;
        }
    }

    private final List<String> argv;
    private final Process process;
    private final Path out;
    private final Path err;

    private Child(List<String> argv, Process process, Path out, Path err) {
        this.argv = argv;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    public static Child start(Map<String, String> environment, Path directory, List<String> argv) {
        try {
            // Files, not pipes: a child may say any amount while the test waits for something else.
            Path out = Files.createTempFile("child-", ".out");
            Path err = Files.createTempFile("child-", ".err");
            ProcessBuilder builder = new ProcessBuilder(argv)
                    .directory(directory.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return new Child(argv, builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", argv), e);
        }
    }

    public static Ended run(Map<String, String> environment, Duration limit, String... argv) {
        try (Child child = start(environment, Path.of("/"), List.of(argv))) {
            return child.end(limit);
        }
    }

    /// Waits until the program ends by itself.
    public Ended end(Duration limit) {
        return end(limit, limit, () -> {});
    }

    /// @param meanwhile is called again and again until the program has ended
    public Ended end(Duration limit, Runnable meanwhile) {
        return end(limit, Duration.ofMillis(15), meanwhile);
    }

    private Ended end(Duration limit, Duration pause, Runnable meanwhile) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!process.waitFor(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("still running after %s: %s\n%s%s".formatted(limit, argv, out(), err()));
                }
                meanwhile.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return new Ended(process.exitValue(), out(), err());
    }

    public Process process() {
        return process;
    }

    public String out() {
        return read(out);
    }

    public String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends the program and what it started.
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
            descendants.forEach(ProcessHandle::destroyForcibly);
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
