package io.github.lamplighter.service;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Adopts a service that Lamplighter did not create: Lamplighter writes its file, under the same name, with
/// the same arguments and environment variables. The earlier file is kept and can be restored.
public final class AdoptService {

    private final ServiceManager manager;
    private final UnitResolver units;
    private final ServiceControl serviceControl;
    private final ServiceDefinitionFactory serviceDefinitionFactory;
    private final ManifestStore manifests;
    private final AdoptionRecords adoptionRecords;
    private final AppDirectories directories;
    private final InstantSource clock;

    public AdoptService(
            ServiceManager manager,
            ServiceControl serviceControl,
            ServiceDefinitionFactory serviceDefinitionFactory,
            ManifestStore manifests,
            AppDirectories directories,
            InstantSource clock) {
        this.manager = manager;
        this.units = new UnitResolver(manager);
        this.serviceControl = serviceControl;
        this.serviceDefinitionFactory = serviceDefinitionFactory;
        this.manifests = manifests;
        this.adoptionRecords = new AdoptionRecords(directories);
        this.directories = directories;
        this.clock = clock;
    }

    /// What adopting a service would do.
    public sealed interface Plan {

        /// @param manifest as it would be after that
        /// @param difference each line begins with `-` (there now), `+` (would be written) or a space
        /// @param notes sentences about effects that the difference does not show
        record Ready(
                ForeignUnit unit,
                Manifest manifest,
                ServiceDefinition definition,
                List<String> difference,
                List<String> notes)
                implements Plan {
            public Ready {
                difference = List.copyOf(difference);
                notes = List.copyOf(notes);
            }
        }

        /// Lamplighter already manages it; `why` is a sentence.
        record Already(String why) implements Plan {}

        /// `why` is a sentence that says what to do.
        record Refused(String why) implements Plan {}
    }

    public Plan plan(Manifest manifest) {
        Optional<String> unavailable = manager.unavailable();
        if (unavailable.isPresent()) {
            return new Plan.Refused(unavailable.get());
        }
        String current = units.of(manifest);
        if (manager.isWritten(current)) {
            return new Plan.Already("%s is already managed by Lamplighter.".formatted(current));
        }
        Optional<ForeignUnit> found = units.foreign(manifest);
        if (found.isEmpty()) {
            return new Plan.Refused("No existing service runs %s. To create one, run `lamplighter service install %s`."
                    .formatted(manifest.name(), manifest.name()));
        }
        ForeignUnit unit = found.get();
        Optional<String> obstacle = obstacle(unit);
        if (obstacle.isPresent()) {
            return new Plan.Refused(obstacle.get());
        }
        List<String> notes = new ArrayList<>();
        Manifest then = manifest(manifest, unit, notes);
        return switch (serviceControl.definition(then)) {
            case ServiceDefinitionFactory.Result.Refused(String why) -> new Plan.Refused(why);
            case ServiceDefinitionFactory.Result.Made made -> {
                notes.addAll(made.notes());
                if (!unit.additions().isEmpty()) {
                    notes.add("Its drop-ins stay in effect: %s."
                            .formatted(String.join(
                                    ", ",
                                    unit.additions().stream()
                                            .map(directories::display)
                                            .toList())));
                }
                if (!unit.unsupported().isEmpty()) {
                    notes.add("Lamplighter does not keep %s%s."
                            .formatted(
                                    String.join(", ", unit.unsupported()),
                                    manager.supportsDropIns() ? ", except in a drop-in" : ""));
                }
                yield new Plan.Ready(
                        unit,
                        then,
                        made.definition(),
                        LineDiff.between(
                                unit.text().lines().toList(),
                                manager.render(made.definition()).lines().toList()),
                        notes);
            }
        };
    }

    private Optional<String> obstacle(ForeignUnit unit) {
        if (unit.isOfTheSystem()) {
            String name = ForeignUnit.plain(unit.unit());
            return Optional.of(
                    "%s is a system service, so Lamplighter can only show it. To run it in your session instead, stop it with `%s`."
                            .formatted(name, manager.rootDisableCommand(name)));
        }
        return unit.obstacle()
                .map(why ->
                        "%s cannot be adopted: %s Lamplighter can still start and stop it.".formatted(unit.unit(), why))
                .or(() -> SecretDetector.inArguments(unit.arguments())
                        .map(option ->
                                "The value of %s in %s looks like a secret. Other programs can read service files. Put the secret in an environment file (mode 0600), and set `EnvironmentFile=` to that file."
                                        .formatted(option, unit.unit())));
    }

    private Manifest manifest(Manifest manifest, ForeignUnit unit, List<String> notes) {
        Optional<Manifest.Service> before = manifest.service();
        Map<String, String> environment =
                new TreeMap<>(before.map(Manifest.Service::environment).orElse(Map.of()));
        environment.putAll(unit.environment());
        Manifest.Service service = new Manifest.Service(
                unit.arguments(),
                environment,
                before.map(Manifest.Service::inherit).orElse(List.of()),
                unit.killMode().or(() -> before.flatMap(Manifest.Service::killMode)),
                unit.stopTimeoutSeconds()
                        .orElse(before.map(Manifest.Service::stopTimeoutSeconds).orElse(20)),
                unit.directory().or(() -> directory(before, unit, notes)),
                unit.environmentFile().or(() -> before.flatMap(Manifest.Service::environmentFile)),
                before.flatMap(Manifest.Service::unit),
                before.flatMap(Manifest.Service::label),
                before.map(Manifest.Service::refresh).orElse(List.of()));
        return manifest.with(manager.unitName(service, unit.unit()));
    }

