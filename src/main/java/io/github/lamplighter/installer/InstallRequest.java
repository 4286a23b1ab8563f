package io.github.lamplighter.installer;

import java.util.List;
import java.util.Optional;

/// The options of the install command, as the package manager recorded them. An upgrade keeps them.
///
/// @param specifier the allowed versions in the package manager's syntax (`==1.0`, `>=3,<4`); empty allows any
/// @param extras optional parts of the package
/// @param with other packages installed into its environment, as requirements
/// @param search where it is searched for
/// @param preReleases whether pre-releases are allowed
/// @param pinned why the package manager does not upgrade it, as a sentence
public record InstallRequest(
        String specifier,
        List<String> extras,
        List<String> with,
        SearchOptions search,
        boolean preReleases,
        Optional<String> pinned) {

    /// No options, or none recorded.
    public static final InstallRequest PLAIN =
            new InstallRequest("", List.of(), List.of(), SearchOptions.PLAIN, false, Optional.empty());

    public InstallRequest {
        extras = List.copyOf(extras);
        with = List.copyOf(with);
    }

    /// Whether there are no options.
    public boolean isPlain() {
        return equals(PLAIN);
    }

    /// A copy with other search options.
    public InstallRequest with(SearchOptions other) {
        return new InstallRequest(specifier, extras, with, other, preReleases, pinned);
    }
}
