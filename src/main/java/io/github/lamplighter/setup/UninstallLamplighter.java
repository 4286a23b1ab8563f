package io.github.lamplighter.setup;

import io.github.lamplighter.demo.DemoHome;
import io.github.lamplighter.demo.DemoOutcome;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.file.ResidentProcesses;
import io.github.lamplighter.file.ResidentProcesses.Resident;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.setup.UninstallPlan.Kind;
import io.github.lamplighter.setup.UninstallPlan.Removal;
import io.github.lamplighter.setup.UninstallPlan.ToolService;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.upgrade.DirectoryTrees;
import io.github.lamplighter.upgrade.KeptFolders;
import io.github.lamplighter.upgrade.RecoveryAtLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Removes everything of Lamplighter from the user's home, except what is not its own. May be interrupted and
/// repeated: what leads to other files is deleted after them, and the program last.
public final class UninstallLamplighter {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(100);
    private static final Duration DELETE_LIMIT = Duration.ofMinutes(2);

    private final Parts parts;
    private final AppDirectories directories;

    /// What Lamplighter consists of, with a component for each kind of thing that it leaves on a computer.
    ///
    /// @param build the record of the running program's build; empty for a checkout
    /// @param launcher that starts the running program, absolute
    /// @param manifests of the managed tools
    /// @param restore restores the service file from before an adoption
    /// @param impact what a stop of a tool's service interrupts, as a sentence
    public record Parts(
            AppDirectories directories,
            VersionFolders folders,
            HomeFiles files,
            EnvironmentLock locks,
            ResidentProcesses residents,
            ProcessRunner runner,
            Autostart tray,
            Autostart timer,
            RecoveryAtLogin recovery,
            KeptFolders keptFolders,
            ServiceManager services,
            DemoHome demo,
            Supplier<DemoOutcome> removeDemo,
            Supplier<List<ManifestEntry>> manifests,
            Function<Manifest, ServiceOutcome> restore,
            Function<Manifest, Optional<String>> impact,
            Optional<Path> build,
            Path launcher) {}

    public UninstallLamplighter(Parts parts) {
        this.parts = parts;
        this.directories = parts.directories();
    }

    /// The result of a removal.
    public sealed interface Outcome {

        /// @param services what became of each service, if they were to be removed
        record Done(List<ServiceResult> services) implements Outcome {
            public Done {
                services = List.copyOf(services);
            }
        }

        record Busy(String why) implements Outcome {}

        /// Some of it is left; a second run continues.
        ///
        /// @param problems sentences
        record Failed(List<ServiceResult> services, List<String> problems) implements Outcome {
            public Failed {
                services = List.copyOf(services);
                problems = List.copyOf(problems);
            }
        }
    }

    public record ServiceResult(String unit, ServiceOutcome outcome) {}

    /// @param withServices whether the services of the tools are removed, too
    public UninstallPlan plan(boolean withServices) throws IOException {
        return new PlanUninstall(parts).plan(withServices);
    }

    public Outcome run(UninstallPlan plan) {
        try {
            return switch (parts.locks().take(parts.folders().versions(), "Removing Lamplighter.")) {
                case EnvironmentLock.Busy(String holder) ->
                    new Outcome.Busy(
                            "Another operation is in progress: %s Try again when it has finished.".formatted(holder));
                case EnvironmentLock.Held held -> {
                    try (held) {
                        yield locked(plan);
                    }
                }
            };
        } catch (IOException e) {
            return new Outcome.Failed(
                    List.of(), List.of("Could not lock the installation: %s.".formatted(FileProblem.why(e))));
        }
    }

    private Outcome locked(UninstallPlan plan) {
        List<String> problems = new ArrayList<>();
        // Before the processes end, so that nothing starts them again; and those before the services stop, so that the
        // tray icon does not report it.
        plan.removals().stream()
                .filter(removal -> removal.kind().compareTo(Kind.RECOVERY) < 0)
                .forEach(removal -> remove(removal, problems));
        endProcesses(problems);
        // Until they ended, they went on writing: a tray icon that has just started makes the cache.
        List<Removal> removals = removals(plan, problems);
        List<ServiceResult> services = plan.withServices() ? removeServices(plan.services()) : List.of();
        services.stream()
                .filter(result -> !result.outcome().isSuccess())
                .map(result ->
                        "%s: %s".formatted(result.unit(), result.outcome().reason()))
                .forEach(problems::add);
        if (problems.isEmpty()) {
            removals.stream()
                    .filter(removal -> removal.kind().compareTo(Kind.RECOVERY) >= 0)
                    .filter(removal -> removal.kind() != Kind.PROGRAM)
                    .forEach(removal -> remove(removal, problems));
        }
        if (problems.isEmpty()) {
            // The lock of this removal is the last file of the state. A program that is needed to try again stays.
            remove(new Removal(Kind.STATE, List.of(directories.locks()), 0), problems);
            removals.stream()
                    .filter(removal -> removal.kind() == Kind.PROGRAM)
                    .forEach(program -> remove(program, problems));
        }
        return problems.isEmpty() ? new Outcome.Done(services) : new Outcome.Failed(services, problems);
    }

    /// Also a process that started after the plan was made.
    private void endProcesses(List<String> problems) {
        for (Resident resident : PlanUninstall.processes(parts)) {
            if (!resident.end()) {
                problems.add("Could not end the %s (PID %d)."
                        .formatted(resident.role().words(), resident.process().pid()));
            }
        }
    }

