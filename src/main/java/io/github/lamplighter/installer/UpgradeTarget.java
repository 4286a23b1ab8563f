package io.github.lamplighter.installer;

/// The version to install, derived only from the recorded origin.
public sealed interface UpgradeTarget {

    /// The version or the short commit, for display.
    String label();

    /// A version of the same package on the same index.
    record IndexVersion(String version) implements UpgradeTarget {
        @Override
        public String label() {
            return version;
        }
    }

    /// A commit of the same repository, reached by the revision that will be recorded.
    ///
    /// @param url the recorded URL
    /// @param revision the tag or branch to request
    /// @param commit its current commit, 40 hex digits
    /// @param version the version in the tag, or the short commit
    record GitCommit(String url, String revision, String commit, String version) implements UpgradeTarget {
        @Override
        public String label() {
            return version;
        }
    }

    /// A package of Lamplighter's own release.
    ///
    /// @param url of the package
    /// @param size in bytes
    /// @param sha256 of the package, 64 hex digits
    record ReleaseArchive(String version, String url, long size, String sha256) implements UpgradeTarget {
        @Override
        public String label() {
            return version;
        }
    }
}
