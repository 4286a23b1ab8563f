package io.github.lamplighter.app;

import io.github.lamplighter.file.DirectoryWatcher;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Notices that a package manager replaced or removed the package that this process runs from. The process keeps its
/// files, which are only unlinked, but the commands that it starts are those of another version, or missing.
final class PackageWatch implements AutoCloseable {

    /// What happened to the package.
    enum Change {
        REPLACED,
        REMOVED
    }

    /// A package manager writes for a few seconds, and the build record is not the last file.
    static final Duration SETTLE = Duration.ofSeconds(2);

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;

    private final Path buildRecord;
    private final String before;
    private final List<String> launcher;
    private final ProcessRunner runner;
    private final Duration settle;
    private final Consumer<Change> changed;
    private Optional<DirectoryWatcher> files = Optional.empty();

    private PackageWatch(
            Path buildRecord,
            String before,
            List<String> launcher,
            ProcessRunner runner,
            Duration settle,
            Consumer<Change> changed) {
        this.buildRecord = buildRecord;
        this.before = before;
        this.launcher = List.copyOf(launcher);
        this.runner = runner;
        this.settle = settle;
        this.changed = changed;
    }

    /// Starts watching; without a build record (a checkout), nothing happens.
    ///
    /// @param launcher the argument list that starts Lamplighter, of whichever version is installed
    /// @param settle how long the files of the package must stay as they are
    /// @param changed receives a change once, in another thread
    static PackageWatch start(
            Optional<Path> buildRecord,
            List<String> launcher,
            ProcessRunner runner,
            Duration settle,
            Consumer<Change> changed) {
        Path file = buildRecord.orElse(Path.of(""));
        PackageWatch watch = new PackageWatch(file, read(file), launcher, runner, settle, changed);
        if (!watch.before.isEmpty()) {
            try {
                DirectoryWatcher files = DirectoryWatcher.start(settle, _ -> watch.check());
                watch.files = Optional.of(files);
                files.add(file.toAbsolutePath().resolveSibling(""));
            } catch (IOException _) {
                // No watch is left on this computer: the process stays as it is until it ends.
            }
        }
        return watch;
    }

    @Override
    public void close() {
        files.ifPresent(DirectoryWatcher::close);
    }

    /// Runs in the watcher's only thread.
    private void check() {
        try {
            for (int attempt = 0; attempt < ATTEMPTS && !read(buildRecord).equals(before); attempt++) {
                if (read(buildRecord).isEmpty()) {
                    // Some package managers remove the old files first.
                    Thread.sleep(settle.multipliedBy(2));
                    if (read(buildRecord).isEmpty()) {
                        report(Change.REMOVED);
                        return;
                    }
                }
                if (isStarting()) {
                    report(Change.REPLACED);
                    return;
                }
                Thread.sleep(settle);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(Change change) {
        close();
        changed.accept(change);
    }

    private boolean isStarting() {
        List<String> version =
                Stream.concat(launcher.stream(), Stream.of("--version")).toList();
        return runner.run(Command.of(START_LIMIT, version)) instanceof ProcessResult.Exited exited
                && exited.status() == 0;
    }

    /// Empty if the file does not exist.
    private static String read(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException _) {
            return "";
        }
    }
}
