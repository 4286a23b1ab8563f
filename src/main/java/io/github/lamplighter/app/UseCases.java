package io.github.lamplighter.app;

import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.DoctorPorts;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.doctor.SystemPackages;
import io.github.lamplighter.doctor.UnfinishedUpgrade;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.npm.NpmInstaller;
import io.github.lamplighter.installer.pipx.PipxInstaller;
import io.github.lamplighter.installer.self.SelfInstaller;
import io.github.lamplighter.installer.uv.UvInstaller;
import io.github.lamplighter.installer.venv.VenvInstaller;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.process.RunningJava;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.service.AdoptService;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.ProcessesOutsideService;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.service.StoppedByUser;
import io.github.lamplighter.service.UnitResolver;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.status.CheckTools;
import io.github.lamplighter.status.GlanceFile;
import io.github.lamplighter.status.StateHistory;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestBuilder;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.Recipes;
import io.github.lamplighter.tool.ToolCatalog;
import io.github.lamplighter.tool.TryManifest;
import io.github.lamplighter.tool.UpdateManifest;
import io.github.lamplighter.tool.UsageDetector;
import io.github.lamplighter.upgrade.FailedUpgrades;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.LeftOvers;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// The core's stores and use cases with the providers of their ports. Each is built once, when a command first
/// needs it.
final class UseCases {

    private final ProcessEnvironment host;
    private final String applicationId;
    private final Supplier<ProcessRunner> runner;
    private final Supplier<Platform> platform;
    private final Supplier<ManifestStore> manifests;
    private final Supplier<ReportStore> reports;
    private final Supplier<List<Installer>> installers;
    private final Supplier<ToolCatalog> toolCatalog;
    private final Supplier<ServiceManager> serviceManager;
    private final Supplier<LoginShell> loginShell;
    private final Supplier<StoppedByUser> stoppedByUser;
    private final Supplier<ServiceControl> serviceControl;
    private final Supplier<Releases> releases;
    private final Supplier<DiagnoseTool> doctor;
    private final Supplier<CheckTools> checkTools;
    private final Settings settings;
    private final Queue<Releases> queried = new ConcurrentLinkedQueue<>();

    UseCases(ProcessEnvironment host, String version, String applicationId) {
        this.host = host;
        this.settings = new Settings(host.directories().settings());
        this.runner = new Memoized<>(() -> new LocalProcessRunner(host.environment()));
        this.applicationId = applicationId;
        this.platform = new Memoized<>(() -> platformFor(absoluteLauncher()));
        this.manifests = new Memoized<>(() -> new ManifestStore(host.directories()));
        this.reports = new Memoized<>(() -> new ReportStore(
                host.directories(),
                host.clock(),
                host.zone(),
                () -> settings.span(Setting.DOCTOR_INTERVAL).multipliedBy(2)));
        this.installers = new Memoized<>(() -> newInstallers(version));
        this.toolCatalog = new Memoized<>(() -> new ToolCatalog(manifests(), installers()));
        this.serviceManager = new Memoized<>(() -> platform().serviceManager());
        this.loginShell = new Memoized<>(() -> platform().loginShell());
        this.stoppedByUser =
                new Memoized<>(() -> new StoppedByUser(host.directories(), serviceManager()::startedAt, host.clock()));
        this.serviceControl = new Memoized<>(() -> serviceControl(serviceManager()));
        this.releases = new Memoized<>(() -> newReleases(Duration.ZERO));
        this.doctor = new Memoized<>(this::newDoctor);
        this.checkTools = new Memoized<>(() -> new CheckTools(
                doctor(),
                reports(),
                new GlanceFile(host.directories().glance()),
                new StateHistory(host.directories()),
                () -> toolCatalog().ownManifest(),
                manifests()::entries,
                new UnitResolver(serviceManager())::of,
                new UpgradeJournalHistory(journals()),
                () -> settings.span(Setting.DOCTOR_INTERVAL),
                host.clock(),
                new RunningJava(host.java().resolve("../..").normalize())::isInstalled));
    }

