package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.self.AppBundle;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Plans an upgrade of Lamplighter itself, next to the version in use.
final class PlanOwnUpgrade {

    private static final long MEGABYTE = 1_000_000;

    private final UpgradeContext context;
    private final VersionFolders folders;

    PlanOwnUpgrade(UpgradeContext context) {
        this.context = context;
        this.folders = new VersionFolders(context.directories());
    }

    PlanResult plan(Manifest manifest, Provenance provenance, UpgradeTarget.ReleaseArchive archive, String id) {
        Path image = provenance.environment();
        String version = provenance.version();
        if (!folders.contains(image)) {
            return new PlanResult.Refused(
                    version,
                    "Lamplighter is running from %s, and can't be upgraded there. To install it, run `%s self install`."
                            .formatted(
                                    context.directories()
                                            .display(AppBundle.around(image).orElse(image)),
                                    context.directories().display(VersionFolders.launcher(image))));
        }
        try {
            if (!Files.isWritable(folders.versions())) {
                return new PlanResult.Refused(
                        version,
                        "You have no write permission for %s."
                                .formatted(context.directories().display(folders.versions())));
            }
            // The package and its content, which is about as large as the installed version.
            long needed = archive.size() + Math.max(2 * archive.size(), DirectoryTrees.size(image));
            Optional<String> space = space(needed, folders.versions().toFile().getUsableSpace());
            if (space.isPresent()) {
                return new PlanResult.Refused(version, space.get());
            }
            Path stage = folders.partial(archive.version());
            StagePlan stagePlan = new StagePlan(
                    Optional.empty(),
                    List.of(),
                    folders.folder(archive.version()),
                    image,
                    false,
                    AtomicFile.folderOf(VersionFolders.launcher(folders.folder(archive.version()))),
                    new StagePlan.LinkRule.None());
            UpgradeImpact impact = UpgradeImpact.NONE;
            return new PlanResult.Ready(new UpgradePlan(
                    id,
                    manifest,
                    provenance,
                    archive,
                    stagePlan,
                    stage,
                    image,
                    Math.max(1, needed / MEGABYTE),
                    UpgradePlan.Downtime.NONE,
                    false,
                    false,
                    impact,
                    PlanUpgrade.hash(manifest, provenance, archive, stagePlan, impact)));
        } catch (IOException e) {
            return new PlanResult.Refused(version, "Could not plan the upgrade: " + FileProblem.why(e));
        }
    }

    /// Why there is not enough space, as a sentence.
    Optional<String> space(long needed, long usable) {
        return usable >= needed
                ? Optional.empty()
                : Optional.of("Not enough disk space in %s: %d MB are needed, %d MB are free."
                        .formatted(
                                context.directories().display(folders.versions()),
                                needed / MEGABYTE,
                                usable / MEGABYTE));
    }
}
