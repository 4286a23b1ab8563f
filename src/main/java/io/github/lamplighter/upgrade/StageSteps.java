package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The steps that prepare a new version in a stage: install it, test it, adjust its paths. The installed
/// version keeps running meanwhile.
final class StageSteps {

    /// A variable that the package manager's processes inherit: recovery finds by it what a killed worker
    /// left running.
    static final String MARK = "LAMPLIGHTER_TRANSACTION";

    /// The first start of a large Python tool compiles it: half a minute on a slow machine.
    private static final Duration SMOKE_LIMIT = Duration.ofMinutes(2);
    private static final Duration NODE_LIMIT = Duration.ofSeconds(10);
    private static final Duration SYNC_LIMIT = Duration.ofMinutes(2);
    private static final Duration COMPILE_LIMIT = Duration.ofMinutes(10);

    /// A package manager that compiles something can write much more.
    private static final long MOST_OUTPUT = 1_000_000;
    private static final int LONGEST_LINE = 8 * 1024;

    private final UpgradeContext context;
    private final UpgradePlan plan;
    private final Journal journal;
    private final Manifest manifest;
    private final Provenance before;
    private long recorded;

    StageSteps(UpgradeContext context, UpgradePlan plan, Journal journal) {
        this.context = context;
        this.plan = plan;
        this.journal = journal;
        this.manifest = plan.manifest();
        this.before = plan.provenance();
    }

    StepRun install() throws IOException {
        DirectoryTrees.delete(plan.stageFolder());
        AtomicFile.makeFolder(plan.stageFolder());
        if (plan.stagePlan().copyTo().isPresent()) {
            DirectoryTrees.copy(
                    context.runner(),
                    Map.of(MARK, plan.id()),
                    before.environment(),
                    plan.stagePlan().copyTo().get());
        }
        for (Map.Entry<Path, String> file : plan.stagePlan().files().entrySet()) {
            AtomicFile.makeFolder(AtomicFile.folderOf(file.getKey()));
            AtomicFile.write(file.getKey(), file.getValue());
        }
        for (Command command : plan.stagePlan().commands()) {
            output("$ " + command.line());
            // What the stage sets outranks what was recorded: it names the stage.
            Command staged = command.withAll(manifest.install().variables()).changing(command.environment());
            Optional<String> problem =
                    problem(staged, context.runner().run(onceCompiled(staged).with(MARK, plan.id()), this::output));
            if (problem.isPresent()) {
                context.processTable()
                        .marked(MARK, plan.id())
                        .forEach(left -> context.processTable().end(left.pid()));
                return StepRun.failed(problem.get());
            }
        }
        if (isVirtualEnvironment()) {
            // Before the test, which would compile the same for the staging path.
            compile(StageRelocation.toCompile(
                    before.environment(), plan.stagePlan().prepared()));
        }
        return StepRun.done("");
    }

    private boolean isVirtualEnvironment() {
        return Files.exists(plan.stagePlan().prepared().resolve("pyvenv.cfg"));
    }

    /// Byte code contains its path, so that it is compiled when the final path is known, and only then.
    private static Command onceCompiled(Command command) {
        return command.with("PIP_COMPILE", "0").with("UV_COMPILE_BYTECODE", "0");
    }

    /// The package manager's exit code proves nothing; what is in the stage now does.
    StepRun test() throws IOException {
        if (!Files.exists(plan.stagePlan().prepared())) {
            return nothingInstalled();
        }
        Path program =
                plan.stagePlan().programsFolder().resolve(before.program().getFileName());
        if (!Files.isExecutable(program)) {
            return StepRun.failed("%s does not contain the program %s."
                    .formatted(plan.upgradeTarget().label(), program.getFileName()));
        }
        Optional<Provenance> staged = context.provenance(manifest, program);
        if (staged.isEmpty() || !staged.get().environment().startsWith(real(plan.stageFolder()))) {
            return StepRun.failed("Could not read the staged installation.");
        }
        Optional<String> mismatch =
                new ReplacementVersion.NewVersion(plan).mismatch(staged.get(), context.directories());
        if (mismatch.isPresent()) {
            return isAsBefore(staged.get()) ? nothingInstalled() : StepRun.failed(mismatch.get());
        }
        Optional<Path> lost = lostProgram();
        if (lost.isPresent()) {
            return StepRun.failed("%s does not contain the program %s, which the service starts."
                    .formatted(plan.upgradeTarget().label(), lost.get().getFileName()));
        }
        if (manifest.smoke().isEmpty()) {
            return StepRun.done("version only; there is no test command");
        }
        Command smoke = smoke(program);
        return StepRun.unless(
                problem(smoke, context.runner().run(smoke)),
                () -> StepRun.done(program.getFileName() + " " + String.join(" ", manifest.smoke())));
    }

    /// A program that a service file which is not ours starts, and that the switch would remove.
    private Optional<Path> lostProgram() throws IOException {
        List<String> command =
                context.unit(manifest).map(context.services()::command).orElse(List.of());
        Map<Path, Optional<String>> links = links();
        Optional<Path> removed = command.stream()
                .filter(word -> word.startsWith("/"))
                .map(Path::of)
                .filter(path -> links.containsKey(path) && links.get(path).isEmpty())
                .findFirst();
        return removed.or(() -> command.stream()
                .limit(1)
                .map(Path::of)
                .filter(program -> program.startsWith(before.environment()) && Files.exists(program))
                .filter(program -> !Files.exists(
                        plan.stagePlan().prepared().resolve(before.environment().relativize(program))))
                .findFirst());
    }

