package io.github.lamplighter.installer.self;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.text.Evidence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Lamplighter's own installation: a checkout that builds itself, or an installed package.
public final class SelfInstaller implements Installer {

    private static final String NAME = "lamplighter";

    private final AppDirectories directories;
    private final Path program;
    private final Path root;
    private final String version;
    private final Path java;
    private final String javaVersion;

    /// @param program the launcher, absolute
    /// @param root the checkout, or the folder of the package
    /// @param java the Java that runs it
    public SelfInstaller(
            AppDirectories directories, Path program, Path root, String version, Path java, String javaVersion) {
        this.directories = directories;
        this.program = program;
        this.root = root;
        this.version = version;
        this.java = java;
        this.javaVersion = javaVersion;
    }

    @Override
    public InstallerKind kind() {
        return InstallerKind.SELF;
    }

    @Override
    public List<Provenance> installed() {
        boolean checkout = Files.exists(root.resolve(".git"));
        Origin origin = checkout
                ? new Origin.LocalDirectory(root)
                : new Origin.Unknown("%s was installed from a system package, which doesn't record its source."
                        .formatted(directories.display(root)));
        return List.of(new Provenance(
                InstallerKind.SELF,
                NAME,
                root,
                program,
                version,
                origin,
                new Provenance.Runtime("java", java, javaVersion, ">=25"),
                List.of(
                        new Evidence(directories.display(program), "this program, version " + version),
                        new Evidence(
                                directories.display(root), checkout ? "a git checkout" : "an installed package"))));
    }

    @Override
    public Optional<Provenance> owner(Path asked) {
        return asked.equals(program) ? Optional.of(installed().getFirst()) : Optional.empty();
    }

    @Override
    public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
        throw new IllegalArgumentException("Lamplighter cannot install another version of itself");
    }

    @Override
    public RepairCommands repairCommands(Provenance install, RepairCommands.Need need) {
        return new RepairCommands.NoCommand("Reinstall Lamplighter from its original source");
    }

    @Override
    public Path stageRoot(Provenance provenance) {
        return directories.state().resolve("stages").resolve(NAME);
    }
}
