package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.release.Verdict;

/// What a plan asks an install's own source, and no other.
public interface Sources {

    Verdict verdict(Provenance provenance);

    /// The target that a person named: a version of the index, or a tag of the repository.
    Releases.Choice named(Provenance provenance, String version);

    /// The target that would install the same again.
    Releases.Choice same(Provenance provenance);

    /// What the revision is that a git install was asked for.
    Origin.RevisionKind kind(Origin.Git origin);

    static Sources of(Releases releases) {
        return new Sources() {
            @Override
            public Verdict verdict(Provenance provenance) {
                return releases.verdict(provenance);
            }

            @Override
            public Releases.Choice named(Provenance provenance, String version) {
                return releases.named(provenance, version);
            }

            @Override
            public Releases.Choice same(Provenance provenance) {
                return releases.same(provenance);
            }

            @Override
            public Origin.RevisionKind kind(Origin.Git origin) {
                return releases.revisionKind(origin);
            }
        };
    }
}
