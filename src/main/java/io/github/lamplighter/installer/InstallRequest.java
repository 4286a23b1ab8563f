package io.github.lamplighter.installer;

import java.util.List;
import java.util.Optional;

/// The options of the install command, as the package manager recorded them. An upgrade keeps them.
///
/// @param specifier the allowed versions in the package manager's syntax (`==1.0`, `>=3,<4`); empty allows any
/// @param extras optional parts of the package
/// @param with other packages installed into its environment, as requirements
/// @param indexes the index URLs without credentials, in order; empty means the user's settings
/// @param indexStrategy how to choose between several indexes, in the package manager's words; empty means the
///     user's settings
/// @param excludeNewer ignores releases after this time (RFC 3339)
/// @param preReleases whether pre-releases are allowed
/// @param pinned why the package manager does not upgrade it, as a sentence
public record InstallRequest(
        String specifier,
        List<String> extras,
        List<String> with,
        List<String> indexes,
        Optional<String> indexStrategy,
        Optional<String> excludeNewer,
        boolean preReleases,
        Optional<String> pinned) {

    /// No options, or none recorded.
    public static final InstallRequest PLAIN = new InstallRequest(
            "", List.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), false, Optional.empty());

    public InstallRequest {
        extras = List.copyOf(extras);
        with = List.copyOf(with);
        indexes = List.copyOf(indexes);
    }

    /// Whether there are no options.
    public boolean isPlain() {
        return specifier.isEmpty()
                && extras.isEmpty()
                && with.isEmpty()
                && indexes.isEmpty()
                && indexStrategy.isEmpty()
                && excludeNewer.isEmpty()
                && !preReleases
                && pinned.isEmpty();
    }
}
