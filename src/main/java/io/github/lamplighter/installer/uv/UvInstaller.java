package io.github.lamplighter.installer.uv;

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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// `uv tool install`: one virtual environment a tool, links to its programs, and a receipt of what was asked for.
public final class UvInstaller implements Installer {

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);

    private final AppDirectories directories;
    private final ProcessRunner runner;
    private final Map<String, String> environment;

    /// @param environment of this process: uv's own variables say where to look
    public UvInstaller(AppDirectories directories, Map<String, String> environment, ProcessRunner runner) {
        this.directories = directories;
        this.runner = runner;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public InstallerKind kind() {
        return InstallerKind.UV;
    }

    @Override
    public List<Provenance> installed() {
        List<Provenance> found = new ArrayList<>();
        for (Path tools : tools()) {
            List<Path> folders = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(tools)) {
                stream.forEach(folders::add);
            } catch (IOException e) {
                continue; // it went away, or may not be read; the other places are still looked at
            }
            folders.sort(null);
            folders.stream()
                    .filter(folder -> !String.valueOf(folder.getFileName()).startsWith("."))
                    .filter(folder ->
                            Files.exists(folder.resolve("pyvenv.cfg")) || Files.exists(folder.resolve(UvReceipt.FILE)))
                    .map(folder -> provenance(folder, Optional.empty()))
                    .flatMap(Optional::stream)
                    .forEach(found::add);
        }
        return found;
    }

    @Override
    public List<Path> folders() {
        return tools();
    }

    @Override
    public Optional<Provenance> owner(Path program) {
        return VirtualEnvironment.owning(program)
                .filter(owned -> isOfUv(owned.environment().root()))
                .flatMap(owned -> provenance(
                        owned.environment().root(),
                        Optional.of(program.toAbsolutePath().normalize())));
    }

    /// uv's own upgrade, on a copy: it keeps what was asked for beside the tool, the Python and the indexes. What it
    /// would not move by itself (a tag, an exact version) is asked for in the copy's receipt.
    @Override
    public MissingParts missingParts(Provenance install) {
        return PythonIntegrity.of(install, directories);
    }

    @Override
    public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
        String name = String.valueOf(from.environment().getFileName());
        Path copy = stage.resolve("tools").resolve(name);
        Path bin = stage.resolve("bin");
        if (!(UvReceipt.read(from.environment().resolve(UvReceipt.FILE), Distribution.normalised(name))
                instanceof UvReceipt.Found.Read(UvReceipt receipt))) {
            throw new IllegalArgumentException("uv keeps no receipt of " + from.environment());
        }
        String asked = from.packageName();
        Optional<String> revision = Optional.empty();
        Optional<String> specifier = Optional.empty();
        switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion(String version) -> {
                if (isWithin(from.installRequest().specifier(), version)) {
                    asked += "==" + version;
                } else {
                    specifier = Optional.of("==" + version);
                }
            }
            case UpgradeTarget.GitCommit commit -> {
                // Only to be sure that it is the recorded repository: uv takes it from the receipt.
                String _ = PythonInstall.requirement(from, commit, Optional.empty());
                if (receipt.tool().source() instanceof UvReceipt.Source.Git git
                        && git.revision().isPresent()
                        && !git.key().equals("branch")) {
                    revision = Optional.of(commit.revision());
                }
            }
        }
        // A cached index answers with the old version, and a git head may keep its version string: this asks anew.
        Command upgrade = Command.of(
                        INSTALL_LIMIT,
                        program(from),
                        "tool",
                        "upgrade",
                        "--reinstall-package",
                        from.packageName(),
                        asked)
                .with("UV_TOOL_DIR", stage.resolve("tools").toString())
                .with("UV_TOOL_BIN_DIR", bin.toString())
                .with("UV_NO_PROGRESS", "1")
                .with("NO_COLOR", "1")
                .with("GIT_TERMINAL_PROMPT", "0")
                .without("UV_PYTHON")
                .without("UV_PROJECT")
                .without("UV_NO_INSTALLER_METADATA")
                .without("VIRTUAL_ENV")
                .without("PYTHONPATH")
                .without("PYTHONHOME");
        return new StagePlan(
                Optional.of(copy),
                Map.of(copy.resolve(UvReceipt.FILE), receipt.rewritten(bin, revision, specifier)),
                List.of(upgrade),
                copy,
                from.environment(),
                true,
                copy.resolve("bin"),
                new StagePlan.LinkRule.Relocated(bin, links(receipt)));
    }

    @Override
    public RepairCommands repairCommands(Provenance install, Need need) {
        String folder = String.valueOf(install.environment().getFileName());
        if (!(UvReceipt.read(install.environment().resolve(UvReceipt.FILE), Distribution.normalised(folder))
                instanceof UvReceipt.Found.Read(UvReceipt receipt))) {
            return need instanceof Need.Unpin
                    ? new RepairCommands.NoCommand("Install it again with uv, without what holds it")
                    : anew(install, need);
        }
        boolean runs = PythonInterpreters.of(install, "").isPresent();
        return switch (need) {
            // What takes its words from the receipt loses none of them.
            case Need.Reinstall _
            when runs ->
                new RepairCommands.Commands(line(install, receipt, List.of("tool", "upgrade", "--reinstall", folder)));
            case Need.UnsuitableRuntime(String range)
            when runs && !range.isEmpty() ->
                new RepairCommands.Commands(
                        line(install, receipt, List.of("tool", "upgrade", "--python", range, folder)));
            case Need.NewerNeedsRuntime(var _, String range) ->
                new RepairCommands.Commands(
                        line(install, receipt, List.of("tool", "upgrade", "--python", range, folder)));
            case Need.Reinstall _ ->
                written(
                        install,
                        receipt,
                        List.of("--reinstall"),
                        install.runtime().requires(),
                        false);
            case Need.UnsuitableRuntime(String range) ->
                written(install, receipt, List.of("--reinstall"), range, false);
            case Need.Unpin _ -> written(install, receipt, List.of(), "", true);
        };
    }

    private RepairCommands written(
            Provenance install, UvReceipt receipt, List<String> first, String python, boolean follows) {
        UvInstallCommand arguments =
                UvInstallCommand.of(receipt, Optional.of(python).filter(range -> !range.isEmpty()), follows);
        if (!arguments.missing().isEmpty()) {
            return new RepairCommands.NoCommand("Install it again with uv%s and with what its receipt has besides: %s"
                    .formatted(
                            follows ? ", without what holds it" : "",
                            String.join(
                                    ", ", arguments.missing().stream().sorted().toList())));
        }
        List<String> words = new ArrayList<>(List.of("tool", "install"));
        words.addAll(first);
        words.addAll(arguments.words());
        return new RepairCommands.Commands(line(install, receipt, words));
    }

    /// The receipt went with the environment. What is known of it makes the same again, or nothing is said to.
    private RepairCommands anew(Provenance install, Need need) {
        InstallRequest installRequest = install.installRequest();
        Optional<UpgradeTarget> same = PythonInstall.same(install);
        if (same.isEmpty()
                || !installRequest.indexes().isEmpty()
                || installRequest.indexStrategy().isPresent()
                || installRequest.excludeNewer().isPresent()) {
            return new RepairCommands.NoCommand("Install it again as it was: its receipt went with it");
        }
        List<String> words = new ArrayList<>(List.of("tool", "install"));
        String range = need instanceof Need.UnsuitableRuntime(String wanted)
                ? wanted
                : install.runtime().requires();
        if (!range.isEmpty()) {
            words.addAll(List.of("--python", range));
        }
        if (installRequest.preReleases()) {
            words.addAll(List.of("--prerelease", "allow"));
        }
        installRequest.with().forEach(other -> words.addAll(List.of("--with", other)));
        words.add(
                switch (same.get()) {
                    case UpgradeTarget.IndexVersion _ ->
                        install.packageName()
                                + Requirement.bracketed(installRequest.extras())
                                + installRequest.specifier();
                    case UpgradeTarget.GitCommit commit ->
                        PythonInstall.requirement(install, commit, PythonInstall.subdirectory(install));
                });
        return new RepairCommands.Commands(
                line(install, Optional.ofNullable(install.program().getParent()).orElseGet(this::bin), words));
    }

    private RepairCommands.Line line(Provenance install, UvReceipt receipt, List<String> words) {
        return line(install, links(receipt), words);
    }

    /// Where it lies is said each time: another folder of tools has another copy of it.
    private RepairCommands.Line line(Provenance install, Path links, List<String> words) {
        return new RepairCommands.Line(
                Map.of(
                        "UV_TOOL_DIR",
                        String.valueOf(install.environment().getParent()),
                        "UV_TOOL_BIN_DIR",
                        links.toString()),
                Stream.concat(Stream.of(program(install)), words.stream()).toList());
    }

    private String program(Provenance install) {
        return manager(install).map(Path::toString).orElse("uv");
    }

    private Path links(UvReceipt receipt) {
        return receipt.programs().stream()
                .flatMap(program -> Optional.ofNullable(program.installPath().getParent()).stream())
                .findFirst()
                .orElseGet(this::bin);
    }

    @Override
    public Path stageRoot(Provenance provenance) {
        Path tools = provenance.environment().getParent();
        Path home = Optional.ofNullable(tools).map(Path::getParent).orElse(provenance.environment());
        return home.resolve(".lamplighter")
                .resolve(String.valueOf(provenance.environment().getFileName()));
    }

    /// On `PATH`, else where its installers put it: the `PATH` of a service does not name the user's own folders.
    @Override
    public Optional<Path> manager(Provenance provenance) {
        return runner.find("uv")
                .or(() -> Stream.of(
                                directories.home().resolve(".local/bin"),
                                directories.home().resolve(".cargo/bin"),
                                Path.of("/opt/homebrew/bin"),
                                Path.of("/usr/local/bin"),
                                Path.of("/snap/bin"))
                        .map(folder -> folder.resolve("uv"))
                        .filter(Files::isExecutable)
                        .findFirst());
    }

    /// uv's documentation, "Storage": the variable, else the data folder; on macOS an older one where it is there.
    private List<Path> tools() {
        Set<Path> found = new LinkedHashSet<>();
        Stream.of(
                        variable("UV_TOOL_DIR"),
                        Optional.of(directories.home().resolve("Library/Application Support/uv/tools")),
                        variable("XDG_DATA_HOME").map(data -> data.resolve("uv/tools")),
                        Optional.of(directories.home().resolve(".local/share/uv/tools")))
                .flatMap(Optional::stream)
                .filter(Files::exists)
                .forEach(folder -> {
                    try {
                        found.add(folder.toRealPath());
                    } catch (IOException e) {
                        // It went away just now.
                    }
                });
        return List.copyOf(found);
    }

    private Path bin() {
        return variable("UV_TOOL_BIN_DIR")
                .or(() -> variable("XDG_BIN_HOME"))
                .or(() -> variable("XDG_DATA_HOME")
                        .map(data -> data.resolve("../bin").normalize()))
                .orElse(directories.home().resolve(".local/bin"));
    }

    private Optional<Path> variable(String name) {
        String value = environment.getOrDefault(name, "");
        try {
            return value.startsWith("/") ? Optional.of(Path.of(value).normalize()) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private boolean isOfUv(Path root) {
        if (Files.exists(root.resolve(UvReceipt.FILE))) {
            return true;
        }
        try {
            Path tools = root.toRealPath().getParent();
            return tools != null && tools().contains(tools);
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
        String name = Distribution.normalised(String.valueOf(venv.root().getFileName()));
        Path file = venv.root().resolve(UvReceipt.FILE);
        String source = directories.display(file);
        return Optional.of(
                switch (UvReceipt.read(file, name)) {
                    case UvReceipt.Found.Absent() ->
                        damaged(
                                venv,
                                name,
                                program,
                                new Evidence(source, "there is no such file"),
                                "%s is not there, so uv itself does not know what this is.".formatted(source));
                    case UvReceipt.Found.Damaged(String what) ->
                        damaged(
                                venv,
                                name,
                                program,
                                new Evidence(source, what),
                                "%s cannot be read: %s.".formatted(source, what));
                    case UvReceipt.Found.Read(UvReceipt receipt) -> read(venv, name, program, source, receipt);
                });
    }

    private Provenance damaged(
            VirtualEnvironment venv, String name, Optional<Path> program, Evidence evidence, String why) {
        Path inside = venv.root().resolve("bin").resolve(name);
        Path link = bin().resolve(name);
        return new PythonInstall(
                        InstallerKind.UV,
                        venv,
                        name,
                        program.orElse(Files.isSymbolicLink(link) ? link : inside),
                        InstallRequest.PLAIN,
                        List.of(evidence),
                        Optional.of(why),
                        new PythonInstall.RequirementSource.Unrecorded())
                .provenance(directories);
    }

    private Provenance read(
            VirtualEnvironment venv, String name, Optional<Path> program, String source, UvReceipt receipt) {
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(new Evidence(
                source, "tool.requirements " + DirectUrl.masked(receipt.tool().line())));
        List<String> with = receipt.others().stream()
                .map(UvReceipt.ReceiptRequirement::line)
                .map(DirectUrl::masked)
                .toList();
        if (!with.isEmpty()) {
            evidence.add(new Evidence(source, "with " + String.join(", ", with)));
        }
        if (receipt.bounds() > 0) {
            evidence.add(new Evidence(source, "%d bounds of other packages".formatted(receipt.bounds())));
        }
        receipt.ownBounds()
                .forEach(
                        (key, bound) -> evidence.add(new Evidence(source, "tool.%s %s%s".formatted(key, name, bound))));
        receipt.python().ifPresent(version -> evidence.add(new Evidence(source, "tool.python " + version)));
        List<String> indexes = receipt.indexes().stream().map(DirectUrl::masked).toList();
        indexes.forEach(index -> evidence.add(new Evidence(source, "tool.options names " + index)));
        receipt.indexStrategy()
                .ifPresent(strategy -> evidence.add(new Evidence(source, "tool.options.index-strategy " + strategy)));
        receipt.excludeNewer()
                .ifPresent(moment -> evidence.add(new Evidence(source, "tool.options: nothing newer than " + moment)));
        if (receipt.preReleases()) {
            evidence.add(new Evidence(source, "tool.options asks for pre-releases"));
        }
        InstallRequest installRequest = new InstallRequest(
                receipt.specifier(),
                receipt.tool().extras(),
                with,
                indexes,
                receipt.indexStrategy(),
                receipt.excludeNewer(),
                receipt.preReleases(),
                Optional.empty());
        Provenance found = new PythonInstall(
                        InstallerKind.UV,
                        venv,
                        name,
                        program.orElseGet(() -> program(venv.root(), name, receipt)),
                        installRequest,
                        evidence,
                        Optional.empty(),
                        new PythonInstall.RequirementSource.ByName())
                .provenance(directories);
        Origin origin = UvOrigin.of(receipt.tool().source(), found.origin(), source);
        return found.withOrigin(
                receipt.withoutIndex() && origin instanceof Origin.Index
                        ? new Origin.Unknown("%s says that it was installed without an index (tool.options.no-index)."
                                .formatted(source))
                        : origin);
    }

    /// The link of the program that is called as the tool is, else of its first, else of the first.
    private static Path program(Path root, String name, UvReceipt receipt) {
        return receipt.programs().stream()
                .filter(entry -> Distribution.normalised(entry.name()).equals(name))
                .findFirst()
                .or(() -> receipt.programs().stream()
                        .filter(entry -> entry.from().equals(name))
                        .findFirst())
                .or(() -> receipt.programs().stream().findFirst())
                .map(UvReceipt.EntryPoint::installPath)
                .orElse(root.resolve("bin").resolve(name));
    }

    private static boolean isWithin(String specifier, String version) {
        return specifier.isEmpty()
                || VersionRange.pep440(specifier)
                        .filter(range -> range.accepts(Version.parse(Version.Scheme.PEP440, version)))
                        .isPresent();
    }
}