    ProcessRunner runner() {
        return runner.get();
    }

    Platform platform() {
        return platform.get();
    }

    /// The implementations for another installation of Lamplighter.
    ///
    /// @param launcher the argument list that starts it
    Platform platformFor(List<String> launcher) {
        return Platform.of(
                host.system(),
                new Platform.Host(
                        runner(),
                        host.environment(),
                        host.directories(),
                        host.clock(),
                        launcher,
                        applicationId,
                        host.isDemo()));
    }

    Settings settings() {
        return settings;
    }

    ManifestStore manifests() {
        return manifests.get();
    }

    ReportStore reports() {
        return reports.get();
    }

    List<Installer> installers() {
        return installers.get();
    }

    ToolCatalog toolCatalog() {
        return toolCatalog.get();
    }

    LoginShell loginShell() {
        return loginShell.get();
    }

    ServiceManager serviceManager() {
        return serviceManager.get();
    }

    ServiceControl serviceControl() {
        return serviceControl.get();
    }

    Releases releases() {
        return releases.get();
    }

    /// @param maximumAge of a response that is used again without asking its server
    Releases newReleases(Duration maximumAge) {
        Releases made = new Releases(
                runner(),
                new Releases.Access(
                        host.environment(),
                        host.directories(),
                        host.clock(),
                        host.zone().get(),
                        settings.span(Setting.NETWORK_LIMIT),
                        settings.span(Setting.UPDATES_MINIMUM_AGE),
                        settings.isOn(Setting.UPDATES_LAMPLIGHTER),
                        maximumAge));
        queried.add(made);
        return made;
    }

    /// Before this process exits: the JVM waits 300 ms for a thread that waits for a connection.
    void disconnect() {
        queried.forEach(Releases::disconnect);
    }

    DiagnoseTool doctor() {
        return doctor.get();
    }

    CheckTools checkTools() {
        return checkTools.get();
    }

    Journals journals() {
        return new Journals(host.directories());
    }

    ServiceDefinitionFactory serviceDefinitionFactory() {
        return new ServiceDefinitionFactory(host.directories());
    }

    StopImpactAssessor stopImpactAssessor() {
        return new StopImpactAssessor(serviceManager(), new SessionCounter(runner(), new Probe()), host.directories());
    }

    AdoptService adoptService() {
        return new AdoptService(
                serviceManager(),
                serviceControl(),
                serviceDefinitionFactory(),
                manifests(),
                host.directories(),
                host.clock());
    }

    ProcessesOutsideService processesOutsideService() {
        return new ProcessesOutsideService(
                platform()::running, platform().processTable(), serviceManager(), manifests(), host.home());
    }

    AddTool addTool() {
        return new AddTool(toolCatalog(), manifests(), manifestBuilder(), runner(), host.directories());
    }

    UpdateManifest updateManifest() {
        return new UpdateManifest(toolCatalog(), manifestBuilder());
    }

    TryManifest tryManifest() {
        return new TryManifest(toolCatalog(), manifestBuilder(), runner(), host.directories());
    }

    UsageDetector usageDetector() {
        return new LocalUsageDetector(serviceManager(), platform()::running);
    }

    private ManifestBuilder manifestBuilder() {
        return new ManifestBuilder(
                toolCatalog(), new Recipes(), usageDetector(), runner(), host.environment(), host.directories());
    }

    /// Service files and desktop entries are started without the shell's `PATH`, so they need the full path of
    /// the launcher.
    List<String> absoluteLauncher() {
        List<String> launcher = new ArrayList<>(host.launcher());
        runner().find(launcher.getFirst()).ifPresent(path -> launcher.set(0, path.toString()));
        return launcher;
    }

    private List<Installer> newInstallers(String version) {
        Path program = Path.of(absoluteLauncher().getFirst());
        SelfInstaller self = new SelfInstaller(
                host.directories(),
                new SelfInstaller.ThisProgram(program, host.build(), version, host.java(), host.javaVersion()));
        if (host.isDemo()) {
            // The others would find the tools of the system, which are no part of the demo.
            return List.of(new VenvInstaller(host.directories(), runner()), self);
        }
        return List.of(
                new UvInstaller(host.directories(), host.environment(), runner()),
                new PipxInstaller(host.directories(), host.environment(), runner()),
                new NpmInstaller(host.directories(), host.environment(), runner()),
                new VenvInstaller(host.directories(), runner()),
                self);
    }