    /// A service file without a directory uses the manager's default. That is kept only if an argument is a
    /// file in it: a server that runs in the home directory may publish it.
    private Optional<Path> directory(Optional<Manifest.Service> before, ForeignUnit unit, List<String> notes) {
        Path folder = manager.defaultWorkingDirectory(directories.home());
        boolean relative = unit.arguments().stream()
                .anyMatch(argument -> !argument.isEmpty()
                        && !argument.startsWith("/")
                        && !argument.startsWith("-")
                        && Files.exists(folder.resolve(argument)));
        if (relative) {
            return Optional.of(folder);
        }
        Optional<Path> configured = before.flatMap(Manifest.Service::workingDirectory);
        if (configured.isEmpty()) {
            notes.add("Its working directory is %s now. It will be an empty directory of its own."
                    .formatted(folder.equals(directories.home()) ? "your home directory" : folder));
        }
        return configured;
    }

    /// Adopts a service as planned. If the service does not become ready, the earlier one is restored.
    public ServiceOutcome adopt(Manifest before, Plan.Ready plan) {
        ForeignUnit unit = plan.unit();
        ServiceState state = manager.state(unit.unit());
        Path kept;
        try {
            makeEmptyFolder(plan);
            kept = adoptionRecords.keep(before.name().value(), unit, manifests.file(before.name()), clock.instant());
        } catch (IOException e) {
            return new ServiceOutcome.Failed(
                    "Could not back up the current service file, so nothing was changed: " + FileProblem.why(e));
        }
        if (manifests.save(plan.manifest(), manifests.source(manifests.file(before.name())))
                instanceof ManifestStore.Change.Refused(Path _, String why)) {
            adoptionRecords.forget(before.name().value());
            return new ServiceOutcome.Failed(why);
        }
        ServiceOutcome written = manager.writeOver(plan.definition());
        if (!written.isSuccess()) {
            putBack(before);
            return written;
        }
        String adopted = "Lamplighter now manages %s. The earlier file is kept in %s."
                .formatted(unit.unit(), directories.display(kept));
        if (state.phase() != Phase.RUNNING && state.phase() != Phase.STARTING) {
            return new ServiceOutcome.Done(adopted);
        }
        ServiceOutcome running = serviceControl.restart(plan.manifest());
        if (running.isSuccess()) {
            return new ServiceOutcome.Done(adopted + " " + running.reason());
        }
        ServiceOutcome restored = putBack(before);
        // Also after a failure: the service was stopped.
        ServiceOutcome restarted = serviceControl.restart(before);
        ServiceOutcome earlier = restored.then(() -> restarted);
        return new ServiceOutcome.Failed(
                "%s The earlier service was restored%s"
                        .formatted(
                                running.reason(),
                                earlier.isSuccess() ? " and is running." : ", but is not running: " + earlier.reason()),
                running.failure().map(ServiceOutcome.Failed::lastLines).orElse(List.of()));
    }

    private void makeEmptyFolder(Plan.Ready plan) throws IOException {
        if (serviceDefinitionFactory.isOwnFolder(
                plan.manifest(), plan.definition().workingDirectory())) {
            AtomicFile.makeFolder(plan.definition().workingDirectory());
        }
    }

    /// Restores the service file and the manifest as they were before the adoption, and restarts the service
    /// if it was running.
    public ServiceOutcome undo(Manifest manifest) {
        Optional<AdoptionRecords.Adoption> kept =
                adoptionRecords.of(manifest.name().value());
        if (kept.isEmpty()) {
            return new ServiceOutcome.Refused(
                    "No service of %s was adopted, so there is nothing to undo.".formatted(manifest.name()));
        }
        String unit = kept.get().unit();
        if (!manager.isWritten(unit) && manager.fileText(unit).isPresent()) {
            return new ServiceOutcome.Refused(
                    "%s was replaced by another program after Lamplighter adopted it. The earlier file is kept in %s."
                            .formatted(unit, directories.display(kept.get().text())));
        }
        boolean ran = manager.state(unit).phase() == Phase.RUNNING;
        String restored = "%s was restored to its original state.".formatted(unit);
        return putBack(manifest).then(() -> {
            if (!ran) {
                return new ServiceOutcome.Done(restored);
            }
            ServiceOutcome running = serviceControl.restart(earlier(manifest));
            return running.then(() -> new ServiceOutcome.Done(restored + " " + running.reason()));
        });
    }

    private Manifest earlier(Manifest manifest) {
        return manifests.read(manifests.file(manifest.name()), manifest.name().value()).stream()
                .flatMap(entry -> entry instanceof ManifestEntry.Readable readable
                        ? Stream.of(readable.manifest())
                        : Stream.empty())
                .findFirst()
                .orElse(manifest);
    }

    private ServiceOutcome putBack(Manifest manifest) {
        Optional<AdoptionRecords.Adoption> kept =
                adoptionRecords.of(manifest.name().value());
        if (kept.isEmpty()) {
            return new ServiceOutcome.Failed("The backup of its service file is missing.");
        }
        AdoptionRecords.Adoption adoption = kept.get();
        try {
            boolean inItsPlace = manager.state(adoption.unit())
                    .file()
                    .filter(adoption.file()::equals)
                    .isPresent();
            ServiceOutcome restored = manager.restore(
                    adoption.unit(),
                    // The original in another directory was only hidden by ours.
                    inItsPlace ? Optional.of(Files.readString(adoption.text())) : Optional.empty());
            if (!restored.isSuccess()) {
                return restored;
            }
            AtomicFile.write(
                    AtomicFile.throughLink(manifests.file(manifest.name())),
                    Files.readString(adoption.manifest(), StandardCharsets.UTF_8));
            adoptionRecords.forget(manifest.name().value());
            return restored;
        } catch (IOException e) {
            return new ServiceOutcome.Failed("Could not read the backup of its service file: " + FileProblem.why(e));
        }
    }
}
