package io.github.lamplighter.setup;

import io.github.lamplighter.demo.DemoHome;
import io.github.lamplighter.demo.DemoOutcome;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.file.ResidentProcesses;
import io.github.lamplighter.file.ResidentProcesses.Resident;
import io.github.lamplighter.installer.self.BuildRecord;
import io.github.lamplighter.installer.self.BuildRecord.Reading;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.AdoptionRecords;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.setup.UninstallPlan.Kind;
import io.github.lamplighter.setup.UninstallPlan.Remaining;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Removes everything of Lamplighter from the user's home, except what is not its own. May be interrupted and
/// repeated: what leads to other files is deleted after them, and the program last.
public final class UninstallLamplighter {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(100);
    private static final Duration DELETE_LIMIT = Duration.ofMinutes(2);

    private final Parts parts;
    private final AppDirectories directories;

    /// What Lamplighter consists of.
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

    // --- the plan ---

    /// @param withServices whether the services of the tools are removed, too
    public UninstallPlan plan(boolean withServices) throws IOException {
        List<Resident> processes = parts.residents().all().stream()
                .filter(resident ->
                        resident.process().pid() != ProcessHandle.current().pid())
                .toList();
        List<ToolService> services = services(withServices);
        List<Removal> removals = new ArrayList<>();
        List<Remaining> remaining = new ArrayList<>();
        add(removals, Kind.AUTOSTART, parts.tray().files());
        add(removals, Kind.TIMER, parts.timer().files());
        add(removals, Kind.RECOVERY, parts.recovery().files());
        add(removals, Kind.DEMO, existing(parts.demo().folder()));
        add(removals, Kind.VERSIONS, parts.keptFolders().all());
        planFiles(removals, remaining);
        add(removals, Kind.CACHE, existing(directories.cache()));
        planSettings(removals, remaining);
        planState(removals, remaining, services, withServices);
        planProgram(removals, remaining);
        removals.sort(Comparator.comparing(Removal::kind));
        foreign(parts.tray()).ifPresent(remaining::add);
        foreign(parts.timer()).ifPresent(remaining::add);
        return new UninstallPlan(processes, services, withServices, removals, remaining, installation(remaining));
    }

    private static void add(List<Removal> removals, Kind kind, List<Path> paths) throws IOException {
        if (!paths.isEmpty()) {
            long bytes = 0;
            for (Path path : paths) {
                bytes += Files.isSymbolicLink(path) ? 0 : DirectoryTrees.size(path);
            }
            removals.add(new Removal(kind, paths, bytes));
        }
    }

    private static List<Path> existing(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? List.of(path) : List.of();
    }

    private static Optional<Remaining> foreign(Autostart autostart) {
        Path file = autostart.state().file();
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                        && !Files.isDirectory(file)
                        && autostart.files().isEmpty()
                ? Optional.of(new Remaining(file, "not created by Lamplighter"))
                : Optional.empty();
    }

    private void planFiles(List<Removal> removals, List<Remaining> remaining) throws IOException {
        Path command = parts.files().command();
        List<Path> desktop = new ArrayList<>();
        for (HomeFiles.Recorded file : parts.files().recorded()) {
            if (!file.ours()) {
                remaining.add(new Remaining(file.path(), "changed since the installation"));
            } else if (!file.path().equals(command)) {
                desktop.add(file.path());
            }
        }
        add(removals, Kind.DESKTOP, desktop);
        if (Files.exists(command, LinkOption.NOFOLLOW_LINKS)
                && !parts.files().isOurs(command)
                && remaining.stream().noneMatch(stays -> stays.path().equals(command))) {
            remaining.add(new Remaining(command, "not created by Lamplighter"));
        }
    }

    private void planSettings(List<Removal> removals, List<Remaining> remaining) throws IOException {
        List<Path> settings = new ArrayList<>();
        for (Path file : children(directories.config())) {
            String name = String.valueOf(file.getFileName());
            if (file.equals(directories.settings()) || name.startsWith(".settings.json.")) {
                settings.add(file);
            } else if (!file.equals(directories.manifests()) && !isOfTheProgram(file)) {
                remaining.add(new Remaining(file, "not created by Lamplighter"));
            }
        }
        add(removals, Kind.SETTINGS, settings);
        List<Path> manifests = new ArrayList<>();
        for (Path file : children(directories.manifests())) {
            if (String.valueOf(file.getFileName()).matches(".+\\.json|\\..+\\.json\\..+")
                    && Files.isRegularFile(file)) {
                manifests.add(file);
            } else {
                remaining.add(new Remaining(file, "not created by Lamplighter"));
            }
        }
        add(removals, Kind.MANIFESTS, manifests);
    }

