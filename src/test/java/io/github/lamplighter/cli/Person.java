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

/// Who types a verb: with answers to what is asked at a terminal, and eyes for both streams.
final class Person {

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final Deque<String> answers = new ArrayDeque<>();
    final List<String> questions = new ArrayList<>();

    private final AppDirectories directories;
    private final ManifestStore store;

    Person(AppDirectories directories) {
        this.directories = directories;
        this.store = new ManifestStore(directories);
    }

    Console console(boolean terminal) {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                terminal
                        ? Optional.of(question -> {
                            questions.add(question);
                            return answers.remove();
                        })
                        : Optional.empty());
    }

    ActivityRecorder changes(Console console) {
        return new ActivityRecorder(new ActivityLog(directories), InstantSource.system(), console);
    }

    /// Types `add`.
    int adds(List<Installer> installers, Map<String, String> environment, boolean terminal, String... words) {
        ProcessRunner runner = new LocalProcessRunner(environment);
        Console console = console(terminal);
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
                        changes(console),
                        console))
                .execute(words);
    }

    String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String told() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
