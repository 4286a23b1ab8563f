package io.github.lamplighter.installer.venv;

import io.github.lamplighter.file.Places;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.Stage;
import io.github.lamplighter.installer.Target;
import io.github.lamplighter.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A plain virtual environment and pip: `*.dist-info` says what is installed (PEP 376, "Recording installed
/// projects"),
/// `direct_url.json` where it came from, `pyvenv.cfg` which Python it is tied to.
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
    /// that the
    /// user names, and by their manifests.
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

    /// `name @ git+URL@REVISION#subdirectory=…`, the address and the form of the revision as they were recorded.
    private String requirement(Provenance from, Target.GitCommit target) {
        if (!(from.origin() instanceof Origin.Git git) || !git.url().equals(target.url())) {
            throw new IllegalArgumentException(from.packageName() + " did not come from " + target.url());
        }
        boolean follows = git.requestedRevision().isEmpty() && target.revision().equals("HEAD");
        String revision = follows || target.revision().isEmpty() ? "" : "@" + target.revision();
        String subdirectory = distribution(from)
                .flatMap(info ->
                        DirectUrl.read(info.resolve("direct_url.json"), "").subdirectory())
                .map(folder -> "#subdirectory=" + folder)
                .orElse("");
        String address = "git+" + git.url() + revision + subdirectory;
        // pip before 24 takes an address without a host (`git+file:///…`) for a name that makes no sense.
        return git.url().startsWith("file:") ? address : from.packageName() + " @ " + address;
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

    private Optional<Path> distribution(Provenance provenance) {
        return new VirtualEnvironment(provenance.environment())
                .distributions(String.valueOf(provenance.program().getFileName())).stream()
                        .findFirst();
    }

    private Optional<Provenance> provenance(Path program, VirtualEnvironment.Owned owned) {
        VirtualEnvironment environment;
        try {
            environment = new VirtualEnvironment(owned.environment().root().toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
        List<Path> owners = environment.distributions(owned.script());
        if (owners.isEmpty()) {
            return Optional.empty();
        }
        Path distribution = owners.getFirst();
        Map<String, String> metadata = VirtualEnvironment.metadata(distribution);
        String source = places.display(distribution.resolve("METADATA"));
        String version = metadata.getOrDefault("version", "");
        String name = normalised(Optional.ofNullable(metadata.get("name")).orElse(nameOf(distribution)));
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(new Evidence(
                places.display(environment.root().resolve("bin").resolve(owned.script())),
                "belongs to %s".formatted(distribution.getFileName())));
        evidence.add(new Evidence(source, version.isEmpty() ? "names no version" : "Version " + version));
        line(distribution.resolve("INSTALLER"))
                .ifPresent(text -> evidence.add(new Evidence(places.display(distribution.resolve("INSTALLER")), text)));
        Path directUrl = distribution.resolve("direct_url.json");
        DirectUrl recorded = DirectUrl.read(directUrl, places.display(directUrl));
        evidence.add(new Evidence(places.display(directUrl), recorded.detail()));
        Origin origin = recorded.origin();
        if (owners.size() > 1) {
            origin = new Origin.Unknown("Two distributions in %s say that %s is theirs: %s and %s."
                    .formatted(
                            places.display(environment.root()),
                            owned.script(),
                            distribution.getFileName(),
                            owners.get(1).getFileName()));
        } else if (version.isEmpty()) {
            origin = new Origin.Unknown("%s names no version.".formatted(source));
        }
        return Optional.of(new Provenance(
                InstallerKind.VENV,
                name,
                environment.root(),
                program.toAbsolutePath().normalize(),
                version,
                origin,
                runtime(environment, metadata.getOrDefault("requires-python", ""), evidence),
                evidence));
    }

    private Provenance.Runtime runtime(VirtualEnvironment environment, String requires, List<Evidence> evidence) {
        Map<String, String> configuration = environment.configuration();
        String version = Optional.ofNullable(configuration.get("version"))
                .or(() -> Optional.ofNullable(configuration.get("version_info")))
                .map(text -> text.replaceFirst("^(\\d+\\.\\d+\\.\\d+).*$", "$1"))
                .orElse("");
        Path home = environment.root().resolve("bin");
        String homeKey = configuration.getOrDefault("home", "");
        if (homeKey.startsWith("/")) {
            home = Path.of(homeKey);
        }
        Path python = home.resolve("python3");
        if (!Files.exists(python) && Files.exists(home.resolve("python"))) {
            python = home.resolve("python");
        }
        evidence.add(new Evidence(
                places.display(environment.root().resolve("pyvenv.cfg")),
                "home %s, version %s".formatted(homeKey, version)));
        return new Provenance.Runtime("python", python, version, requires);
    }

    /// uv and pipx leave their own record in the environments that they own; those are theirs.
    private static boolean isOfAnotherManager(Path root) {
        return Files.exists(root.resolve("uv-receipt.toml")) || Files.exists(root.resolve("pipx_metadata.json"));
    }

    private static Optional<String> line(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String nameOf(Path distribution) {
        String folder = String.valueOf(distribution.getFileName()).replaceFirst("\\.dist-info$", "");
        int dash = folder.lastIndexOf('-');
        return dash > 0 ? folder.substring(0, dash) : folder;
    }

    /// PEP 503.
    private static String normalised(String name) {
        return name.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
    }
}
