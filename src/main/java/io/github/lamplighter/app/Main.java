package io.github.lamplighter.app;

import java.util.List;

/// The entry point of all front ends.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
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
        Thread.ofPlatform().daemon().name("head-start").start(() -> root.prewarm(List.of(arguments)));
        System.exit(root.checkOutput(host.misplaced()
                .map(why -> root.refused(List.of(arguments), why))
                .orElseGet(() -> root.commandLine(List.of(arguments)).execute(arguments))));
    }
}
