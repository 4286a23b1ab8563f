package io.github.lamplighter.installer;

import java.util.List;
import java.util.Optional;

/// What the user asked the package manager for, beyond the package's name, as the package manager recorded it. It
/// survives every upgrade.
///
/// @param specifier which versions will do, in the package manager's words (`==1.0`, `>=3,<4`); empty when any will
/// @param extras optional parts of the package
/// @param with the other packages that were put into its environment, as requirements
/// @param indexes the indexes that were named, without credentials, the first one first; empty means the user's
///     settings decide
/// @param indexStrategy how several indexes are chosen from, in the package manager's words; empty means the user's
///     settings decide
/// @param excludeNewer what was published after this moment (RFC 3339) is not considered
/// @param preReleases whether pre-releases were asked for
/// @param held why the package manager itself does not move it, as a sentence
public record InstallRequest(
        String specifier,
        List<String> extras,
        List<String> with,
        List<String> indexes,
        Optional<String> indexStrategy,
        Optional<String> excludeNewer,
        boolean preReleases,
        Optional<String> held) {

    /// Nothing beyond the name, or nothing that was recorded.
    public static final InstallRequest PLAIN = new InstallRequest(
            "", List.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), false, Optional.empty());

    public InstallRequest {
        extras = List.copyOf(extras);
        with = List.copyOf(with);
        indexes = List.copyOf(indexes);
    }

    /// Whether the name is all that was asked for.
    public boolean isPlain() {
        return specifier.isEmpty()
                && extras.isEmpty()
                && with.isEmpty()
                && indexes.isEmpty()
                && indexStrategy.isEmpty()
                && excludeNewer.isEmpty()
                && !preReleases
                && held.isEmpty();
    }
}
