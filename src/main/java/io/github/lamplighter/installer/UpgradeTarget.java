package io.github.lamplighter.installer;

/// What an upgrade shall install: an identity, derived from the recorded origin alone.
public sealed interface UpgradeTarget {

    /// What a person calls it: the version, or a short commit.
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
    /// @param url the recorded one
    /// @param revision the tag or branch to ask for
    /// @param commit the 40 hex digits that it stands for now
    /// @param version what the tag says, or the short commit
    record GitCommit(String url, String revision, String commit, String version) implements UpgradeTarget {
        @Override
        public String label() {
            return version;
        }
    }
}
