package io.github.lamplighter.app;

import io.github.lamplighter.cli.ActivityCommand;
import io.github.lamplighter.cli.ActivityRecorder;
import io.github.lamplighter.cli.AddCommand;
import io.github.lamplighter.cli.AsciiPrintStream;
import io.github.lamplighter.cli.AutostartCommand;
import io.github.lamplighter.cli.CompletionCommand;
import io.github.lamplighter.cli.Console;
import io.github.lamplighter.cli.DoctorCommand;
import io.github.lamplighter.cli.ExecCommand;
import io.github.lamplighter.cli.ExitCode;
import io.github.lamplighter.cli.ExplainCommand;
import io.github.lamplighter.cli.ForgetCommand;
import io.github.lamplighter.cli.HistoryCommand;
import io.github.lamplighter.cli.IgnoreCommand;
import io.github.lamplighter.cli.LamplighterCommand;
import io.github.lamplighter.cli.LazyCommand;
import io.github.lamplighter.cli.ListCommand;
import io.github.lamplighter.cli.ManifestCommand;
import io.github.lamplighter.cli.ManifestContext;
import io.github.lamplighter.cli.OpenCommand;
import io.github.lamplighter.cli.OutdatedCommand;
import io.github.lamplighter.cli.ReportCommand;
import io.github.lamplighter.cli.ServiceCommand;
import io.github.lamplighter.cli.ServiceContext;
import io.github.lamplighter.cli.ServiceOperation;
import io.github.lamplighter.cli.SettingsCommand;
import io.github.lamplighter.cli.StatusCommand;
import io.github.lamplighter.cli.TrainAotCacheCommand;
import io.github.lamplighter.cli.TrayCommand;
import io.github.lamplighter.cli.UnignoreCommand;
import io.github.lamplighter.cli.WindowCommand;
import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.DoctorPorts;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.doctor.SystemPackages;
import io.github.lamplighter.doctor.UnfinishedUpgrade;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.npm.NpmInstaller;
import io.github.lamplighter.installer.pipx.PipxInstaller;
import io.github.lamplighter.installer.self.SelfInstaller;
import io.github.lamplighter.installer.uv.UvInstaller;
import io.github.lamplighter.installer.venv.VenvInstaller;
import io.github.lamplighter.platform.launchd.LaunchdServiceManager;
import io.github.lamplighter.platform.launchd.LsofListeners;
import io.github.lamplighter.platform.linux.DesktopAutostart;
import io.github.lamplighter.platform.posix.InteractiveLoginShell;
import io.github.lamplighter.platform.proc.ProcListeners;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.platform.proc.ProcUsageDetector;
import io.github.lamplighter.platform.systemd.DoctorTimer;
import io.github.lamplighter.platform.systemd.SystemdServiceManager;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.service.AdoptService;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.service.StoppedByUser;
import io.github.lamplighter.service.UnitResolver;
import io.github.lamplighter.service.UnmanagedProcesses;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.status.ExamineTools;
import io.github.lamplighter.status.GlanceFile;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestBuilder;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.Recipes;
import io.github.lamplighter.tool.ToolCatalog;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.tool.TryManifest;
import io.github.lamplighter.tool.UpdateManifest;
import io.github.lamplighter.tool.UsageDetector;
import io.github.lamplighter.tray.Tray;
import io.github.lamplighter.upgrade.Journals;
import java.io.FileDescriptor;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/// The composition root: every face's parts, put together by plain constructors. The only place that knows
/// which provider a port has on this system.
final class CompositionRoot {

    /// The version of this program; the build checks that it is the module's.
    static final String VERSION = "0.1.0";

    /// The application id, as the desktop knows it.
    static final String APPLICATION_ID = "io.github.lamplighter.Lamplighter";

    private static final Set<String> EXAMINING = Set.of("doctor", "check", "status");

