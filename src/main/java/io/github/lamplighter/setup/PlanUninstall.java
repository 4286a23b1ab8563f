package io.github.lamplighter.setup;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.ResidentProcesses.Resident;
import io.github.lamplighter.installer.self.BuildRecord;
import io.github.lamplighter.installer.self.BuildRecord.Reading;
import io.github.lamplighter.service.AdoptionRecords;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.setup.UninstallLamplighter.Parts;
import io.github.lamplighter.setup.UninstallPlan.Kind;
import io.github.lamplighter.setup.UninstallPlan.Remaining;
import io.github.lamplighter.setup.UninstallPlan.Removal;
import io.github.lamplighter.setup.UninstallPlan.ToolService;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.upgrade.DirectoryTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lists what a removal of Lamplighter deletes, and what stays because it is not Lamplighter's own. Reads only.
final class PlanUninstall {

    private final Parts parts;
    private final AppDirectories directories;

    PlanUninstall(Parts parts) {
        this.parts = parts;
        this.directories = parts.directories();
    }

    /// @param withServices whether the services of the tools are removed, too
    UninstallPlan plan(boolean withServices) throws IOException {
        List<Resident> processes = processes(parts);
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

    /// Lamplighter's processes but this one.
    static List<Resident> processes(Parts parts) {
        long own = ProcessHandle.current().pid();
        return parts.residents().all().stream()
                .filter(resident -> resident.process().pid() != own)
                .toList();
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

    static List<Path> children(Path folder) throws IOException {
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
        List<Manifest> manifests = manifests(parts);
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

    static List<Manifest> manifests(Parts parts) {
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
}
