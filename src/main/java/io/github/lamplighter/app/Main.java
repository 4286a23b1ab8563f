package io.github.lamplighter.app;

import java.util.List;

/// The one entry point of every face.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // What scripts ask most often needs none of the parts; where it cannot be written, the long way says why.
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            System.out.println("lamplighter " + CompositionRoot.VERSION);
            if (!System.out.checkError()) {
                return;
            }
        }
        ProcessEnvironment host = ProcessEnvironment.ofThisProcess();
        CompositionRoot root = new CompositionRoot(host);
        Thread.ofPlatform().daemon().name("head-start").start(() -> root.prewarm(List.of(arguments)));
        System.exit(root.written(host.misplaced()
                .map(why -> root.refused(List.of(arguments), why))
                .orElseGet(() -> root.commandLine(List.of(arguments)).execute(arguments))));
    }
}
