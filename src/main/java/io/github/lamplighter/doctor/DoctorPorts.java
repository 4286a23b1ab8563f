package io.github.lamplighter.doctor;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.OperatingSystem;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.UnitResolver;
import io.github.lamplighter.tool.Manifest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// The ports and functions that the doctor reads facts from, one component each. It changes nothing.
///
/// @param newest the verdict on an install, given the package manager's recorded variables; the only question
///     that needs the network
/// @param revisionKind what that question brought to light of a revision; `UNRESOLVED` before it was asked
/// @param definition the service that a manifest asks for, by what this manager has on disk, with any
/// `PATH`: the doctor puts the one on disk in its
///     place, because the user's shell is not asked at every check
/// @param upgrade the transaction of this tool that is not over, if there is one
/// @param rolledBack the upgrade to a version that was tried before and undone
/// @param stoppedByUser since when the service is stopped because the user wanted it so
/// @param lastSeen the install as it was when it was last there
/// @param packages which package of this system brings a program
/// @param zone the user's: times in findings are on their clock
/// @param managed the manifests of all tools
/// @param system decides which of a manifest's hints is shown
public record DoctorPorts(
        List<Installer> installers,
        BiFunction<Provenance, Map<String, String>, Verdict> newest,
        Function<Origin.Git, Origin.RevisionKind> revisionKind,
        ServiceManager services,
        BiFunction<ServiceManager, Manifest, ServiceDefinitionFactory.Result> definition,
        Endpoints endpoints,
        ListeningSockets listeningSockets,
        LoginShell shell,
        ProcessTable processTable,
        ProcessRunner runner,
        SystemPackages packages,
        AppDirectories directories,
        Function<Manifest, Optional<UnfinishedUpgrade>> upgrade,
        BiFunction<Manifest, UpgradeTarget, Optional<Report.RolledBack>> rolledBack,
        BiFunction<Manifest, ServiceState, Optional<Instant>> stoppedByUser,
        Function<Manifest, Optional<Provenance>> lastSeen,
        Supplier<List<Manifest>> managed,
        OperatingSystem system,
        InstantSource clock,
        Supplier<ZoneId> zone) {

    public DoctorPorts {
        installers = List.copyOf(installers);
    }

    /// The same with an answer of the source that is known already.
    DoctorPorts answering(Verdict verdict) {
        return new DoctorPorts(
                installers,
                (_, _) -> verdict,
                revisionKind,
                services,
                definition,
                endpoints,
                listeningSockets,
                shell,
                processTable,
                runner,
                packages,
                directories,
                upgrade,
                rolledBack,
                stoppedByUser,
                lastSeen,
                managed,
                system,
                clock,
                zone);
    }

    /// The same for one run over these tools, in which the tables of the system and the states of all their
    /// services are read once.
    DoctorPorts snapshot(List<Manifest> tools) {
        UnitResolver units = new UnitResolver(services);
        ServiceManager now = services.snapshot(() -> tools.stream()
                .filter(tool -> tool.expected() != Manifest.Expected.COMMAND)
                .map(units::of)
                .distinct()
                .toList());
        ListeningSockets listening = listeningSockets.snapshot();
        return new DoctorPorts(
                installers,
                newest,
                revisionKind,
                now,
                definition,
                endpoints.snapshot(listening, now),
                listening,
                shell,
                processTable.snapshot(),
                runner,
                packages,
                directories,
                upgrade,
                rolledBack,
                stoppedByUser,
                lastSeen,
                new Lazy<>(managed)::get,
                system,
                clock,
                zone);
    }
}
