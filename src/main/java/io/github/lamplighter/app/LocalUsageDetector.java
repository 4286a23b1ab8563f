package io.github.lamplighter.app;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.tool.UsageDetector;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// How a tool that is added is already used on this machine: by services not created by Lamplighter, and by
/// processes.
final class LocalUsageDetector implements UsageDetector {

    private final ServiceManager services;
    private final Function<Manifest.Install, List<Running>> running;
    private final Probe probe = new Probe();

    LocalUsageDetector(ServiceManager services, Function<Manifest.Install, List<Running>> running) {
        this.services = services;
        this.running = running;
    }

    @Override
    public List<Unit> units(Provenance provenance) {
        return services.foreign(install(provenance)).stream()
                .map(unit -> new Unit(unit.unit(), unit.file(), unit.arguments(), unit.directory()))
                .toList();
    }

    @Override
    public List<Running> running(Provenance provenance) {
        return running.apply(install(provenance));
    }

    @Override
    public Optional<Map<String, String>> variables(ToolName name, Optional<String> unit, Collection<String> names) {
        return services.variables(unit.orElseGet(() -> services.unitOf(name.value())))
                .map(variables -> variables.of(names));
    }

    @Override
    public boolean speaksHttp(String url) {
        return probe.ask(new Manifest.Endpoint(url, List.of(), Optional.empty(), Optional.empty(), false, 0))
                instanceof ProbeResult.Yes;
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
}
