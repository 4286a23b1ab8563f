package io.github.lamplighter.app;

import io.github.lamplighter.cli.Console;
import io.github.lamplighter.cli.RecoverCommand;
import io.github.lamplighter.cli.RollbackCommand;
import io.github.lamplighter.cli.UpgradeCommand;
import io.github.lamplighter.cli.UpgradeFollower;
import io.github.lamplighter.cli.UpgradeWorkerCommand;
import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.platform.linux.RenameSwap;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.platform.systemd.RecoverUnit;
import io.github.lamplighter.platform.systemd.SystemdInhibit;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.status.ExamineTools;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.upgrade.GateChecks;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.PlanUpgrade;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.ReleaseSource;
import io.github.lamplighter.upgrade.ServicePort;
import io.github.lamplighter.upgrade.StartWorker;
import io.github.lamplighter.upgrade.UpgradeContext;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeTool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Puts the upgrade together: its ports' providers, its use cases and its verbs.
final class UpgradeWiring {

    private final ProcessEnvironment host;
    private final ProcessRunner runner;
    private final List<Installer> installers;
    private final ServiceManager manager;
    private final ServiceControl serviceControl;
    private final StopImpactAssessor stopImpactAssessor;
    private final DiagnoseTool doctor;
    private final Supplier<ExamineTools> examineTools;
    private final Releases releases;
    private final ManifestStore manifests;
    private final Settings settings;
    private final List<String> launcher;
    private final Console console;
    private final ShutdownSignals shutdownSignals = new ShutdownSignals();

    /// @param launcher absolute: the recovery at login has no `PATH` of a shell
    UpgradeWiring(
            ProcessEnvironment host,
            ProcessRunner runner,
            List<Installer> installers,
            ServiceManager manager,
            ServiceControl serviceControl,
            StopImpactAssessor stopImpactAssessor,
            DiagnoseTool doctor,
            Supplier<ExamineTools> examineTools,
            Releases releases,
            ManifestStore manifests,
            Settings settings,
            List<String> launcher,
            Console console) {
        this.host = host;
        this.runner = runner;
        this.installers = installers;
        this.manager = manager;
        this.serviceControl = serviceControl;
        this.stopImpactAssessor = stopImpactAssessor;
        this.doctor = doctor;
        this.examineTools = examineTools;
        this.releases = releases;
        this.manifests = manifests;
        this.settings = settings;
        this.launcher = launcher;
        this.console = console;
    }

    Object upgrade() {
        return new UpgradeCommand(manifests, new PlanUpgrade(context()), follow(), recovery(), console);
    }

    Object worker() {
        return new UpgradeWorkerCommand(manifests, new UpgradeTool(context()), shutdownSignals, this::examine, console);
    }

    Object rollback() {
        return new RollbackCommand(
                manifests, new UpgradeTool(context()), new PlanUpgrade(context()), follow(), recovery(), console);
    }

    Object recover() {
        return new RecoverCommand(recovery(), this::examine, console);
    }

    private void examine(String name) {
        manifest(name).ifPresent(tool -> examineTools.get().run(List.of(tool), DiagnoseTool.Scope.FULL));
    }

    void endWhatWasCutOff() {
        List<UpgradeOutcome> _ = recovery().recover(false);
    }

    private UpgradeFollower follow() {
        return new UpgradeFollower(
                new StartWorker(runner, launcher, this::scope),
                new Journals(host.directories()),
                recovery(),
                shutdownSignals,
                host.zone().get(),
                console);
    }

    private RecoverUpgrades recovery() {
        return new RecoverUpgrades(context(), this::manifest);
    }

    private Optional<Manifest> manifest(String name) {
        return ToolName.of(name)
                .flatMap(manifests::entry)
                .flatMap(entry -> entry instanceof ManifestEntry.Readable readable
                        ? Optional.of(readable.manifest())
                        : Optional.empty());
    }

    private UpgradeContext context() {
        return new UpgradeContext(
                host.directories(),
                host.user(),
                ProcessHandle.current().pid(),
                host.clock(),
                host.zone().get(),
                Integer.parseInt(settings.get(Setting.SNAPSHOTS)),
                runner,
                installers,
                manager,
                new ServiceControlAdapter(serviceControl, stopImpactAssessor),
                this::gates,
                ReleaseSource.of(releases),
                new ProcProcesses(),
                new RecoverUnit(host.directories(), launcher, runner),
                new SystemdInhibit(runner),
                host.macos() ? new DirectorySwap.Renames() : new RenameSwap(),
                new Journals(host.directories()),
                new EnvironmentLock(host.directories()),
                new ActivityLog(host.directories()));
    }

    /// A scope of its own, where there is a manager to make one: closing the terminal's or the window's
    /// scope does not reach the worker there.
    private List<String> scope(String id) {
        return runner.find("systemd-run").isPresent() && manager.unavailable().isEmpty()
                ? List.of(
                        "systemd-run",
                        "--user",
                        "--scope",
                        "--quiet",
                        "--collect",
                        "--unit=lamplighter-upgrade-" + id,
                        "--")
                : List.of();
    }

    private Map<String, GateChecks.Gate> gates(Manifest manifest) {
        Map<String, GateChecks.Gate> gates = new LinkedHashMap<>();
        for (Finding finding :
                doctor.examine(manifest, DiagnoseTool.Scope.OFFLINE).report().findings()) {
            if (DiagnoseTool.isGate(finding.id())) {
                gates.put(finding.id(), new GateChecks.Gate(finding.severity(), finding.title()));
            }
        }
        return gates;
    }

    /// The service's own use case, as a transaction sees it.
    private record ServiceControlAdapter(ServiceControl serviceControl, StopImpactAssessor stopImpactAssessor)
            implements ServicePort {
        @Override
        public Optional<ServiceDefinition> definition(Manifest manifest) {
            return serviceControl.keptDefinition(manifest) instanceof ServiceDefinitionFactory.Result.Made made
                    ? Optional.of(made.definition())
                    : Optional.empty();
        }

        @Override
        public StopImpactAssessor.StopImpact harm(Manifest manifest) {
            return manifest.service().isPresent()
                    ? stopImpactAssessor.harm(manifest, serviceControl.unit(manifest))
                    : StopImpactAssessor.StopImpact.NONE;
        }

        @Override
        public Readiness ready(Manifest manifest) {
            return switch (serviceControl.awaitReady(manifest)) {
                case ServiceOutcome.Done done -> new Readiness.Ready(done.reason());
                case ServiceOutcome.Already already -> new Readiness.Ready(already.reason());
                case ServiceOutcome.Refused(String reason) -> new Readiness.NotReady(reason);
                case ServiceOutcome.Failed(String reason, List<String> lines) ->
                    new Readiness.NotReady(lines.isEmpty() ? reason : reason + " Last line: " + lines.getLast());
            };
        }
    }
}
