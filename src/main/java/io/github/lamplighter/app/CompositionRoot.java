package io.github.lamplighter.app;

import io.github.lamplighter.cli.ActivityCommand;
import io.github.lamplighter.cli.ActivityRecorder;
import io.github.lamplighter.cli.AddCommand;
import io.github.lamplighter.cli.AsciiPrintStream;
import io.github.lamplighter.cli.AutostartCommand;
import io.github.lamplighter.cli.CompletionCommand;
import io.github.lamplighter.cli.Console;
import io.github.lamplighter.cli.DemoCommand;
import io.github.lamplighter.cli.DemoCommandLines;
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
import io.github.lamplighter.cli.SelfCommand;
import io.github.lamplighter.cli.SelfInstallCommand;
import io.github.lamplighter.cli.SelfUninstallCommand;
import io.github.lamplighter.cli.ServiceCommand;
import io.github.lamplighter.cli.ServiceContext;
import io.github.lamplighter.cli.ServiceOperation;
import io.github.lamplighter.cli.SettingsCommand;
import io.github.lamplighter.cli.StatusCommand;
import io.github.lamplighter.cli.TrayCommand;
import io.github.lamplighter.cli.UnignoreCommand;
import io.github.lamplighter.cli.WindowCommand;
import io.github.lamplighter.client.ProcessCliClient;
import io.github.lamplighter.demo.DemoHome;
import io.github.lamplighter.demo.MakeDemo;
import io.github.lamplighter.demo.RemoveDemo;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.file.ResidentProcesses;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.process.DesktopOpener;
import io.github.lamplighter.process.ExecReplacement;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.setup.HomeFiles;
import io.github.lamplighter.setup.InstallPackage;
import io.github.lamplighter.setup.UninstallLamplighter;
import io.github.lamplighter.status.GlanceFile;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.tray.PanelRequest;
import io.github.lamplighter.tray.Tray;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.KeptFolders;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.io.FileDescriptor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import picocli.CommandLine;

/// The composition root: builds the front ends with plain constructors. It is long because it names every part once.
final class CompositionRoot {

    /// The version of this program; the build checks that it matches the module's.
    static final String VERSION = "0.1.0";

    /// The application ID of the desktop.
    static final String APPLICATION_ID = "io.github.lamplighter.Lamplighter";

    private final ProcessEnvironment host;
    private final String applicationId;
    private final FailureTrackingStream out = new FailureTrackingStream(FileDescriptor.out);
    private final UseCases core;

    CompositionRoot(ProcessEnvironment host) {
        this.host = host;
        // A tray icon of the demo has a name of its own on the bus.
        this.applicationId = host.isDemo() ? APPLICATION_ID + ".Demo" : APPLICATION_ID;
        this.core = new UseCases(host, VERSION, applicationId);
    }

    /// The command line for these arguments; builds only the parts of that command.
    CommandLine commandLine(List<String> arguments) {
        Console console = console();
        return new LamplighterCommand(console, VERSION, () -> alone(console)).with(verbs(console), arguments);
    }

    /// Ends what would delay the exit of this process.
    void close() {
        core.disconnect();
    }

    /// Refuses to run, before any part is built.
    int refused(List<String> arguments, String code, String why) {
        String verb = arguments.isEmpty() ? "lamplighter" : arguments.getFirst();
        return console().problem(arguments.contains("--json"), verb, ExitCode.REFUSED, new Console.Problem(code, why));
    }

