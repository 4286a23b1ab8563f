package io.github.lamplighter.service;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.Manifest;
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

/// Makes a service that somebody else wrote Lamplighter's own: under the same name, with the same arguments and
/// variables. What was there is kept and can be put back.
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

    /// What adopting would do.
    public sealed interface Plan {

        /// @param manifest as it would be then
        /// @param difference each line begins with `-` (there now), `+` (would be written) or a space
        /// @param notes sentences about what the difference does not show
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

        /// It is Lamplighter's already; `why` is a sentence.
        record Already(String why) implements Plan {}

        /// `why` is a sentence that says what helps.
        record Refused(String why) implements Plan {}
    }

    public Plan plan(Manifest manifest) {
        Optional<String> unavailable = manager.unavailable();
        if (unavailable.isPresent()) {
            return new Plan.Refused(unavailable.get());
        }
        String current = units.of(manifest);
        if (manager.isWritten(current)) {
            return new Plan.Already("%s is Lamplighter's already.".formatted(current));
        }
        Optional<ForeignUnit> found = units.foreign(manifest);
        if (found.isEmpty()) {
            return new Plan.Refused("No service of somebody else runs it. `lamplighter service install %s` makes one."
                    .formatted(manifest.name()));
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
                    notes.add("Its drop-ins stay and go on counting: %s."
                            .formatted(String.join(
                                    ", ",
                                    unit.additions().stream()
                                            .map(directories::display)
                                            .toList())));
                }
                if (!unit.untaken().isEmpty()) {
                    notes.add("Lamplighter does not write %s%s."
                            .formatted(
                                    String.join(", ", unit.untaken()),
                                    manager.supportsDropIns() ? "; what a drop-in says of that stays" : ""));
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
            String name = unit.unit().substring(ForeignUnit.SYSTEM.length());
            return Optional.of(
                    "%s belongs to the system, so Lamplighter can only show it. `%s` ends it; then it can be run in your session."
                            .formatted(name, manager.rootDisableCommand(name)));
        }
        return unit.obstacle()
                .map(why -> "%s cannot be taken over as it is: %s It is shown and controlled as it is."
                        .formatted(unit.unit(), why))
                .or(() -> SecretDetector.inArguments(unit.arguments())
                        .map(option ->
                                "The value of %s in %s looks like a secret, and other programs can read a service file: put it into a file of your own (mode 0600) first, and name that there as `EnvironmentFile=`."
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

    /// Without a word in it the manager runs it in a folder of its choice. That is kept only where an
    /// argument means a file there: a server that is started in the home may publish it.
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
        Optional<Path> told = before.flatMap(Manifest.Service::workingDirectory);
        if (told.isEmpty()) {
            notes.add("It ran in %s; it will run in an empty folder of its own."
                    .formatted(folder.equals(directories.home()) ? "your home" : folder));
        }
        return told;
    }

    /// Does what `plan` says. When the service does not serve afterwards, everything is as before.
    public ServiceOutcome adopt(Manifest before, Plan.Ready plan) {
        ForeignUnit unit = plan.unit();
        ServiceState state = manager.state(unit.unit());
        Path kept;
        try {
            makeEmptyFolder(plan);
            kept = adoptionRecords.keep(before.name().value(), unit, manifests.file(before.name()), clock.instant());
        } catch (IOException e) {
            return new ServiceOutcome.Failed(
                    "What is there now could not be kept, so nothing was changed: " + e.getMessage(), List.of());
        }
        if (manifests.save(plan.manifest(), manifests.source(manifests.file(before.name())))
                instanceof ManifestStore.Change.Refused(Path _, String why)) {
            adoptionRecords.forget(before.name().value());
            return new ServiceOutcome.Failed(why, List.of());
        }
        ServiceOutcome written = manager.writeOver(plan.definition());
        if (!isWell(written)) {
            putBack(before);
            return written;
        }
        if (state.phase() != Phase.RUNNING && state.phase() != Phase.STARTING) {
            return new ServiceOutcome.Done("%s is Lamplighter's now; the earlier file is kept in %s."
                    .formatted(unit.unit(), directories.display(kept)));
        }
        ServiceOutcome running = serviceControl.restart(plan.manifest());
        if (isWell(running)) {
            return new ServiceOutcome.Done("%s is Lamplighter's now; the earlier file is kept in %s. %s"
                    .formatted(unit.unit(), directories.display(kept), running.reason()));
        }
        ServiceOutcome back = putBack(before);
        ServiceOutcome again = serviceControl.restart(before);
        return new ServiceOutcome.Failed(
                "%s The earlier service was put back%s"
                        .formatted(
                                running.reason(),
                                isWell(back) && isWell(again)
                                        ? " and runs."
                                        : ", but does not run: " + (isWell(back) ? again : back).reason()),
                running.failure().map(ServiceOutcome.Failed::lastLines).orElse(List.of()));
    }

    private void makeEmptyFolder(Plan.Ready plan) throws IOException {
        if (plan.definition().workingDirectory().equals(serviceDefinitionFactory.emptyFolder(plan.manifest()))) {
            AtomicFile.makeFolder(plan.definition().workingDirectory());
        }
    }

    /// Puts the file and the description back as they were before it was adopted, and runs that.
    public ServiceOutcome undo(Manifest manifest) {
        Optional<AdoptionRecords.Adoption> kept =
                adoptionRecords.of(manifest.name().value());
        if (kept.isEmpty()) {
            return new ServiceOutcome.Refused("No service of it was adopted, so there is nothing to put back.");
        }
        String unit = kept.get().unit();
        if (!manager.isWritten(unit) && manager.fileText(unit).isPresent()) {
            return new ServiceOutcome.Refused(
                    "%s is not Lamplighter's any more: somebody wrote it anew. The file from before is kept in %s."
                            .formatted(unit, directories.display(kept.get().text())));
        }
        boolean ran = manager.state(unit).phase() == Phase.RUNNING;
        ServiceOutcome back = putBack(manifest);
        if (!isWell(back)) {
            return back;
        }
        if (!ran) {
            return new ServiceOutcome.Done("%s is as it was before it was adopted.".formatted(unit));
        }
        ServiceOutcome running = serviceControl.restart(earlier(manifest));
        return isWell(running)
                ? new ServiceOutcome.Done("%s is as it was before it was adopted. %s".formatted(unit, running.reason()))
                : running;
    }

    private Manifest earlier(Manifest manifest) {
        return manifests.read(manifests.file(manifest.name()), manifest.name().value()).stream()
                .flatMap(entry -> entry instanceof io.github.lamplighter.tool.ManifestEntry.Readable readable
                        ? java.util.stream.Stream.of(readable.manifest())
                        : java.util.stream.Stream.empty())
                .findFirst()
                .orElse(manifest);
    }

    private ServiceOutcome putBack(Manifest manifest) {
        Optional<AdoptionRecords.Adoption> kept =
                adoptionRecords.of(manifest.name().value());
        if (kept.isEmpty()) {
            return new ServiceOutcome.Failed("What was kept of it is not there any more.", List.of());
        }
        AdoptionRecords.Adoption adoption = kept.get();
        try {
            boolean inItsPlace = manager.state(adoption.unit())
                    .file()
                    .filter(adoption.file()::equals)
                    .isPresent();
            ServiceOutcome restored = manager.restore(
                    adoption.unit(),
                    // A file elsewhere was only hidden by ours.
                    inItsPlace ? Optional.of(Files.readString(adoption.text())) : Optional.empty());
            if (!isWell(restored)) {
                return restored;
            }
            AtomicFile.write(
                    manifests.file(manifest.name()), Files.readString(adoption.manifest(), StandardCharsets.UTF_8));
            adoptionRecords.forget(manifest.name().value());
            return restored;
        } catch (IOException e) {
            return new ServiceOutcome.Failed("What was kept of it could not be read: " + e.getMessage(), List.of());
        }
    }

    private static boolean isWell(ServiceOutcome outcome) {
        return outcome instanceof ServiceOutcome.Done || outcome instanceof ServiceOutcome.Already;
    }
}
