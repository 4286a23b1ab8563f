package io.github.lamplighter.demo;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.service.LoginSession;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.upgrade.DirectoryTrees;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Makes the demo: a git repository with the versions of a tool, a virtual environment with the first of them, its
/// manifest and its service. Uses no network. What an interrupted run left behind is made again.
public final class MakeDemo {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final int FIRST_PORT = 8990;
    private static final int LAST_PORT = 9089;

    private final DemoHome demo;
    private final AppDirectories inside;
    private final Map<String, String> outside;
    private final ProcessRunner runner;
    private final CliClient cli;
    private final ProcessTable processes;
    private final LoginSession session;
    private final String unit;

    /// @param inside the folders of a Lamplighter in the demo
    /// @param outside the environment of this process
    /// @param cli runs Lamplighter in the demo
    /// @param unit of the tool's service
    public MakeDemo(
            DemoHome demo,
            AppDirectories inside,
            Map<String, String> outside,
            ProcessRunner runner,
            CliClient cli,
            ProcessTable processes,
            LoginSession session,
            String unit) {
        this.demo = demo;
        this.inside = inside;
        this.outside = Map.copyOf(outside);
        this.runner = runner;
        this.cli = cli;
        this.processes = processes;
        this.session = session;
        this.unit = unit;
    }

    /// Why a step ended the work.
    private static final class StepFailure extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient DemoOutcome outcome;

