package io.github.lamplighter.app;

import io.github.lamplighter.file.JsonFile;
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
        Thread.ofPlatform().daemon().name("head-start").start(() -> headStart(host));
        Core core = new Core(host);
        System.exit(core.written(host.misplaced()
                .map(why -> core.refused(List.of(arguments), why))
                .orElseGet(() -> core.commandLine(List.of(arguments)).execute(arguments))));
    }

    /// What every verb needs and what takes as long to set up as the command line, on another processor meanwhile:
    /// the user's time zone, and the JSON parser, which brings the tables of the JDK's big numbers.
    private static void headStart(Host host) {
        var unused = host.zone();
        JsonFile.MAPPER.readTree("[{}]");
    }
}
