package io.github.lamplighter.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The program as its users run it: the launcher of this checkout, built from its sources, in a process of its own; or,
/// where a process is not what is tested, with all commands in one.
public final class Installed implements AutoCloseable {

    /// The folder of `pom.xml`, from wherever inside it the tests were started.
    public static final Path CHECKOUT = checkout();

    /// Commands that need the options of another front end, stay, or become another program.
    private static final Set<String> OWN_PROCESS = Set.of("", "exec", "tray", "upgrade-worker", "window");

    private final Map<String, String> environment;
    private final boolean inOneProcess;
    private final Semaphore sessions = new Semaphore(1);
    private @Nullable CommandSession session;

    /// @param environment all that the program gets
    public Installed(Map<String, String> environment) {
        this(environment, false);
    }

    private Installed(Map<String, String> environment, boolean inOneProcess) {
        this.inOneProcess = inOneProcess;
        this.environment = new LinkedHashMap<>(environment);
        // It was built once below, with the machine's own settings; in the test's home Maven would know no
        // repository.
        this.environment.put("LAMPLIGHTER_CHILD", "1");
    }

    /// Starts to look after the `http-server` of an [NpmPrefix]: it serves a folder at a port of 127.0.0.1.
    public void addHttpServer(int port, Path folder) {
        run(
                        "add",
                        "http-server",
                        "--argument=-p",
                        "--argument=" + port,
                        "--argument=-a",
                        "--argument=127.0.0.1",
                        "--directory",
                        folder.toString(),
                        "--url",
                        "http://127.0.0.1:" + port + "/",
                        "--yes")
                .well();
    }

    /// Starts to look after the `lamp-clock` of a [GitRepository].
    public void addClock(Path program, int port) {
        run(
                        "add",
                        program.toString(),
                        "--argument=serve",
                        "--argument=--port",
                        "--argument=" + port,
                        "--url",
                        "http://127.0.0.1:" + port + "/",
                        "--yes")
                .well();
    }

    /// What the program gets.
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /// The launcher, after it has built what the sources say now.
    public static Path launcher() {
        return Built.LAUNCHER;
    }

    public Child.Ended run(String... words) {
        return run(Duration.ofMinutes(2), words);
    }

    public Child.Ended run(Duration limit, String... words) {
        return run(limit, () -> {}, words);
    }

    /// @param meanwhile is called again and again until the command has ended
    public Child.Ended run(Duration limit, Runnable meanwhile, String... words) {
        // A command that another thread runs meanwhile gets a process of its own.
        if (inOneProcess && !OWN_PROCESS.contains(words.length == 0 ? "" : words[0]) && sessions.tryAcquire()) {
            try {
                return session().run(limit, meanwhile, words);
            } finally {
                sessions.release();
            }
        }
        try (Child child = start(words)) {
            return child.end(limit, meanwhile);
        }
    }

    private CommandSession session() {
        if (session == null) {
            session = CommandSession.start(environment);
        }
        return session;
    }

    /// The same program, of which [#run] needs one process for nearly all commands. Close it.
    public Installed inOneProcess() {
        return new Installed(environment, true);
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
    }

    public Child start(String... words) {
        List<String> argv = new ArrayList<>(List.of(launcher().toString()));
        argv.addAll(List.of(words));
        return Child.start(environment, Path.of(environment.getOrDefault("HOME", "/")), argv);
    }

    /// As from a terminal: an interrupt ends it, also where the tests were started in the background of a
    /// shell, which lets its children ignore that.
    public Child startAtATerminal(String... words) {
        List<String> argv = new ArrayList<>();
        if (!System.getProperty("os.name").startsWith("Mac")) {
            argv.addAll(List.of("/usr/bin/env", "--default-signal=INT"));
        }
        argv.add(launcher().toString());
        argv.addAll(List.of(words));
        return Child.start(environment, Path.of(environment.getOrDefault("HOME", "/")), argv);
    }

    /// The same program with more options for its JVM.
    public Installed withJavaOptions(String options) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put("LAMPLIGHTER_JAVA_OPTIONS", options);
        return new Installed(changed, inOneProcess);
    }

    private static Path checkout() {
        Path folder = Path.of(System.getProperty("user.dir"));
        while (!Files.exists(folder.resolve("pom.xml"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the tests run inside the checkout");
            }
        }
        return folder;
    }

    /// Built at first use, once.
    private static final class Built {
        static final Path LAUNCHER = build();

        private static Path build() {
            Path launcher = CHECKOUT.resolve("lamplighter");
            Map<String, String> machine = new LinkedHashMap<>(System.getenv());
            machine.remove("LAMPLIGHTER_CHILD");
            Child.run(machine, Duration.ofMinutes(8), launcher.toString(), "--version")
                    .well();
            return launcher;
        }
    }
}
