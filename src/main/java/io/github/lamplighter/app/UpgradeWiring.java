package io.github.lamplighter.app;

import io.github.lamplighter.cli.Console;
import io.github.lamplighter.cli.RecoverCommand;
import io.github.lamplighter.cli.RollbackCommand;
import io.github.lamplighter.cli.UpgradeCommand;
import io.github.lamplighter.cli.UpgradeFollower;
import io.github.lamplighter.cli.UpgradeWorkerCommand;
import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.setup.HomeFiles;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.upgrade.GateChecks;
import io.github.lamplighter.upgrade.PlanUpgrade;
import io.github.lamplighter.upgrade.RecoverUpgrades;
import io.github.lamplighter.upgrade.ReleaseSource;
import io.github.lamplighter.upgrade.Snapshot;
import io.github.lamplighter.upgrade.StartWorker;
import io.github.lamplighter.upgrade.UpgradeContext;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeWorker;
import io.github.lamplighter.upgrade.UpgradedService;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Builds the commands of the upgrade with its ports.
final class UpgradeWiring {

    private static final Duration EXAMINE_LIMIT = Duration.ofMinutes(3);
    /// The worker plans again under the lock. What the confirmed plan has fetched is not fetched a second time.
    private static final Duration SINCE_CONFIRMED = Duration.ofMinutes(1);

    private final ProcessEnvironment host;
    private final UseCases core;
    private final Console console;
    private final ShutdownSignals shutdownSignals = new ShutdownSignals();

    UpgradeWiring(ProcessEnvironment host, UseCases core, Console console) {
        this.host = host;
        this.core = core;
        this.console = console;
    }

    Object upgrade() {
        return new UpgradeCommand(
                core.manifests(),
                core.toolCatalog()::ownManifest,
                new PlanUpgrade(context()),
                follow(),
                recovery(),
                console);
    }

    Object worker() {
        return new UpgradeWorkerCommand(
                core.manifests(),
                core.toolCatalog()::ownManifest,
                new UpgradeWorker(context(core.newReleases(SINCE_CONFIRMED))),
                shutdownSignals,
                this::examine,
                console);
    }

    Object rollback() {
        return new RollbackCommand(
                core.manifests(),
                core.toolCatalog()::ownManifest,
                new UpgradeWorker(context()),
                new PlanUpgrade(context()),
                follow(),
                recovery(),
                host.directories(),
                host.clock(),
                host.zone().get(),
                console);
    }

    List<Snapshot> kept(Manifest manifest) {
        return new UpgradeWorker(context()).kept(manifest);
    }

    Object recover() {
        return new RecoverCommand(recovery(), this::examine, console);
    }

    private void examine(String name) {
        Optional<Manifest> own = core.toolCatalog()
                .ownManifest()
                .filter(itself -> itself.name().value().equals(name));
        if (own.isPresent() && host.build().isPresent()) {
            refreshHomeFiles();
            // This process may run from the version before.
            List<String> argv = new ArrayList<>(core.absoluteLauncher());
            argv.addAll(List.of("doctor", "--json", name));
            ProcessResult _ = core.runner().run(Command.of(EXAMINE_LIMIT, argv));
            return;
        }
        manifest(name).ifPresent(tool -> core.checkTools().run(List.of(tool), DiagnoseTool.Scope.FULL));
    }

    /// The other version may have other icons and completions.
    private void refreshHomeFiles() {
        VersionFolders folders = new VersionFolders(host.directories());
        try {
            new HomeFiles(host.directories(), folders, host.clock()).refresh();
        } catch (IOException e) {
            console.err()
                    .println("lamplighter: Could not update the menu entry, icons and completions: %s."
                            .formatted(FileProblem.why(e)));
        }
    }

    List<UpgradeOutcome> recoverInterrupted() {
        return recovery().recover(RecoverUpgrades.Occasion.ASIDE);
    }

