package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.ArchiveDownload;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.release.Verdict;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongConsumer;

/// The source that a tool was installed from; a plan uses no other.
public interface ReleaseSource {

    /// @param variables of the package manager, recorded when the tool was added
    Verdict verdict(Provenance provenance, Map<String, String> variables);

    /// The requested target: a version of the index, or a tag of the repository.
    Releases.Choice named(Provenance provenance, Map<String, String> variables, String version);

    /// The target that reinstalls the same version.
    Releases.Choice same(Provenance provenance);

    /// Downloads a package of Lamplighter's own release, or continues a download.
    ArchiveDownload.Result download(UpgradeTarget.ReleaseArchive archive, Path target, LongConsumer progress)
            throws InterruptedException;

    /// The kind of revision that a git installation was made from.
    Origin.RevisionKind kind(Origin.Git origin);

    static ReleaseSource of(Releases releases) {
        return new ReleaseSource() {
            @Override
            public Verdict verdict(Provenance provenance, Map<String, String> variables) {
                return releases.verdict(provenance, variables);
            }

            @Override
            public Releases.Choice named(Provenance provenance, Map<String, String> variables, String version) {
                return releases.named(provenance, variables, version);
            }

            @Override
            public Releases.Choice same(Provenance provenance) {
                return releases.same(provenance);
            }

            @Override
            public ArchiveDownload.Result download(
                    UpgradeTarget.ReleaseArchive archive, Path target, LongConsumer progress)
                    throws InterruptedException {
                return releases.download(archive, target, progress);
            }

            @Override
            public Origin.RevisionKind kind(Origin.Git origin) {
                return releases.revisionKind(origin);
            }
        };
    }
}
