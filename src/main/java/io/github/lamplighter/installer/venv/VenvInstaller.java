package io.github.lamplighter.installer.venv;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.Requested;
import io.github.lamplighter.installer.Stage;
import io.github.lamplighter.installer.Target;
import io.github.lamplighter.installer.python.DirectUrl;
import io.github.lamplighter.installer.python.Distribution;
import io.github.lamplighter.installer.python.PythonInstall;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import io.github.lamplighter.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A plain virtual environment and pip: `*.dist-info` says what is installed (PEP 376, "Recording installed
/// projects"), `direct_url.json` where it came from, `pyvenv.cfg` which Python it is tied to.
public final class VenvInstaller implements Installer {

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);

    private final Places places;

    public VenvInstaller(Places places) {
        this.places = places;
    }

    @Override
    public InstallerKind kind() {
        return InstallerKind.VENV;
    }

    /// None: a virtual environment can lie anywhere, and most hold no tool. They are found by the programs
    /// that the user names, and by their manifests.
    @Override
    public List<Provenance> installed() {
        return List.of();
    }

    @Override
    public Optional<Provenance> owning(Path program) {
        return VirtualEnvironment.owning(program)
                .filter(owned -> !isOfAnotherManager(owned.environment().root()))
                .flatMap(owned -> provenance(program, owned));
    }

    @Override
    public Stage stage(Provenance from, Target target, Path stage) {
        Path copy = stage.resolve(String.valueOf(from.environment().getFileName()));
        List<Command> commands = switch (target) {
            case Target.IndexVersion(String version) ->
                List.of(pip(copy, from, "--upgrade", from.packageName() + "==" + version));
            case Target.GitCommit commit -> {
                String requirement = requirement(from, commit);
                // pip leaves a package alone whose version string did not change. The first command brings
                // what it needs, the second makes it be this commit.
                yield List.of(
                        pip(copy, from, "--upgrade", requirement),
                        pip(copy, from, "--force-reinstall", "--no-deps", requirement));
            }
        };
        return new Stage(
                Optional.of(copy),
                commands,
                copy,
                from.environment(),
                true,
                copy.resolve("bin"),
                new Stage.LinkRule.None());
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

    /// The address and the form of the revision as they were recorded.
    private static String requirement(Provenance from, Target.GitCommit target) {
        Optional<String> subdirectory = new VirtualEnvironment(from.environment())
                .named(from.packageName()).stream()
                        .findFirst()
                        .flatMap(distribution ->
                                DirectUrl.read(distribution.directUrlFile(), "").subdirectory());
        String requirement = PythonInstall.requirement(from, target, subdirectory);
        // pip before 24 takes an address without a host (`git+file:///…`) for a name that makes no sense.
        return target.url().startsWith("file:") ? requirement.substring(requirement.indexOf(" @ ") + 3) : requirement;
    }

    /// Never `STAGE/bin/pip`, whose first line names the original's Python.
    private static Command pip(Path copy, Provenance from, String... arguments) {
        List<String> argv = new ArrayList<>();
        boolean own = new VirtualEnvironment(from.environment()).hasPip();
        Path python = copy.resolve("bin/python");
        if (own) {
            argv.addAll(List.of(python.toString(), "-m", "pip"));
        } else {
            argv.addAll(List.of(from.runtime().program().toString(), "-m", "pip", "--python", python.toString()));
        }
        argv.addAll(
                List.of("install", "--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar=off"));
        argv.addAll(List.of(arguments));
        return Command.of(INSTALL_LIMIT, argv)
                .with("GIT_TERMINAL_PROMPT", "0")
                .with("PYTHONNOUSERSITE", "1")
                .without("PYTHONPATH")
                .without("PYTHONHOME")
                .without("VIRTUAL_ENV")
                .without("PIP_TARGET")
                .without("PIP_PREFIX");
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
                .map(other -> "Two distributions in %s say that %s is theirs: %s and %s."
                        .formatted(
                                places.display(environment.root()),
                                owned.script(),
                                first.folder().getFileName(),
                                other.folder().getFileName()));
        List<Evidence> evidence = List.of(new Evidence(
                places.display(environment.root().resolve("bin").resolve(owned.script())),
                "belongs to %s".formatted(first.folder().getFileName())));
        return Optional.of(new PythonInstall(
                        InstallerKind.VENV,
                        environment,
                        first.name(),
                        program.toAbsolutePath().normalize(),
                        Requested.PLAIN,
                        evidence,
                        damage,
                        new PythonInstall.Asked.Unrecorded())
                .provenance(places));
    }

    /// uv and pipx leave their own record in the environments that they own; those are theirs.
    private static boolean isOfAnotherManager(Path root) {
        return Files.exists(root.resolve("uv-receipt.toml")) || Files.exists(root.resolve("pipx_metadata.json"));
    }
}
