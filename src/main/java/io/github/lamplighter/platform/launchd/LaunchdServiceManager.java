package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.platform.FileServiceManager;
import io.github.lamplighter.platform.launchd.Launchctl.Job;
import io.github.lamplighter.platform.launchd.Launchctl.LaunchctlResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.CoResidentProcesses;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// The user's agents, run by macOS's launchd. launchd runs a loaded agent, or is ready to; at login it loads
/// the files in `~/Library/LaunchAgents`. It is long because the port has a method for each verb of a service manager.
public final class LaunchdServiceManager extends FileServiceManager {

    static final String PREFIX = "io.github.lamplighter.";
    private static final Duration POLL = Duration.ofMillis(100);

    /// How long launchd may take until an agent that was just unloaded can be loaded again.
    private static final Duration SETTLES = Duration.ofSeconds(3);

    private static final ServiceOutcome NOT_RUNNING = new ServiceOutcome.Already("The service is not running.");

    private static final Set<Integer> MAY_PASS =
            Set.of(Launchctl.INPUT_OUTPUT, Launchctl.IN_PROGRESS, Launchctl.ALREADY_IN_PROGRESS);
    private static final Set<Integer> ENDING_OR_GONE =
            Set.of(Launchctl.IN_PROGRESS, Launchctl.NO_PROCESS, Launchctl.NO_SERVICE);

    private final Launchctl launchctl;
    private final List<String> launcher;
    private final Path folder;
    private final String prefix;
    private final AgentPlists agents;
    private final AgentLogs logs;
    private final ProcessGroup processes;
    private final StatePoller statePoller;

    /// @param launcher starts Lamplighter, for an agent with an environment file
    public LaunchdServiceManager(
            ProcessRunner runner, Map<String, String> environment, AppDirectories directories, List<String> launcher) {
        this(runner, environment, directories, launcher, PREFIX, newStatePoller());
    }

    /// The agents of the demo. launchd does not know the demo's home, so it does not load them at the next login.
    public static LaunchdServiceManager untilLogout(
            ProcessRunner runner, Map<String, String> environment, AppDirectories directories, List<String> launcher) {
        return new LaunchdServiceManager(
                runner, environment, directories, launcher, PREFIX + "demo.", newStatePoller());
    }

    LaunchdServiceManager(
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories,
            List<String> launcher,
            StatePoller statePoller) {
        this(runner, environment, directories, launcher, PREFIX, statePoller);
    }

    private LaunchdServiceManager(
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories,
            List<String> launcher,
            String prefix,
            StatePoller statePoller) {
        super(POLL);
        this.launchctl = new Launchctl(runner, environment);
        this.launcher = List.copyOf(launcher);
        this.prefix = prefix;
        this.folder = directories.home().resolve("Library/LaunchAgents");
        this.agents = new AgentPlists(folder, Path.of("/Library/LaunchAgents"), Path.of("/Library/LaunchDaemons"));
        this.logs = new AgentLogs(directories, agents);
        this.processes = new ProcessGroup(runner);
        this.statePoller = statePoller;
    }

