package io.github.lamplighter.app;

import io.github.lamplighter.file.ResidentProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
            train(host, root, Path.of(training));
            return;
        }
        int code = run(host, root, List.of(arguments));
        root.close();
        System.exit(code);
    }

    static int run(ProcessEnvironment host, CompositionRoot root, List<String> arguments) {
        if (ResidentProcesses.Role.of(arguments).isPresent()) {
            // Until it is far enough to end in order: the unit that started it must not fail because it was ended.
            ShutdownSignals.onTermination(() -> System.exit(0));
        }
        return root.checkOutput(host.misplaced()
                .map(why -> root.refused(arguments, "under-sudo", why))
                .or(() -> host.outsideOfDemo(arguments).map(why -> root.refused(arguments, "not-in-demo", why)))
                .orElseGet(() -> {
                    try (var _ = presence(host, arguments)) {
                        return root.commandLine(arguments).execute(arguments.toArray(String[]::new));
                    }
                }));
    }

    private static ResidentProcesses.Presence presence(ProcessEnvironment host, List<String> arguments) {
        return ResidentProcesses.Role.of(arguments)
                .map(new ResidentProcesses(host.directories())::add)
                .orElseGet(() -> new ResidentProcesses.Presence(Optional.empty()));
    }

    /// Runs the command lines of a file one after the other, whatever their results: a training run of the AOT cache.
    private static void train(ProcessEnvironment host, CompositionRoot root, Path commands) throws IOException {
        for (String line : Files.readAllLines(commands)) {
            run(host, root, List.of(line.split(" ")));
        }
        root.close();
        System.exit(0);
    }
}
