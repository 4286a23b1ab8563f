package io.github.lamplighter.cli;

import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.ManifestBuilder;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.Recipes;
import io.github.lamplighter.tool.ToolCatalog;
import io.github.lamplighter.tool.UsageDetector;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/// A terminal with prepared answers that records questions and both streams.
final class FakeTerminal {

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final Deque<String> answers = new ArrayDeque<>();
    final List<String> questions = new ArrayList<>();

    private final AppDirectories directories;
    private final ManifestStore store;

    FakeTerminal(AppDirectories directories) {
        this.directories = directories;
        this.store = new ManifestStore(directories);
    }

    Console console(boolean interactive) {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                interactive
                        ? Optional.of(question -> {
                            questions.add(question);
                            return answers.remove();
                        })
                        : Optional.empty());
    }

    ActivityRecorder recorder(Console console) {
        return new ActivityRecorder(new ActivityLog(directories), InstantSource.system(), console);
    }

    /// Runs `add`.
    int add(List<Installer> installers, Map<String, String> environment, boolean interactive, String... words) {
        ProcessRunner runner = new LocalProcessRunner(environment);
        Console console = console(interactive);
        return new CommandLine(new AddCommand(
                        new AddTool(
                                new ToolCatalog(store, installers),
                                store,
                                new ManifestBuilder(
                                        new ToolCatalog(store, installers),
                                        new Recipes(),
                                        new UsageDetector() {},
                                        runner,
                                        Map.of(),
                                        directories),
                                runner,
                                directories),
                        store,
                        directories,
                        recorder(console),
                        console))
                .execute(words);
    }

    String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
