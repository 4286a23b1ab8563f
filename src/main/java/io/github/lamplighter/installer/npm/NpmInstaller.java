package io.github.lamplighter.installer.npm;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.DatedPackage;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.NodeVersionFolder;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.ProjectLinks;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.RepairCommands.Need;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.VersionRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// `npm install -g`: packages are in `PREFIX/lib/node_modules`, launchers are relative links in `PREFIX/bin`,
/// and every prefix belongs to a Node. npm does not record the source of a global package; only links are
/// known.
public final class NpmInstaller implements Installer {

    /// Packages that belong to Node itself.
    private static final Set<String> PART_OF_NODE = Set.of("npm", "corepack");

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);
    private static final int MOST_HOPS = 20;

    private final AppDirectories directories;
    private final Map<String, String> environment;
    private final ProcessRunner runner;
    private final NpmPrefixes prefixes;
    private final NodeRuntimes runtimes;

    /// @param environment of this process, with `PATH` and npm's variables
    public NpmInstaller(AppDirectories directories, Map<String, String> environment, ProcessRunner runner) {
        this.directories = directories;
        this.environment = Map.copyOf(environment);
        this.runner = runner;
        this.prefixes = new NpmPrefixes(environment, directories.home());
        this.runtimes = new NodeRuntimes(runner);
    }

    @Override
    public InstallerKind kind() {
        return InstallerKind.NPM;
    }

    @Override
    public List<Provenance> installed() {
        List<Provenance> found = new ArrayList<>();
        for (Path prefix : prefixes.all()) {
            for (Path folder : packages(prefix)) {
                PackageFile file = PackageFile.read(folder);
                if (PART_OF_NODE.contains(file.name())) {
                    continue;
                }
                Optional<Path> program = file.programs().isEmpty()
                        // Without a `bin` key, a launcher into the package shows that it is a tool and not a
                        // library.
                        ? file.damage().flatMap(_ -> launcher(prefix, folder))
                        : Optional.of(prefix.resolve("bin").resolve(file.mainProgram()));
                program.flatMap(launcher -> provenance(prefix, folder, launcher, file))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    @Override
    public List<Path> folders() {
        return prefixes.all().stream()
                .map(prefix -> prefix.resolve("lib/node_modules"))
                .toList();
    }

    @Override
    public Optional<Provenance> owner(Path program) {
        Path hop = program.toAbsolutePath().normalize();
        for (int i = 0; i < MOST_HOPS; i++) {
            Optional<Path> folder = packageFolder(hop);
            if (folder.isPresent()) {
                Path modules = modules(folder.get());
                Path lib = modules.getParent();
                Path prefix = lib == null ? null : lib.getParent();
                return prefix == null || !Files.isDirectory(folder.get())
                        ? Optional.empty()
                        : provenance(prefix, folder.get(), program, PackageFile.read(folder.get()));
            }
            try {
                Path next = Files.readSymbolicLink(hop);
                Path parent = hop.getParent();
                hop = parent == null ? next : parent.resolve(next).normalize();
            } catch (IOException | UnsupportedOperationException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    @Override
    public MissingParts missingParts(Provenance install) {
        return NpmIntegrity.of(install, directories);
    }

    @Override
    public List<DatedPackage> installedAfter(Provenance install, Instant moment) {
        return NpmPackageTimes.after(install, moment);
    }

    @Override
    public ProjectLinks links(Provenance install) {
        return JsonFile.read(install.environment().resolve("package.json"), JsonFile.Form.NPM)
                        instanceof JsonFile.Content.Present(JsonNode json)
                ? ProjectLinks.npm(
                        json.path("repository").isString()
                                ? json.path("repository").asString("")
                                : json.path("repository").path("url").asString(""),
                        json.path("homepage").asString(""))
                : ProjectLinks.NONE;
    }

    @Override
    public List<String> unrecorded(Provenance from) {
        return NpmAdditions.of(from.environment());
    }

    @Override
    public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
        if (!(upgradeTarget instanceof UpgradeTarget.IndexVersion(String version))) {
            throw new IllegalArgumentException("npm has no recorded repository to install from");
        }
        Command install = Command.of(
                INSTALL_LIMIT,
                install(
                        manager(from),
                        stage,
                        List.of(
                                "--no-fund",
                                "--no-audit",
                                "--no-update-notifier",
                                "--no-progress",
                                "--loglevel=error",
                                "--"),
                        from.packageName(),
                        version));
        return new StagePlan(
                Optional.empty(),
                List.of(withNode(install, from)),
                stage.resolve("lib/node_modules").resolve(from.packageName()),
                from.environment(),
                false,
                stage.resolve("bin"),
                new StagePlan.LinkRule.Mirror(
                        stage.resolve("bin"),
                        prefix(from).resolve("bin"),
                        Set.copyOf(PackageFile.read(from.environment()).programs())));
    }

    @Override
    public Path stageRoot(Provenance provenance) {
        return prefix(provenance)
                .resolve("lib/.lamplighter")
                .resolve(provenance.packageName().replaceFirst("^@", "").replace('/', '-'));
    }

    /// The npm of the package's Node, absolute: next to the prefix's Node, else next to its runtime, else the
    /// first on `PATH`.
    @Override
    public Optional<Path> manager(Provenance provenance) {
        Path beside = provenance.runtime().program().resolveSibling("npm");
        return List.of(prefix(provenance).resolve("bin/npm"), beside).stream()
                .filter(Files::isExecutable)
                .findFirst()
                .or(() -> runner.find("npm"));
    }

    /// @param npm its program, absolute; if missing the first on `PATH`
    private static List<String> install(
            Optional<Path> npm, Path prefix, List<String> options, String name, String version) {
        List<String> argv = new ArrayList<>(
                List.of(npm.map(Path::toString).orElse("npm"), "install", "--global", "--prefix", prefix.toString()));
        argv.addAll(options);
        argv.add(version.isEmpty() ? name : name + "@" + version);
        return argv;
    }

    @Override
    public RepairCommands repairCommands(Provenance install, Need need) {
        if (!(install.origin() instanceof Origin.Index)) {
            return new RepairCommands.NoCommand("Reinstall it from its original source");
        }
        boolean isGone = !Files.isExecutable(install.runtime().program());
        return switch (need) {
            case Need.UnsuitableRuntime(String range) -> under(install, install.version(), range);
            case Need.NewerNeedsRuntime(String version, String range) -> under(install, version, range);
            case Need.Reinstall _
            when isGone -> under(install, install.version(), install.runtime().requires());
            case Need.Reinstall _, Need.Unpin _ ->
                new RepairCommands.Commands(line(
                        install,
                        install.version(),
                        NodeVersionFolder.of(install.runtime().program()).map(node -> node.folder()),
                        manager(install),
                        prefix(install)));
        };
    }

    /// A prefix belongs to its Node: another Node has another prefix, and the launcher moves.
    private RepairCommands under(Provenance install, String version, String range) {
        Optional<NodeVersionFolder> own =
                NodeVersionFolder.of(install.program()).or(() -> NodeVersionFolder.of(install.environment()));
        Optional<NodeVersionFolder> other = own.flatMap(node -> node.others().stream()
                .filter(beside -> accepts(range, beside.version()))
                .findFirst());
        if (other.isPresent()) {
            Path folder = other.get().folder();
            return new RepairCommands.Commands(
                    List.of(line(
                            install,
                            version,
                            other.map(NodeVersionFolder::folder),
                            Optional.of(folder.resolve("bin/npm")),
                            folder)),
                    Optional.of(folder.resolve("bin").resolve(install.program().getFileName())));
        }
        String which = range.isEmpty() ? "Node" : "Node " + range;
        return new RepairCommands.NoCommand(
                own.isPresent()
                        ? "Install %s; then Lamplighter shows the next command here".formatted(which)
                        : "Replace %s with %s"
                                .formatted(
                                        which,
                                        directories.display(install.runtime().program())));
    }

    private static RepairCommands.Line line(
            Provenance install, String version, Optional<Path> node, Optional<Path> npm, Path prefix) {
        return new RepairCommands.Line(
                node.map(folder -> folder.resolve("bin")),
                new TreeMap<>(),
                install(npm, prefix, List.of(), install.packageName(), version));
    }

    private static boolean accepts(String range, String version) {
        return range.isEmpty()
                || VersionRange.engines(range)
                        .filter(wanted -> wanted.accepts(Version.parse(Version.Scheme.SEMVER, version)))
                        .isPresent();
    }

    /// npm is a script that runs the first Node on `PATH`, so this one goes first.
    private Command withNode(Command command, Provenance provenance) {
        Path folder =
                Optional.ofNullable(provenance.runtime().program().getParent()).orElse(Path.of("/"));
        return command.with("PATH", folder + ":" + environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"))
                .with("NO_COLOR", "1")
                .without("NODE_OPTIONS");
    }

    private Optional<Provenance> provenance(Path prefix, Path folder, Path program, PackageFile file) {
        Path modules;
        try {
            modules = modules(folder).toRealPath();
        } catch (IOException e) {
            return Optional.empty();
        }
        Path environmentFolder = modules.resolve(modules(folder).relativize(folder));
        List<Evidence> evidence = new ArrayList<>();
        String source = directories.display(environmentFolder.resolve("package.json"));
        Origin origin;
        if (file.alias().isPresent()) {
            // npm would fetch another package by the name of this folder.
            origin = new Origin.Unknown(
                    "%s is the package %s, installed under another name (npm alias)."
                            .formatted(source, file.alias().get()),
                    Origin.Unknown.Cause.NOT_FOLLOWED);
            evidence.add(new Evidence(
                    source, "name %s, version %s".formatted(file.alias().get(), file.version())));
        } else if (file.damage().isPresent()) {
            origin = new Origin.Unknown(
                    "Could not read %s: %s.".formatted(source, file.damage().get()), Origin.Unknown.Cause.NOT_READ);
            evidence.add(new Evidence(source, file.damage().get()));
        } else {
            evidence.add(new Evidence(source, "version " + file.version()));
            origin = origin(environmentFolder, file, evidence);
        }
        Provenance.Runtime runtime = runtime(prefix, file, evidence);
        return Optional.of(new Provenance(
                InstallerKind.NPM,
                file.name(),
                environmentFolder,
                program.toAbsolutePath().normalize(),
                file.version(),
                origin,
                runtime,
                evidence));
    }

    private Origin origin(Path folder, PackageFile file, List<Evidence> evidence) {
        String source = directories.display(folder);
        if (Files.isSymbolicLink(folder)) {
            try {
                Path target = folder.toRealPath();
                evidence.add(new Evidence(source, "link to " + directories.display(target)));
                return new Origin.Linked(target);
            } catch (IOException e) {
                return new Origin.Unknown("%s is a broken link.".formatted(source), Origin.Unknown.Cause.NOT_READ);
            }
        }
        Optional<NpmOriginRecord> record = NpmOriginRecord.of(folder, modules(folder), file.name());
        if (record.isPresent()) {
            String recordedIn = directories.display(record.get().file());
            evidence.add(new Evidence(recordedIn, "resolved " + record.get().resolved()));
            return record.get().origin(recordedIn);
        }
        evidence.add(new Evidence(source, "folder, not a link; npm doesn't record where a global package came from"));
        return new Origin.Index();
    }

    private Provenance.Runtime runtime(Path prefix, PackageFile file, List<Evidence> evidence) {
        Path own = prefix.resolve("bin/node");
        Path node = Files.isExecutable(own)
                ? own
                : prefixes.nodeOfVolta(prefix)
                        .or(() -> runner.find("node", environment.getOrDefault("PATH", "")))
                        .orElse(own);
        String version = runtimes.version(node);
        evidence.add(
                new Evidence(directories.display(node), version.isEmpty() ? "no working Node" : "Node " + version));
        return new Provenance.Runtime("node", node, version, file.engine());
    }

    /// The first launcher with a link into a package.
    private static Optional<Path> launcher(Path prefix, Path folder) {
        return NpmPrefixes.folders(prefix.resolve("bin")).stream()
                .filter(Files::isSymbolicLink)
                .filter(link -> {
                    try {
                        return link.resolveSibling(Files.readSymbolicLink(link))
                                .normalize()
                                .startsWith(folder);
                    } catch (IOException e) {
                        return false;
                    }
                })
                .findFirst();
    }

    /// `…/node_modules/NAME` or `…/node_modules/@scope/NAME` of a path inside a global package, outermost
    /// first.
    private static Optional<Path> packageFolder(Path path) {
        for (int i = 1; i < path.getNameCount() - 1; i++) {
            if (path.getName(i).toString().equals("node_modules")
                    && path.getName(i - 1).toString().equals("lib")) {
                int end = path.getName(i + 1).toString().startsWith("@") ? i + 3 : i + 2;
                if (end <= path.getNameCount()) {
                    return Optional.of(Path.of("/").resolve(path.subpath(0, end)));
                }
            }
        }
        return Optional.empty();
    }

    private static Path modules(Path folder) {
        Path parent = folder.getParent();
        if (parent != null && String.valueOf(parent.getFileName()).startsWith("@")) {
            parent = parent.getParent();
        }
        return parent == null ? folder : parent;
    }

    private static Path prefix(Provenance provenance) {
        Path lib = modules(provenance.environment()).getParent();
        Path prefix = lib == null ? null : lib.getParent();
        if (prefix == null) {
            throw new IllegalArgumentException(provenance.environment() + " is not in an npm prefix");
        }
        return prefix;
    }

    private static List<Path> packages(Path prefix) {
        List<Path> packages = new ArrayList<>();
        for (Path folder : NpmPrefixes.folders(prefix.resolve("lib/node_modules"))) {
            String name = String.valueOf(folder.getFileName());
            if (name.startsWith("@")) {
                NpmPrefixes.folders(folder).stream()
                        .filter(inner -> !String.valueOf(inner.getFileName()).startsWith("."))
                        .forEach(packages::add);
            } else if (!name.startsWith(".")) {
                packages.add(folder);
            }
        }
        return packages;
    }

    /// The data of a `package.json`.
    ///
    /// @param programs the launchers that npm creates, in the file's order
    /// @param engine `engines.node`, or empty
    /// @param alias the package's own name, if it differs from the folder's
    /// @param damage why the file cannot be read, as a phrase
    private record PackageFile(
            String name,
            String version,
            List<String> programs,
            String engine,
            Optional<String> alias,
            Optional<String> damage) {

        static PackageFile read(Path folder) {
            Path modules = modules(folder);
            String byFolder = UntrustedText.visible(modules.relativize(folder).toString());
            return switch (JsonFile.read(folder.resolve("package.json"), JsonFile.Form.NPM)) {
                case JsonFile.Content.Absent() -> damaged(byFolder, "file not found");
                case JsonFile.Content.Damaged(int line, int column, String _) ->
                    damaged(byFolder, "not JSON at line %d, column %d".formatted(line, column));
                case JsonFile.Content.Present(JsonNode json) -> {
                    Optional<String> version = text(json.get("version"));
                    Optional<String> name = text(json.get("name"));
                    yield version.isEmpty() || name.isEmpty()
                            ? damaged(byFolder, "contains no %s".formatted(name.isEmpty() ? "package" : "version"))
                            : new PackageFile(
                                    byFolder,
                                    version.get(),
                                    programs(json.get("bin"), name.get()),
                                    text(json.path("engines").get("node")).orElse(""),
                                    name.filter(other -> !other.equals(byFolder)),
                                    Optional.empty());
                }
            };
        }

        /// The launcher with the package's name, else the first.
        String mainProgram() {
            String usual = name.substring(name.indexOf('/') + 1);
            return programs.contains(usual) ? usual : programs.getFirst();
        }

        private static PackageFile damaged(String name, String phrase) {
            return new PackageFile(name, "", List.of(), "", Optional.empty(), Optional.of(phrase));
        }

        private static List<String> programs(@org.jspecify.annotations.Nullable JsonNode bin, String name) {
            if (bin == null) {
                return List.of();
            }
            if (bin.isString()) {
                return List.of(name.substring(name.indexOf('/') + 1));
            }
            Map<String, JsonNode> programs = new LinkedHashMap<>();
            if (!bin.isObject()) {
                return List.of();
            }
            bin.properties().forEach(entry -> programs.put(entry.getKey(), entry.getValue()));
            return programs.keySet().stream()
                    .filter(key -> !key.contains("/") && key.equals(UntrustedText.visible(key)))
                    .toList();
        }

        private static Optional<String> text(@org.jspecify.annotations.Nullable JsonNode node) {
            return node != null && node.isString()
                    ? Optional.of(UntrustedText.visible(node.stringValue())).filter(text -> !text.isEmpty())
                    : Optional.empty();
        }
    }
}