    /// All commands, in the order of `--help`.
    private List<LazyCommand> verbs(Console console) {
        return List.of(
                new LazyCommand(
                        "doctor",
                        List.of("check"),
                        () -> new DoctorCommand(
                                core.manifests(),
                                core.toolCatalog(),
                                core.checkTools(),
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
                LazyCommand.of(
                        "open", () -> new OpenCommand(core.manifests(), new DesktopOpener(core.runner()), console)),
                LazyCommand.of(
                        "list",
                        () -> new ListCommand(
                                core.toolCatalog(),
                                name -> ToolName.of(name).flatMap(core.reports()::lastSeen),
                                host.directories(),
                                console)),
                LazyCommand.of(
                        "add",
                        () -> new AddCommand(
                                core.addTool(), core.manifests(), host.directories(), changes(console), console)),
                new LazyCommand(
                        "forget",
                        List.of("remove"),
                        () -> new ForgetCommand(
                                core.manifests(),
                                host.directories(),
                                core.serviceControl(),
                                serviceChange(console),
                                changes(console),
                                new KeptFolders(core.journals(), core.installers())::of,
                                tool -> core.checkTools().forget(tool),
                                console)),
                LazyCommand.of(
                        "outdated",
                        () -> new OutdatedCommand(
                                core.toolCatalog(),
                                core.releases(),
                                core.reports(),
                                core::rolledBack,
                                core.checkTools(),
                                host.clock(),
                                host.zone().get(),
                                host.directories(),
                                console)),
                LazyCommand.of(
                        "manifest",
                        () -> new ManifestCommand(new ManifestContext(
                                        core.manifests(),
                                        core.addTool(),
                                        core.updateManifest(),
                                        core.tryManifest(),
                                        core.doctor(),
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
                                core.journals(),
                                core.manifests(),
                                console,
                                host.zone().get())),
                LazyCommand.of(
                        "activity",
                        () -> new ActivityCommand(
                                new ActivityLog(host.directories()),
                                new BackupStore(host.directories())::isKept,
                                console,
                                host.zone().get())),
                LazyCommand.of(
                        "tray",
                        () -> new TrayCommand(
                                new TrayCommand.TrayRunner() {
                                    @Override
                                    public int stay(boolean rehearse) {
                                        return tray(console, rehearse);
                                    }

                                    @Override
                                    public TrayCommand.PanelAnswer showInPanel() {
                                        PanelRequest.Answer answer =
                                                PanelRequest.send(host.environment(), host.directories());
                                        return new TrayCommand.PanelAnswer(answer.done(), answer.sentence());
                                    }
                                },
                                console)),
                LazyCommand.of("window", () -> new WindowCommand(window(console)::open)),
                LazyCommand.of("demo", () -> demo(console)),
                LazyCommand.of("autostart", () -> autostart(console)),
                LazyCommand.of(
                        "settings",
                        () -> new SettingsCommand(
                                core.settings(),
                                this::timer,
                                host.directories().display(host.directories().settings()),
                                changes(console),
                                console)),
                LazyCommand.of("self", () -> self(console).commandLine()),
                LazyCommand.of(
                        "completion",
                        () -> new CompletionCommand(() -> commandLine(List.of()), host.directories(), console)),
                LazyCommand.of(
                        "exec",
                        () -> new ExecCommand(
                                core.manifests(),
                                core.serviceDefinitionFactory(),
                                host.environment(),
                                host.system().isMacos(),
                                console)));
    }

    private IgnoreCommand.Context ignoreList(Console console) {
        return new IgnoreCommand.Context(
                core.manifests(),
                core.toolCatalog()::ownManifest,
                core.reports(),
                core.checkTools(),
                setAside(),
                changes(console),
                console);
    }

    private StatusCommand status(Console console) {
        return new StatusCommand(
                core.manifests(),
                core.toolCatalog()::ownManifest,
                core.checkTools(),
                core.serviceManager(),
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
                core.manifests(),
                core.toolCatalog()::ownManifest,
                core.checkTools(),
                new DesktopOpener(core.runner()),
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
                core.serviceControl(),
                core.stopImpactAssessor(),
                core.adoptService(),
                core.processesOutsideService(),
                serviceChange(console),
                core.manifests(),
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
                name -> recover(console, name),
                new EnvironmentLock(host.directories()),
                new ActivityLog(host.directories()),
                core.serviceManager(),
                new BackupStore(host.directories()),
                core::checkTools,
                host.clock(),
                host.zone().get());
    }

    /// Builds the upgrade classes only if a journal is open.
    ///
    /// @return why the tool can't be started, as sentences
    private Optional<String> recover(Console console, String name) {
        if (core.journals().open().isEmpty()) {
            return Optional.empty();
        }
        List<UpgradeOutcome> _ = upgrades(console).recoverInterrupted();
        return core.journals().open(name).flatMap(Journals.Transaction::ended).flatMap(UpgradeOutcome::reason);
    }

    private UpgradeWiring upgrades(Console console) {
        return new UpgradeWiring(host, core, console);
    }

    private WindowLauncher window(Console console) {
        return new WindowLauncher(
                host,
                core.runner(),
                core.toolCatalog(),
                core.settings(),
                () -> core.checkTools().trust(),
                new WindowQueries(
                        core,
                        host.directories(),
                        host.zone(),
                        manifest -> upgrades(console).kept(manifest)),
                console);
    }

    /// Stops at the first word, so that the options after it belong to the command that runs in the demo.
    private CommandLine demo(Console console) {
        DemoHome demo = DemoHome.of(host.directories().dataHome(), host.home());
        ProcessEnvironment inside = host.inDemo(demo);
        UseCases demoCore = new UseCases(inside, VERSION, APPLICATION_ID);
        Map<String, Optional<String>> changes = demo.changes(host.environment());
        List<String> window = new ArrayList<>(host.launcher());
        window.add("window");
        return new CommandLine(new DemoCommand(
                        demo,
                        new MakeDemo(
                                demo,
                                inside.directories(),
                                host.environment(),
                                core.runner(),
                                new ProcessCliClient(host.launcher(), core.runner(), changes),
                                core.platform().processTable(),
                                demoCore.serviceManager(),
                                demoCore.serviceManager().unitOf(DemoHome.TOOL)),
                        removeDemo(demo),
                        window(console).hasDisplay()
                                ? Optional.of(() -> core.runner().launch(window, changes))
                                : Optional.empty(),
                        words -> ExecReplacement.program(
                                Stream.concat(core.absoluteLauncher().stream(), words.stream())
                                        .toList(),
                                inside.environment(),
                                Path.of("").toAbsolutePath(),
                                host.system().isMacos()),
                        host.directories(),
                        console))
                .setStopAtPositional(true);
    }

    private RemoveDemo removeDemo(DemoHome demo) {
        ProcessEnvironment inside = host.inDemo(demo);
        return new RemoveDemo(
                demo,
                inside.directories(),
                new UseCases(inside, VERSION, APPLICATION_ID).serviceManager(),
                core.platform().processTable());
    }

    /// Without a command, and from the application menu: starts the tray icon (a second one exits) and the
    /// window, each in a process of its own. Without a display it prints the last reports.
    private int alone(Console console) {
        if (!window(console).hasDisplay()) {
            return status(console).call();
        }
        List<String> tray = new ArrayList<>(host.launcher());
        tray.add("tray");
        List<String> page = new ArrayList<>(host.launcher());
        page.add("window");
        ProcessRunner runner = core.runner();
        return Stream.of(tray, page)
                .flatMap(argv -> runner.launch(argv, Map.of()).stream())
                .findFirst()
                .map(problem -> {
                    console.err().println("lamplighter: " + problem + ".");
                    return ExitCode.FAILED;
                })
                .orElse(ExitCode.OK);
    }

    private Autostart timer() {
        return core.platform().doctorTimer(() -> core.settings().get(Setting.DOCTOR_INTERVAL));
    }

    private AutostartCommand autostart(Console console) {
        return new AutostartCommand(
                core.platform().trayAutostart(), timer(), host.directories(), changes(console), console);
    }

    private SelfCommand self(Console console) {
        VersionFolders folders = new VersionFolders(host.directories());
        HomeFiles files = new HomeFiles(host.directories(), folders, host.clock());
        return new SelfCommand(
                new SelfInstallCommand(
                        new InstallPackage(
                                host.directories(),
                                folders,
                                files,
                                new EnvironmentLock(host.directories()),
                                core.platform().directorySwap(),
                                host.build()),
                        files,
                        folders,
                        core.platformFor(List.of(folders.launcher().toString())).trayAutostart(),
                        core.runner(),
                        host.directories(),
                        changes(console),
                        console),
                new SelfUninstallCommand(
                        new UninstallLamplighter(installed(folders, files)),
                        core.journals(),
                        () -> upgrades(console).recoverInterrupted(),
                        host.directories(),
                        console));
    }

    private UninstallLamplighter.Parts installed(VersionFolders folders, HomeFiles files) {
        DemoHome demo = DemoHome.of(host.directories().dataHome(), host.home());
        return new UninstallLamplighter.Parts(
                host.directories(),
                folders,
                files,
                new EnvironmentLock(host.directories()),
                new ResidentProcesses(host.directories()),
                core.runner(),
                core.platform().trayAutostart(),
                timer(),
                core.platform().recoveryAtLogin(),
                new KeptFolders(core.journals(), core.installers()),
                core.serviceManager(),
                demo,
                () -> removeDemo(demo).remove(),
                () -> core.manifests().entries(),
                manifest -> core.adoptService().undo(manifest),
                manifest -> core.stopImpactAssessor()
                        .of(manifest, core.serviceControl().unit(manifest)),
                host.build(),
                Path.of(core.absoluteLauncher().getFirst()));
    }

    /// The resident process. It only observes, so it gets no use case that changes anything. When its package
    /// is upgraded, the new version takes over; when it is removed, the icon ends.
    private int tray(Console console, boolean rehearse) {
        Probe probe = new Probe();
        Journals journals = core.journals();
        Tray tray = new Tray(
                new Tray.TrayConfig(
                        host.environment(),
                        host.directories(),
                        host.launcher(),
                        ProcessHandle.current().pid(),
                        host.clock(),
                        host.zone().get(),
                        core.settings(),
                        applicationId,
                        host.system().isMacos()),
                new GlanceFile(host.directories().glance()),
                core.serviceManager(),
                address -> probe.ask(
                        new Manifest.Endpoint(address, List.of(), Optional.empty(), Optional.empty(), false, 0)),
                new JournalUpgrades(journals),
                WindowLauncher.running(host),
                core.platform().trayAutostart(),
                core.runner(),
                sentence -> console.err().println("lamplighter: " + sentence));
        // A unit of the desktop that starts it must not fail when it is ended.
        ShutdownSignals.onTermination(tray::quit);
        AtomicBoolean replaced = new AtomicBoolean();
        try (PackageWatch _ =
                PackageWatch.start(host.build(), host.launcher(), core.runner(), PackageWatch.SETTLE, change -> {
                    replaced.set(change == PackageWatch.Change.REPLACED);
                    tray.quit();
                })) {
            int status = tray.run(rehearse);
            if (replaced.get()) {
                List<String> next = Stream.concat(host.launcher().stream(), Stream.of("tray"))
                        .toList();
                core.runner()
                        .launch(next, Map.of())
                        .ifPresent(why -> console.err().println("lamplighter: " + why + "."));
            }
            return status;
        }
    }

    /// Colours only on a terminal that supports them, questions only with a user at the terminal.
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

    /// Maps a failed write to standard output to a failing exit code.
    int checkOutput(int exitCode) {
        return out.problem()
                .map(why -> {
                    stream(new FailureTrackingStream(FileDescriptor.err))
                            .println("lamplighter: Could not write to standard output: %s.".formatted(why));
                    return exitCode == ExitCode.OK ? ExitCode.FAILED : exitCode;
                })
                .orElse(exitCode);
    }

    private PrintStream stream(FailureTrackingStream failureTrackingStream) {
        OutputStream to = host.isDemo() ? new DemoCommandLines(failureTrackingStream) : failureTrackingStream;
        return host.plain() ? new AsciiPrintStream(to) : new PrintStream(to, true, StandardCharsets.UTF_8);
    }
}
