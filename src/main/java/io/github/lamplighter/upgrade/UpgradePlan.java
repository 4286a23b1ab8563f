package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What will be done, shown before it is agreed to.
///
/// @param id of the transaction; part of the stage's path
/// @param stageFolder what is dropped in the end
/// @param snapshot where the old one is kept
/// @param megabytes how much room the new one beside the old one takes
/// @param downtime what is expected; zero when nothing runs
/// @param runs whether its service runs now
/// @param dataNotDeclared its service runs, and nothing says where its data lie: they are not put back
/// @param atStake what it would hurt besides the tool
/// @param hash what consent is bound to
public record UpgradePlan(
        String id,
        Manifest manifest,
        Provenance provenance,
        UpgradeTarget upgradeTarget,
        StagePlan stagePlan,
        Path stageFolder,
        Path snapshot,
        long megabytes,
        Duration downtime,
        boolean runs,
        boolean dataNotDeclared,
        UpgradeImpact upgradeImpact,
        String hash) {

    public String name() {
        return manifest.name().value();
    }

    /// As a person would type them.
    public List<String> commands() {
        return stagePlan.commands().stream().map(command -> command.line()).toList();
    }

    /// What the new one is: a version, or a commit.
    String identity() {
        return identity(upgradeTarget);
    }

    static String identity(UpgradeTarget upgradeTarget) {
        return switch (upgradeTarget) {
            case UpgradeTarget.IndexVersion(String version) -> version;
            case UpgradeTarget.GitCommit commit -> commit.commit();
        };
    }
}
