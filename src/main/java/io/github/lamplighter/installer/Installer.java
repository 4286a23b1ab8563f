package io.github.lamplighter.installer;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A package manager: finds its installations on disk and plans how to install another version. It changes
/// nothing itself; a transaction runs the plan of [#stage].
public interface Installer {

    InstallerKind kind();

    /// The installed tools, read from disk; unreadable ones are left out here and found by the doctor.
    List<Provenance> installed();

    /// The folders that are searched for installations, whether they exist or not.
    default List<Path> folders() {
        return List.of();
    }

    /// The installation of a program, found on disk by following the launcher (links, shebang).
    Optional<Provenance> owner(Path program);

    /// The files and packages that are missing according to its records. No program is started.
    default MissingParts missingParts(Provenance install) {
        return MissingParts.NOTHING;
    }

    /// The packages that were put in place after a moment: the tool itself first, then what was asked for with it
    /// and what these depend on. Others in the same environment are no part of the tool, for example plugins that
    /// a server installs while it is running.
    default List<DatedPackage> installedAfter(Provenance install, Instant moment) {
        return List.of();
    }

    /// Why no other version can be installed, as a sentence.
    default Optional<String> obstacle(Provenance install) {
        return Optional.empty();
    }

    /// The plan to install `target` next to the environment of `from`.
    ///
    /// @param stage an empty folder on the same file system, under [#stageRoot]
    StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage);

    /// The commands for `need`, derived from the files on disk and the recorded data.
    ///
    /// @param install as it is now, or as it was last seen
    RepairCommands repairCommands(Provenance install, RepairCommands.Need need);

    /// What was added to the installation and is in none of the package manager's records, such as `is-odd
    /// 3.0.1`. Its upgrade removes that.
    default List<String> unrecorded(Provenance provenance) {
        return List.of();
    }

    /// The pages of the project, from the installed package; no request is made.
    default ProjectLinks links(Provenance provenance) {
        return ProjectLinks.NONE;
    }

    /// The folder for stages and snapshots of this environment: on its file system, where the package manager
    /// doesn't search.
    Path stageRoot(Provenance provenance);

    /// The folder whose lock an upgrade of this installation takes.
    default Path lockFolder(Provenance provenance) {
        return provenance.environment();
    }

    /// The package manager's program for this installation, absolute; recorded when a tool is added, because
    /// the tray has another `PATH` than the shell.
    default Optional<Path> manager(Provenance provenance) {
        return Optional.empty();
    }
}
