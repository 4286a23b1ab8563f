package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.platform.launchd.Launchctl.Job;
import io.github.lamplighter.platform.launchd.Launchctl.LaunchctlResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.CoResidentProcesses;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The agents of this user, run by macOS's launchd. A loaded agent is one that launchd runs or would run; the
/// file in `~/Library/LaunchAgents` is what is loaded at the next login.
public final class LaunchdServiceManager implements ServiceManager {

    private static final String PREFIX = "io.github.lamplighter.";
    private static final Duration POLL = Duration.ofMillis(100);

    /// How long launchd may need until an agent that was just unloaded can be loaded again.
    private static final Duration SETTLES = Duration.ofSeconds(3);

    private static final int WORDS = 10;

    private final Launchctl launchctl;
    private final AppDirectories directories;
    private final List<String> launcher;
    private final Path folder;
    private final AgentPlists agents;
    private final ProcessGroup processes;
    private final StatePoller statePoller;

    /// @param launcher starts Lamplighter, for an agent that has a file of variables
    public LaunchdServiceManager(
            ProcessRunner runner, Map<String, String> environment, AppDirectories directories, List<String> launcher) {
        this(
                runner,
                environment,
                directories,
                launcher,
                new StatePoller(Duration.ofSeconds(5), Duration.ofSeconds(30)));
    }

    LaunchdServiceManager(
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories,
            List<String> launcher,
            StatePoller statePoller) {
        this.launchctl = new Launchctl(runner, environment);
        this.directories = directories;
        this.launcher = List.copyOf(launcher);
        this.folder = directories.home().resolve("Library/LaunchAgents");
        this.agents = new AgentPlists(folder, Path.of("/Library/LaunchAgents"), Path.of("/Library/LaunchDaemons"));
        this.processes = new ProcessGroup(runner);
        this.statePoller = statePoller;
    }

    @Override
    public Optional<String> unavailable() {
        return launchctl.unavailable();
    }

    @Override
    public String unitOf(String toolName) {
        return PREFIX + toolName;
    }

    /// A file that is there keeps its kind of session: else it would differ from itself, seen from the desk
    /// and over SSH.
    @Override
    public String render(ServiceDefinition definition) {
        String label = label(definition);
        List<String> argv = new ArrayList<>(definition.argv());
        if (definition.environmentFile().isPresent()) {
            argv.clear();
            argv.addAll(launcher);
            argv.addAll(List.of("exec", definition.name()));
        }
        boolean background = PlistReader.read(file(label))
                .map(LaunchdServiceManager::isForBackground)
                .orElseGet(() -> !launchctl.hasDesktop());
        return AgentPlistWriter.render(definition, label, argv, logOf(definition.name()), background);
    }

    @Override
    public Optional<String> unitName(Manifest.Service service) {
        return service.label();
    }

    @Override
    public Manifest.Service unitName(Manifest.Service service, String unit) {
        return service.withLabel(unit);
    }

    @Override
    public String rootDisableCommand(String name) {
        return "sudo launchctl unload -w '/Library/LaunchDaemons/%s.plist'".formatted(name);
    }

    @Override
    public Path defaultWorkingDirectory(Path home) {
        return Path.of("/");
    }

    @Override
    public boolean supportsDropIns() {
        return false;
    }

    private String label(ServiceDefinition definition) {
        return definition.unit().orElseGet(() -> unitOf(definition.name()));
    }

    @Override
    public boolean isWritten(String unit) {
        return read(file(unit)).filter(AgentPlistWriter::isOurs).isPresent();
    }

    /// Only root changes a daemon of the system.
    private static Optional<ServiceOutcome> ofTheSystem(String unit, String command) {
        if (!unit.startsWith(ForeignUnit.SYSTEM)) {
            return Optional.empty();
        }
        String label = unit.substring(ForeignUnit.SYSTEM.length());
        return Optional.of(new ServiceOutcome.Refused(
                "%s belongs to the system, not to your session, so only root may do that: `sudo launchctl %s`."
                        .formatted(label, command.formatted(label))));
    }

