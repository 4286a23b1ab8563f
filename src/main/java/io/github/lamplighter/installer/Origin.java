package io.github.lamplighter.installer;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// The source of an installation, as recorded on disk (PEP 610 for Python; npm records little).
public sealed interface Origin {

    /// A package index: PyPI, npm's registry, or a configured one.
    record Index() implements Origin {}

    /// A git repository.
    ///
    /// @param url without user information and without a `git+` prefix
    /// @param requestedRevision the tag, branch or commit the user requested, if any
    /// @param kind of the revision; `UNRESOLVED` until the remote has responded
    /// @param commit the installed commit, 40 hex digits
    record Git(String url, Optional<String> requestedRevision, RevisionKind kind, String commit) implements Origin {

        /// A copy with the revision kind from the remote; `UNRESOLVED` changes nothing.
        public Git withKind(RevisionKind said) {
            return said == RevisionKind.UNRESOLVED ? this : new Git(url, requestedRevision, said, commit);
        }
    }

    /// `pip install -e`: the installation is the checkout.
    record Editable(Path directory) implements Origin {}

    /// Installed from a folder.
    record LocalDirectory(Path directory) implements Origin {}

    /// A wheel, sdist or tarball, by URL or path.
    record Archive(String url) implements Origin {}

    /// `npm link` or `npm install -g DIR`: a symbolic link to a checkout.
    record Linked(Path directory) implements Origin {}

    /// A package of the system: deb or rpm.
    ///
    /// @param manager the system's package manager: `apt`
    /// @param command that updates it, to copy
    record SystemPackage(String manager, String command) implements Origin {}

    /// Lamplighter's own releases.
    ///
    /// @param url of the signed list of releases
    /// @param key the raw Ed25519 public key of its signature, in base64
    /// @param kind of the package: `tar`
    /// @param platform of the package: `linux-x86_64`
    record ReleaseFeed(String url, String key, String kind, String platform) implements Origin {}

    /// The source is unknown.
    ///
    /// @param why a sentence
    record Unknown(String why, Cause cause) implements Origin {
        public Unknown(String why) {
            this(why, Cause.NOT_RECORDED);
        }

        public enum Cause {
            /// The source was not recorded.
            NOT_RECORDED,
            /// The recorded source has no update checks.
            NOT_FOLLOWED,
            /// Two records contradict each other.
            NOT_AGREED,
            /// The record is damaged.
            NOT_READ;

            /// The word in saved reports: `not-read`.
            public String word() {
                return name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }
    }

    enum RevisionKind {
        TAG,
        BRANCH,
        COMMIT,
        DEFAULT,
        UNRESOLVED
    }
}
