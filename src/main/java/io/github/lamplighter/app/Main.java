package io.github.lamplighter.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The entry point of all front ends.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        // The most frequent query of scripts needs no object graph; if it cannot be written, the normal path reports
        // why.
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            System.out.println("lamplighter " + CompositionRoot.VERSION);
            if (!System.out.checkError()) {
                return;
            }
        }
        ProcessEnvironment host = ProcessEnvironment.ofThisProcess();
        CompositionRoot root = new CompositionRoot(host);
        String training = System.getProperty("lamplighter.training", "");
        if (!training.isEmpty()) {
            train(root, Path.of(training));
            return;
        }
        System.exit(root.checkOutput(host.misplaced()
                .map(why -> root.refused(List.of(arguments), why))
                .orElseGet(() -> root.commandLine(List.of(arguments)).execute(arguments))));
    }

    /// Runs the command lines of a file one after the other, whatever their results: a training run of the AOT cache.
    private static void train(CompositionRoot root, Path commands) throws IOException {
        for (String line : Files.readAllLines(commands)) {
            String[] words = line.split(" ");
            root.commandLine(List.of(words)).execute(words);
        }
        System.exit(0);
    }
}
