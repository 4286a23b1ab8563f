package io.github.lamplighter.tool;

import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.tool.Manifest.Expected;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All tools of this user: Lamplighter first, then managed tools, then other installed ones. Every call reads
/// the disk; nothing uses the network, and no tool is run.
public final class ToolCatalog {

    private final ManifestStore store;
    private final List<Installer> installers;

    public ToolCatalog(ManifestStore store, List<Installer> installers) {
        this.store = store;
        this.installers = List.copyOf(installers);
    }

    public List<Tool> tools() {
        List<Tool> managed = managed();
        List<Tool> tools = new ArrayList<>(managed);
        Set<String> ids = new HashSet<>();
        Set<Path> known = new HashSet<>();
        for (Tool tool : managed) {
            ids.add(tool.id());
            tool.provenance().map(Provenance::environment).ifPresent(known::add);
        }
        for (Provenance provenance : installed(known)) {
            String name = name(provenance);
            String id = ids.add(name) ? name : name + "@" + provenance.environment();
            tools.add(
                    new Tool(id, name, Optional.empty(), Optional.of(provenance), false, Expected.COMMAND, "detected"));
        }
        return tools;
    }

    /// Folders of package managers that exist but are not readable, so that their tools are missing in every
    /// list.
    public Map<Path, InstallerKind> unreadableFolders() {
        Map<Path, InstallerKind> closed = new LinkedHashMap<>();
        for (Installer installer : installers) {
            installer.folders().stream()
                    .filter(Files::exists)
                    .filter(folder ->
                            !Files.isDirectory(folder) || !Files.isReadable(folder) || !Files.isExecutable(folder))
                    .forEach(folder -> closed.put(folder, installer.kind()));
        }
        return closed;
    }

    /// The managed tools, Lamplighter first.
    public List<Tool> managed() {
        List<Tool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ManifestEntry entry : store.entries()) {
            tools.add(tool(entry));
            names.add(entry.name());
        }
        self().filter(self -> !names.contains(self.packageName()))
                .ifPresent(self -> tools.addFirst(new Tool(
                        self.packageName(),
                        self.packageName(),
                        Optional.empty(),
                        Optional.of(self),
                        true,
                        Expected.COMMAND,
                        "self")));
        return tools;
    }

    /// The manifest that is assumed for an installation without one: a plain command.
    public static Optional<Manifest> assumedManifest(Provenance install) {
        return ToolName.forPackage(install.packageName())
                .map(name -> new Manifest(
                        name,
                        Expected.COMMAND,
                        new Manifest.Install(
                                install.installer(),
                                install.packageName(),
                                install.environment(),
                                install.program(),
                                Optional.empty(),
                                Map.of()),
                        name.value(),
                        Optional.empty(),
                        Optional.empty(),
                        new Manifest.Requires(Optional.empty(), List.of()),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    /// The assumed manifest of Lamplighter, unless it has one.
    public Optional<Manifest> ownManifest() {
        // Without the list, which reads the files of all tools.
        return self().filter(self ->
                        ToolName.of(self.packageName()).flatMap(store::entry).isEmpty())
                .flatMap(ToolCatalog::assumedManifest);
    }

    private Optional<Provenance> self() {
        return installers.stream()
                .filter(installer -> installer.kind() == InstallerKind.SELF)
                .flatMap(installer -> installer.installed().stream())
                .findFirst();
    }

    /// The assumed manifests of unmanaged installations.
    ///
    /// @param managed the environments of managed tools
    public List<Manifest> unmanaged(Set<Path> managed) {
        return installed(new HashSet<>(managed)).stream()
                .flatMap(provenance -> assumedManifest(provenance).stream())
                .toList();
    }

    private List<Provenance> installed(Set<Path> known) {
        return installers.stream()
                .filter(installer -> installer.kind() != InstallerKind.SELF)
                .flatMap(installer -> installer.installed().stream())
                .filter(provenance -> known.add(provenance.environment()))
                .sorted(Comparator.comparing(Provenance::packageName).thenComparing(Provenance::environment))
                .toList();
    }

    /// The tools that a name can mean: the managed one with this name or id; else every installation with this
    /// name, else every installation of a package with this name.
    public List<Tool> matching(String idOrName) {
        List<Tool> tools = tools();
        Optional<Tool> exact = tools.stream()
                .filter(tool -> tool.id().equals(idOrName))
                .filter(tool -> tool.managed() || !tool.name().equals(idOrName))
                .findFirst();
        if (exact.isPresent()) {
            return List.of(exact.get());
        }
        List<Tool> named =
                tools.stream().filter(tool -> tool.name().equals(idOrName)).toList();
        return named.isEmpty()
                ? tools.stream()
                        .filter(tool -> tool.provenance()
                                .map(Provenance::packageName)
                                .filter(idOrName::equals)
                                .isPresent())
                        .toList()
                : named;
    }

    /// The tool name closest to an unknown one.
    public Optional<String> suggestion(String name) {
        Set<String> names = new LinkedHashSet<>();
        tools().forEach(tool -> names.add(tool.name()));
        return SpellingSuggestion.to(name, names);
    }

    /// The installation of a program, from any package manager.
    public Optional<Provenance> owner(Path program) {
        return installers.stream()
                .map(installer -> installer.owner(program))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /// The package manager of a kind.
    public Optional<Installer> installer(InstallerKind kind) {
        return installers.stream().filter(installer -> installer.kind() == kind).findFirst();
    }

    private Tool tool(ManifestEntry entry) {
        return switch (entry) {
            case ManifestEntry.Broken broken ->
                new Tool(
                        broken.name(),
                        broken.name(),
                        Optional.of(broken),
                        Optional.empty(),
                        true,
                        Expected.COMMAND,
                        "manifest");
            case ManifestEntry.Readable readable -> {
                Manifest manifest = readable.manifest();
                yield new Tool(
                        readable.name(),
                        readable.name(),
                        Optional.of(readable),
                        provenance(manifest.install()),
                        true,
                        manifest.expected(),
                        store.source(readable.file()));
            }
        };
    }

    /// The program in the manifest may be missing although the package is installed.
    private Optional<Provenance> provenance(Manifest.Install install) {
        return installer(install.installer())
                .flatMap(installer -> installer
                        .owner(install.program())
                        .or(() -> installer.installed().stream()
                                .filter(provenance -> provenance.environment().equals(install.environment()))
                                .findFirst()))
                .map(install::withDeclaredOrigin);
    }

    private static String name(Provenance provenance) {
        return ToolName.forPackage(provenance.packageName())
                .map(ToolName::value)
                .orElse(provenance.packageName());
    }
}