    private static StatePoller newStatePoller() {
        return new StatePoller(Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    @Override
    public Optional<String> endsAtLogout() {
        return prefix.equals(PREFIX)
                ? Optional.empty()
                : Optional.of("its agent is in %s, which launchd does not read at login".formatted(folder));
    }

    @Override
    public Optional<String> unavailable() {
        return launchctl.unavailable();
    }

    @Override
    public String unitOf(String toolName) {
        return prefix + toolName;
    }

    /// An existing file keeps its kind of session; otherwise it would differ depending on whether it is
    /// compared at the screen or over SSH.
    @Override
    public String render(ServiceDefinition definition) {
        String label = unit(definition);
        List<String> argv = new ArrayList<>(definition.argv());
        if (definition.environmentFile().isPresent()) {
            argv.clear();
            argv.addAll(launcher);
            argv.addAll(List.of("exec", definition.name()));
        }
        boolean background = PlistReader.read(file(label))
                .map(LaunchdServiceManager::isForBackground)
                .orElseGet(() -> !launchctl.hasDesktop());
        return AgentPlistRenderer.render(definition, label, argv, logs.fileOf(definition.name()), background);
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

    @Override
    protected boolean isOurs(String text) {
        return AgentPlistRenderer.isOurs(text);
    }

    @Override
    protected boolean isChangedText(String text) {
        return AgentPlistRenderer.isChangedByHand(text);
    }

    @Override
    protected String rootCommand(String verb, String name) {
        String command = switch (verb) {
            case "start" -> "kickstart";
            case "stop" -> "bootout";
            default -> verb;
        };
        return "sudo launchctl %s system/%s".formatted(command, name);
    }

    @Override
    public List<ForeignUnit> foreign(Manifest.Install install) {
        return agents.of(install);
    }

    @Override
    public Optional<String> fileText(String unit) {
        return agents.file(unit)
                .flatMap(FileServiceManager::read)
                .or(() -> definitionOf(unit, launchctl.find(unit)).flatMap(FileServiceManager::read));
    }

    @Override
    public List<String> command(String unit) {
        return definitionOf(unit, launchctl.find(unit))
                .flatMap(PlistReader::read)
                .map(PlistReader::argv)
                .orElse(List.of());
    }

    /// launchd.plist(5), EnvironmentVariables, on top of launchd's defaults.
    @Override
    public Optional<ServiceEnvironment> variables(String unit) {
        return definitionOf(unit, launchctl.find(unit))
                .flatMap(PlistReader::read)
                .map(list -> new ServiceEnvironment()
                        .with(Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin"), "launchd")
                        .with(list.map("EnvironmentVariables"), unit));
    }

    @Override
    protected Optional<String> problem(ServiceDefinition definition) {
        return definition.problem();
    }

    /// launchd creates the log file, but not its directory; without that the program exits with status 78.
    @Override
    protected ServiceOutcome prepare(ServiceDefinition definition) {
        try {
            AtomicFile.makeFolder(AtomicFile.folderOf(logs.fileOf(definition.name())));
            return new ServiceOutcome.Already("");
        } catch (IOException e) {
            return new ServiceOutcome.Failed("Could not create the directory of its log: " + FileProblem.why(e));
        }
    }

    /// launchd reads a file when it loads the agent: at the next start, or at login. A loaded agent that is
    /// not running is unloaded, because it would start with the old file.
    @Override
    protected ServiceOutcome reload(String unit) {
        if (launchctl.find(unit) instanceof Job.Loaded loaded
                && loaded.printed().isIdle()) {
            ServiceOutcome unloaded = unload(unit, loaded, SETTLES);
            if (!unloaded.isSuccess()) {
                return unloaded;
            }
        }
        return new ServiceOutcome.Done("launchd reads the service file at the next start.");
    }

    /// launchd remembers it even without the file.
    @Override
    public boolean isDisabledByUser(String unit) {
        return launchctl.override(unit).equals(Optional.of(false));
    }

    @Override
    protected ServiceOutcome switchEnabled(String unit, boolean enable) {
        String domain = domain(unit);
        LaunchctlResult result = enable ? launchctl.enable(domain, unit) : launchctl.disable(domain, unit);
        return new ServiceOutcome.Failed(result.sentence());
    }

    @Override
    protected ServiceOutcome startOwn(String unit) {
        Job job = launchctl.find(unit);
        if (job instanceof Job.Loaded loaded && loaded.printed().isEnding()) {
            if (!awaitGone(unit, Optional.empty(), SETTLES.multipliedBy(10))) {
                return new ServiceOutcome.Failed("The service is still stopping.", lastLines(unit));
            }
            job = launchctl.find(unit);
        }
        return switch (job) {
            case Job.CannotTell unknown -> new ServiceOutcome.Failed(unknown.why());
            case Job.Loaded loaded
            when loaded.printed().pid().isPresent() -> new ServiceOutcome.Already("The service is already running.");
            case Job.Loaded loaded -> kickstart(unit, loaded.domain());
            case Job.NotLoaded _ ->
                agents.file(unit).map(file -> load(unit, file)).orElseGet(() -> missing(unit));
        };
    }

    private ServiceOutcome kickstart(String unit, String domain) {
        LaunchctlResult result = launchctl.kickstart(domain, unit);
        return result.isDone() || result.number() == Launchctl.ALREADY_IN_PROGRESS
                ? new ServiceOutcome.Done("The service was started.")
                : new ServiceOutcome.Failed("The service did not start: " + result.sentence(), lastLines(unit));
    }

    /// launchd does not load a disabled agent, so it is enabled for that moment.
    private ServiceOutcome load(String unit, Path file) {
        String domain = domain(unit);
        if (!domain.equals(launchctl.background()) && !launchctl.hasDesktop()) {
            return new ServiceOutcome.Refused(
                    "This agent needs a login at the screen of this Mac, and there is none. It starts at the next login"
                            + " there. To run it from SSH, uninstall it and install it from here.");
        }
        try {
            logs.of(unit).rotate();
        } catch (IOException e) {
            // The old file keeps growing, which is no reason not to start.
        }
        boolean disabled = isDisabledByUser(unit);
        if (disabled) {
            launchctl.enable(domain, unit);
        }
        try {
            LaunchctlResult result = bootstrap(domain, unit, file);
            if (!result.isDone()) {
                return new ServiceOutcome.Failed(
                        "launchd could not load it: %s.%s".formatted(result.sentence(), guess(result, file)),
                        lastLines(unit));
            }
            await(() -> !isStarting(unit), SETTLES);
            return launchctl.find(unit) instanceof Job.Loaded loaded
                            && loaded.printed().neverRan()
                    ? kickstart(unit, domain)
                    : new ServiceOutcome.Done("The service was started.");
        } finally {
            if (disabled) {
                launchctl.disable(domain, unit);
            }
        }
    }

    /// The previous job may still be ending (5, 36, 37), and launchctl also prints 5 for a job that it loaded.
    private LaunchctlResult bootstrap(String domain, String unit, Path file) {
        AtomicReference<LaunchctlResult> last = new AtomicReference<>(new LaunchctlResult(-1, "", ""));
        await(
                () -> {
                    LaunchctlResult result = launchctl.bootstrap(domain, file);
                    boolean loaded = result.isDone()
                            || (launchctl.find(unit) instanceof Job.Loaded job
                                    && !job.printed().isEnding());
                    last.set(loaded ? new LaunchctlResult(0, result.out(), result.sentence()) : result);
                    return loaded || !MAY_PASS.contains(result.number());
                },
                SETTLES);
        return last.get();
    }

    /// launchd prints "Input/output error" for nearly everything.
    private static String guess(LaunchctlResult result, Path file) {
        if (result.number() != Launchctl.INPUT_OUTPUT) {
            return "";
        }
        return PlistReader.read(file).isEmpty()
                ? " Its file is not a readable property list."
                : " Possible causes: other users can write to the file, or it is for another kind of session.";
    }

    private boolean isStarting(String unit) {
        return launchctl.find(unit) instanceof Job.Loaded loaded
                && loaded.printed().runs() == 0
                && loaded.printed().pid().isEmpty()
                && !loaded.printed().neverRan();
    }

    @Override
    protected ServiceOutcome stopOwn(String unit, Duration limit) {
        return switch (launchctl.find(unit)) {
            case Job.CannotTell unknown -> new ServiceOutcome.Failed(unknown.why());
            case Job.NotLoaded _ -> NOT_RUNNING;
            case Job.Loaded loaded -> unload(unit, loaded, limit);
        };
    }

    private ServiceOutcome unload(String unit, Job.Loaded loaded, Duration limit) {
        LaunchctlPrint printed = loaded.printed();
        long began = System.nanoTime();
        LaunchctlResult result = launchctl.bootout(loaded.domain(), unit, definitionOf(unit, loaded));
        if (!result.isDone() && !ENDING_OR_GONE.contains(result.number())) {
            return new ServiceOutcome.Failed("The service could not be stopped: " + result.sentence(), lastLines(unit));
        }
        if (!awaitGone(unit, printed.pid(), limit)) {
            return stillRunning(unit, limit);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        boolean ran = printed.pid().isPresent() || printed.isScheduled();
        return ran
                ? stopped(
                        printed.exitTimeout()
                                .filter(timeout -> took.compareTo(timeout) >= 0)
                                .isPresent(),
                        "The service was stopped.")
                : NOT_RUNNING;
    }

    /// `bootout` returns before the agent is gone.
    private boolean awaitGone(String unit, Optional<Long> pid, Duration limit) {
        return await(
                () -> pid.flatMap(ProcessHandle::of)
                                .filter(ProcessHandle::isAlive)
                                .isEmpty()
                        && launchctl.find(unit) instanceof Job.NotLoaded,
                limit);
    }

    /// launchd keeps the disabled state for ever; the next installation must not inherit it.
    @Override
    protected ServiceOutcome removeFile(String unit) {
        String domain = domain(unit);
        ServiceOutcome unloaded =
                launchctl.find(unit) instanceof Job.Loaded loaded ? unload(unit, loaded, SETTLES) : NOT_RUNNING;
        return unloaded.then(() -> super.removeFile(unit)).then(() -> {
            launchctl.enable(domain, unit);
            return NOT_RUNNING;
        });
    }

    @Override
    public ServiceState state(String unit) {
        statePoller.wasRead();
        return seen(unit);
    }

    private ServiceState seen(String unit) {
        Optional<String> unavailable = unavailable();
        if (unavailable.isPresent()) {
            return ServiceState.unknown(unit, unavailable.get());
        }
        Job job = launchctl.find(unit);
        Optional<Path> file = definitionOf(unit, job);
        Owner owner =
                file.flatMap(FileServiceManager::read).filter(this::isOurs).isEmpty()
                        ? Owner.FOREIGN
                        : unit.startsWith(PREFIX) ? Owner.OURS : Owner.ADOPTED;
        return switch (job) {
            case Job.CannotTell unknown -> ServiceState.unknown(unit, unknown.why());
            case Job.NotLoaded _ -> notLoaded(unit, file, owner);
            case Job.Loaded loaded -> loaded.printed().state(unit, enabled(unit, file), file, owner);
        };
    }

    private ServiceState notLoaded(String unit, Optional<Path> file, Owner owner) {
        return new ServiceState(
                unit,
                file.isPresent() ? Phase.STOPPED : Phase.NOT_INSTALLED,
                ServiceState.Load.USABLE,
                AtLogin.of(file.isPresent() ? enabled(unit, file) : Optional.empty()),
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
    }

    /// Without an override launchd loads an agent at login if its file exists.
    private Optional<Boolean> enabled(String unit, Optional<Path> file) {
        return launchctl
                .override(unit)
                .or(() -> file.map(path -> PlistReader.read(path)
                        .filter(list -> list.isTrue("Disabled"))
                        .isEmpty()));
    }

    /// launchd ends the process group of a job with the job. The file counts as it was when the job was
    /// loaded, so a new file has no effect on the next stop.
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
        return Optional.of("On macOS the log has no timestamps, so `--since` doesn't work. Use `-n` instead.");
    }

    @Override
    public Optional<String> logElsewhere(String unit) {
        return logs.elsewhere(unit);
    }

    @Override
    public List<LogLine> log(String unit, int lines, Optional<String> since) {
        return since.isPresent() ? List.of() : logs.of(unit).last(lines);
    }

    @Override
    public void follow(String unit, int lines, Optional<String> since, Consumer<LogLine> line) {
        logs.of(unit).follow(lines, line);
    }

    /// launchd sends no events, so its state is polled: every 5 s if the state was read in the last 30 s,
    /// otherwise every 30 s.
    @Override
    public AutoCloseable watch(List<String> units, Consumer<String> changed) {
        return statePoller.watch(units, this::seen, changed);
    }

    @Override
    protected Path file(String unit) {
        return folder.resolve(unit + ".plist");
    }

    /// The agent that runs Lamplighter itself is of no tool.
    @Override
    protected boolean isOfATool(String text) {
        return isOurs(text) && !text.contains(DoctorAgent.LABEL);
    }

    @Override
    protected String unitIn(String fileName) {
        return fileName.substring(0, fileName.length() - ".plist".length());
    }

    /// The file of an agent: in the user's directory, or where launchd loaded it from.
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
}