    /// On macOS all folders are in one.
    private boolean isOfTheProgram(Path file) {
        return Set.of(
                        directories.state(),
                        parts.folders().versions(),
                        parts.folders().current(),
                        parts.files().record())
                .contains(file);
    }

    /// The working directory of a service is kept as long as the service needs it, or a tool's files are in it.
    private void planState(
            List<Removal> removals, List<Remaining> remaining, List<ToolService> services, boolean withServices)
            throws IOException {
        Path work = directories.state().resolve("work");
        List<Path> paths = new ArrayList<>();
        for (Path child : children(directories.state())) {
            if (!child.equals(work)) {
                paths.add(child);
            }
        }
        for (Path folder : children(work)) {
            Optional<String> user = withServices
                    ? Optional.empty()
                    : services.stream()
                            .map(ToolService::unit)
                            .filter(unit -> names(unit, folder))
                            .findFirst();
            if (user.isPresent()) {
                remaining.add(new Remaining(folder, "working directory of " + user.get()));
            } else if (!children(folder).isEmpty()) {
                remaining.add(new Remaining(folder, "contains files of the tool"));
            } else {
                paths.add(folder);
            }
        }
        add(removals, Kind.STATE, paths);
    }

    private boolean names(String unit, Path folder) {
        String path = folder.toString();
        return parts.services()
                .fileText(unit)
                .filter(text -> text.contains(path)
                        || text.contains(path.replace("%", "%%"))
                        || text.contains(path.replace("&", "&amp;").replace("<", "&lt;")))
                .isPresent();
    }

    private void planProgram(List<Removal> removals, List<Remaining> remaining) throws IOException {
        Set<Path> versions = parts.folders().installed().stream().collect(Collectors.toSet());
        List<Path> program = new ArrayList<>();
        for (Path folder : children(parts.folders().versions())) {
            if (versions.contains(folder) || isPartOfAPackage(folder)) {
                program.add(folder);
            } else {
                remaining.add(new Remaining(folder, "not created by Lamplighter"));
            }
        }
        for (Path file : children(directories.data())) {
            String name = String.valueOf(file.getFileName());
            if (file.equals(parts.demo().folder())) {
                continue;
            }
            if (file.equals(parts.folders().current())
                    || file.equals(parts.files().record())
                    || Set.of("demo.removed", "jdk", "maven").contains(name)
                    || name.startsWith(".current.")
                    || name.startsWith(".installed.json.")) {
                program.add(file);
            } else if (!file.equals(parts.folders().versions())
                    && !directories.data().equals(directories.config())) {
                remaining.add(new Remaining(file, "not created by Lamplighter"));
            }
        }
        boolean clean = remaining.stream().noneMatch(stays -> stays.path().startsWith(directories.data()))
                && !directories.data().equals(directories.config());
        if (clean && Files.isDirectory(directories.data(), LinkOption.NOFOLLOW_LINKS)) {
            program.clear();
            program.add(directories.data());
        }
        if (parts.files().isOurs(parts.files().command())) {
            program.add(parts.files().command());
        }
        add(removals, Kind.PROGRAM, program);
    }

