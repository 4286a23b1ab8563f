package io.github.lamplighter.service;

import io.github.lamplighter.tool.Manifest;
import java.util.List;
import java.util.Optional;

/// Which unit or agent runs a tool: the one that its description names, Lamplighter's own, or one of somebody else
/// that is found by its program.
public final class UnitResolver {

    private final ServiceManager manager;

    public UnitResolver(ServiceManager manager) {
        this.manager = manager;
    }

    public String of(Manifest manifest) {
        Optional<String> named = manifest.service().flatMap(manager::unitName);
        String own = manager.unitOf(manifest.name().value());
        if (named.isPresent()) {
            // The name alone does not say whose it is.
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

    /// The service of somebody else that runs the tool, the one that counts first.
    public Optional<ForeignUnit> foreign(Manifest manifest) {
        List<ForeignUnit> all = manager.foreign(manifest.install());
        Optional<String> named = manifest.service().flatMap(manager::unitName);
        return all.stream()
                .filter(unit -> named.filter(unit.unit()::equals).isPresent())
                .findFirst()
                .or(() -> all.stream().findFirst());
    }
}
