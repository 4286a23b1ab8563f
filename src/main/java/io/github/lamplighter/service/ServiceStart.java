package io.github.lamplighter.service;

import io.github.lamplighter.tool.DataPlaces;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a service is started with next: as its files and its manager say, or else its manifest.
public final class ServiceStart {

    private ServiceStart() {}

    /// The folders that its arguments and variables set for data, but that `data` of its manifest doesn't list: by what
    /// sets each. The manifest, the unit or a drop-in may have changed since `data` was written.
    public static Map<String, Path> dataOutside(
            ServiceManager manager, Manifest manifest, ServiceState state, Path home) {
        return manifest.dataSetBy().isEmpty() || manifest.declaredData().isEmpty()
                ? Map.of()
                : new DataPlaces(manifest.dataSetBy(), home).outside(manifest.data(), of(manager, manifest, state));
    }

    /// Queries the manager for variables only if Lamplighter did not write all of the service's files.
    private static DataPlaces.Start of(ServiceManager manager, Manifest manifest, ServiceState state) {
        Optional<Manifest.Service> described = manifest.service();
        List<String> command = manager.command(state.unit());
        boolean saysItAll = manager.fileText(state.unit()).isEmpty()
                || (state.owner() == ServiceState.Owner.OURS
                        && manager.dropIns(state.unit()).isEmpty()
                        && described
                                .filter(service -> service.environmentFile().isPresent()
                                        || !service.inherit().isEmpty())
                                .isEmpty());
        return new DataPlaces.Start(
                command.isEmpty()
                        ? described.map(Manifest.Service::arguments).orElse(List.of())
                        : command.subList(1, command.size()),
                saysItAll
                        ? described.map(Manifest.Service::environment)
                        : manager.variables(state.unit())
                                .map(given -> given.of(manifest.dataSetBy().keySet())),
                described.flatMap(Manifest.Service::workingDirectory));
    }
}
