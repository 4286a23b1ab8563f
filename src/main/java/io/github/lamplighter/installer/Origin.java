package io.github.lamplighter.installer;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where an install came from, as recorded on disk (PEP 610 for Python; for npm what little it keeps).
public sealed interface Origin {

    /// A package index: PyPI or npm's registry, or the one that the user configured.
    ///
    /// @param specifier which versions were asked for, as it was recorded: a PEP 440 specifier set (`>=3,<4`,
    ///     `==1.2`) or an npm range; empty for any. An upgrade by itself stays within it
    /// @param extras the optional parts that were asked for (`name[a,b]`), normalised
    /// @param terms what the package manager recorded about where to look and what to take
    record Index(String specifier, List<String> extras, Terms terms) implements Origin {
        public Index {
            extras = List.copyOf(extras);
        }

        /// Any version, as the package manager is configured.
        public Index() {
            this("", List.of(), Terms.NONE);
        }

        /// Some versions, as the package manager is configured.
        public Index(String specifier) {
            this(specifier, List.of(), Terms.NONE);
        }
    }

    /// What a package manager's own record of one install (uv's `[tool.options]`, pipx's `pip_args`) says about
    /// where to look. It wins over the user's configuration.
    ///
    /// @param index the index instead of the standard one; may hold credentials, so it is never shown as it is
    /// @param more further indexes, in their order; may hold credentials
    /// @param noIndex no index is asked at all (`--no-index`)
    /// @param excludeNewer nothing that was published later is taken: an RFC 3339 time, a date, or an ISO 8601
    ///     length of time before now (`P3W`)
    /// @param preReleases whether pre-releases were asked for
    record Terms(
            Optional<String> index,
            List<String> more,
            boolean noIndex,
            Optional<String> excludeNewer,
            boolean preReleases) {
        public static final Terms NONE = new Terms(Optional.empty(), List.of(), false, Optional.empty(), false);

        public Terms {
            more = List.copyOf(more);
        }

        /// Without the addresses, which may hold credentials.
        @Override
        public String toString() {
            return "Terms[index=%s, more=%d, noIndex=%s, excludeNewer=%s, preReleases=%s]"
                    .formatted(index.isPresent() ? "own" : "standard", more.size(), noIndex, excludeNewer, preReleases);
        }
    }

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