    @Override
    public List<ForeignUnit> foreign(Manifest.Install install) {
        return agents.of(install);
    }

    @Override
    public Optional<String> fileText(String unit) {
        return agents.file(unit)
                .flatMap(LaunchdServiceManager::read)
                .or(() -> definitionOf(unit, launchctl.find(unit)).flatMap(LaunchdServiceManager::read));
    }

    @Override
    public List<String> command(String unit) {
        return definitionOf(unit, launchctl.find(unit))
                .flatMap(PlistReader::read)
                .map(PlistReader::argv)
                .orElse(List.of());
    }

    /// launchd.plist(5), EnvironmentVariables, above what launchd gives everybody.
    @Override
    public Optional<ServiceEnvironment> variables(String unit) {
        return definitionOf(unit, launchctl.find(unit))
                .flatMap(PlistReader::read)
                .map(list -> new ServiceEnvironment()
                        .with(Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin"), "launchd")
                        .with(list.map("EnvironmentVariables"), unit));
    }

    @Override
    public boolean isChangedByHand(String unit) {
        return read(file(unit)).filter(AgentPlistWriter::isChangedByHand).isPresent();
    }

    @Override
    public ServiceOutcome write(ServiceDefinition definition) {
        return write(definition, false);
    }

    @Override
    public ServiceOutcome writeOver(ServiceDefinition definition) {
        return write(definition, true);
    }

    private ServiceOutcome write(ServiceDefinition definition, boolean over) {
        Optional<String> problem = definition.problem();
        if (problem.isPresent()) {
            return new ServiceOutcome.Refused(problem.get());
        }
        String unit = label(definition);
        Path file = file(unit);
        Optional<String> before = read(file);
        if (over) {
            // Its text was kept by whoever wants it replaced.
        } else if (before.filter(text -> !AgentPlistWriter.isOurs(text)).isPresent()
                || (before.isEmpty() && Files.exists(file, LinkOption.NOFOLLOW_LINKS))) {
            return new ServiceOutcome.Refused(
                    "%s was not written by Lamplighter, so it is left as it is.".formatted(directories.display(file)));
        }
        try {
            // launchd makes the log file, but not its folder, and ends with status 78 without it.
            AtomicFile.makeFolder(AtomicFile.folderOf(logOf(definition.name())));
        } catch (IOException e) {
            return new ServiceOutcome.Failed("The folder of its log could not be made: " + e.getMessage(), List.of());
        }
        String text = render(definition);
        if (before.filter(text::equals).isPresent()) {
            return new ServiceOutcome.Already("The agent's file is as it should be.");
        }
        return restore(unit, Optional.of(text)) instanceof ServiceOutcome.Failed failed
                ? failed
                : new ServiceOutcome.Done("The agent's file was written.");
    }

    /// launchd reads a file when the agent is loaded: at the next start, or login. One that is loaded and does not run
    /// would be started as it was read, so it is unloaded.
    @Override
    public ServiceOutcome restore(String unit, Optional<String> text) {
        Path file = file(unit);
        try {
            if (text.isPresent()) {
                // A file that others may write to is refused by launchd.
                AtomicFile.write(file, text.get().getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return new ServiceOutcome.Failed(
                    "The agent's file could not be %s: %s. What was there is as it was."
                            .formatted(text.isPresent() ? "written" : "removed", AtomicFile.why(file, e)),
                    List.of());
        }
        return launchctl.find(unit) instanceof Job.Loaded loaded
                        && (loaded.printed().phase() == Phase.STOPPED
                                || loaded.printed().phase() == Phase.FAILED)
                        && unloaded(unit, loaded, SETTLES) instanceof ServiceOutcome.Failed failed
                ? failed
                : new ServiceOutcome.Done("The agent's file was put in place.");
    }

    @Override
    public ServiceOutcome enable(String unit) {
        return atLogin(unit, true);
    }

    @Override
    public ServiceOutcome disable(String unit) {
        return atLogin(unit, false);
    }

    /// What the user switched off, here or in the system's settings, stays off.
    @Override
    public ServiceOutcome enableAtInstall(String unit) {
        return launchctl.override(unit).equals(Optional.of(false))
                ? new ServiceOutcome.Already(
                        "It does not start when you log in, since it is switched off; `lamplighter service enable`"
                                + " switches it on.")
                : enable(unit);
    }

    private ServiceOutcome atLogin(String unit, boolean wanted) {
        Optional<ServiceOutcome> root = ofTheSystem(unit, (wanted ? "enable" : "disable") + " system/%s");
        if (root.isPresent()) {
            return root.get();
        }
        ServiceState before = state(unit);
        if (before.phase() == Phase.UNKNOWN) {
            return new ServiceOutcome.Failed(before.words(), List.of());
        }
        String goal = wanted ? "It starts when you log in." : "It does not start when you log in.";
        if (before.phase() == Phase.NOT_INSTALLED) {
            return wanted ? new ServiceOutcome.Refused(missing(unit)) : new ServiceOutcome.Already(goal);
        }
        if (before.enabled().equals(Optional.of(wanted))) {
            return new ServiceOutcome.Already(goal);
        }
        String domain = domain(unit);
        LaunchctlResult launchctlResult = wanted ? launchctl.enable(domain, unit) : launchctl.disable(domain, unit);
        return launchctlResult.isDone() && state(unit).enabled().equals(Optional.of(wanted))
                ? new ServiceOutcome.Done(goal)
                : new ServiceOutcome.Failed(launchctlResult.sentence(), List.of());
    }

    @Override
    public ServiceOutcome start(String unit) {
        Optional<ServiceOutcome> root = ofTheSystem(unit, "kickstart system/%s");
        if (root.isPresent()) {
            return root.get();
        }
        Job job = launchctl.find(unit);
        if (job instanceof Job.Loaded loaded && loaded.printed().isEnding()) {
            if (!awaitGone(unit, Optional.empty(), SETTLES.multipliedBy(10))) {
                return new ServiceOutcome.Failed("It is still being stopped.", lastLogLines(unit));
            }
            job = launchctl.find(unit);
        }
        return switch (job) {
            case Job.CannotTell unknown -> new ServiceOutcome.Failed(unknown.why(), List.of());
            case Job.Loaded loaded
            when loaded.printed().pid().isPresent() -> new ServiceOutcome.Already("It runs already.");
            case Job.Loaded loaded -> kicked(unit, loaded.domain());
            case Job.NotLoaded _ ->
                agents.file(unit)
                        .map(file -> load(unit, file))
                        .orElseGet(() -> new ServiceOutcome.Refused(missing(unit)));
        };
    }

    private ServiceOutcome kicked(String unit, String domain) {
        LaunchctlResult launchctlResult = launchctl.kickstart(domain, unit);
        return launchctlResult.isDone() || launchctlResult.number() == Launchctl.ALREADY_IN_PROGRESS
                ? new ServiceOutcome.Done("It was started.")
                : new ServiceOutcome.Failed("It did not start: " + launchctlResult.sentence(), lastLogLines(unit));
    }

    /// An agent that is switched off cannot be loaded: it is switched on for that moment, and off again.
    private ServiceOutcome load(String unit, Path file) {
        String domain = domain(unit);
        if (!domain.equals(launchctl.background()) && !launchctl.hasDesktop()) {
            return new ServiceOutcome.Refused(
                    "Nobody is logged in at the screen of this Mac, and this agent belongs to such a session: it"
                            + " starts at the next login there. To run it from SSH, uninstall it and install it here.");
        }
        try {
            new LogFile(logFile(unit)).rotate();
        } catch (IOException e) {
            // Then the old file grows on; that is no reason not to start.
        }
        boolean off = launchctl.override(unit).equals(Optional.of(false));
        if (off) {
            launchctl.enable(domain, unit);
        }
        try {
            LaunchctlResult launchctlResult = bootstrapped(domain, unit, file);
            if (!launchctlResult.isDone()) {
                return new ServiceOutcome.Failed(
                        "It could not be loaded: %s.%s"
                                .formatted(launchctlResult.sentence(), guess(launchctlResult, file)),
                        lastLogLines(unit));
            }
            awaitBegun(unit);
            return launchctl.find(unit) instanceof Job.Loaded loaded
                            && loaded.printed().neverRan()
                    ? kicked(unit, domain)
                    : new ServiceOutcome.Done("It was started.");
        } finally {
            if (off) {
                launchctl.disable(domain, unit);
            }
        }
    }

    /// The one before may still be on its way out (5, 36, 37), and 5 is sometimes said of one that was
    /// loaded.
    private LaunchctlResult bootstrapped(String domain, String unit, Path file) {
        long end = System.nanoTime() + SETTLES.toNanos();
        while (true) {
            LaunchctlResult launchctlResult = launchctl.bootstrap(domain, file);
            if (launchctlResult.isDone()
                    || (launchctl.find(unit) instanceof Job.Loaded loaded
                            && !loaded.printed().isEnding())) {
                return new LaunchctlResult(0, launchctlResult.out(), launchctlResult.sentence());
            }
            boolean passing = launchctlResult.number() == Launchctl.INPUT_OUTPUT
                    || launchctlResult.number() == Launchctl.IN_PROGRESS
                    || launchctlResult.number() == Launchctl.ALREADY_IN_PROGRESS;
            if (!passing || System.nanoTime() > end || !pause()) {
                return launchctlResult;
            }
        }
    }

    /// launchd says "Input/output error" to nearly everything.
    private static String guess(LaunchctlResult launchctlResult, Path file) {
        if (launchctlResult.number() != Launchctl.INPUT_OUTPUT) {
            return "";
        }
        return PlistReader.read(file).isEmpty()
                ? " Its file is no property list that can be read."
                : " launchd says that of a file that others may write to, and of an agent for another kind of session,"
                        + " too.";
    }

    private void awaitBegun(String unit) {
        long end = System.nanoTime() + SETTLES.toNanos();
        while (launchctl.find(unit) instanceof Job.Loaded loaded
                && loaded.printed().runs() == 0
                && loaded.printed().pid().isEmpty()
                && !loaded.printed().neverRan()
                && System.nanoTime() < end
                && pause()) {
            // Asked again.
        }
    }

    @Override
    public ServiceOutcome stop(String unit, Duration limit) {
        Optional<ServiceOutcome> root = ofTheSystem(unit, "bootout system/%s");
        if (root.isPresent()) {
            return root.get();
        }
        return switch (launchctl.find(unit)) {
            case Job.CannotTell unknown -> new ServiceOutcome.Failed(unknown.why(), List.of());
            case Job.NotLoaded _ -> new ServiceOutcome.Already("It does not run.");
            case Job.Loaded loaded -> unloaded(unit, loaded, limit);
        };
    }

    private ServiceOutcome unloaded(String unit, Job.Loaded loaded, Duration limit) {
        LaunchctlPrint printed = loaded.printed();
        long began = System.nanoTime();
        LaunchctlResult launchctlResult = launchctl.bootout(loaded.domain(), unit, definitionOf(unit, loaded));
        boolean asked = launchctlResult.isDone()
                || launchctlResult.number() == Launchctl.IN_PROGRESS
                || launchctlResult.number() == Launchctl.NO_PROCESS
                || launchctlResult.number() == Launchctl.NO_SERVICE;
        if (!asked) {
            return new ServiceOutcome.Failed(
                    "It could not be stopped: " + launchctlResult.sentence(), lastLogLines(unit));
        }
        if (!awaitGone(unit, printed.pid(), limit)) {
            return new ServiceOutcome.Failed(
                    "It still runs %d s after it was asked to stop.".formatted(limit.toSeconds()), lastLogLines(unit));
        }
        boolean ran = printed.pid().isPresent() || printed.state().equals("spawn scheduled");
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        boolean killed = printed.exitTimeout()
                .filter(timeout -> took.compareTo(timeout) >= 0)
                .isPresent();
        return !ran
                ? new ServiceOutcome.Already("It does not run.")
                : new ServiceOutcome.Done(
                        killed ? "It did not end when it was asked to, so it was killed." : "It was stopped.");
    }

    /// `bootout` returns before the agent is gone.
    private boolean awaitGone(String unit, Optional<Long> pid, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            boolean alive = pid.flatMap(ProcessHandle::of)
                    .filter(ProcessHandle::isAlive)
                    .isPresent();
            if (!alive && launchctl.find(unit) instanceof Job.NotLoaded) {
                return true;
            }
            if (System.nanoTime() > end || !pause()) {
                return false;
            }
        }
    }

    @Override
    public ServiceOutcome remove(String unit) {
        Path file = file(unit);
        Optional<String> text = read(file);
        if (text.isEmpty()) {
            return new ServiceOutcome.Already("There is no agent of Lamplighter's.");
        }
        if (text.filter(AgentPlistWriter::isOurs).isEmpty()) {
            return new ServiceOutcome.Refused(
                    "%s was not written by Lamplighter, so it stays.".formatted(directories.display(file)));
        }
        Job job = launchctl.find(unit);
        if (job instanceof Job.Loaded loaded && loaded.printed().pid().isPresent()) {
            return new ServiceOutcome.Refused("It still runs; stop it first.");
        }
        String domain = domain(unit);
        if (job instanceof Job.Loaded loaded
                && unloaded(unit, loaded, SETTLES) instanceof ServiceOutcome.Failed failed) {
            return failed;
        }
        ServiceOutcome outcome = restore(unit, Optional.empty());
        if (outcome instanceof ServiceOutcome.Done) {
            // launchd remembers a switch for ever: the next installation is not to find this one.
            launchctl.enable(domain, unit);
            return new ServiceOutcome.Done("The agent's file was removed.");
        }
        return outcome;
    }

    @Override
    public ServiceState state(String unit) {
        statePoller.looked();
        return seen(unit);
    }

    private ServiceState seen(String unit) {
        Optional<String> unavailable = unavailable();
        if (unavailable.isPresent()) {
            return unknown(unit, unavailable.get());
        }
        Job job = launchctl.find(unit);
        Optional<Path> file = definitionOf(unit, job);
        Owner owner = file.flatMap(LaunchdServiceManager::read)
                        .filter(AgentPlistWriter::isOurs)
                        .isEmpty()
                ? Owner.FOREIGN
                : unit.startsWith(PREFIX) ? Owner.OURS : Owner.ADOPTED;
        return switch (job) {
            case Job.CannotTell unknown -> unknown(unit, unknown.why());
            case Job.NotLoaded _ ->
                new ServiceState(
                        unit,
                        file.isPresent() ? Phase.STOPPED : Phase.NOT_INSTALLED,
                        file.isPresent() ? enabled(unit, file) : Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        file,
                        owner,
                        file.isPresent() ? "not loaded" : "not there",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
            case Job.Loaded loaded -> {
                LaunchctlPrint printed = loaded.printed();
                yield new ServiceState(
                        unit,
                        printed.phase(),
                        enabled(unit, file),
                        printed.pid(),
                        printed.pid()
                                .flatMap(ProcessHandle::of)
                                .flatMap(handle -> handle.info().startInstant()),
                        Math.max(0, printed.runs() - 1),
                        printed.lastExit(),
                        file,
                        owner,
                        printed.words(),
                        Optional.empty(),
                        printed.pid().map(pid -> printed.runs() + "/" + pid),
                        printed.sentence());
            }
        };
    }

    /// An agent that nobody switched is loaded at login when its file is there.
    private Optional<Boolean> enabled(String unit, Optional<Path> file) {
        return launchctl
                .override(unit)
                .or(() -> file.map(path -> PlistReader.read(path)
                        .filter(list -> list.isTrue("Disabled"))
                        .isEmpty()));
    }

    private static ServiceState unknown(String unit, String why) {
        return new ServiceState(
                unit,
                Phase.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Owner.FOREIGN,
                why,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// launchd ends the process group of a job with it, as the file said when the job was loaded: a new file changes
    /// that only for the next stop.
    @Override
    public CoResidentProcesses coResidents(String unit) {
        Job job = launchctl.find(unit);
        return job instanceof Job.Loaded loaded
                ? loaded.printed()
                        .pid()
                        .map(pid -> new CoResidentProcesses(
                                definitionOf(unit, job)
                                                .flatMap(PlistReader::read)
                                                .filter(list -> list.isTrue("AbandonProcessGroup"))
                                                .isPresent()
                                        ? "process"
                                        : "",
                                processes.guests(pid),
                                false))
                        .orElse(CoResidentProcesses.NONE)
                : CoResidentProcesses.NONE;
    }

    @Override
    public Optional<String> refusesSince(String when) {
        return Optional.of(
                "The log of a Mac's agent is a file without times, so `--since` says nothing there; `-n` does.");
    }

    @Override
    public Optional<String> logElsewhere(String unit) {
        return agents.file(unit).flatMap(PlistReader::read).flatMap(list -> {
            Optional<Path> out = list.path("StandardOutPath");
            Optional<Path> err = list.path("StandardErrorPath");
            if (out.isEmpty() && err.isEmpty()) {
                return Optional.of("%s names no file for what it writes, so macOS keeps none of it.".formatted(unit));
            }
            return out.isPresent() && err.isPresent() && !out.equals(err)
                    ? Optional.of("This is what it wrote to standard error; the rest is in %s."
                            .formatted(directories.display(out.get())))
                    : Optional.empty();
        });
    }

    @Override
    public List<LogLine> log(String unit, int lines, Optional<String> since) {
        return since.isPresent() ? List.of() : new LogFile(logFile(unit)).last(lines);
    }

    @Override
    public void follow(String unit, int lines, Optional<String> since, Consumer<LogLine> line) {
        new LogFile(logFile(unit)).follow(lines, line);
    }

    /// launchd tells nobody that something changed, so it is asked from time to time: every 5 s while somebody
    /// looks (the state was asked for in the last half minute), else every 30 s.
    @Override
    public AutoCloseable watch(List<String> units, Consumer<String> changed) {
        return statePoller.watch(units, this::seen, changed);
    }

    private Path file(String unit) {
        return folder.resolve(unit + ".plist");
    }

    private Path logOf(String name) {
        return directories.home().resolve("Library/Logs/Lamplighter").resolve(name + ".log");
    }

    /// What the agent's file says, so that a foreign one has its own.
    private Path logFile(String unit) {
        Optional<PlistReader> list = agents.file(unit).flatMap(PlistReader::read);
        return list.flatMap(found -> found.path("StandardErrorPath").or(() -> found.path("StandardOutPath")))
                .orElseGet(() -> logOf(unit.startsWith(PREFIX) ? unit.substring(PREFIX.length()) : unit));
    }

    /// The file of an agent: in the user's folder, or where launchd says that it was loaded from.
    private Optional<Path> definitionOf(String unit, Job job) {
        Optional<Path> printed = job instanceof Job.Loaded loaded
                ? loaded.printed().path().filter(Files::isRegularFile)
                : Optional.empty();
        return agents.file(unit).or(() -> printed);
    }

    private String domain(String unit) {
        return agents.file(unit)
                        .flatMap(PlistReader::read)
                        .filter(LaunchdServiceManager::isForBackground)
                        .isPresent()
                ? launchctl.background()
                : launchctl.desktop();
    }

    private static boolean isForBackground(PlistReader list) {
        return list.texts("LimitLoadToSessionType").equals(List.of("Background"));
    }

    private List<String> lastLogLines(String unit) {
        return log(unit, WORDS, Optional.empty()).stream().map(LogLine::text).toList();
    }

    private static String missing(String unit) {
        return "There is no agent %s; `lamplighter service install` makes one.".formatted(unit);
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of("");
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(POLL);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