        StepFailure(DemoOutcome outcome) {
            super(outcome.toString());
            this.outcome = outcome;
        }
    }

    /// Makes what is missing, and starts the tool.
    ///
    /// @param progress receives a line for each step
    public DemoOutcome make(Consumer<String> progress) {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            return new DemoOutcome.Refused(missing.get());
        }
        try {
            AtomicFile.makeFolder(demo.home());
            return switch (new EnvironmentLock(inside).take(demo.folder(), "Another process is making the demo.")) {
                case EnvironmentLock.Busy(String holder) -> new DemoOutcome.Busy(holder);
                case EnvironmentLock.Held held -> {
                    try (held) {
                        boolean made = !demo.isComplete();
                        if (made) {
                            makeFiles(progress);
                        }
                        yield start(made, progress);
                    }
                }
            };
        } catch (StepFailure e) {
            return e.outcome;
        } catch (IOException e) {
            return new DemoOutcome.Failed("Could not make the demo: %s.".formatted(AtomicFile.why(demo.complete(), e)));
        }
    }

    /// Why there can be no demo on this computer, as a sentence with what to do.
    public Optional<String> missing() {
        return session.unavailable()
                .map(why -> "The demo runs a service. " + why)
                .or(() -> notFound("git", "git", demo.variables(outside).getOrDefault("PATH", "")))
                .or(() -> notFound("python3", "python3 python3-venv", outside.getOrDefault("PATH", "")));
    }

    /// @param path in which the program is searched; git runs in the demo, and Python is then started by its full path
    private Optional<String> notFound(String program, String packages, String path) {
        return runner.find(program, path).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "The demo needs %s, which was not found in PATH. Install it (on Debian and Ubuntu: `sudo apt install %s`), then run `lamplighter demo` again."
                                .formatted(program, packages));
    }

    private void makeFiles(Consumer<String> progress) throws IOException, StepFailure {
        // A run that was killed leaves its git or pip behind.
        demo.endAll(processes);
        for (Path leftOver : List.of(
                demo.repository(),
                demo.environment(),
                AtomicFile.folderOf(demo.settings()),
                demo.data(),
                demo.manifests())) {
            DirectoryTrees.delete(leftOver);
            AtomicFile.makeFolder(leftOver);
        }
        makeRepository();
        progress.accept("Created a git repository with lamp-clock %s and %s"
                .formatted(DemoTool.FIRST.number(), DemoTool.SECOND.number()));
        install();
        progress.accept("Installed lamp-clock %s in a virtual environment".formatted(DemoTool.FIRST.number()));
        int port = freePort();
        AtomicFile.write(demo.settings(), "{ \"port\": %d }\n".formatted(port));
        AtomicFile.write(demo.manifests().resolve(DemoHome.TOOL + ".json"), DemoTool.manifest(demo, port));
        // The only check of the demo that would use the network.
        JsonFile.write(
                inside.settings(), JsonFile.MAPPER.createObjectNode().put(Setting.UPDATES_LAMPLIGHTER.key(), "off"));
        AtomicFile.write(
                demo.complete(),
                "Made by `lamplighter demo`. To delete this folder and the demo's service, run `lamplighter demo"
                        + " --remove`.\n");
    }

    private void makeRepository() throws IOException, StepFailure {
        for (Map.Entry<Optional<DemoTool.Release>, List<List<String>>> step : DemoTool.history()) {
            if (step.getKey().isPresent()) {
                DemoTool.write(step.getKey().get(), demo.repository());
            }
            for (List<String> words : step.getValue()) {
                List<String> argv = new ArrayList<>(List.of("git"));
                argv.addAll(words);
                run(Command.of(LIMIT, argv).in(demo.repository()), DemoTool.gitVariables());
            }
        }
    }

    private void install() throws IOException, StepFailure {
        String python = python();
        ProcessResult made = result(
                Command.of(LIMIT, python, "-m", "venv", demo.environment().toString()), Map.of());
        if (!isWell(made)) {
            boolean noPip = output(made).contains("ensurepip") || output(made).contains("No module named venv");
            throw new StepFailure(
                    noPip
                            ? new DemoOutcome.Refused(
                                    "The demo needs Python's venv module, which %s lacks. Install it (on Debian and Ubuntu: `sudo apt install python3-venv`), then run `lamplighter demo` again."
                                            .formatted(python))
                            : new DemoOutcome.Failed("Could not create the virtual environment of the demo: %s"
                                    .formatted(lastLine(made))));
        }
        run(
                Command.of(
                        LIMIT,
                        demo.environment().resolve("bin/python").toString(),
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--no-input",
                        "--disable-pip-version-check",
                        "--no-index",
                        "git+file://%s@%s"
                                .formatted(
                                        demo.repository().toUri().getRawPath().replaceFirst("/$", ""),
                                        DemoTool.tag(DemoTool.FIRST))),
                DemoTool.gitVariables());
    }

    /// The interpreter itself: a version manager's shim in the user's `PATH` needs the user's home.
    private String python() throws StepFailure {
        ProcessResult asked = runner.run(Command.of(
                LIMIT,
                "python3",
                "-c",
                "import sys; print(getattr(sys, '_base_executable', '') or sys.executable);"
                        + " sys.exit(sys.version_info < (3, 9))"));
        if (isWell(asked) && asked instanceof ProcessResult.Exited exited) {
            return exited.out().strip();
        }
        throw new StepFailure(new DemoOutcome.Refused(
                "The demo needs Python 3.9 or newer, and `python3` is older or doesn't start."));
    }

    /// A port that is free now, from a range in which systems choose none for clients.
    private static int freePort() throws StepFailure {
        for (int port = FIRST_PORT; port <= LAST_PORT; port++) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                // Taken.
            }
        }
        throw new StepFailure(new DemoOutcome.Refused(
                "The demo needs a free port between %d and %d.".formatted(FIRST_PORT, LAST_PORT)));
    }

    /// The service is started also if the demo is old: its unit file is gone after a logout.
    private DemoOutcome start(boolean made, Consumer<String> progress) {
        Envelope installed = cli.run(List.of("service", "install", DemoHome.TOOL, "--yes"));
        if (!installed.succeeded()) {
            return new DemoOutcome.Failed(installed.cause().orElse("Could not start the demo's service."));
        }
        String url = "http://127.0.0.1:%d/".formatted(port());
        progress.accept("Started its service %s".formatted(unit));
        Envelope report = cli.run(List.of("doctor"));
        progress.accept("Checked it");
        String version = report.tools().stream()
                .filter(tool -> JsonFields.text(tool, "name")
                        .filter(DemoHome.TOOL::equals)
                        .isPresent())
                .flatMap(tool -> JsonFields.text(tool.path("provenance"), "version").stream())
                .findFirst()
                .orElse("");
        return new DemoOutcome.Ready(made, version, url, unit);
    }

    private long port() {
        return JsonFile.read(demo.settings()) instanceof JsonFile.Content.Present(JsonNode json)
                ? JsonFields.number(json, "port").orElse((long) FIRST_PORT)
                : FIRST_PORT;
    }

    private void run(Command command, Map<String, String> variables) throws StepFailure {
        ProcessResult result = result(command, variables);
        if (!isWell(result)) {
            throw new StepFailure(new DemoOutcome.Failed(
                    "Could not make the demo: `%s` failed: %s".formatted(command.line(), lastLine(result))));
        }
    }

    private ProcessResult result(Command command, Map<String, String> variables) {
        return runner.run(command.changing(demo.changes(outside)).withAll(variables));
    }

    private static boolean isWell(ProcessResult result) {
        return result instanceof ProcessResult.Exited exited && exited.status() == 0;
    }

    private static String output(ProcessResult result) {
        return switch (result) {
            case ProcessResult.Exited exited -> exited.out() + "\n" + exited.err();
            case ProcessResult.TimedOut timedOut -> timedOut.out() + "\n" + timedOut.err();
            case ProcessResult.NotStarted(String reason) -> reason;
        };
    }

    private static String lastLine(ProcessResult result) {
        return result instanceof ProcessResult.TimedOut(Duration limit, var _, var _)
                ? "it did not end within %d s.".formatted(limit.toSeconds())
                : output(result)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .reduce((_, last) -> last)
                        .orElse("it gave no reason.");
    }
}
