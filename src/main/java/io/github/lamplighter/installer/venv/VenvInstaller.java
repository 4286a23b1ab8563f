package io.github.lamplighter.installer.venv;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.DatedPackage;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.ProjectLinks;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.RepairCommands.Need;
import io.github.lamplighter.installer.SearchOptions;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.python.Distribution;
import io.github.lamplighter.installer.python.PythonInstall;
import io.github.lamplighter.installer.python.PythonIntegrity;
import io.github.lamplighter.installer.python.PythonInterpreters;
import io.github.lamplighter.installer.python.PythonPackageTimes;
import io.github.lamplighter.installer.python.UvProgram;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Installations in a plain virtual environment with pip: `*.dist-info` contains the package (PEP 376,
/// "Recording installed projects"), `direct_url.json` its source, `pyvenv.cfg` the Python.
public final class VenvInstaller implements Installer {

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);

    private final AppDirectories directories;
    private final ProcessRunner runner;

    public VenvInstaller(AppDirectories directories, ProcessRunner runner) {
        this.directories = directories;
        this.runner = runner;
    }

    /// The program that installs into an environment.
    private sealed interface PackageProgram {

        /// pip, of the environment itself or of the Python that it was made with.
        ///
        /// @param own whether the environment has a pip
        record Pip(boolean own) implements PackageProgram {}

        /// `uv pip`: `uv venv` makes environments without pip.
        record Uv(Path program) implements PackageProgram {}
    }

    private Optional<PackageProgram> packageProgram(VirtualEnvironment environment, Path python) {
        if (environment.hasPip()) {
            return Optional.of(new PackageProgram.Pip(true));
        }
        Optional<PackageProgram> uv =
                new UvProgram(runner, directories.home()).find().map(PackageProgram.Uv::new);
        Optional<PackageProgram> pip =
                PythonInterpreters.hasPip(python) ? Optional.of(new PackageProgram.Pip(false)) : Optional.empty();
        return environment.configuration().containsKey("uv") ? uv.or(() -> pip) : pip.or(() -> uv);
    }

    private Optional<PackageProgram> packageProgram(Provenance install) {
        return packageProgram(
                new VirtualEnvironment(install.environment()), install.runtime().program());
    }

    @Override
    public Optional<String> obstacle(Provenance install) {
        if (PythonInterpreters.of(install, "").isEmpty()) {
            String here = directories.display(install.environment());
            String why = PythonInterpreters.became(install)
                    .map(version -> "is now %s, but its packages were installed for %s"
                            .formatted(version, install.runtime().version()))
                    .orElse("was removed");
            return Optional.of(
                    "The Python of %1$s %2$s. Recreate %1$s with an installed Python, then install %3$s in it."
                            .formatted(here, why, exactRequirement(install)));
        }
        return packageProgram(install).isPresent()
                ? Optional.empty()
                : Optional.of("%s has no pip, and uv was not found. Install uv, or add pip with `%s -m ensurepip`."
                        .formatted(
                                directories.display(install.environment()),
                                directories.display(install.environment().resolve("bin/python"))));
    }

    @Override
    public InstallerKind kind() {
        return InstallerKind.VENV;
    }

    /// None: a virtual environment can be anywhere, and most contain no tool. They are found by programs that
    /// the user names, and by manifests.
    @Override
    public List<Provenance> installed() {
        return List.of();
    }

    @Override
    public Optional<Provenance> owner(Path program) {
        return VirtualEnvironment.owning(program)
                .filter(owned -> !isOfAnotherManager(owned.environment().root()))
                .flatMap(owned -> provenance(program, owned));
    }

    @Override
    public MissingParts missingParts(Provenance install) {
        return PythonIntegrity.of(install, directories);
    }

    @Override
    public List<DatedPackage> installedAfter(Provenance install, Instant moment) {
        return PythonPackageTimes.after(install, moment);
    }

    @Override
    public ProjectLinks links(Provenance install) {
        return VirtualEnvironment.links(install);
    }

    @Override
    public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
        Path copy = stage.resolve(String.valueOf(from.environment().getFileName()));
        PackageProgram program = packageProgram(from).orElse(new PackageProgram.Pip(true));
        List<Command> commands = arguments(program, from, upgradeTarget).stream()
                .map(words -> command(program, copy, from, words))
                .toList();
        return new StagePlan(
                Optional.of(copy),
                commands,
                copy,
                from.environment(),
                true,
                copy.resolve("bin"),
                new StagePlan.LinkRule.None());
    }

    @Override
    public Path stageRoot(Provenance provenance) {
        Path environment = provenance.environment();
        return Optional.ofNullable(environment.getParent())
                .orElse(environment)
                .resolve(".lamplighter")
                .resolve(String.valueOf(environment.getFileName()));
    }

    @Override
    public Optional<Path> manager(Provenance provenance) {
        return Optional.of(provenance.environment().resolve("bin/python")).filter(Files::isExecutable);
    }

    @Override
    public RepairCommands repairCommands(Provenance install, Need need) {
        String here = directories.display(install.environment());
        if (need instanceof Need.NewerNeedsRuntime(String version, String range)) {
            return recreate(here, range, install.packageName() + "==" + version);
        }
        if (need instanceof Need.UnsuitableRuntime(String range) && !range.isEmpty()) {
            return recreate(here, range, exactRequirement(install));
        }
        if (PythonInterpreters.of(install, "").isEmpty()) {
            return new RepairCommands.NoCommand("Recreate %s with an installed Python, then install %s in it"
                    .formatted(here, exactRequirement(install)));
        }
        if (Files.notExists(install.environment()) && !(need instanceof Need.Unpin)) {
            return made(install, PythonInterpreters.of(install, "").get());
        }
        Optional<PackageProgram> program = packageProgram(install);
        if (program.isEmpty()) {
            return new RepairCommands.NoCommand(
                    "Install uv, since %s has no pip; then Lamplighter shows the command here".formatted(here));
        }
        Optional<List<List<String>>> words = need instanceof Need.Unpin
                ? install.origin() instanceof Origin.Git git
                        ? Optional.of(replacing(program.get(), install, PythonInstall.defaultBranch(install, git)))
                        : Optional.empty()
                : PythonInstall.same(install).map(upgradeTarget -> arguments(program.get(), install, upgradeTarget));
        return words.<RepairCommands>map(all -> new RepairCommands.Commands(
                        all.stream()
                                .map(some -> new RepairCommands.Line(
                                        Map.of(), argv(program.get(), install.environment(), install, some)))
                                .toList(),
                        Optional.empty()))
                .orElseGet(() ->
                        new RepairCommands.NoCommand("Reinstall it in %s from its original source".formatted(here)));
    }

    /// The folder was deleted or moved: nothing can be installed into it before it is made.
    private static RepairCommands made(Provenance install, Path python) {
        String own = install.environment().resolve("bin/python").toString();
        return new RepairCommands.Commands(
                new RepairCommands.Line(
                        Map.of(),
                        List.of(
                                python.toString(),
                                "-m",
                                "venv",
                                install.environment().toString())),
                new RepairCommands.Line(Map.of(), List.of(own, "-m", "pip", "install", exactRequirement(install))));
    }

    private static RepairCommands recreate(String here, String range, String what) {
        return new RepairCommands.NoCommand(
                "Recreate %s with Python %s, then install %s in it".formatted(here, range, what));
    }

    private static String exactRequirement(Provenance install) {
        return PythonInstall.same(install)
                .map(upgradeTarget -> switch (upgradeTarget) {
                    case UpgradeTarget.IndexVersion(String version) -> install.packageName() + "==" + version;
                    case UpgradeTarget.GitCommit commit ->
                        PythonInstall.requirement(install, commit, PythonInstall.subdirectory(install));
                    case UpgradeTarget.ReleaseArchive _ -> install.packageName();
                })
                .orElse(install.packageName());
    }

    /// The arguments, one list per run.
    private static List<List<String>> arguments(PackageProgram program, Provenance from, UpgradeTarget upgradeTarget) {
        return switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion(String version) -> {
                String exact = from.packageName() + "==" + version;
                yield version.equals(from.version()) || program instanceof PackageProgram.Uv
                        ? replacing(program, from, exact)
                        : List.of(List.of("--upgrade", exact));
            }
            case UpgradeTarget.ReleaseArchive _ ->
                throw new IllegalArgumentException(from.packageName() + " has no releases of its own");
            case UpgradeTarget.GitCommit commit ->
                replacing(program, from, PythonInstall.requirement(from, commit, PythonInstall.subdirectory(from)));
        };
    }

    /// pip skips a package if its version string is unchanged. The first run installs its dependencies, the
    /// second one the package. uv has an option for it, which also asks its index again.
    private static List<List<String>> replacing(PackageProgram program, Provenance from, String requirement) {
        if (program instanceof PackageProgram.Uv) {
            return List.of(List.of(
                    "--reinstall-package", from.packageName(), "--refresh-package", from.packageName(), requirement));
        }
        // pip before 24 rejects a URL without a host (`git+file:///…`) after a name.
        String asked = requirement.contains(" @ git+file:")
                ? requirement.substring(requirement.indexOf(" @ ") + 3)
                : requirement;
        return List.of(List.of("--upgrade", asked), List.of("--force-reinstall", "--no-deps", asked));
    }

    private static Command command(PackageProgram program, Path copy, Provenance from, List<String> words) {
        List<String> quietly = new ArrayList<>(
                switch (program) {
                    case PackageProgram.Pip _ ->
                        List.of("--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar=off");
                    case PackageProgram.Uv _ -> List.of("--no-progress", "--color=never");
                });
        quietly.addAll(words);
        return Command.of(INSTALL_LIMIT, argv(program, copy, from, quietly))
                .with("GIT_TERMINAL_PROMPT", "0")
                .with("PYTHONNOUSERSITE", "1")
                .without("PYTHONPATH")
                .without("PYTHONHOME")
                .without("VIRTUAL_ENV")
                .without("PIP_TARGET")
                .without("PIP_PREFIX")
                .without("UV_PYTHON")
                .without("UV_SYSTEM_PYTHON");
    }

    /// Never `ENVIRONMENT/bin/pip`, because its first line has the Python of the original.
    ///
    /// @param into the environment itself, or a copy of it
    private static List<String> argv(PackageProgram program, Path into, Provenance from, List<String> words) {
        String python = into.resolve("bin/python").toString();
        List<String> start = switch (program) {
            case PackageProgram.Pip(boolean own) ->
                own
                        ? List.of(python, "-m", "pip", "install")
                        : List.of(from.runtime().program().toString(), "-m", "pip", "--python", python, "install");
            case PackageProgram.Uv(Path uv) -> List.of(uv.toString(), "pip", "install", "--python", python);
        };
        return Stream.concat(start.stream(), words.stream()).toList();
    }

    private Optional<Provenance> provenance(Path program, VirtualEnvironment.Owned owned) {
        VirtualEnvironment environment;
        try {
            environment = new VirtualEnvironment(owned.environment().root().toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
        List<Distribution> owners = environment.owners(owned.script());
        if (owners.isEmpty()) {
            return Optional.empty();
        }
        Distribution first = owners.getFirst();
        Optional<String> damage = owners.stream()
                .filter(other -> !other.name().equals(first.name()))
                .findFirst()
                .map(other -> "Two distributions in %s contain %s: %s and %s."
                        .formatted(
                                directories.display(environment.root()),
                                owned.script(),
                                first.folder().getFileName(),
                                other.folder().getFileName()));
        List<Evidence> evidence = List.of(new Evidence(
                directories.display(environment.root().resolve("bin").resolve(owned.script())),
                "belongs to %s".formatted(first.folder().getFileName())));
        return Optional.of(new PythonInstall(
                        InstallerKind.VENV,
                        environment,
                        first.name(),
                        program.toAbsolutePath().normalize(),
                        InstallRequest.PLAIN.with(SearchOptions.PLAIN.withUv(isByUv(environment))),
                        evidence,
                        damage,
                        new PythonInstall.RequirementSource.Unrecorded())
                .provenance(directories));
    }

    private boolean isByUv(VirtualEnvironment environment) {
        return packageProgram(environment, environment.interpreter())
                .filter(PackageProgram.Uv.class::isInstance)
                .isPresent();
    }

    /// Environments of uv and pipx contain a record of theirs.
    private static boolean isOfAnotherManager(Path root) {
        return Files.exists(root.resolve("uv-receipt.toml")) || Files.exists(root.resolve("pipx_metadata.json"));
    }
}
