package io.github.lamplighter.service;

import io.github.lamplighter.tool.Manifest;
import java.util.List;
import java.util.Optional;

/// Finds the unit or agent that runs a tool: the one that its manifest names, the one that Lamplighter
/// created, or another one with the tool's program.
public final class UnitResolver {

    private final ServiceManager manager;

    public UnitResolver(ServiceManager manager) {
        this.manager = manager;
    }

    public String of(Manifest manifest) {
        Optional<String> named = manifest.service().flatMap(manager::unitName);
        String own = manager.unitOf(manifest.name().value());
        if (named.isPresent()) {
            // The name alone does not tell who created it.
            return manager.isWritten(named.get())
                    ? named.get()
                    : manager.foreign(manifest.install()).stream()
                            .map(ForeignUnit::unit)
                            .filter(unit -> unit.equals(named.get()) || unit.equals(ForeignUnit.SYSTEM + named.get()))
                            .findFirst()
                            .orElse(named.get());
        }
        return manager.isWritten(own)
                ? own
                : foreign(manifest).map(ForeignUnit::unit).orElse(own);
    }

    /// The service not created by Lamplighter that runs the tool, the most relevant one.
    public Optional<ForeignUnit> foreign(Manifest manifest) {
        List<ForeignUnit> all = manager.foreign(manifest.install());
        Optional<String> named = manifest.service().flatMap(manager::unitName);
        return all.stream()
                .filter(unit -> named.filter(unit.unit()::equals).isPresent())
                .findFirst()
                .or(() -> all.stream().findFirst());
    }
}