    private final ProcessEnvironment host;
    private final FailureTrackingStream out = new FailureTrackingStream(FileDescriptor.out);
    private Optional<ServiceManager> manager = Optional.empty();
    private Optional<Releases> releases = Optional.empty();

    CompositionRoot(ProcessEnvironment host) {
        this.host = host;
    }

    /// What takes as long to set up as the command line, on another processor meanwhile: the tables of the JDK's big
    /// numbers, which the JSON parser brings; the units of this machine, for verbs that examine services; and the
    /// time zone of the user.
    void prewarm(List<String> arguments) {
        try {
            var tables = BigDecimal.ONE;
            if (arguments.stream().anyMatch(EXAMINING::contains)) {
                serviceManager().prefetch();
            }
            var zone = host.zone().get();
        } catch (RuntimeException _) {
            // Who needs it meets the same, and says it in a sentence; a thread on its own would print a trace.
        }
    }

    /// The command line for what was typed; only the parts of that verb are put together.
    CommandLine commandLine(List<String> arguments) {
        Console console = console();
        return new LamplighterCommand(console, VERSION, () -> alone(console)).with(verbs(console), arguments);
    }

    /// Answers what was typed with `why`, before any part is put together.
    int refused(List<String> arguments, String why) {
        String verb = arguments.isEmpty() ? "lamplighter" : arguments.getFirst();
        return console()
                .problem(arguments.contains("--json"), verb, ExitCode.REFUSED, new Console.Problem("under-sudo", why));
    }

    /// Every verb, in the order of `--help`.
    private List<LazyCommand> verbs(Console console) {
        return List.of(
                new LazyCommand(
                        "doctor",
                        List.of("check"),
                        () -> new DoctorCommand(
                                manifests(),
                                toolCatalog(),
                                examineTools(),
                                console,
                                host.zone().get(),
                                host.clock())),
                LazyCommand.of("status", () -> status(console)),
                LazyCommand.of("ignore", () -> new IgnoreCommand(ignoreList(console))),
                LazyCommand.of("unignore", () -> new UnignoreCommand(ignoreList(console))),
                LazyCommand.of("explain", () -> new ExplainCommand(console)),
                LazyCommand.of("service", () -> service(console).commandLine()),
                LazyCommand.of("start", () -> service(console).start()),
                LazyCommand.of("stop", () -> service(console).stop()),
                LazyCommand.of("restart", () -> service(console).restart()),
                LazyCommand.of("logs", () -> service(console).logs()),
                LazyCommand.of("open", () -> new OpenCommand(manifests(), runner(), console)),
                LazyCommand.of(
                        "list", () -> new ListCommand(toolCatalog(), this::lastSeen, host.directories(), console)),
                LazyCommand.of(
                        "add",
                        () -> new AddCommand(addTool(), manifests(), host.directories(), changes(console), console)),
                new LazyCommand(
                        "forget",
                        List.of("remove"),
                        () -> new ForgetCommand(
                                manifests(),
                                host.directories(),
                                serviceControl(),
                                serviceChange(console),
                                changes(console),
                                console)),
                LazyCommand.of(
                        "outdated",
                        () -> new OutdatedCommand(
                                toolCatalog(), releases(), reports(), host.clock(), host.directories(), console)),
                LazyCommand.of(
                        "manifest",
                        () -> new ManifestCommand(new ManifestContext(
                                        manifests(),
                                        addTool(),
                                        new UpdateManifest(toolCatalog(), manifestBuilder()),
                                        new TryManifest(toolCatalog(), manifestBuilder(), runner(), host.directories()),
                                        doctor(),
                                        host.directories(),
                                        console,
                                        host.zone().get(),
                                        host.clock()))
                                .commandLine()),
                LazyCommand.of("upgrade", () -> upgrades(console).upgrade()),
                LazyCommand.of("upgrade-worker", () -> upgrades(console).worker()),
                LazyCommand.of("rollback", () -> upgrades(console).rollback()),
                LazyCommand.of("recover", () -> upgrades(console).recover()),
                LazyCommand.of("report", () -> report(console)),
                LazyCommand.of(
                        "history",
                        () -> new HistoryCommand(
                                new Journals(host.directories()),
                                manifests(),
                                console,
                                host.zone().get())),
                LazyCommand.of(
                        "activity",
                        () -> new ActivityCommand(
                                new ActivityLog(host.directories()),
                                new BackupStore(host.directories())::isKept,
                                console,
                                host.zone().get())),
                LazyCommand.of("tray", () -> new TrayCommand(rehearse -> tray(console, rehearse))),
                LazyCommand.of("window", () -> new WindowCommand(window(console)::open)),
                LazyCommand.of("autostart", () -> autostart(console)),
                LazyCommand.of(
                        "settings",
                        () -> new SettingsCommand(
                                settings(),
                                this::timer,
                                host.directories().display(host.directories().settings()),
                                changes(console),
                                console)),
                LazyCommand.of(
                        "completion",
                        () -> new CompletionCommand(() -> commandLine(List.of()), host.directories(), console)),
                LazyCommand.of(
                        "exec",
                        () -> new ExecCommand(
                                manifests(),
                                new ServiceDefinitionFactory(host.directories()),
                                host.environment(),
                                host.macos(),
                                console)),
                LazyCommand.of(
                        "rehearse",
                        () -> new TrainAotCacheCommand(
                                line -> commandLine(line).execute(line.toArray(String[]::new)))));
    }

