package io.github.lamplighter.app;

import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.Progress;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.TrayPanelFile;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.ResidentProcesses;
import io.github.lamplighter.installer.ProjectLinks;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.platform.proc.ControlGroupUsage;
import io.github.lamplighter.release.CommitList;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ResourceUsage;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceStatus;
import io.github.lamplighter.status.CheckTools;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.GlanceFile;
import io.github.lamplighter.status.ManagedTool;
import io.github.lamplighter.status.NextCheckFile;
import io.github.lamplighter.status.StateDays;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.Recipes;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.tool.UsageDetector;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.Snapshot;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.window.ServiceSetup;
import io.github.lamplighter.window.WindowData;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the window shows, from the same use cases as the commands `list`, `status`, `service status`,
/// `service logs` and `history`.
final class WindowQueries implements WindowData {

    /// As journalctl reads it.
    private static final DateTimeFormatter SINCE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ENGLISH);

    private final UseCases core;
    private final AppDirectories directories;
    private final Supplier<ZoneId> zone;
    private final Function<Manifest, List<Snapshot>> kept;
    private final KeptSizes sizes;

    /// @param kept the previous versions of a tool
    WindowQueries(
            UseCases core, AppDirectories directories, Supplier<ZoneId> zone, Function<Manifest, List<Snapshot>> kept) {
        this.kept = kept;
        this.sizes = new KeptSizes(directories);
        this.directories = directories;
        this.core = core;
        this.zone = zone;
    }

    @Override
    public List<Tool> tools() {
        return core.toolCatalog().tools();
    }

    @Override
    public List<KnownTool> known(List<Tool> tools) {
        Map<String, ManagedTool> managed = new HashMap<>();
        core.checkTools()
                .tools()
                .forEach(tool -> managed.put(tool.manifest().name().value(), tool));
        ServiceManager now = core.serviceManager()
                .snapshot(() -> managed.values().stream()
                        .filter(ManagedTool::isService)
                        .map(ManagedTool::unit)
                        .toList());
        Set<String> upgrading =
                core.journals().open().stream().map(Journals.Transaction::name).collect(Collectors.toSet());
        // From one file: the doctor has read the journals.
        Map<String, UpgradeHistory.Upgraded> upgraded = new HashMap<>();
        new GlanceFile(directories.glance())
                .read()
                .map(Glance::tools)
                .orElse(List.of())
                .forEach(tool -> tool.upgraded().ifPresent(last -> upgraded.put(tool.name(), last)));
        return tools.stream()
                .map(tool -> {
                    Optional<ManagedTool> known =
                            tool.managed() ? Optional.ofNullable(managed.get(tool.id())) : Optional.empty();
                    return new KnownTool(
                            tool,
                            known.flatMap(ManagedTool::report),
                            known.filter(ManagedTool::isService).map(found -> live(found, now)),
                            upgrading.contains(tool.id()),
                            known.flatMap(_ -> Optional.ofNullable(upgraded.get(tool.id()))));
                })
                .toList();
    }

    private LiveService live(ManagedTool tool, ServiceManager now) {
        return new LiveService(
                now.state(tool.unit()),
                tool.manifest().expected(),
                problem -> tool.report()
                        .filter(report -> core.checkTools()
                                .isIgnored(report, CheckId.PROCESS, problem.severity(), problem.headline()))
                        .isPresent());
    }

    @Override
    public List<FoundTool> found(List<Tool> tools) {
        UsageDetector usage = core.usageDetector();
        Recipes recipes = new Recipes();
        return tools.stream()
                .map(tool -> tool.provenance()
                        .map(install -> found(tool, install, usage, recipes))
                        .orElse(new FoundTool(tool, Use.COMMAND, Optional.empty())))
                .toList();
    }

    private static FoundTool found(Tool tool, Provenance install, UsageDetector usage, Recipes recipes) {
        Optional<String> how = usage.units(install).stream()
                .findFirst()
                .map(unit -> "its own service " + unit.name())
                .or(() -> usage.running(install).stream().findFirst().map(WindowQueries::process));
        if (how.isPresent()) {
            return new FoundTool(tool, Use.RUNS_NOW, how);
        }
        boolean known = recipes.knows(install.installer(), install.packageName());
        return new FoundTool(tool, known ? Use.COULD_RUN : Use.COMMAND, Optional.empty());
    }

    private static String process(UsageDetector.Running process) {
        return "process %d%s"
                .formatted(
                        process.pid(),
                        process.listens().stream()
                                .findFirst()
                                .map(address -> ", port " + address.port())
                                .orElse(""));
    }

    @Override
    public Resident resident() {
        boolean tray = new ResidentProcesses(directories)
                .all().stream().anyMatch(process -> process.role() == ResidentProcesses.Role.TRAY);
        Optional<Instant> next = new NextCheckFile(directories).read().filter(at -> at.isAfter(Instant.now()));
        return new Resident(tray, new TrayPanelFile(directories).read().filter(_ -> tray), next.filter(_ -> tray));
    }

    @Override
    public long keptBytes() {
        return core.manifests().entries().stream()
                .flatMap(entry -> entry instanceof ManifestEntry.Readable readable
                        ? Stream.of(readable.manifest())
                        : Stream.empty())
                .flatMap(manifest -> kept.apply(manifest).stream())
                .map(Snapshot::folder)
                .distinct()
                .mapToLong(sizes::of)
                .sum();
    }

    @Override
    public AutoCloseable watchServices(List<Tool> tools, Runnable changed) {
        ServiceControl control = core.serviceControl();
        List<String> units = tools.stream()
                .flatMap(tool -> tool.manifest().stream())
                .filter(manifest -> manifest.expected() != Manifest.Expected.COMMAND)
                .map(control::unit)
                .toList();
        return units.isEmpty() ? () -> {} : core.serviceManager().watch(units, _ -> changed.run());
    }

    @Override
    public Optional<Report> report(String tool) {
        return ToolName.of(tool).flatMap(core.reports()::last);
    }

    @Override
    public Optional<String> check(String tool, Progress progress) {
        Optional<Manifest> manifest = manifest(tool)
                .or(() -> core.toolCatalog()
                        .ownManifest()
                        .filter(own -> own.name().value().equals(tool)));
        if (manifest.isEmpty()) {
            return Optional.of("The manifest of %s cannot be read.".formatted(tool));
        }
        CheckTools.Outcome outcome = core.checkTools().run(List.of(manifest.get()), DiagnoseTool.Scope.FULL, progress);
        return outcome.problems().stream().findFirst();
    }

    @Override
    public Optional<ServiceStatus> service(String tool) {
        return manifest(tool).map(core.serviceControl()::status);
    }

    @Override
    public Optional<ServiceSetup> serviceSetup(String tool) {
        return entry(tool).map(this::setup);
    }

    private ServiceSetup setup(ManifestEntry.Readable entry) {
        String unit = core.serviceControl().unit(entry.manifest());
        ServiceManager manager = core.serviceManager();
        List<String> shell = core.loginShell()
                .kept()
                .map(answer -> List.of(answer.value().split(":")))
                .orElse(List.of());
        List<String> service = manager.variables(unit)
                .flatMap(ServiceEnvironment::path)
                .map(path -> List.of(path.split(":")))
                .orElse(List.of());
        return switch (core.serviceControl().keptDefinition(entry.manifest())) {
            case ServiceDefinitionFactory.Result.Refused(String why) ->
                new ServiceSetup(
                        List.of(),
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Optional.of(why),
                        shell,
                        service,
                        manager.dropIns(unit),
                        entry.file());
            case ServiceDefinitionFactory.Result.Made made -> {
                ServiceDefinition definition = made.definition();
                yield new ServiceSetup(
                        definition.argv(),
                        Optional.of(definition.workingDirectory()),
                        definition.environment(),
                        definition.environmentFile(),
                        Optional.empty(),
                        shell,
                        service,
                        manager.dropIns(unit),
                        entry.file());
            }
        };
    }

    @Override
    public Optional<ServiceControl.Difference> serviceDifference(String tool) {
        return manifest(tool).map(core.serviceControl()::diff);
    }

    @Override
    public Optional<ResourceUsage> usage(String tool) {
        return manifest(tool)
                .map(manifest ->
                        core.serviceManager().state(core.serviceControl().unit(manifest)))
                .flatMap(ServiceState::controlGroup)
                .flatMap(group -> new ControlGroupUsage(Path.of("/sys/fs/cgroup")).usage(group, Instant.now()));
    }

    @Override
    public List<KeptVersion> keptVersions(String tool) {
        return manifest(tool).map(kept).orElse(List.of()).stream()
                .map(snapshot -> new KeptVersion(
                        snapshot.version(),
                        snapshot.takenAt(),
                        sizes.of(snapshot.folder()),
                        !snapshot.data().isEmpty()))
                .toList();
    }

    @Override
    public LogReading log(String tool, int lines, Optional<Instant> since) {
        ServiceControl control = core.serviceControl();
        return manifest(tool)
                .map(manifest -> {
                    List<LogLine> found =
                            control.log(manifest, lines, since.map(at -> SINCE.format(at.atZone(zone.get()))));
                    Optional<String> elsewhere = control.logElsewhere(manifest);
                    return new LogReading(
                            found,
                            elsewhere,
                            found.isEmpty() && elsewhere.isEmpty() ? control.logUnavailableReason() : Optional.empty());
                })
                .orElse(new LogReading(List.of(), Optional.empty(), Optional.empty()));
    }

    @Override
    public Following followLog(String tool, int lines, Consumer<LogLine> line) {
        Optional<Manifest> manifest = manifest(tool);
        if (manifest.isEmpty()) {
            return () -> {};
        }
        Thread thread = Thread.ofVirtual()
                .name("log of " + tool)
                .start(() -> core.serviceControl().follow(manifest.get(), lines, Optional.empty(), line));
        return thread::interrupt;
    }

    @Override
    public News news(String tool) {
        Optional<Report> last = report(tool);
        Optional<Provenance> install = last.flatMap(Report::provenance);
        ProjectLinks links = install.flatMap(found -> core.installers().stream()
                        .filter(installer -> installer.kind() == found.installer())
                        .findFirst()
                        .map(installer -> installer.links(found)))
                .orElse(ProjectLinks.NONE);
        CommitList changes = install.flatMap(found -> last.flatMap(Report::verdict)
                        .filter(Verdict.Outdated.class::isInstance)
                        .map(verdict -> core.releases().changes(found, ((Verdict.Outdated) verdict).upgradeTarget())))
                .orElse(CommitList.NONE);
        return new News(links.releasePage(), links.homepage(), changes);
    }

    @Override
    public Map<String, StateDays> days(List<String> tools) {
        return tools.stream()
                .flatMap(tool -> ToolName.of(tool).stream())
                .collect(Collectors.toMap(
                        ToolName::value, tool -> core.checkTools().days(tool, zone.get())));
    }

    @Override
    public List<UpgradeOutcome> history(String tool) {
        return core.journals().history(Optional.of(tool));
    }

    private Optional<Manifest> manifest(String tool) {
        return entry(tool).map(ManifestEntry.Readable::manifest);
    }

    private Optional<ManifestEntry.Readable> entry(String tool) {
        return ToolName.of(tool)
                .flatMap(core.manifests()::entry)
                .flatMap(entry ->
                        entry instanceof ManifestEntry.Readable readable ? Optional.of(readable) : Optional.empty());
    }
}
