package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The version that a transaction puts in the place of the installed one.
sealed interface ReplacementVersion {

    /// The folder that takes the environment's place.
    Path prepared();

    /// The version as users know it.
    String label();

    /// What exactly it is, for the journal: a version, a commit or a snapshot.
    String identity();

    /// The commands that install it, for the journal.
    List<String> commands();

    /// The folder to delete in the end.
    Optional<Path> stage();

    /// How an installation differs from what was wanted, as a sentence; empty when it is the same.
    Optional<String> mismatch(Provenance found, AppDirectories directories);

    private static Optional<String> versionMismatch(Provenance found, String wanted) {
        return found.version().equals(wanted)
                ? Optional.empty()
                : Optional.of(
                        found.version().isEmpty()
                                ? "Could not read the version of what was installed."
                                : "Version %s was installed instead of %s.".formatted(found.version(), wanted));
    }

    /// A new version, installed in a stage.
    record NewVersion(UpgradePlan plan) implements ReplacementVersion {

        @Override
        public Path prepared() {
            return plan.stagePlan().prepared();
        }

        @Override
        public String label() {
            return plan.upgradeTarget().label();
        }

        @Override
        public String identity() {
            return plan.identity();
        }

        @Override
        public List<String> commands() {
            return plan.commands();
        }

        @Override
        public Optional<Path> stage() {
            return Optional.of(plan.stageFolder());
        }

        @Override
        public Optional<String> mismatch(Provenance found, AppDirectories directories) {
            return switch (plan.upgradeTarget()) {
                case UpgradeTarget.IndexVersion(String version) ->
                    found.origin() instanceof Origin.Index
                            ? versionMismatch(found, version)
                            : Optional.of("The source changed: it is no longer the package index.");
                case UpgradeTarget.ReleaseArchive archive -> versionMismatch(found, archive.version());
                case UpgradeTarget.GitCommit wanted -> {
                    if (!(found.origin() instanceof Origin.Git git)
                            || !git.url().equals(wanted.url())) {
                        yield Optional.of(
                                "The source changed: it is no longer %s.".formatted(directories.display(wanted.url())));
                    }
                    yield git.commit().equals(wanted.commit())
                            ? Optional.empty()
                            : Optional.of("Commit %.7s was installed instead of %.7s."
                                    .formatted(git.commit(), wanted.commit()));
                }
            };
        }
    }

    /// A previous version, kept as a snapshot.
    record Kept(Snapshot snapshot) implements ReplacementVersion {

        @Override
        public Path prepared() {
            return snapshot.environment();
        }

        @Override
        public String label() {
            return snapshot.version();
        }

        @Override
        public String identity() {
            return JournalEntry.Planned.SNAPSHOT + snapshot.id();
        }

        @Override
        public List<String> commands() {
            return List.of();
        }

        @Override
        public Optional<Path> stage() {
            return Optional.empty();
        }

        @Override
        public Optional<String> mismatch(Provenance found, AppDirectories directories) {
            return versionMismatch(found, snapshot.version());
        }
    }
}