    /// Whether a folder is what an interrupted download or removal left of a package.
    private static boolean isPartOfAPackage(Path folder) throws IOException {
        return String.valueOf(folder.getFileName()).startsWith(".")
                || children(folder).stream()
                        .map(Path::getFileName)
                        .map(Path::toString)
                        .allMatch(Set.of("bin", "lib", "share")::contains);
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        }
    }

    private List<ToolService> services(boolean withServices) {
        ServiceManager manager = parts.services();
        List<String> units = manager.written();
        if (units.isEmpty()) {
            return List.of();
        }
        boolean usable = manager.unavailable().isEmpty();
        AdoptionRecords adoptions = new AdoptionRecords(directories);
        List<Manifest> manifests = manifests();
        List<String> launchers =
                List.of(parts.launcher().toString(), parts.folders().launcher().toString());
        List<ToolService> services = new ArrayList<>();
        for (String unit : units) {
            Optional<Manifest> adopted = manifests.stream()
                    .filter(manifest -> adoptions
                            .of(manifest.name().value())
                            .filter(adoption -> adoption.unit().equals(unit))
                            .isPresent())
                    .findFirst();
            Optional<Manifest> managed = adopted.or(() -> manifests.stream()
                    .filter(manifest -> manager.unitOf(manifest.name().value()).equals(unit))
                    .findFirst());
            services.add(new ToolService(
                    unit,
                    usable && manager.state(unit).pid().isPresent(),
                    adopted.map(manifest -> manifest.name().value()),
                    manager.fileText(unit)
                            .filter(text -> launchers.stream().anyMatch(text::contains))
                            .isPresent(),
                    withServices && usable ? managed.flatMap(parts.impact()) : Optional.empty()));
        }
        return services;
    }

    private List<Manifest> manifests() {
        return parts.manifests().get().stream()
                .flatMap(entry -> entry instanceof ManifestEntry.Readable readable
                        ? Stream.of(readable.manifest())
                        : Stream.empty())
                .toList();
    }

    /// Adds the folder that the running program stays in.
    ///
    /// @return the command that removes it, if only root can
    private Optional<String> installation(List<Remaining> remaining) {
        if (parts.build().isEmpty()) {
            remaining.add(new Remaining(AtomicFile.folderOf(parts.launcher()), "the checkout of Lamplighter"));
            return Optional.empty();
        }
        Path root = AtomicFile.folderOf(AtomicFile.folderOf(parts.build().get()));
        if (!(BuildRecord.read(parts.build().get()) instanceof Reading.Found(BuildRecord record))) {
            return Optional.empty();
        }
        return switch (record.kind()) {
            case DEB -> Optional.of("sudo apt remove lamplighter");
            case RPM ->
                Optional.of(
                        parts.runner().find("dnf").isEmpty()
                                        && parts.runner().find("zypper").isPresent()
                                ? "sudo zypper remove lamplighter"
                                : "sudo dnf remove lamplighter");
            case TAR -> {
                if (!parts.folders().contains(root)) {
                    remaining.add(new Remaining(root, "the unpacked package"));
                }
                yield Optional.empty();
            }
            case APP -> {
                remaining.add(new Remaining(root, "the app; move it to the Trash"));
                yield Optional.empty();
            }
        };
    }

    // --- the removal ---

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
                    List.of(), List.of("Could not lock the installation: %s.".formatted(e.getMessage())));
        }
    }

    private Outcome locked(UninstallPlan plan) {
        List<String> problems = new ArrayList<>();
        // Before the processes end, so that nothing starts them again; and those before the services stop, so that the
        // tray icon does not report it.
        plan.removals().stream()
                .filter(removal -> removal.kind().compareTo(Kind.RECOVERY) < 0)
                .forEach(removal -> remove(removal, problems));
        for (Resident resident : plan.processes()) {
            if (!resident.end()) {
                problems.add("Could not end the %s (PID %d)."
                        .formatted(resident.role().words(), resident.process().pid()));
            }
        }
        List<ServiceResult> services = plan.withServices() ? removeServices(plan.services()) : List.of();
        services.stream()
                .filter(result -> !result.outcome().isSuccess())
                .map(result ->
                        "%s: %s".formatted(result.unit(), result.outcome().reason()))
                .forEach(problems::add);
        if (problems.isEmpty()) {
            plan.removals().stream()
                    .filter(removal -> removal.kind().compareTo(Kind.RECOVERY) >= 0)
                    .filter(removal -> removal.kind() != Kind.PROGRAM)
                    .forEach(removal -> remove(removal, problems));
        }
        if (problems.isEmpty()) {
            // The lock of this removal is the last file of the state. A program that is needed to try again stays.
            remove(new Removal(Kind.STATE, List.of(directories.locks()), 0), problems);
            plan.removal(Kind.PROGRAM).ifPresent(program -> remove(program, problems));
        }
        return problems.isEmpty() ? new Outcome.Done(services) : new Outcome.Failed(services, problems);
    }

    private void remove(Removal removal, List<String> problems) {
        try {
            remove(removal).ifPresent(problems::add);
        } catch (IOException e) {
            problems.add("Could not remove %s: %s."
                    .formatted(
                            removal.paths().stream().map(directories::display).collect(Collectors.joining(", ")),
                            e.getMessage()));
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

    /// A service that ran before Lamplighter adopted it goes on with its own file.
    private Optional<ServiceOutcome> restored(ToolService service) {
        return service.adopted()
                .flatMap(name -> manifests().stream()
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

    /// With a process of its own that goes on if this one is killed: without its Java, Lamplighter could not be asked
    /// again. The launchers are deleted after all that they need.
    private Optional<String> removeProgram(List<Path> paths) throws IOException {
        List<Path> created = parts.files().createdFolders();
        List<String> argv = new ArrayList<>(List.of("rm", "-rf", "--"));
        for (Path version : children(parts.folders().versions())) {
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
