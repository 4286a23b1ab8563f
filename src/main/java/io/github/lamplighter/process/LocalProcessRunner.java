package io.github.lamplighter.process;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.zeroturnaround.exec.InvalidExitValueException;
import org.zeroturnaround.exec.ProcessExecutor;
import org.zeroturnaround.exec.ProcessInitException;
import org.zeroturnaround.exec.stop.ProcessStopper;

/// Runs programs of this machine with zt-exec.
public final class LocalProcessRunner implements ProcessRunner {

    /// How long to wait for output that a program's children still hold open.
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private static final Path ROOT = Path.of("/");
    private static final Pattern ERROR = Pattern.compile("err[a-z]+[=:] ?(\\d{1,4})\\b");
    private static final int NO_ENTRY = 2;
    private static final int NO_ACCESS = 13;

    private final Map<String, String> environment;

    /// @param environment of this process; every program inherits it with its command's changes
    public LocalProcessRunner(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public ProcessResult run(Command command) {
        return run(command, _ -> {});
    }

    @Override
    public ProcessResult run(Command command, Consumer<String> line) {
        Capped out = new Capped(command.outputLimit(), line);
        Capped err = new Capped(command.outputLimit(), line);
        Optional<List<String>> argv = resolved(command);
        if (argv.isEmpty()) {
            return new ProcessResult.NotStarted(
                    "%s was not found in PATH".formatted(command.argv().getFirst()));
        }
        long started = System.nanoTime();
        ProcessExecutor executor = new ProcessExecutor()
                .command(argv.get())
                .directory(command.directory().orElse(ROOT).toFile())
                .redirectOutput(out)
                .redirectError(err)
                .timeout(command.limit().toMillis(), TimeUnit.MILLISECONDS)
                .closeTimeout(CLOSING.toMillis(), TimeUnit.MILLISECONDS)
                .stopper(tree(command.grace()))
                .destroyOnExit();
        executor.environment("LC_ALL", "C.UTF-8");
        command.environment().forEach((name, value) -> executor.environment(name, value.orElse(null)));
        try {
            int exitCode = executor.execute().getExitValue();
            out.end();
            err.end();
            return new ProcessResult.Exited(
                    exitCode, out.text(), err.text(), Duration.ofNanos(System.nanoTime() - started));
        } catch (TimeoutException e) {
            return new ProcessResult.TimedOut(command.limit(), out.text(), err.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ProcessResult.NotStarted(
                    "%s was interrupted".formatted(command.argv().getFirst()));
        } catch (IOException | InvalidExitValueException e) {
            return new ProcessResult.NotStarted("Could not start %s: %s"
                    .formatted(
                            command.argv().getFirst(),
                            why(argv.get().getFirst(), command.directory().orElse(ROOT), e)));
        }
    }

    @Override
    public Optional<String> launch(List<String> argv, Map<String, Optional<String>> changes) {
        // setsid exits at once with --fork: a JVM that exits waits 300 ms if one of its children is still running.
        return switch (detached(List.of("--fork"), argv, changes)) {
            case Launch.Started _ -> Optional.empty();
            case Launch.Failed(String why) -> Optional.of(why);
        };
    }

    @Override
    public Optional<String> launch(List<String> argv, Duration limit) {
        return switch (detached(List.of(), argv, Map.of())) {
            case Launch.Started(Process process) -> failure(argv.getFirst(), process, limit);
            case Launch.Failed(String why) -> Optional.of(why);
        };
    }

    private static Optional<String> failure(String program, Process process, Duration limit) {
        try {
            return process.waitFor(limit) && process.exitValue() != 0
                    ? Optional.of("%s failed (exit code %d)."
                            .formatted(Path.of(program).getFileName(), process.exitValue()))
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private sealed interface Launch {
        record Started(Process process) implements Launch {}

        record Failed(String why) implements Launch {}
    }

    private Launch detached(List<String> options, List<String> argv, Map<String, Optional<String>> changes) {
        Optional<Path> setsid = find("setsid");
        ProcessBuilder builder = new ProcessBuilder();
        setsid.ifPresent(path -> {
            builder.command().add(path.toString());
            builder.command().addAll(options);
        });
        builder.command().addAll(argv);
        builder.directory(ROOT.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        changes.forEach((name, value) -> value.ifPresentOrElse(
                set -> builder.environment().put(name, set),
                () -> builder.environment().remove(name)));
        try {
            return new Launch.Started(builder.start());
        } catch (IOException e) {
            return new Launch.Failed("Could not start %s: %s"
                    .formatted(argv.getFirst(), why(builder.command().getFirst(), ROOT, e)));
        }
    }

    @Override
    public Optional<Path> find(String name) {
        return find(name, environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"));
    }

    @Override
    public Optional<Path> find(String name, String path) {
        if (name.contains("/")) {
            return Optional.of(Path.of(name)).filter(LocalProcessRunner::isProgram);
        }
        for (String folder : path.split(":", -1)) {
            if (folder.startsWith("/")) {
                Path candidate = Path.of(folder, name);
                if (isProgram(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    /// Finds the program on the `PATH` that it will get; `ProcessBuilder` would use the one of this process.
    private Optional<List<String>> resolved(Command command) {
        String name = command.argv().getFirst();
        if (name.contains("/")) {
            return Optional.of(command.argv());
        }
        Optional<Path> found = command.environment()
                .getOrDefault("PATH", Optional.empty())
                .map(path -> find(name, path))
                .orElseGet(() -> find(name));
        return found.map(program -> Stream.concat(
                        Stream.of(program.toString()), command.argv().stream().skip(1))
                .toList());
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }

    private static ProcessStopper tree(Duration grace) {
        return process -> {
            List<ProcessHandle> descendants = process.descendants().toList();
            process.destroy();
            descendants.forEach(ProcessHandle::destroy);
            try {
                process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            descendants.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        };
    }

    /// The reason, without the exception's text: that contains the program's whole environment, and Java's
    /// own differs between releases.
    private static String why(String program, Path directory, Exception e) {
        if (!Files.isDirectory(directory)) {
            return "the working directory %s does not exist".formatted(directory);
        }
        Path file = Path.of(program);
        if (Files.notExists(file)) {
            return "the file does not exist";
        }
        if (!isProgram(file)) {
            return "the file is not executable";
        }
        int number = number(e);
        return switch (number) {
            case NO_ENTRY -> "its interpreter does not exist";
            case NO_ACCESS -> "the file is not executable";
            default -> "the system refused" + (number > 0 ? " (errno %d)".formatted(number) : "");
        };
    }

    /// The errno(3) in Java's message: `error=2, …` or `error: 2 (…`.
    private static int number(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            Matcher matcher = ERROR.matcher(String.valueOf(cause.getMessage()));
            if (!(cause instanceof ProcessInitException) && matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        return 0;
    }

    /// Keeps the first bytes and the last ones, hands over lines, and reads to the end, so that the program
    /// never blocks.
    private static final class Capped extends OutputStream {

        /// The journal gives an entry as one line, and an entry can be long.
        private static final int LONGEST_LINE = 1024 * 1024;
        private static final int TAIL = 64 * 1024;

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final int limit;
        private final Consumer<String> consumer;
        private byte[] tail = new byte[0];
        private long dropped;
        private boolean isLineOpen;

        Capped(int limit, Consumer<String> consumer) {
            this.limit = limit;
            this.consumer = consumer;
        }

        @Override
        public synchronized void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            int first = Math.max(0, Math.min(length, limit - kept.size()));
            kept.write(bytes, offset, first);
            for (int at = offset + first; at < offset + length; at++) {
                if (tail.length == 0) {
                    tail = new byte[TAIL];
                }
                tail[(int) (dropped++ % TAIL)] = bytes[at];
            }
            for (int at = offset; at < offset + length; at++) {
                split(bytes[at]);
            }
        }

        /// The rest of a line that is too long is dropped.
        private void split(byte next) {
            if (next == '\n' || next == '\r') {
                if (isLineOpen || next == '\n') {
                    handOver();
                }
                isLineOpen = false;
                return;
            }
            isLineOpen = true;
            if (line.size() < LONGEST_LINE) {
                line.write(next);
            }
        }

        private void handOver() {
            consumer.accept(line.toString(StandardCharsets.UTF_8));
            line.reset();
        }

        synchronized void end() {
            if (isLineOpen) {
                handOver();
                isLineOpen = false;
            }
        }

        synchronized String text() {
            String head = kept.toString(StandardCharsets.UTF_8);
            if (dropped == 0) {
                return head;
            }
            byte[] last = new byte[(int) Math.min(dropped, TAIL)];
            for (int index = 0; index < last.length; index++) {
                last[index] = tail[(int) ((dropped - last.length + index) % TAIL)];
            }
            return head + (dropped > TAIL ? "\n…\n" : "") + new String(last, StandardCharsets.UTF_8);
        }
    }
}