    private IgnoreCommand.Context ignoreList(Console console) {
        return new IgnoreCommand.Context(
                manifests(),
                toolCatalog()::ownManifest,
                reports(),
                examineTools(),
                setAside(),
                changes(console),
                console);
    }

    private StatusCommand status(Console console) {
        return new StatusCommand(
                manifests(),
                toolCatalog()::ownManifest,
                examineTools(),
                serviceManager(),
                console,
                host.zone().get(),
                host.clock());
    }

    private ReportCommand report(Console console) {
        List<String> system = new ArrayList<>(List.of("Lamplighter " + VERSION, "Java " + host.javaVersion()));
        host.distribution().ifPresent(system::add);
        system.add(host.kernel());
        Optional.ofNullable(host.environment().get("XDG_CURRENT_DESKTOP")).ifPresent(system::add);
        return new ReportCommand(
                manifests(),
                toolCatalog()::ownManifest,
                examineTools(),
                runner(),
                new ReportCommand.ReportScope(
                        system,
                        host.home(),
                        host.names(),
                        host.machine(),
                        host.directories().state().resolve("report.html")),
                console,
                host.zone().get(),
                host.clock());
    }

    private ServiceCommand service(Console console) {
        return new ServiceCommand(new ServiceContext(
                serviceControl(),
                stopImpactAssessor(),
                new AdoptService(
                        serviceManager(),
                        serviceControl(),
                        new ServiceDefinitionFactory(host.directories()),
                        manifests(),
                        host.directories(),
                        host.clock()),
                new UnmanagedProcesses(
                        new ProcUsageDetector()::from, new ProcProcesses(), serviceManager(), manifests(), host.home()),
                serviceChange(console),
                manifests(),
                host.directories(),
                host.clock(),
                host.zone().get(),
                console));
    }

    private ActivityRecorder changes(Console console) {
        return new ActivityRecorder(new ActivityLog(host.directories()), host.clock(), console);
    }

    private String setAside() {
        return host.directories().display(host.directories().state().resolve("set-aside.json"));
    }

    private ServiceOperation serviceChange(Console console) {
        return new ServiceOperation(
                () -> recover(console),
                new EnvironmentLock(host.directories()),
                new ActivityLog(host.directories()),
                serviceManager(),
                new BackupStore(host.directories()),
                this::examineTools,
                host.clock(),
                host.zone().get());
    }