    private ServiceControl serviceControl(ServiceManager manager) {
        Probe probe = new Probe();
        return new ServiceControl(
                manager,
                serviceDefinitionFactory(),
                loginShell.get(),
                probe,
                new EndpointIdentityCheck(platform().listeningSockets(), probe, host.directories()),
                stoppedByUser.get(),
                this::installers,
                host.clock());
    }

    /// The doctor reads the `PATH` of a service from its file, and does not run the user's shell.
    private DiagnoseTool newDoctor() {
        return new DiagnoseTool(new DoctorPorts(
                installers(),
                (install, variables) -> releases().verdict(install, variables),
                git -> releases().toldKind(git),
                serviceManager(),
                (manager, manifest) -> serviceControl(manager).keptDefinition(manifest),
                new EndpointProber(
                        runner(),
                        platform().listeningSockets(),
                        host.directories(),
                        unit -> serviceManager().isListenedFor(unit)),
                platform().listeningSockets(),
                loginShell.get(),
                platform().processTable(),
                runner(),
                new SystemPackages(runner(), host.directories()),
                host.directories(),
                manifest -> journals()
                        .open(manifest.name().value())
                        .flatMap(this::unfinishedUpgrade)
                        .or(() -> leftOver(manifest)),
                this::rolledBack,
                (manifest, state) -> stoppedByUser.get().since(manifest.name(), state),
                manifest -> reports().lastSeen(manifest.name()),
                () -> manifests().manifests(),
                host.system(),
                host.clock(),
                host.zone()));
    }

    /// The upgrade to a version that was tried before and undone.
    Optional<Report.RolledBack> rolledBack(Manifest manifest, UpgradeTarget target) {
        return new FailedUpgrades(journals())
                .of(manifest.name().value(), target)
                .map(outcome -> new Report.RolledBack(target.label(), outcome.startedAt(), outcome.reason()));
    }

    /// What an earlier upgrade could not delete, or not keep.
    private Optional<UnfinishedUpgrade> leftOver(Manifest manifest) {
        LeftOvers leftOvers = new LeftOvers(journals(), installers());
        return leftOvers.of(manifest).stream()
                .findFirst()
                .map(folder -> leftOvers.isNeeded(manifest, folder)
                        ? new UnfinishedUpgrade.NotKept(
                                "%s is still to be kept, possibly because the disk was full. `lamplighter recover` and each upgrade try again."
                                        .formatted(host.directories().display(folder)))
                        : new UnfinishedUpgrade.LeftOver(
                                "%s could not be deleted after an upgrade. Each upgrade and `lamplighter recover` tries again."
                                        .formatted(host.directories().display(folder)),
                                Command.of(Duration.ofMinutes(1), "sudo", "rm", "-rf", folder.toString())
                                        .line()));
    }

    /// Empty for the worker itself, which runs the doctor to check the new version.
    private Optional<UnfinishedUpgrade> unfinishedUpgrade(Journals.Transaction transaction) {
        if (transaction.worker() == ProcessHandle.current().pid()) {
            return Optional.empty();
        }
        String startedAt = String.valueOf(
                transaction.startedAt().atZone(host.zone().get()).toLocalTime().truncatedTo(ChronoUnit.SECONDS));
        return Optional.of(
                transaction.isAtWork()
                        ? new UnfinishedUpgrade.InProgress("Upgrade in progress since %s: %s."
                                .formatted(startedAt, transaction.doing().orElse("planning")))
                        : new UnfinishedUpgrade.Interrupted(transaction
                                .ended()
                                .flatMap(UpgradeOutcome::reason)
                                .orElse("The upgrade of %s was interrupted.".formatted(startedAt))));
    }
}