    private UpgradeFollower follow() {
        return new UpgradeFollower(
                new StartWorker(core.runner(), core.absoluteLauncher(), this::scope),
                core.journals(),
                recovery(),
                shutdownSignals,
                host.clock(),
                host.zone().get(),
                console);
    }

    private RecoverUpgrades recovery() {
        return new RecoverUpgrades(context(), this::manifest);
    }

    private Optional<Manifest> manifest(String name) {
        return ToolName.of(name)
                .flatMap(core.manifests()::entry)
                .flatMap(entry -> entry instanceof ManifestEntry.Readable readable
                        ? Optional.of(readable.manifest())
                        : Optional.empty())
                .or(() -> core.toolCatalog()
                        .ownManifest()
                        .filter(own -> own.name().value().equals(name)));
    }

    private UpgradeContext context() {
        return context(core.releases());
    }

    private UpgradeContext context(Releases releases) {
        return new UpgradeContext(
                host.directories(),
                host.user(),
                ProcessHandle.current().pid(),
                host.clock(),
                host.zone().get(),
                Integer.parseInt(core.settings().get(Setting.SNAPSHOTS)),
                core.runner(),
                core.installers(),
                core.serviceManager(),
                new ServiceControlAdapter(core.serviceControl(), core.stopImpactAssessor()),
                this::gates,
                ReleaseSource.of(releases),
                core.platform().processTable(),
                core.platform().recoveryAtLogin(),
                core.platform().inhibitor(),
                core.platform().directorySwap(),
                new TrayHandOver(host, core.runner()),
                core.journals(),
                new EnvironmentLock(host.directories()),
                new ActivityLog(host.directories()));
    }

    /// A systemd scope of its own, if possible: stopping the scope of the terminal or the window does not end
    /// the worker then.
    private List<String> scope(String id) {
        return host.hasUserManager()
                        && core.runner().find("systemd-run").isPresent()
                        && core.serviceManager().unavailable().isEmpty()
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
        Report report =
                core.doctor().examine(manifest, DiagnoseTool.Scope.OFFLINE).report();
        for (Finding finding : report.findings()) {
            if (DiagnoseTool.isGate(finding.id())) {
                // It has responded before, so it is not starting.
                boolean isSilent = finding.id().equals(CheckId.ANSWERING)
                        && finding.severity() == Severity.UNKNOWN
                        && !report.timedOut().contains(finding.id());
                gates.put(
                        finding.id(),
                        new GateChecks.Gate(isSilent ? Severity.FAILURE : finding.severity(), finding.title()));
            }
        }
        return gates;
    }

    /// The service commands that a transaction needs.
    private record ServiceControlAdapter(ServiceControl serviceControl, StopImpactAssessor stopImpactAssessor)
            implements UpgradedService {
        @Override
        public Optional<ServiceDefinition> definition(Manifest manifest) {
            return serviceControl.keptDefinition(manifest) instanceof ServiceDefinitionFactory.Result.Made made
                    ? Optional.of(made.definition())
                    : Optional.empty();
        }

        @Override
        public StopImpactAssessor.StopImpact stopImpact(Manifest manifest) {
            return manifest.service().isPresent()
                    ? stopImpactAssessor.stopImpact(manifest, serviceControl.unit(manifest))
                    : StopImpactAssessor.StopImpact.NONE;
        }

        @Override
        public Readiness ready(Manifest manifest) {
            return switch (serviceControl.awaitReady(manifest)) {
                case ServiceOutcome.Done _, ServiceOutcome.Already _ ->
                    new Readiness.Ready(manifest.endpoint().isPresent() ? "" : "running; no URL to check");
                case ServiceOutcome.Refused(String reason) -> new Readiness.NotReady(reason);
                case ServiceOutcome.Failed(String reason, List<String> lines) ->
                    new Readiness.NotReady(lines.isEmpty() ? reason : reason + " Last line: " + lines.getLast());
            };
        }
    }
}