    private List<Removal> removals(UninstallPlan plan, List<String> problems) {
        try {
            return plan(plan.withServices()).removals();
        } catch (IOException e) {
            problems.add("Could not list the files of Lamplighter: %s.".formatted(FileProblem.why(e)));
            return List.of();
        }
    }

    private void remove(Removal removal, List<String> problems) {
        try {
            remove(removal).ifPresent(problems::add);
        } catch (IOException e) {
            problems.add("Could not remove %s: %s."
                    .formatted(
                            removal.paths().stream().map(directories::display).collect(Collectors.joining(", ")),
                            FileProblem.why(e)));
        }
    }

    private List<ServiceResult> removeServices(List<ToolService> services) {
        ServiceManager manager = parts.services();
        Optional<String> unavailable = services.isEmpty() ? Optional.empty() : manager.unavailable();
        List<ServiceResult> results = new ArrayList<>();
        for (ToolService service : services) {
            String unit = service.unit();
            results.add(new ServiceResult(
                    unit,
                    unavailable
                            .<ServiceOutcome>map(ServiceOutcome.Refused::new)
                            .orElseGet(() -> restored(service)
                                    .orElseGet(() -> manager.stop(unit, STOP_LIMIT)
                                            .then(() -> manager.disable(unit))
                                            .then(() -> manager.remove(unit))
                                            .then(() -> new ServiceOutcome.Done(
                                                    service.running()
                                                            ? "The service was stopped and its service file removed."
                                                            : "The service file was removed."))))));
        }
        return results;
    }

    /// A service that ran before Lamplighter adopted it keeps its own file.
    private Optional<ServiceOutcome> restored(ToolService service) {
        return service.adopted()
                .flatMap(name -> PlanUninstall.manifests(parts).stream()
                        .filter(manifest -> manifest.name().value().equals(name))
                        .findFirst())
                .map(parts.restore());
    }

    /// @return why it could not be removed, as a sentence
    private Optional<String> remove(Removal removal) throws IOException {
        switch (removal.kind()) {
            case AUTOSTART -> {
                return problem(parts.tray().off());
            }
            case TIMER -> {
                return problem(parts.timer().off());
            }
            case RECOVERY -> parts.recovery().disarm();
            case DEMO -> {
                return switch (parts.removeDemo().get()) {
                    case DemoOutcome.Ready _, DemoOutcome.Removed _ -> Optional.empty();
                    case DemoOutcome.Refused(String why) -> Optional.of(why);
                    case DemoOutcome.Busy(String holder) -> Optional.of(holder);
                    case DemoOutcome.Failed(String why) -> Optional.of(why);
                };
            }
            case VERSIONS -> {
                for (Path folder : removal.paths()) {
                    KeptFolders.delete(folder);
                }
            }
            case DESKTOP -> parts.files().remove();
            case CACHE, SETTINGS, MANIFESTS, STATE -> {
                for (Path path : removal.paths()) {
                    DirectoryTrees.delete(path);
                }
                for (Path folder : List.of(
                        directories.manifests(),
                        directories.state().resolve("work"),
                        directories.state(),
                        directories.config())) {
                    deleteIfEmpty(folder);
                }
            }
            case PROGRAM -> {
                return removeProgram(removal.paths());
            }
        }
        deleteEmptyFolders();
        return Optional.empty();
    }

    /// Folders of others that are only left because of Lamplighter's files.
    private void deleteEmptyFolders() throws IOException {
        Path units = directories.configHome().resolve("systemd/user");
        for (Path folder : List.of(
                directories.configHome().resolve("autostart"),
                units.resolve("default.target.wants"),
                units.resolve("timers.target.wants"),
                units,
                AtomicFile.folderOf(units),
                AtomicFile.folderOf(directories.cache()),
                AtomicFile.folderOf(directories.state()))) {
            deleteIfEmpty(folder);
        }
    }

    private static Optional<String> problem(Autostart.Change change) {
        return switch (change) {
            case Autostart.Change.Done _, Autostart.Change.Already _ -> Optional.empty();
            case Autostart.Change.Refused(String why) -> Optional.of(why);
            case Autostart.Change.Failed(String why) -> Optional.of(why);
        };
    }

    /// Not of a link: it may lead to a folder that the user keeps elsewhere.
    private static void deleteIfEmpty(Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && HomeFiles.isEmpty(folder)) {
            Files.deleteIfExists(folder);
        }
    }

    /// With a process of its own that continues if this one is killed: without its Java, Lamplighter could not run
    /// again. The launchers are deleted after all that they need.
    private Optional<String> removeProgram(List<Path> paths) throws IOException {
        List<Path> created = parts.files().createdFolders();
        List<String> argv = new ArrayList<>(List.of("rm", "-rf", "--"));
        for (Path version : PlanUninstall.children(parts.folders().versions())) {
            argv.add(version.resolve("lib").toString());
        }
        paths.stream().map(Path::toString).forEach(argv::add);
        Optional<String> problem = parts.runner().launch(argv, java.util.Map.of());
        if (problem.isPresent()) {
            return problem;
        }
        long end = System.nanoTime() + DELETE_LIMIT.toNanos();
        while (paths.stream().anyMatch(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))) {
            if (System.nanoTime() > end) {
                return Optional.of("Could not remove all of %s.".formatted(directories.display(directories.data())));
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of("The removal was interrupted.");
            }
        }
        deleteIfEmpty(parts.folders().versions());
        deleteIfEmpty(directories.data());
        for (Path folder : created) {
            deleteIfEmpty(folder);
        }
        return Optional.empty();
    }
}
