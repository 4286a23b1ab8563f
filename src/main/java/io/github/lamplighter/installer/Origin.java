package io.github.lamplighter.installer;

import java.nio.file.Path;
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
    record Git(String url, Optional<String> requestedRevision, RevisionKind kind, String commit) implements Origin {}

    /// `pip install -e`: the checkout is the install.
    record Editable(Path directory) implements Origin {}

    /// Built once from a folder.
    record LocalDirectory(Path directory) implements Origin {}

    /// A wheel, sdist or tarball by address or path.
    record Archive(String url) implements Origin {}

    /// `npm link` or `npm install -g DIR`: a symbolic link to a checkout.
    record Linked(Path directory) implements Origin {}

    /// It cannot be told; `why` is a sentence.
    record Unknown(String why) implements Origin {}

    enum RevisionKind {
        TAG,
        BRANCH,
        COMMIT,
        DEFAULT,
        UNRESOLVED
    }
}