    /// Most often nothing is left open: then nothing of the upgrade's is put together.
    private void recover(Console console) {
        if (!new Journals(host.directories()).open().isEmpty()) {
            upgrades(console).endWhatWasCutOff();
        }
    }

    private UpgradeWiring upgrades(Console console) {
        return new UpgradeWiring(
                host,
                runner(),
                installers(),
                serviceManager(),
                serviceControl(),
                stopImpactAssessor(),
                doctor(),
                this::examineTools,
                releases(),
                manifests(),
                settings(),
                absoluteLauncher(),
                console);
    }

    private StopImpactAssessor stopImpactAssessor() {
        return new StopImpactAssessor(serviceManager(), new SessionCounter(runner(), new Probe()), host.directories());
    }

    private WindowLauncher window(Console console) {
        return new WindowLauncher(
                host, runner(), toolCatalog(), settings(), () -> examineTools().trust(), console);
    }

    /// What people type, and what the application menu starts: the tray runs (a second one ends by itself),
    /// and the window opens in a process of its own. Without a display the last reports are printed.
    private int alone(Console console) {
        if (!window(console).hasDisplay()) {
            return status(console).call();
        }
        List<String> tray = new ArrayList<>(host.launcher());
        tray.add("tray");
        List<String> page = new ArrayList<>(host.launcher());
        page.add("window");
        ProcessRunner runner = runner();
        return Stream.of(tray, page)
                .flatMap(argv -> runner.launch(argv, Map.of()).stream())
                .findFirst()
                .map(problem -> {
                    console.err().println("lamplighter: " + problem + ".");
                    return ExitCode.FAILED;
                })
                .orElse(ExitCode.OK);
    }

    private ToolCatalog toolCatalog() {
        return new ToolCatalog(manifests(), installers());
    }

    private AddTool addTool() {
        return new AddTool(toolCatalog(), manifests(), manifestBuilder(), runner(), host.directories());
    }

    private ManifestBuilder manifestBuilder() {
        return new ManifestBuilder(
                toolCatalog(), new Recipes(), usageDetector(), runner(), host.environment(), host.directories());
    }

    /// What is in use already, for `add`: another program's units, and processes. Only this machine is
    /// asked.
    private UsageDetector usageDetector() {
        ServiceManager services = serviceManager();
        ProcUsageDetector running = new ProcUsageDetector();
        Probe probe = new Probe();
        return new UsageDetector() {
            @Override
            public List<UsageDetector.Unit> units(Provenance provenance) {
                return services.foreign(install(provenance)).stream()
                        .map(unit ->
                                new UsageDetector.Unit(unit.unit(), unit.file(), unit.arguments(), unit.directory()))
                        .toList();
            }

            @Override
            public List<UsageDetector.Running> running(Provenance provenance) {
                return running.from(install(provenance));
            }

            @Override
            public boolean speaksHttp(String url) {
                return probe.ask(new Manifest.Endpoint(url, List.of(), Optional.empty(), Optional.empty(), false, 0))
                        instanceof ProbeResult.Yes;
            }
        };
    }

    private static Manifest.Install install(Provenance provenance) {
        return new Manifest.Install(
                provenance.installer(),
                provenance.packageName(),
                provenance.environment(),
                provenance.program(),
                Optional.empty(),
                Map.of());
    }

    private ProcessRunner runner() {
        return new LocalProcessRunner(host.environment());
    }

    private Settings settings() {
        return new Settings(host.directories().settings());
    }

    private ManifestStore manifests() {
        return new ManifestStore(host.directories());
    }

    private Optional<Provenance> lastSeen(String name) {
        return ToolName.of(name).flatMap(tool -> reports().lastSeen(tool));
    }

    private ReportStore reports() {
        return new ReportStore(
                host.directories(),
                host.clock(),
                host.zone(),
                () -> settings().span(Setting.DOCTOR_INTERVAL).multipliedBy(2));
    }

