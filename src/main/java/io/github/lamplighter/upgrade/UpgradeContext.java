package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.UnitResolver;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// Dependencies of planning, running, rolling back and recovering an upgrade. One record, because most of these classes
/// need most of its 20 components, and a test replaces all ports at once.
///
/// @param user the name of this user
/// @param worker the pid of this process
/// @param zone the time zone of the user
/// @param snapshots how many previous versions of a tool are kept
public record UpgradeContext(
        AppDirectories directories,
        String user,
        long worker,
        InstantSource clock,
        ZoneId zone,
        int snapshots,
        ProcessRunner runner,
        List<Installer> installers,
        ServiceManager services,
        UpgradedService upgradedService,
        GateChecks gateChecks,
        ReleaseSource releaseSource,
        ProcessTable processTable,
        RecoveryAtLogin atLogin,
        Inhibitor inhibitor,
        DirectorySwap directorySwap,
        ResidentTray residentTray,
        Journals journals,
        EnvironmentLock locks,
        ActivityLog activityLog) {

    public UpgradeContext {
        installers = List.copyOf(installers);
    }

    Optional<Installer> installer(InstallerKind kind) {
        return installers.stream().filter(installer -> installer.kind() == kind).findFirst();
    }

    /// Reads the installation of a tool from disk.
    Optional<Provenance> provenance(Manifest manifest) {
        return provenance(manifest, manifest.install().program());
    }

    Optional<Provenance> provenance(Manifest manifest, Path program) {
        return installer(manifest.install().installer())
                .flatMap(installer -> installer.owner(program))
                .map(manifest.install()::withDeclaredOrigin);
    }

    /// The folder whose lock a transaction of this tool takes.
    Path lockFolder(Manifest manifest) {
        return provenance(manifest)
                .map(found -> installer(found.installer())
                        .map(installer -> installer.lockFolder(found))
                        .orElse(found.environment()))
                .orElse(manifest.install().environment());
    }

    /// Whether the service manager does not say what a control group shows: that the service has a process.
    boolean isUpUnseen(ServiceState state) {
        return state.phase() == ServiceState.Phase.UNKNOWN && processTable.hasProcess(state.unit());
    }

    /// The unit of a tool's service.
    Optional<String> unit(Manifest manifest) {
        return manifest.service().map(_ -> new UnitResolver(services).of(manifest));
    }
}
