package io.github.lamplighter.installer.uv;

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
import io.github.lamplighter.installer.python.UvProgram;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Installations by `uv tool install`: one virtual environment per tool, links to its programs, and a receipt
/// with the install options.
public final class UvInstaller extends PythonToolInstaller {

    /// @param environment of this process, with uv's variables
    public UvInstaller(AppDirectories directories, Map<String, String> environment, ProcessRunner runner) {
        super(InstallerKind.UV, UvReceipt.FILE, directories, environment, runner);
    }

    /// uv's documentation, "Storage": the variable, else the data folder; on macOS also an older one.
    @Override
    public List<Path> folders() {
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
                        // Just removed.
                    }
                });
        return List.copyOf(found);
    }

    /// `uv tool upgrade` on a copy keeps additional packages, the Python and the indexes. A pin (a tag, an
    /// exact version) is changed in the receipt of the copy.
    /// Installed with `uv pip install`, or by the tool itself.
    @Override
    public List<String> unrecorded(Provenance from) {
        if (!(UvReceipt.read(from.environment().resolve(UvReceipt.FILE), Distribution.normalised(folderName(from)))
                instanceof UvReceipt.Found.Read(UvReceipt receipt))) {
            return List.of();
        }
        List<Requirement> asked = Stream.concat(Stream.of(receipt.tool()), receipt.others().stream())
                .map(one -> new Requirement(Optional.of(one.name()), one.extras(), "", Optional.empty()))
                .toList();
        return new VirtualEnvironment(from.environment())
                .addedTo(asked).stream()
                        .map(added -> added.name() + " " + added.version())
                        .toList();
    }

    @Override
    public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
        String name = folderName(from);
        Path copy = stage.resolve("tools").resolve(name);
        Path bin = stage.resolve("bin");
        if (!(UvReceipt.read(from.environment().resolve(UvReceipt.FILE), Distribution.normalised(name))
                instanceof UvReceipt.Found.Read(UvReceipt receipt))) {
            throw new IllegalArgumentException("uv has no receipt of " + from.environment());
        }
        String asked = from.packageName();
        Optional<String> revision = Optional.empty();
        Optional<String> specifier = Optional.empty();
        switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion(String version) -> {
                if (PythonInstall.allows(from, version)) {
                    asked += "==" + version;
                } else {
                    specifier = Optional.of("==" + version);
                }
            }
            case UpgradeTarget.ReleaseArchive _ ->
                throw new IllegalArgumentException(from.packageName() + " has no releases of its own");
            case UpgradeTarget.GitCommit commit -> {
                // Only checks that it is the recorded repository; uv takes the URL from the receipt.
                String _ = PythonInstall.requirement(from, commit, Optional.empty());
                if (receipt.tool().source() instanceof UvReceipt.Source.Git git
                        && git.revision().isPresent()
                        && !git.key().equals("branch")) {
                    revision = Optional.of(commit.revision());
                }
            }
        }
        // Forces a fresh lookup: a cached index may return the old version, and a git branch may keep its
        // version string.
        Command upgrade = isolated(Command.of(
                        INSTALL_LIMIT,
                        program(from),
                        "tool",
                        "upgrade",
                        "--reinstall-package",
                        from.packageName(),
                        asked))
                .with("UV_TOOL_DIR", stage.resolve("tools").toString())
                .with("UV_TOOL_BIN_DIR", bin.toString())
                .with("UV_NO_PROGRESS", "1")
                .without("UV_PYTHON")
                .without("UV_PROJECT")
                .without("UV_NO_INSTALLER_METADATA");
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
        String folder = folderName(install);
        if (!(UvReceipt.read(install.environment().resolve(UvReceipt.FILE), Distribution.normalised(folder))
                instanceof UvReceipt.Found.Read(UvReceipt receipt))) {
            return need instanceof Need.Unpin
                    ? new RepairCommands.NoCommand("Reinstall it with uv without the pin")
                    : reinstallUnrecorded(install, need);
        }
        boolean runs = PythonInterpreters.of(install, "").isPresent();
        return switch (need) {
            // `uv tool upgrade` keeps all options of the receipt.
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
                reinstall(
                        install,
                        receipt,
                        List.of("--reinstall"),
                        install.runtime().requires(),
                        false);
            case Need.UnsuitableRuntime(String range) ->
                reinstall(install, receipt, List.of("--reinstall"), range, false);
            case Need.Unpin _ -> reinstall(install, receipt, List.of(), "", true);
        };
    }

    private RepairCommands reinstall(
            Provenance install, UvReceipt receipt, List<String> first, String python, boolean follows) {
        UvInstallCommand arguments =
                UvInstallCommand.of(receipt, Optional.of(python).filter(range -> !range.isEmpty()), follows);
        if (!arguments.missing().isEmpty()) {
            return new RepairCommands.NoCommand("Reinstall it with uv%s and with these options of its receipt: %s"
                    .formatted(
                            follows ? " without the pin" : "",
                            String.join(
                                    ", ", arguments.missing().stream().sorted().toList())));
        }
        List<String> words = new ArrayList<>(List.of("tool", "install"));
        words.addAll(first);
        words.addAll(arguments.words());
        return new RepairCommands.Commands(line(install, receipt, words));
    }

    /// The receipt is gone with the environment: reinstalls from the known data, or offers no command if that
    /// is incomplete.
    private RepairCommands reinstallUnrecorded(Provenance install, Need need) {
        InstallRequest installRequest = install.installRequest();
        Optional<String> same = PythonInstall.sameRequirement(install);
        SearchOptions search = installRequest.search();
        // An index may need a password, which is not kept.
        if (same.isEmpty()
                || !search.indexes().isEmpty()
                || search.defaultIndex().isPresent()) {
            return new RepairCommands.NoCommand("Reinstall it with its original options, which are no longer recorded");
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
        search.findLinks().forEach(place -> words.addAll(List.of("--find-links", place)));
        if (search.noIndex()) {
            words.add("--no-index");
        }
        search.indexStrategy().ifPresent(strategy -> words.addAll(List.of("--index-strategy", strategy)));
        search.excludeNewer().ifPresent(moment -> words.addAll(List.of("--exclude-newer", moment)));
        search.excludeNewerPackage()
                .ifPresent(moment -> words.addAll(
                        List.of("--exclude-newer-package", "%s=%s".formatted(install.packageName(), moment))));
        installRequest.with().forEach(other -> words.addAll(List.of("--with", other)));
        words.add(same.get());
        return new RepairCommands.Commands(
                line(install, Optional.ofNullable(install.program().getParent()).orElseGet(this::bin), words));
    }

    private RepairCommands.Line line(Provenance install, UvReceipt receipt, List<String> words) {
        return line(install, links(receipt), words);
    }

    /// The folders are always set, because another tools folder can contain the same tool.
    private RepairCommands.Line line(Provenance install, Path links, List<String> words) {
        return new RepairCommands.Line(
                Map.of(
                        "UV_TOOL_DIR",
                        String.valueOf(install.environment().getParent()),
                        "UV_TOOL_BIN_DIR",
                        links.toString()),
                Stream.concat(Stream.of(program(install)), words.stream()).toList());
    }

    private Path links(UvReceipt receipt) {
        return receipt.programs().stream()
                .map(program -> folderOf(tidy(program.installPath())))
                .findFirst()
                .orElseGet(this::bin);
    }

    @Override
    public Optional<Path> manager(Provenance provenance) {
        return new UvProgram(runner, directories.home()).find();
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

    @Override
    protected Provenance read(Home home, Optional<Path> program) {
        return switch (UvReceipt.read(home.file(), home.name())) {
            case UvReceipt.Found.Absent() ->
                unrecorded(home, program.orElseGet(() -> unrecordedLauncher(home)), Optional.empty());
            case UvReceipt.Found.Damaged(String what) ->
                unrecorded(home, program.orElseGet(() -> unrecordedLauncher(home)), Optional.of(what));
            case UvReceipt.Found.Read(UvReceipt receipt) -> read(home, program, receipt);
        };
    }

    private Path unrecordedLauncher(Home home) {
        Path link = bin().resolve(home.name());
        return Files.isSymbolicLink(link) ? link : home.root().resolve("bin").resolve(home.name());
    }

    private Provenance read(Home home, Optional<Path> program, UvReceipt receipt) {
        String name = home.name();
        String source = home.source();
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
            evidence.add(new Evidence(source, "%d constraints for other packages".formatted(receipt.bounds())));
        }
        receipt.ownBounds()
                .forEach(
                        (key, bound) -> evidence.add(new Evidence(source, "tool.%s %s%s".formatted(key, name, bound))));
        receipt.python().ifPresent(version -> evidence.add(new Evidence(source, "tool.python " + version)));
        SearchOptions search = receipt.search();
        Stream.of(search.indexes(), search.defaultIndex().stream().toList(), search.findLinks())
                .flatMap(List::stream)
                .forEach(place -> evidence.add(new Evidence(source, "tool.options names " + place)));
        search.indexStrategy()
                .ifPresent(strategy -> evidence.add(new Evidence(source, "tool.options.index-strategy " + strategy)));
        search.excludeNewer()
                .ifPresent(moment -> evidence.add(new Evidence(source, "tool.options.exclude-newer " + moment)));
        search.excludeNewerPackage()
                .ifPresent(moment -> evidence.add(
                        new Evidence(source, "tool.options.exclude-newer-package %s %s".formatted(name, moment))));
        if (receipt.preReleases()) {
            evidence.add(new Evidence(source, "tool.options allows pre-releases"));
        }
        InstallRequest installRequest = new InstallRequest(
                receipt.specifier(), receipt.tool().extras(), with, search, receipt.preReleases(), Optional.empty());
        Provenance found = new PythonInstall(
                        InstallerKind.UV,
                        home.environment(),
                        name,
                        program.orElseGet(() -> launcher(home.root(), name, receipt)),
                        installRequest,
                        evidence,
                        Optional.empty(),
                        new PythonInstall.RequirementSource.ByName())
                .provenance(directories);
        Origin origin = UvOrigin.of(receipt.tool().source(), found.origin(), source);
        return found.withOrigin(
                search.noIndex() && search.findLinks().isEmpty() && origin instanceof Origin.Index
                        ? new Origin.Unknown(
                                "According to %s it was installed without an index (tool.options.no-index)."
                                        .formatted(source))
                        : origin);
    }

    /// The link of the main program.
    private static Path launcher(Path root, String name, UvReceipt receipt) {
        Map<Boolean, List<String>> byOwner = receipt.programs().stream()
                .collect(Collectors.partitioningBy(
                        entry -> entry.from().equals(name),
                        Collectors.mapping(UvReceipt.EntryPoint::name, Collectors.toList())));
        Optional<String> main =
                mainProgram(name, byOwner.getOrDefault(true, List.of()), byOwner.getOrDefault(false, List.of()));
        return receipt.programs().stream()
                .filter(entry -> main.isPresent() && entry.name().equals(main.get()))
                .findFirst()
                .map(UvReceipt.EntryPoint::installPath)
                .map(UvInstaller::tidy)
                .orElse(root.resolve("bin").resolve(name));
    }

    /// uv records `~/.local/share/../bin/NAME` if `XDG_DATA_HOME` is set. `..` is left out unless a link makes
    /// it another folder.
    private static Path tidy(Path program) {
        Path tidy = program.normalize();
        try {
            return Files.isSameFile(folderOf(program), folderOf(tidy)) ? tidy : program;
        } catch (IOException e) {
            return program;
        }
    }

    private static Path folderOf(Path program) {
        return Optional.ofNullable(program.getParent()).orElse(program);
    }
}