    private List<Installer> installers() {
        Path program = Path.of(absoluteLauncher().getFirst());
        return List.of(
                new UvInstaller(host.directories(), host.environment(), runner()),
                new PipxInstaller(host.directories(), host.environment(), runner()),
                new NpmInstaller(host.directories(), host.environment(), runner()),
                new VenvInstaller(host.directories()),
                new SelfInstaller(
                        host.directories(),
                        program,
                        Optional.ofNullable(program.getParent()).orElse(program),
                        VERSION,
                        host.java(),
                        host.javaVersion()));
    }

    /// One for all parts: what it saw of other people's units serves each of them.
    private synchronized ServiceManager serviceManager() {
        ServiceManager made = manager.orElseGet(() -> host.macos()
                ? new LaunchdServiceManager(runner(), host.environment(), host.directories(), absoluteLauncher())
                : new SystemdServiceManager(runner(), host.environment(), host.directories()));
        manager = Optional.of(made);
        return made;
    }

    private ListeningSockets listeningSockets() {
        return host.macos() ? new LsofListeners(runner()) : new ProcListeners();
    }

    private DesktopAutostart desktopAutostart() {
        return new DesktopAutostart(host.directories(), APPLICATION_ID, absoluteLauncher());
    }

    private DoctorTimer timer() {
        return new DoctorTimer(
                runner(),
                host.environment(),
                host.directories(),
                shell(),
                () -> settings().get(Setting.DOCTOR_INTERVAL),
                absoluteLauncher());
    }

    private AutostartCommand autostart(Console console) {
        return new AutostartCommand(desktopAutostart(), timer(), host.directories(), changes(console), console);
    }

    /// The system starts it later, with no `PATH` of a shell: the launcher's full path has to be in the
    /// file.
    private List<String> absoluteLauncher() {
        List<String> launcher = new ArrayList<>(host.launcher());
        runner().find(launcher.getFirst()).ifPresent(path -> launcher.set(0, path.toString()));
        return launcher;
    }

    private LoginShell shell() {
        return new InteractiveLoginShell(runner(), host.environment(), host.directories(), host.clock());
    }

    private ServiceControl serviceControl() {
        return services(serviceManager());
    }

    private ServiceControl services(ServiceManager manager) {
        Probe probe = new Probe();
        return new ServiceControl(
                manager,
                new ServiceDefinitionFactory(host.directories()),
                shell(),
                probe,
                new EndpointIdentityCheck(listeningSockets(), probe, host.directories()),
                stoppedByUser(),
                host.clock());
    }

    private StoppedByUser stoppedByUser() {
        return new StoppedByUser(host.directories(), serviceManager()::startedAt, host.clock());
    }

    /// One for all parts: what it was told of a source serves each of them.
    private synchronized Releases releases() {
        Releases made = releases.orElseGet(() -> new Releases(
                runner(),
                new Releases.Access(
                        host.environment(),
                        host.directories(),
                        host.clock(),
                        host.zone().get(),
                        settings().span(Setting.NETWORK_LIMIT),
                        settings().span(Setting.UPDATES_MINIMUM_AGE))));
        releases = Optional.of(made);
        return made;
    }

    /// The doctor asks the service on disk for its `PATH`, never the user's shell.
    private DiagnoseTool doctor() {
        Journals journals = new Journals(host.directories());
        StoppedByUser stopped = stoppedByUser();
        return new DiagnoseTool(new DoctorPorts(
                installers(),
                (install, variables) -> releases().verdict(install, variables),
                git -> releases().toldKind(git),
                serviceManager(),
                (manager, manifest) -> services(manager).keptDefinition(manifest),
                new EndpointProber(
                        runner(),
                        listeningSockets(),
                        host.directories(),
                        unit -> serviceManager().isListenedFor(unit)),
                listeningSockets(),
                shell(),
                new ProcProcesses(),
                runner(),
                new SystemPackages(runner(), host.directories()),
                host.directories(),
                manifest -> journals.open(manifest.name().value()).flatMap(this::openUpgrade),
                (manifest, state) -> stopped.since(manifest.name(), state),
                manifest -> reports().lastSeen(manifest.name()),
                host.system(),
                host.clock(),
                host.zone()));
    }

