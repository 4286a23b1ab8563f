package io.github.lamplighter.installer.pipx;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.RepairCommands.Need;
import io.github.lamplighter.installer.SearchOptions;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.python.DirectUrl;
import io.github.lamplighter.installer.python.Distribution;
import io.github.lamplighter.installer.python.PythonInstall;
import io.github.lamplighter.installer.python.PythonInterpreters;
import io.github.lamplighter.installer.python.PythonToolInstaller;
import io.github.lamplighter.installer.python.Requirement;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Installations by `pipx install`: one virtual environment per tool in `PIPX_HOME/venvs`, links to its
/// programs in `PIPX_BIN_DIR`, and pipx's record next to `pyvenv.cfg`.
public final class PipxInstaller extends PythonToolInstaller {

    private static final String SHARED = "pipx_shared.pth";

    private final PipxHomes homes;

    /// @param environment of this process, with pipx's variables
    public PipxInstaller(AppDirectories directories, Map<String, String> environment, ProcessRunner runner) {
        super(InstallerKind.PIPX, PipxMetadata.FILE, directories, environment, runner);
        this.homes = new PipxHomes(this.environment, directories.home(), directories.dataHome());
    }

    @Override
    public List<Path> folders() {
        return homes.venvs();
    }

    @Override
    public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
        String name = folderName(from);
        Path copy = stage.resolve("venvs").resolve(name);
        if (!(PipxMetadata.read(from.environment().resolve(PipxMetadata.FILE))
                instanceof PipxMetadata.Found.Read(PipxMetadata metadata))) {
            throw new IllegalArgumentException("pipx has no record of " + from.environment());
        }
        Map<Path, String> files = Map.of();
        List<Command> commands = new ArrayList<>();
        switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion(String version) -> {
                String exact = from.packageName() + "==" + version;
                Path constraints = stage.resolve("constraints.txt");
                files = Map.of(constraints, exact + "\n");
                // As a variable, because pipx records options: so the recorded requirement stays unchanged.
                String variable = metadata.backend().equals("uv") ? "UV_CONSTRAINT" : "PIP_CONSTRAINT";
                String all = Stream.of(constraints.toUri().toString(), environment.getOrDefault(variable, ""))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" "));
                if (version.equals(from.version())) {
                    // First, because newer pipx records the requirement of `runpip install`.
                    commands.add(pipx(from, stage, runPip(name, metadata, exact)));
                }
                commands.add(pipx(from, stage, install(from, metadata, requirement(from, version)))
                        .with(variable, all));
            }
            case UpgradeTarget.ReleaseArchive _ ->
                throw new IllegalArgumentException(from.packageName() + " has no releases of its own");
            case UpgradeTarget.GitCommit commit -> {
                String requirement = PythonInstall.requirement(from, commit, PythonInstall.subdirectory(from));
                // pip skips a package if its version string is unchanged. The first command installs its
                // dependencies and writes pipx's record, the second one installs this commit.
                commands.add(pipx(from, stage, install(from, metadata, requirement)));
                commands.add(pipx(from, stage, runPip(name, metadata, requirement)));
            }
        }
        if (metadata.pinned()) {
            commands.add(pipx(from, stage, List.of("pin", name)));
        }
        return new StagePlan(
                Optional.of(copy),
                files,
                commands,
                copy,
                from.environment(),
                true,
                metadata.suffix().isEmpty() ? copy.resolve("bin") : stage.resolve("bin"),
                new StagePlan.LinkRule.Relocated(stage.resolve("bin"), bin(from)));
    }

    @Override
    public RepairCommands repairCommands(Provenance install, Need need) {
        Optional<Path> gone = builtFrom(install).filter(Files::notExists);
        if (gone.isPresent()) {
            return new RepairCommands.NoCommand(
                    "Restore %s first; it was installed from there".formatted(directories.display(gone.get())));
        }
        Optional<PipxMetadata> record = PipxMetadata.read(install.environment().resolve(PipxMetadata.FILE))
                        instanceof PipxMetadata.Found.Read(PipxMetadata metadata)
                ? Optional.of(metadata)
                : Optional.empty();
        return switch (need) {
            case Need.Unpin _ ->
                record.map(metadata -> unpinned(install, metadata))
                        .orElseGet(() -> new RepairCommands.NoCommand("Reinstall it with pipx without the pin"));
            case Need.Reinstall _ -> reinstall(install, install.runtime().requires(), record.isPresent());
            case Need.UnsuitableRuntime(String range) -> reinstall(install, range, record.isPresent());
            case Need.NewerNeedsRuntime(var _, String range) -> reinstall(install, range, record.isPresent());
        };
    }

    /// The local path that a reinstall needs.
    private static Optional<Path> builtFrom(Provenance install) {
        return switch (install.origin()) {
            case Origin.LocalDirectory(Path directory) -> Optional.of(directory);
            case Origin.Editable(Path directory) -> Optional.of(directory);
            case Origin.Index _,
                    Origin.Git _,
                    Origin.Archive _,
                    Origin.Linked _,
                    Origin.SystemPackage _,
                    Origin.ReleaseFeed _,
                    Origin.Unknown _ -> Optional.empty();
        };
    }

    /// `pipx reinstall` uses everything in its record except the Python.
    private RepairCommands reinstall(Provenance install, String range, boolean isRecorded) {
        Optional<Path> python = PythonInterpreters.of(install, range)
                .or(() -> new PythonInterpreters(runner, environment.getOrDefault("PATH", "")).within(range));
        if (python.isEmpty()) {
            return new RepairCommands.NoCommand("Install Python %s; then Lamplighter shows the next command here"
                    .formatted(range.isEmpty() ? "3" : range));
        }
        if (!isRecorded) {
            return reinstallUnrecorded(install, python.get());
        }
        String name = folderName(install);
        RepairCommands.Line again =
                line(install, List.of("reinstall", "--python", python.get().toString(), name));
        return install.installRequest().pinned().isPresent()
                ? new RepairCommands.Commands(
                        line(install, List.of("unpin", name)), again, line(install, List.of("pin", name)))
                : new RepairCommands.Commands(again);
    }

    /// The record is gone with the environment: reinstalls from the known data, or offers no command if that is
    /// incomplete.
    private RepairCommands reinstallUnrecorded(Provenance install, Path python) {
        InstallRequest installRequest = install.installRequest();
        String name = folderName(install);
        Optional<String> requirement = PythonInstall.sameRequirement(install);
        if (requirement.isEmpty()
                || !name.equals(install.packageName())
                || !installRequest.search().isPlain()) {
            return new RepairCommands.NoCommand("Reinstall it with its original options, which are no longer recorded");
        }
        List<RepairCommands.Line> lines = new ArrayList<>();
        lines.add(line(install, List.of("install", "--python", python.toString(), requirement.get())));
        if (!installRequest.with().isEmpty()) {
            List<String> inject = new ArrayList<>(List.of("inject", name));
            inject.addAll(installRequest.with());
            lines.add(line(install, inject));
        }
        return new RepairCommands.Commands(lines, Optional.empty());
    }

    /// The upgrade command for the existing environment, without the pin.
    private RepairCommands unpinned(Provenance install, PipxMetadata metadata) {
        String name = folderName(install);
        if (install.installRequest().pinned().isPresent()) {
            return new RepairCommands.Commands(line(install, List.of("unpin", name)));
        }
        if (metadata.pipArguments().stream()
                .anyMatch(word -> !DirectUrl.masked(word).equals(word))) {
            return new RepairCommands.NoCommand(
                    "Reinstall it with pipx without the pin; the command contains a password and is not shown");
        }
        return switch (install.origin()) {
            case Origin.Index _ ->
                new RepairCommands.Commands(line(
                        install,
                        install(
                                install,
                                metadata,
                                install.packageName()
                                        + Requirement.bracketed(
                                                install.installRequest().extras()))));
            case Origin.Git git -> {
                String requirement = PythonInstall.defaultBranch(install, git);
                yield new RepairCommands.Commands(
                        line(install, install(install, metadata, requirement)),
                        line(install, runPip(name, metadata, requirement)));
            }
            case Origin.Editable _,
                    Origin.LocalDirectory _,
                    Origin.Archive _,
                    Origin.Linked _,
                    Origin.SystemPackage _,
                    Origin.ReleaseFeed _,
                    Origin.Unknown _ -> new RepairCommands.NoCommand("Reinstall it from its original source");
        };
    }

    /// The folders are always set, because another home can contain the same tool.
    private RepairCommands.Line line(Provenance install, List<String> words) {
        return new RepairCommands.Line(
                Map.of(
                        "PIPX_HOME", home(install).toString(),
                        "PIPX_BIN_DIR", bin(install).toString()),
                Stream.concat(Stream.of(program(install)), words.stream()).toList());
    }

    /// On `PATH`, else in its usual folders, because the `PATH` of a service lacks the user's folders.
    @Override
    public Optional<Path> manager(Provenance provenance) {
        return runner.find("pipx")
                .or(() -> Stream.concat(
                                homes.bins().stream(), Stream.of(Path.of("/opt/homebrew/bin"), Path.of("/usr/bin")))
                        .map(folder -> folder.resolve("pipx"))
                        .filter(Files::isExecutable)
                        .findFirst());
    }

    @Override
    protected Provenance read(Home home, Optional<Path> program) {
        return switch (PipxMetadata.read(home.file())) {
            case PipxMetadata.Found.Absent() ->
                unrecorded(home, program.orElseGet(() -> unrecordedLauncher(home)), Optional.empty());
            case PipxMetadata.Found.Damaged(String what) ->
                unrecorded(home, program.orElseGet(() -> unrecordedLauncher(home)), Optional.of(what));
            case PipxMetadata.Found.Read(PipxMetadata metadata) ->
                install(home, program, metadata).provenance(directories);
        };
    }

    private Path unrecordedLauncher(Home home) {
        return exposed(home.root(), home.name(), home.name());
    }

    private PythonInstall install(Home home, Optional<Path> program, PipxMetadata metadata) {
        List<Evidence> evidence = new ArrayList<>();
        String name = metadata.name().map(Distribution::normalised).orElse(home.name());
        String source = home.source();
        Requirement asked = Requirement.parse(metadata.asked());
        evidence.add(new Evidence(source, "main_package.package_or_url " + DirectUrl.masked(metadata.asked())));
        metadata.injected()
                .forEach((other, spec) -> evidence.add(
                        new Evidence(source, "injected_packages.%s %s".formatted(other, DirectUrl.masked(spec)))));
        if (metadata.pinned()) {
            evidence.add(new Evidence(source, "main_package.pinned true"));
        }
        SearchOptions search = metadata.search();
        Stream.of(search.defaultIndex().stream().toList(), search.indexes(), search.findLinks())
                .flatMap(List::stream)
                .forEach(place -> evidence.add(new Evidence(source, "main_package.pip_args names " + place)));
        metadata.cooldown().ifPresent(days -> evidence.add(new Evidence(source, "main_package.cooldown_days " + days)));
        if (search.withUv()) {
            evidence.add(new Evidence(source, "backend uv"));
        }
        InstallRequest installRequest = new InstallRequest(
                asked.specifier(),
                asked.extras(),
                metadata.injected().values().stream().map(DirectUrl::masked).toList(),
                search,
                metadata.pipArguments().contains("--pre"),
                metadata.pinned()
                        ? Optional.of("%1$s is pinned with pipx. To allow upgrades, run `pipx unpin %1$s`."
                                .formatted(home.root().getFileName()))
                        : Optional.empty());
        return new PythonInstall(
                InstallerKind.PIPX,
                home.environment(),
                name,
                program.orElseGet(() -> launcher(home.root(), name, metadata)),
                installRequest,
                evidence,
                Optional.empty(),
                metadata.asked().isEmpty()
                        ? new PythonInstall.RequirementSource.Unrecorded()
                        : asked.address()
                                .map(where -> "It was installed as " + DirectUrl.masked(where))
                                .or(() -> search.noIndex() && search.findLinks().isEmpty()
                                        ? Optional.of("pip was used without an index (--no-index)")
                                        : Optional.empty())
                                .<PythonInstall.RequirementSource>map(
                                        PythonInstall.RequirementSource.FromElsewhere::new)
                                .orElseGet(PythonInstall.RequirementSource.ByName::new));
    }

    /// The launcher on the user's `PATH` of the main program.
    private Path launcher(Path root, String name, PipxMetadata metadata) {
        String main =
                mainProgram(name, metadata.programs(), metadata.otherPrograms()).orElse(name);
        return exposed(root, main, main + metadata.suffix());
    }

    private Path exposed(Path root, String program, String exposedAs) {
        Path inside = root.resolve("bin").resolve(program);
        return homes.bins().stream()
                .map(bin -> bin.resolve(exposedAs))
                .filter(link -> leadsTo(link, inside))
                .findFirst()
                .orElse(inside);
    }

    private static boolean leadsTo(Path link, Path inside) {
        try {
            Path folder = link.getParent();
            if (folder == null || !Files.isSymbolicLink(link)) {
                return false;
            }
            Path text = folder.resolve(Files.readSymbolicLink(link)).normalize();
            Path parent = text.getParent();
            return text.equals(inside)
                    || parent != null
                            && Files.isDirectory(parent)
                            && parent.toRealPath().resolve(text.getFileName()).equals(inside);
        } catch (IOException e) {
            return false;
        }
    }

    /// The user's specifier if it allows the version; else the exact version.
    private static String requirement(Provenance from, String version) {
        return from.packageName()
                + Requirement.bracketed(from.installRequest().extras())
                + (PythonInstall.allows(from, version) ? from.installRequest().specifier() : "==" + version);
    }

    private static List<String> install(Provenance from, PipxMetadata metadata, String requirement) {
        List<String> words = new ArrayList<>(List.of("install", "--force"));
        // Without it, older pipx recreates the environment with its own Python.
        words.addAll(List.of("--python", from.runtime().program().toString()));
        if (metadata.withDependencies()) {
            words.add("--include-deps");
        }
        if (metadata.backend().equals("uv")) {
            words.addAll(List.of("--backend", "uv"));
        }
        metadata.cooldown().ifPresent(days -> words.addAll(List.of("--cooldown", days.toString())));
        if (!metadata.suffix().isEmpty()) {
            words.add("--suffix=" + metadata.suffix());
        }
        if (metadata.environmentArguments().contains("--system-site-packages")) {
            words.add("--system-site-packages");
        }
        if (!metadata.pipArguments().isEmpty()) {
            words.add("--pip-args=" + quoted(metadata.pipArguments()));
        }
        words.add(requirement);
        return words;
    }

    private static List<String> runPip(String name, PipxMetadata metadata, String requirement) {
        List<String> words = new ArrayList<>(List.of("runpip", name, "install", "--force-reinstall", "--no-deps"));
        words.addAll(metadata.pipArguments());
        words.add(requirement);
        return words;
    }

    /// pipx takes pip's arguments as one text and splits it like a shell.
    private static String quoted(List<String> arguments) {
        return arguments.stream()
                .map(argument -> argument.matches("[A-Za-z0-9_./:=@%+,-]+")
                        ? argument
                        : "'" + argument.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    private Command pipx(Provenance from, Path stage, List<String> words) {
        List<String> argv = new ArrayList<>();
        argv.add(program(from));
        argv.addAll(words);
        return isolated(Command.of(INSTALL_LIMIT, argv))
                .with("PIPX_HOME", stage.toString())
                .with("PIPX_BIN_DIR", stage.resolve("bin").toString())
                .with("PIPX_MAN_DIR", stage.resolve("man").toString())
                .with("PIPX_COMPLETION_DIR", stage.resolve("completions").toString())
                .with("PIPX_SHARED_LIBS", shared(from).toString())
                .with("PIPX_DISABLE_SHARED_LIBS_AUTO_UPGRADE", "1")
                .with("PIPX_USE_EMOJI", "0")
                .with("USE_EMOJI", "0")
                .with("PIP_NO_INPUT", "1")
                .with("PIP_DISABLE_PIP_VERSION_CHECK", "1")
                .with("PYTHONNOUSERSITE", "1")
                .without("PIP_TARGET")
                .without("PIP_PREFIX");
    }

    /// The folder of the pip that all pipx environments share, from the environment's `.pth` file.
    private static Path shared(Provenance provenance) {
        for (Path packages : new VirtualEnvironment(provenance.environment()).sitePackages()) {
            try {
                Path named = Path.of(Files.readString(packages.resolve(SHARED)).strip());
                // SHARED/lib/pythonX.Y/site-packages
                Path root = named.getNameCount() > 3 ? named.resolve("../../..").normalize() : named;
                if (named.isAbsolute() && Files.isDirectory(root)) {
                    return root;
                }
            } catch (IOException | java.nio.file.InvalidPathException e) {
                // It has its own pip.
            }
        }
        return home(provenance).resolve("shared");
    }

    /// The folder of its links: that of the known launcher, unless it is inside the environment.
    private Path bin(Provenance from) {
        Path folder = from.program().getParent();
        return folder == null || folder.startsWith(from.environment())
                ? homes.bins().getFirst()
                : folder;
    }
}
