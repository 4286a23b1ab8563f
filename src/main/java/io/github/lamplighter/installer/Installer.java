package io.github.lamplighter.installer;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One package manager: what it installed, read from disk, and how it would install another version. It changes
/// nothing itself; [#stage] says what a transaction has to run.
public interface Installer {

    InstallerKind kind();

    /// The tools that it installed, from disk only; what cannot be read is left out here and found by the
    /// doctor.
    List<Provenance> installed();

    /// The folders in which it looks for what it installed, whether they are there or not.
    default List<Path> folders() {
        return List.of();
    }

    /// The install that owns a program, found by following the launcher (links, shebang), read anew from disk.
    Optional<Provenance> owner(Path program);

    /// What it lacks by its own records. Nothing is started for it.
    default MissingParts missingParts(Provenance install) {
        return MissingParts.NOTHING;
    }

    /// How `target` would be made beside the environment of `from`.
    ///
    /// @param stage an empty folder on the same file system, under [#stageRoot]
    StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage);

    /// What a person types for `need`. Only what is on disk and what was recorded is looked at.
    ///
    /// @param install as it is, or as it was when it was last there
    RepairCommands repairCommands(Provenance install, RepairCommands.Need need);

    /// Where stages and snapshots of this environment lie: on its file system, not where the installer looks.
    Path stageRoot(Provenance provenance);

    /// The package manager's own program for this install, absolute; recorded when a tool is added, since
    /// the `PATH` of the tray is not the shell's.
    default Optional<Path> manager(Provenance provenance) {
        return Optional.empty();
    }
}
