package io.github.lamplighter.service;

import io.github.lamplighter.service.ServiceControl.Difference;
import io.github.lamplighter.service.ServiceDefinitionFactory.Result;
import io.github.lamplighter.tool.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The service definition of a tool, with the `PATH` and the variables of the login shell, and how the service
/// file on disk differs from it.
final class DefinitionResolver {

    private final ServiceManager manager;
    private final UnitResolver units;
    private final ServiceDefinitionFactory factory;
    private final LoginShell shell;

    DefinitionResolver(ServiceManager manager, ServiceDefinitionFactory factory, LoginShell shell) {
        this.manager = manager;
        this.units = new UnitResolver(manager);
        this.factory = factory;
        this.shell = shell;
    }

    /// The definition that an installation would write now; runs the login shell.
    Result current(Manifest manifest) {
        LoginShell.Answer answer = shell.path();
        Result result = named(
                manifest, factory.of(manifest, answer.value(), shell.variables(InheritedVariables.names(manifest))));
        if (!(result instanceof Result.Made(ServiceDefinition definition, List<String> notes))) {
            return result;
        }
        List<String> all = new ArrayList<>(notes);
        switch (answer) {
            case LoginShell.Answer.Found found -> all.addAll(found.warnings());
            case LoginShell.Answer.Fallback fallback ->
                all.add("The service uses Lamplighter's own PATH: " + fallback.why());
        }
        return new Result.Made(definition, all);
    }

    /// The same with the shell's last answer; runs no program.
    Result kept(Manifest manifest) {
        Optional<String> onDisk =
                manager.fileText(units.of(manifest)).flatMap(text -> ServiceFilePath.in(text, factory.home()));
        String path =
                shell.kept().map(LoginShell.Answer::value).or(() -> onDisk).orElse("");
        return named(
                manifest,
                factory.of(
                        manifest,
                        // A directory may have disappeared since.
                        SearchPath.cleaned(path, factory.home(), Optional.empty())
                                .value(),
                        onDisk.orElse(path),
                        shell.keptVariables(InheritedVariables.names(manifest))));
    }

    /// A manifest has a name for each kind of manager.
    private Result named(Manifest manifest, Result result) {
        return result instanceof Result.Made(ServiceDefinition definition, List<String> notes)
                ? new Result.Made(definition.withUnit(manifest.service().flatMap(manager::unitName)), notes)
                : result;
    }

    /// Whether the file on disk differs from the definition; empty if that is not known without running the
    /// shell.
    Optional<Boolean> drift(Manifest manifest, String unit) {
        Optional<String> disk = manager.isWritten(unit) ? manager.fileText(unit) : Optional.empty();
        if (disk.isEmpty() || shell.kept().isEmpty()) {
            return Optional.empty();
        }
        return switch (kept(manifest)) {
            case Result.Made made ->
                Optional.of(!Drift.between(
                                disk.get(),
                                made.definition(),
                                manager::render,
                                InheritedVariables.names(manifest),
                                factory.home())
                        .isNone());
            case Result.Refused _ -> Optional.empty();
        };
    }

    Difference difference(Manifest manifest, String unit) {
        Optional<String> disk = manager.fileText(unit);
        if (ForeignUnit.isOfTheSystem(unit) || (!manager.isWritten(unit) && disk.isPresent())) {
            return new Difference.Foreign();
        }
        return switch (current(manifest)) {
            case Result.Refused refused -> new Difference.Impossible(refused.why());
            case Result.Made made -> {
                String now = manager.render(made.definition());
                yield disk.filter(now::equals).isPresent()
                        ? new Difference.None()
                        : new Difference.Lines(LineDiff.between(
                                disk.orElse("").lines().toList(), now.lines().toList()));
            }
        };
    }
}
