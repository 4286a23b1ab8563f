package io.github.lamplighter.installer.pipx;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.RepairCommands.Need;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.python.DirectUrl;
import io.github.lamplighter.installer.python.Distribution;
import io.github.lamplighter.installer.python.PythonInstall;
import io.github.lamplighter.installer.python.PythonIntegrity;
import io.github.lamplighter.installer.python.PythonInterpreters;
import io.github.lamplighter.installer.python.Requirement;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.VersionRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `pipx install`: one virtual environment a tool under `PIPX_HOME/venvs`, links to its programs in `PIPX_BIN_DIR`,
/// and pipx's own record beside `pyvenv.cfg`.
public final class PipxInstaller implements Installer {

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);
    private static final String SHARED = "pipx_shared.pth";

    private final AppDirectories directories;
    private final ProcessRunner runner;
    private final Map<String, String> environment;
    private final PipxHomes homes;

    /// @param environment of this process: pipx's own variables say where to look
    public PipxInstaller(AppDirectories directories, Map<String, String> environment, ProcessRunner runner) {
        this.directories = directories;
        this.runner = runner;
        this.environment = Map.copyOf(environment);
        this.homes = new PipxHomes(this.environment, directories.home(), directories.dataHome());
    }

    @Override
    public InstallerKind kind() {
        return InstallerKind.PIPX;
    }

    @Override
    public List<Provenance> installed() {
        return homes.environments().stream()
                .filter(folder ->
                        Files.exists(folder.resolve("pyvenv.cfg")) || Files.exists(folder.resolve(PipxMetadata.FILE)))
                .map(folder -> provenance(folder, Optional.empty()))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public List<Path> folders() {
        return homes.venvs();
    }

    @Override
    public Optional<Provenance> owner(Path program) {
        return VirtualEnvironment.owning(program)
                .filter(owned -> isOfPipx(owned.environment().root()))
                .flatMap(owned -> provenance(
                        owned.environment().root(),
                        Optional.of(program.toAbsolutePath().normalize())));
    }

    @Override
    public MissingParts missingParts(Provenance install) {
        return PythonIntegrity.of(install, directories);
    }

    @Override
    public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
        String name = String.valueOf(from.environment().getFileName());
        Path copy = stage.resolve("venvs").resolve(name);
        if (!(PipxMetadata.read(from.environment().resolve(PipxMetadata.FILE))
                instanceof PipxMetadata.Found.Read(PipxMetadata metadata))) {
            throw new IllegalArgumentException("pipx keeps no record of " + from.environment());
        }
        Map<Path, String> files = Map.of();
        List<Command> commands = new ArrayList<>();
        switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion(String version) -> {
                String exact = from.packageName() + "==" + version;
                Path constraints = stage.resolve("constraints.txt");
                files = Map.of(constraints, exact + "\n");
                // By a variable, which pipx does not record: the requirement stays as the user wrote it.
                String all = Stream.of(constraints.toUri().toString(), environment.getOrDefault("PIP_CONSTRAINT", ""))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" "));
                commands.add(pipx(from, stage, install(from, metadata, requirement(from, version)))
                        .with("PIP_CONSTRAINT", all));
                if (version.equals(from.version())) {
                    commands.add(pipx(from, stage, runPip(name, metadata, exact)));
                }
            }
            case UpgradeTarget.GitCommit commit -> {
                String requirement = PythonInstall.requirement(from, commit, PythonInstall.subdirectory(from));
                // pip leaves a package alone whose version string did not change. The first command brings what it
                // needs and pipx's record, the second makes it be this commit.
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
            return new RepairCommands.NoCommand("It was built from %s; that has to be there again first"
                    .formatted(directories.display(gone.get())));
        }
        Optional<PipxMetadata> record = PipxMetadata.read(install.environment().resolve(PipxMetadata.FILE))
                        instanceof PipxMetadata.Found.Read(PipxMetadata metadata)
                ? Optional.of(metadata)
                : Optional.empty();
        return switch (need) {
            case Need.Unpin _ ->
                record.map(metadata -> following(install, metadata))
                        .orElseGet(() ->
                                new RepairCommands.NoCommand("Install it again with pipx, without what holds it"));
            case Need.Reinstall _ -> reinstall(install, install.runtime().requires(), record.isPresent());
            case Need.UnsuitableRuntime(String range) -> reinstall(install, range, record.isPresent());
            case Need.NewerNeedsRuntime(var _, String range) -> reinstall(install, range, record.isPresent());
        };
    }

    /// A local path that it would have to be made from again.
    private static Optional<Path> builtFrom(Provenance install) {
        return switch (install.origin()) {
            case Origin.LocalDirectory(Path directory) -> Optional.of(directory);
            case Origin.Editable(Path directory) -> Optional.of(directory);
            case Origin.Index _, Origin.Git _, Origin.Archive _, Origin.Linked _, Origin.Unknown _ -> Optional.empty();
        };
    }

    /// pipx's own reinstallation takes everything from its record, the Python excepted.
    private RepairCommands reinstall(Provenance install, String range, boolean isRecorded) {
        Optional<Path> python = PythonInterpreters.of(install, range)
                .or(() -> new PythonInterpreters(runner, environment.getOrDefault("PATH", "")).within(range));
        if (python.isEmpty()) {
            return new RepairCommands.NoCommand("Install Python %s; then the command that moves it there is named here"
                    .formatted(range.isEmpty() ? "3" : range));
        }
        if (!isRecorded) {
            return anew(install, python.get());
        }
        String name = String.valueOf(install.environment().getFileName());
        RepairCommands.Line again =
                line(install, List.of("reinstall", "--python", python.get().toString(), name));
        return install.installRequest().pinned().isPresent()
                ? new RepairCommands.Commands(
                        line(install, List.of("unpin", name)), again, line(install, List.of("pin", name)))
                : new RepairCommands.Commands(again);
    }

    /// The record went with the environment. What is known of it makes the same again, or nothing is said to.
    private RepairCommands anew(Provenance install, Path python) {
        InstallRequest installRequest = install.installRequest();
        String name = String.valueOf(install.environment().getFileName());
        Optional<String> requirement = asked(install);
        if (requirement.isEmpty()
                || !name.equals(install.packageName())
                || !installRequest.indexes().isEmpty()) {
            return new RepairCommands.NoCommand("Install it again as it was: its record went with it");
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

    private static Optional<String> asked(Provenance install) {
        return PythonInstall.same(install).map(upgradeTarget -> switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion _ ->
                install.packageName()
                        + Requirement.bracketed(install.installRequest().extras())
                        + install.installRequest().specifier();
            case UpgradeTarget.GitCommit commit ->
                PythonInstall.requirement(install, commit, PythonInstall.subdirectory(install));
        });
    }

    /// The command of an upgrade, for the place where it is and without what holds it.
    private RepairCommands following(Provenance install, PipxMetadata metadata) {
        String name = String.valueOf(install.environment().getFileName());
        if (install.installRequest().pinned().isPresent()) {
            return new RepairCommands.Commands(line(install, List.of("unpin", name)));
        }
        if (metadata.pipArguments().stream()
                .anyMatch(word -> !DirectUrl.masked(word).equals(word))) {
            return new RepairCommands.NoCommand(
                    "Install it again with pipx, without what holds it; its record has a password, which is not shown");
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
            case Origin.Editable _, Origin.LocalDirectory _, Origin.Archive _, Origin.Linked _, Origin.Unknown _ ->
                new RepairCommands.NoCommand("Install it again from where it came");
        };
    }

    /// Where it lies is said each time: another home has another copy of it.
    private RepairCommands.Line line(Provenance install, List<String> words) {
        return new RepairCommands.Line(
                Map.of(
                        "PIPX_HOME", home(install).toString(),
                        "PIPX_BIN_DIR", bin(install).toString()),
                Stream.concat(Stream.of(program(install)), words.stream()).toList());
    }

    private String program(Provenance install) {
        return manager(install).map(Path::toString).orElse("pipx");
    }

    @Override
    public Path stageRoot(Provenance provenance) {
        return home(provenance)
                .resolve(".lamplighter")
                .resolve(String.valueOf(provenance.environment().getFileName()));
    }

    /// On `PATH`, else where it usually lies: the `PATH` of a service does not name the user's own folders.
    @Override
    public Optional<Path> manager(Provenance provenance) {
        return runner.find("pipx")
                .or(() -> Stream.concat(
                                homes.bins().stream(), Stream.of(Path.of("/opt/homebrew/bin"), Path.of("/usr/bin")))
                        .map(folder -> folder.resolve("pipx"))
                        .filter(Files::isExecutable)
                        .findFirst());
    }

    private boolean isOfPipx(Path root) {
        if (Files.exists(root.resolve(PipxMetadata.FILE))) {
            return true;
        }
        try {
            Path venvs = root.toRealPath().getParent();
            return venvs != null && homes.venvs().contains(venvs);
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<Provenance> provenance(Path folder, Optional<Path> program) {
        VirtualEnvironment venv;
        try {
            venv = new VirtualEnvironment(folder.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
        Path file = venv.root().resolve(PipxMetadata.FILE);
        String source = directories.display(file);
        String byFolder = Distribution.normalised(String.valueOf(venv.root().getFileName()));
        PythonInstall install = switch (PipxMetadata.read(file)) {
            case PipxMetadata.Found.Absent() ->
                damaged(
                        venv,
                        byFolder,
                        program,
                        new Evidence(source, "there is no such file"),
                        "%s is not there, so pipx itself does not know what this is.".formatted(source));
            case PipxMetadata.Found.Damaged(String what) ->
                damaged(
                        venv,
                        byFolder,
                        program,
                        new Evidence(source, what),
                        "%s cannot be read: %s.".formatted(source, what));
            case PipxMetadata.Found.Read(PipxMetadata metadata) -> install(venv, byFolder, program, source, metadata);
        };
        return Optional.of(install.provenance(directories));
    }

    private PythonInstall install(
            VirtualEnvironment venv, String byFolder, Optional<Path> program, String source, PipxMetadata metadata) {
        List<Evidence> evidence = new ArrayList<>();
        String name = metadata.name().map(Distribution::normalised).orElse(byFolder);
        Requirement asked = Requirement.parse(metadata.asked());
        evidence.add(new Evidence(source, "main_package.package_or_url " + DirectUrl.masked(metadata.asked())));
        metadata.injected()
                .forEach((other, spec) -> evidence.add(
                        new Evidence(source, "injected_packages.%s %s".formatted(other, DirectUrl.masked(spec)))));
        if (metadata.pinned()) {
            evidence.add(new Evidence(source, "main_package.pinned true"));
        }
        metadata.indexes().forEach(index -> evidence.add(new Evidence(source, "main_package.pip_args names " + index)));
        InstallRequest installRequest = new InstallRequest(
                asked.specifier(),
                asked.extras(),
                metadata.injected().values().stream().map(DirectUrl::masked).toList(),
                metadata.indexes(),
                Optional.empty(),
                Optional.empty(),
                metadata.pipArguments().contains("--pre"),
                metadata.pinned()
                        ? Optional.of("`pipx pin` holds it; `pipx unpin %s` lets it move."
                                .formatted(venv.root().getFileName()))
                        : Optional.empty());
        return new PythonInstall(
                InstallerKind.PIPX,
                venv,
                name,
                program.orElseGet(() -> program(venv.root(), name, metadata)),
                installRequest,
                evidence,
                Optional.empty(),
                metadata.asked().isEmpty()
                        ? new PythonInstall.RequirementSource.Unrecorded()
                        : asked.address()
                                .map(where -> "It was asked for as " + DirectUrl.masked(where))
                                .or(() -> metadata.withoutIndex().map("pip was told to ask no index (%s)"::formatted))
                                .<PythonInstall.RequirementSource>map(
                                        PythonInstall.RequirementSource.FromElsewhere::new)
                                .orElseGet(PythonInstall.RequirementSource.ByName::new));
    }

    private PythonInstall damaged(
            VirtualEnvironment venv, String name, Optional<Path> program, Evidence evidence, String why) {
        return new PythonInstall(
                InstallerKind.PIPX,
                venv,
                name,
                program.orElseGet(() -> exposed(venv.root(), name, name)),
                InstallRequest.PLAIN,
                List.of(evidence),
                Optional.of(why),
                new PythonInstall.RequirementSource.Unrecorded());
    }

    /// The link that the user's shell finds, to the program that is called as the package is, else to the first.
    private Path program(Path root, String name, PipxMetadata metadata) {
        List<String> candidates = Stream.concat(metadata.programs().stream(), metadata.otherPrograms().stream())
                .toList();
        String main = metadata.programs().stream()
                .filter(program -> Distribution.normalised(program).equals(name))
                .findFirst()
                .or(() -> candidates.stream().findFirst())
                .orElse(name);
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

    /// As the user wrote it, where the version lies in it; a version beyond it, or another exact one, takes its
    /// place.
    private static String requirement(Provenance from, String version) {
        String specifier = from.installRequest().specifier();
        boolean within = specifier.isEmpty()
                || VersionRange.pep440(specifier)
                        .filter(range -> range.accepts(Version.parse(Version.Scheme.PEP440, version)))
                        .isPresent();
        return from.packageName()
                + Requirement.bracketed(from.installRequest().extras())
                + (within ? specifier : "==" + version);
    }

    private static List<String> install(Provenance from, PipxMetadata metadata, String requirement) {
        List<String> words = new ArrayList<>(List.of("install", "--force"));
        // Without it an older pipx makes the environment anew with the Python that it runs with itself.
        words.addAll(List.of("--python", from.runtime().program().toString()));
        if (metadata.withDependencies()) {
            words.add("--include-deps");
        }
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

    /// pipx takes pip's arguments as one text, which it splits as a shell does.
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
        return Command.of(INSTALL_LIMIT, argv)
                .with("PIPX_HOME", stage.toString())
                .with("PIPX_BIN_DIR", stage.resolve("bin").toString())
                .with("PIPX_MAN_DIR", stage.resolve("man").toString())
                .with("PIPX_COMPLETION_DIR", stage.resolve("completions").toString())
                .with("PIPX_SHARED_LIBS", shared(from).toString())
                .with("PIPX_DISABLE_SHARED_LIBS_AUTO_UPGRADE", "1")
                .with("PIPX_USE_EMOJI", "0")
                .with("USE_EMOJI", "0")
                .with("NO_COLOR", "1")
                .with("PIP_NO_INPUT", "1")
                .with("PIP_DISABLE_PIP_VERSION_CHECK", "1")
                .with("GIT_TERMINAL_PROMPT", "0")
                .with("PYTHONNOUSERSITE", "1")
                .without("PYTHONPATH")
                .without("PYTHONHOME")
                .without("VIRTUAL_ENV")
                .without("PIP_TARGET")
                .without("PIP_PREFIX");
    }

    /// Where pip itself lies, which all environments of pipx share: as the environment's own `.pth` file says.
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
                // It has a pip of its own.
            }
        }
        return home(provenance).resolve("shared");
    }

    private static Path home(Provenance provenance) {
        Path venvs = provenance.environment().getParent();
        return Optional.ofNullable(venvs).map(Path::getParent).orElse(provenance.environment());
    }

    /// Where its links lie: beside the launcher that is known, unless that lies in the environment itself.
    private Path bin(Provenance from) {
        Path folder = from.program().getParent();
        return folder == null || folder.startsWith(from.environment())
                ? homes.bins().getFirst()
                : folder;
    }
}
