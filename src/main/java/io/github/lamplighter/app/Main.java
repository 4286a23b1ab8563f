package io.github.lamplighter.app;

import java.util.List;

/// The one entry point of every face.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // What scripts ask most often needs none of the parts; where it cannot be written, the long way says why.
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            System.out.println("lamplighter " + Core.VERSION);
            if (!System.out.checkError()) {
                return;
            }
        }
        Host host = Host.ofThisProcess();
        Core core = new Core(host);
        Thread.ofPlatform().daemon().name("head-start").start(() -> core.headStart(List.of(arguments)));
        System.exit(core.written(host.misplaced()
                .map(why -> core.refused(List.of(arguments), why))
                .orElseGet(() -> core.commandLine(List.of(arguments)).execute(arguments))));
    }
}