    /// In an empty home: whatever the new version does there, such as starting or migrating something, must not reach
    /// the data, which are not backed up yet.
    private Command smoke(Path program) throws IOException {
        List<String> argv = Stream.concat(Stream.of(program.toString()), manifest.smoke().stream())
                .toList();
        // That of its package manager: a Node program runs the first Node there.
        Optional<String> path = plan.stagePlan()
                .commands()
                .getLast()
                .environment()
                .getOrDefault("PATH", Optional.empty())
                .map(this::withoutShim);
        Command command = Command.of(SMOKE_LIMIT, argv)
                .withAll(path.map(folders -> Map.of("PATH", folders)).orElse(Map.of()))
                .with(MARK, plan.id());
        if (new VirtualEnvironment(plan.stagePlan().prepared()).usesSystemPackages()) {
            // Some may be in the user's home.
            return command;
        }
        Path home = Files.createTempDirectory(plan.stageFolder(), "home");
        return command.in(home)
                .with("HOME", home.toString())
                .without("XDG_CONFIG_HOME")
                .without("XDG_DATA_HOME")
                .without("XDG_STATE_HOME")
                .without("XDG_CACHE_HOME");
    }

    /// Puts the Node itself first: the shims of mise and asdf choose one by the settings in the user's home.
    private String withoutShim(String path) {
        if (before.installer() != InstallerKind.NPM) {
            return path;
        }
        Command asked = Command.of(NODE_LIMIT, "node", "-p", "process.execPath").with("PATH", path);
        return context.runner().run(asked) instanceof ProcessResult.Exited(int status, String out, var _, var _)
                        && status == 0
                        && out.startsWith("/")
                ? AtomicFile.folderOf(Path.of(out.strip())) + ":" + path
                : path;
    }

    private boolean isAsBefore(Provenance staged) {
        return staged.version().equals(before.version()) && staged.origin().equals(before.origin());
    }

    private StepRun nothingInstalled() {
        return StepRun.failed("%s reported no error, but did not install %s."
                .formatted(
                        program(plan.stagePlan().commands().getLast()),
                        plan.upgradeTarget().label()));
    }

    StepRun relocatePaths() throws IOException {
        Path prepared = plan.stagePlan().prepared();
        StageRelocation paths = new StageRelocation(
                prepared,
                before.environment(),
                plan.stageFolder(),
                plan.stagePlan().links());
        List<Path> changed = paths.rewrite();
        if (isVirtualEnvironment()) {
            compile(paths.toCompileAgain());
        }
        List<Path> remains = paths.remains();
        if (!remains.isEmpty()) {
            return StepRun.failed("%d files still contain the staging path, such as %s."
                    .formatted(remains.size(), prepared.relativize(remains.getFirst())));
        }
        // A power cut after the switch must find the new files written, not only named.
        ProcessResult _ = context.runner().run(Command.of(SYNC_LIMIT, "sync", "-f", prepared.toString()));
        List<Path> strangers = LauncherLinks.strangers(links(), before.environment());
        return strangers.isEmpty()
                ? StepRun.done(
                        switch (changed.size()) {
                            case 0 -> "none";
                            case 1 -> "1 file";
                            default -> changed.size() + " files";
                        })
                : StepRun.failed("%s exists and does not belong to this tool."
                        .formatted(context.directories().display(strangers.getFirst())));
    }

    /// Best effort: without byte code Python compiles when it runs.
    private void compile(List<Path> sources) throws IOException {
        Path prepared = plan.stagePlan().prepared();
        Path list = plan.stageFolder().resolve("compile.txt");
        if (sources.isEmpty() || list.startsWith(prepared)) {
            return;
        }
        Files.writeString(list, sources.stream().map(source -> source + "\n").collect(Collectors.joining()));
        ProcessResult _ = context.runner()
                .run(compiling(prepared, before.environment(), list).with(MARK, plan.id()));
        Files.delete(list);
    }

    /// With `-B`: a `.pth` file can import modules while Python starts, which would write their byte code first, with
    /// the staging path.
    ///
    /// @param list a file with the paths of the sources
    static Command compiling(Path prepared, Path environment, Path list) {
        return Command.of(
                COMPILE_LIMIT,
                prepared.resolve("bin/python").toString(),
                "-B",
                "-m",
                "compileall",
                "-q",
                "-s",
                prepared.toString(),
                "-p",
                environment.toString(),
                "-i",
                list.toString());
    }

    /// The launcher links to set at the switch.
    Map<Path, Optional<String>> links() throws IOException {
        return LauncherLinks.wanted(
                plan.stagePlan().links(), real(plan.stagePlan().prepared()), before.environment());
    }

    /// Called by the threads that read output and errors.
    private synchronized void output(String line) {
        if (recorded > MOST_OUTPUT) {
            return;
        }
        String shown = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line;
        recorded += shown.length();
        journal.note(new JournalEntry.Output(
                context.clock().instant(), recorded > MOST_OUTPUT ? "(More output was not recorded.)" : shown));
    }

    private static Optional<String> problem(Command command, ProcessResult result) {
        String program = program(command);
        return switch (result) {
            case ProcessResult.Exited exited when exited.status() == 0 -> Optional.empty();
            case ProcessResult.Exited exited -> Optional.of(InstallerErrorLine.sentence(program, exited));
            case ProcessResult.TimedOut(Duration limit, var _, var _) ->
                Optional.of("%s did not finish within %d s.".formatted(program, limit.toSeconds()));
            case ProcessResult.NotStarted(String reason) -> Optional.of(reason + ".");
        };
    }

    /// The program's name, for messages; that of its module for a Python that runs one.
    private static String program(Command command) {
        return command.argv().size() > 2 && command.argv().get(1).equals("-m")
                ? command.argv().get(2)
                : command.program();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }
}