    /// The worker itself asks the doctor whether what it made is well: for it nothing is in between.
    private Optional<UnfinishedUpgrade> openUpgrade(Journals.Transaction transaction) {
        if (transaction.worker() == ProcessHandle.current().pid()) {
            return Optional.empty();
        }
        String startedAt = String.valueOf(
                transaction.startedAt().atZone(host.zone().get()).toLocalTime().truncatedTo(ChronoUnit.SECONDS));
        return Optional.of(
                transaction.isAtWork()
                        ? new UnfinishedUpgrade.InProgress("Upgrade in progress since %s: %s."
                                .formatted(startedAt, transaction.doing().orElse("planning")))
                        : new UnfinishedUpgrade.Interrupted("The upgrade of %s was interrupted.".formatted(startedAt)));
    }

    private ExamineTools examineTools() {
        ManifestStore store = manifests();
        ServiceManager manager = serviceManager();
        return new ExamineTools(
                doctor(),
                reports(),
                new GlanceFile(host.directories().glance()),
                () -> toolCatalog().ownManifest(),
                store::entries,
                new UnitResolver(manager)::of,
                () -> settings().span(Setting.DOCTOR_INTERVAL),
                host.clock());
    }

    /// The resident process: it only listens, so it gets ports and no use case that changes anything.
    private int tray(Console console, boolean rehearse) {
        Probe probe = new Probe();
        Journals journals = new Journals(host.directories());
        return new Tray(
                        new Tray.TrayConfig(
                                host.environment(),
                                host.directories(),
                                host.launcher(),
                                ProcessHandle.current().pid(),
                                host.clock(),
                                host.zone().get(),
                                settings(),
                                APPLICATION_ID),
                        new GlanceFile(host.directories().glance()),
                        serviceManager(),
                        address -> probe.ask(new Manifest.Endpoint(
                                address, List.of(), Optional.empty(), Optional.empty(), false, 0)),
                        () -> journals.open().stream()
                                .map(Journals.Transaction::name)
                                .collect(Collectors.toSet()),
                        () -> desktopAutostart().state().on(),
                        runner(),
                        sentence -> console.err().println("lamplighter: " + sentence))
                .run(rehearse);
    }

    /// Colour only on a terminal that wants it; questions only where somebody can answer.
    private Console console() {
        Optional<java.io.Console> terminal =
                Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal);
        boolean capable = !"dumb".equals(host.environment().get("TERM"));
        boolean colour = capable
                && host.terminals().map(all -> all.contains("1")).orElse(terminal.isPresent())
                && host.environment().getOrDefault("NO_COLOR", "").isEmpty();
        return new Console(
                stream(out),
                stream(new FailureTrackingStream(FileDescriptor.err)),
                colour,
                capable && host.terminals().filter(all -> all.contains("2")).isPresent(),
                terminal.map(asked -> question -> Optional.ofNullable(
                                asked.readLine("%s", host.plain() ? AsciiPrintStream.plain(question) : question))
                        .orElse("")));
    }

    /// What could not be written is no answer.
    int written(int exitCode) {
        return out.problem()
                .map(why -> {
                    stream(new FailureTrackingStream(FileDescriptor.err))
                            .println(
                                    "lamplighter: What there is to say could not be written to the standard output: %s."
                                            .formatted(why));
                    return exitCode == ExitCode.OK ? ExitCode.FAILED : exitCode;
                })
                .orElse(exitCode);
    }

    private PrintStream stream(FailureTrackingStream failureTrackingStream) {
        return host.plain()
                ? new AsciiPrintStream(failureTrackingStream)
                : new PrintStream(failureTrackingStream, true, StandardCharsets.UTF_8);
    }
}
