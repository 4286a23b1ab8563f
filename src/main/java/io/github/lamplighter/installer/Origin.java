package io.github.lamplighter.installer;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Where an install came from, as recorded on disk (PEP 610 for Python; for npm what little it keeps).
public sealed interface Origin {

    /// A package index: PyPI or npm's registry, or the one that the user configured.
    record Index() implements Origin {}

    /// A git repository.
    ///
    /// @param url without user information and without a `git+` prefix
    /// @param requestedRevision what the user named, if anything
    /// @param kind what that revision is; `UNRESOLVED` until the remote was asked
    /// @param commit the 40 hex digits that were installed
    record Git(String url, Optional<String> requestedRevision, RevisionKind kind, String commit) implements Origin {

        /// The same, with what its source says of the revision; what it did not say unsays nothing.
        public Git withKind(RevisionKind said) {
            return said == RevisionKind.UNRESOLVED ? this : new Git(url, requestedRevision, said, commit);
        }
    }

    /// `pip install -e`: the checkout is the install.
    record Editable(Path directory) implements Origin {}

    /// Built once from a folder.
    record LocalDirectory(Path directory) implements Origin {}

    /// A wheel, sdist or tarball by address or path.
    record Archive(String url) implements Origin {}

    /// `npm link` or `npm install -g DIR`: a symbolic link to a checkout.
    record Linked(Path directory) implements Origin {}

    /// It cannot be told.
    ///
    /// @param why a sentence
    record Unknown(String why, Cause cause) implements Origin {
        public Unknown(String why) {
            this(why, Cause.NOT_RECORDED);
        }

        public enum Cause {
            /// Nobody wrote it down.
            NOT_RECORDED,
            /// It is written down, and is a source that nobody here can ask.
            NOT_FOLLOWED,
            /// Two records of it say different things.
            NOT_AGREED,
            /// Its record is damaged.
            NOT_READ;

            /// As it is written down: `not-read`.
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
