package io.github.lamplighter.installer.python;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.DatedPackage;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.ProjectLinks;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The common part of uv and pipx: both keep each tool in a virtual environment of its own, all of them in one folder,
/// with a record next to `pyvenv.cfg`.
public abstract class PythonToolInstaller implements Installer {

    protected static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);

    protected final AppDirectories directories;
    protected final ProcessRunner runner;
    protected final Map<String, String> environment;
    private final InstallerKind kind;
    private final String recordFile;

    /// @param recordFile name of the package manager's record in an environment
    /// @param environment of this process, with the package manager's variables
    protected PythonToolInstaller(
            InstallerKind kind,
            String recordFile,
            AppDirectories directories,
            Map<String, String> environment,
            ProcessRunner runner) {
        this.kind = kind;
        this.recordFile = recordFile;
        this.directories = directories;
        this.environment = Map.copyOf(environment);
        this.runner = runner;
    }

    /// A virtual environment of the package manager.
    ///
    /// @param name the normalized name of its folder
    /// @param source the record for display, as a source of evidence
    protected record Home(VirtualEnvironment environment, String name, Path file, String source) {

        public Path root() {
            return environment.root();
        }
    }

    /// Reads the record of an environment.
    ///
    /// @param program the launcher, if it is known
    protected abstract Provenance read(Home home, Optional<Path> program);

    @Override
    public final InstallerKind kind() {
        return kind;
    }

    @Override
    public final List<Provenance> installed() {
        return folders().stream()
                .flatMap(folder -> VirtualEnvironment.list(folder, "*").stream())
                .filter(folder -> !String.valueOf(folder.getFileName()).startsWith("."))
                .filter(folder ->
                        Files.exists(folder.resolve("pyvenv.cfg")) || Files.exists(folder.resolve(recordFile)))
                .flatMap(folder -> provenance(folder, Optional.empty()).stream())
                .toList();
    }

    @Override
    public final Optional<Provenance> owner(Path program) {
        return VirtualEnvironment.owning(program)
                .filter(owned -> isOwn(owned.environment().root()))
                .flatMap(owned -> provenance(
                        owned.environment().root(),
                        Optional.of(program.toAbsolutePath().normalize())));
    }

    @Override
    public final MissingParts missingParts(Provenance install) {
        return PythonIntegrity.of(install, directories);
    }

    @Override
    public final List<DatedPackage> installedAfter(Provenance install, Instant moment) {
        return PythonPackageTimes.after(install, moment);
    }

    @Override
    public final ProjectLinks links(Provenance install) {
        return VirtualEnvironment.links(install);
    }

    @Override
    public final Path stageRoot(Provenance provenance) {
        return home(provenance).resolve(".lamplighter").resolve(folderName(provenance));
    }

    /// The folder that contains the folder of environments.
    protected static Path home(Provenance provenance) {
        return Optional.ofNullable(provenance.environment().getParent())
                .map(Path::getParent)
                .orElse(provenance.environment());
    }

    /// The name of the tool to its package manager.
    protected static String folderName(Provenance provenance) {
        return String.valueOf(provenance.environment().getFileName());
    }

    /// The main program of a tool: the one with its name (`jupyter-lab`), else the shortest of its own programs that
    /// starts with its name (`supervisord`), else the first.
    ///
    /// @param others programs of its dependencies
    protected static Optional<String> mainProgram(String name, List<String> own, List<String> others) {
        String letters = letters(name);
        List<String> all = Stream.concat(own.stream(), others.stream()).toList();
        return all.stream()
                .filter(program -> letters(program).equals(letters))
                .findFirst()
                .or(() -> own.stream()
                        .filter(program -> letters(program).startsWith(letters))
                        .min(Comparator.comparingInt(String::length)))
                .or(() -> all.stream().findFirst());
    }

    private static String letters(String name) {
        return Distribution.normalised(name).replace("-", "");
    }

    /// The package manager's program for the command line.
    protected final String program(Provenance install) {
        return manager(install).map(Path::toString).orElse(kind.word());
    }

    /// Runs without prompts, colors and the variables of another environment.
    protected static Command isolated(Command command) {
        return command.with("NO_COLOR", "1")
                .with("GIT_TERMINAL_PROMPT", "0")
                .without("VIRTUAL_ENV")
                .without("PYTHONPATH")
                .without("PYTHONHOME");
    }

    /// An environment whose record is missing or damaged.
    ///
    /// @param damage what is wrong with the record; empty if it is missing
    protected final Provenance unrecorded(Home home, Path program, Optional<String> damage) {
        return new PythonInstall(
                        kind,
                        home.environment(),
                        home.name(),
                        program,
                        InstallRequest.PLAIN,
                        List.of(new Evidence(home.source(), damage.orElse("file not found"))),
                        Optional.of(damage.map(what -> "Could not read %s: %s.".formatted(home.source(), what))
                                .orElse("%s is missing, so %s doesn't recognize this installation."
                                        .formatted(home.source(), kind.word()))),
                        new PythonInstall.RequirementSource.Unrecorded())
                .provenance(directories);
    }

    private boolean isOwn(Path root) {
        if (Files.exists(root.resolve(recordFile))) {
            return true;
        }
        try {
            Path parent = root.toRealPath().getParent();
            return parent != null && folders().contains(parent);
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<Provenance> provenance(Path folder, Optional<Path> program) {
        try {
            Path root = folder.toRealPath();
            Path file = root.resolve(recordFile);
            return Optional.of(read(
                    new Home(
                            new VirtualEnvironment(root),
                            Distribution.normalised(String.valueOf(root.getFileName())),
                            file,
                            directories.display(file)),
                    program));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
