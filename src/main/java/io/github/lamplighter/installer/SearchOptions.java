package io.github.lamplighter.installer;

import java.util.List;
import java.util.Optional;

/// Where a Python package manager searches for packages, and which releases it ignores, as it recorded them. Its
/// settings add to them. Addresses have no credentials.
///
/// @param indexes asked before the default index, in order
/// @param defaultIndex instead of the configured one
/// @param findLinks folders and pages with package files (`--find-links`)
/// @param noIndex whether only `findLinks` count
/// @param indexStrategy how to choose between several indexes, in the package manager's words; empty means the
///     user's settings
/// @param excludeNewer ignores releases after this time: a time, a duration or `false`, in uv's words
/// @param excludeNewerPackage the same for this package only; it wins
/// @param withUv whether uv installs the packages, with its settings, although it isn't the package manager
public record SearchOptions(
        List<String> indexes,
        Optional<String> defaultIndex,
        List<String> findLinks,
        boolean noIndex,
        Optional<String> indexStrategy,
        Optional<String> excludeNewer,
        Optional<String> excludeNewerPackage,
        boolean withUv) {

    /// No options, or none recorded.
    public static final SearchOptions PLAIN = new SearchOptions(
            List.of(), Optional.empty(), List.of(), false, Optional.empty(), Optional.empty(), Optional.empty(), false);

    public SearchOptions {
        indexes = List.copyOf(indexes);
        findLinks = List.copyOf(findLinks);
    }

    /// Whether the install command had none of these options.
    public boolean isPlain() {
        return equals(PLAIN.withUv(withUv));
    }

    public SearchOptions withUv(boolean uses) {
        return new SearchOptions(
                indexes, defaultIndex, findLinks, noIndex, indexStrategy, excludeNewer, excludeNewerPackage, uses);
    }
}
