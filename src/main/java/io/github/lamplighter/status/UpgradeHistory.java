package io.github.lamplighter.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the upgrade journals and the kept versions tell about a tool. `app` implements it, because the status of a tool
/// does not depend on how it is upgraded.
public interface UpgradeHistory {

    /// How long a new version counts as new, with the way back in view.
    Duration PROBATION = Duration.ofHours(24);

    /// A history without an upgrade.
    UpgradeHistory NONE = new UpgradeHistory() {
        @Override
        public boolean isUpgrading(String tool) {
            return false;
        }

        @Override
        public Optional<Upgraded> last(String tool) {
            return Optional.empty();
        }
    };

    /// The upgrade that installed the present version.
    ///
    /// @param isKept whether the version before is kept, so that a rollback can restore it
    record Upgraded(String from, String to, Instant at, boolean isKept) {

        /// The version that a rollback would restore.
        public Optional<String> previous() {
            return isKept ? Optional.of(from) : Optional.empty();
        }

        /// Whether the version is still new.
        public boolean isOnProbation(Instant now) {
            return probationEnds().isAfter(now);
        }

        /// From then on it counts as any other version.
        public Instant probationEnds() {
            return at.plus(PROBATION);
        }
    }

    /// Whether a process upgrades the tool now.
    boolean isUpgrading(String tool);

    /// Empty if the last change of its version was a rollback, or was not made by Lamplighter.
    Optional<Upgraded> last(String tool);
}
