package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A planned upgrade, shown to the user for confirmation. Its 13 components are what a transaction needs of the plan.
///
/// @param id of the transaction; part of the staging path
/// @param stageFolder the folder that is deleted in the end
/// @param snapshot the folder that keeps the old version
/// @param megabytes the disk space that the new version needs next to the old one
/// @param downtime the expected one; zero if the service is not running
/// @param runs whether the service is running
/// @param dataNotDeclared whether the service is running and the manifest lists no data, so that none is backed up
/// @param upgradeImpact what it interrupts besides the tool
/// @param hash identifies the plan that the user confirms
public record UpgradePlan(
        String id,
        Manifest manifest,
        Provenance provenance,
        UpgradeTarget upgradeTarget,
        StagePlan stagePlan,
        Path stageFolder,
        Path snapshot,
        long megabytes,
        Downtime downtime,
        boolean runs,
        boolean dataNotDeclared,
        UpgradeImpact upgradeImpact,
        String hash) {

    /// @param isMeasured whether it is that of the last upgrade
    public record Downtime(Duration length, boolean isMeasured) {

        static final Downtime NONE = new Downtime(Duration.ZERO, false);
    }

    public String name() {
        return manifest.name().value();
    }

    /// The commands as users would type them.
    public List<String> commands() {
        return stagePlan.commands().stream().map(command -> command.line()).toList();
    }

    /// What exactly is installed: a version, or a commit.
    String identity() {
        return identity(upgradeTarget);
    }

    static String identity(UpgradeTarget upgradeTarget) {
        return switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion(String version) -> version;
            case UpgradeTarget.GitCommit commit -> commit.commit();
            case UpgradeTarget.ReleaseArchive archive -> archive.version();
        };
    }
}
