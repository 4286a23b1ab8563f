package io.github.lamplighter.version;

/// A version as its ecosystem orders it.
///
/// Comparing is only defined within one scheme: PEP 440 for Python packages, SemVer 2.0.0 for npm packages. What
/// neither can read is opaque and equal only to itself.
public sealed interface Version permits Pep440, SemVer, Opaque {

    /// As it was written.
    String text();

    /// Whether this is neither a pre-release nor a development version.
    boolean isFinal();

    enum Scheme {
        PEP440,
        SEMVER
    }

    static Version parse(Scheme scheme, String text) {
        return switch (scheme) {
            case PEP440 -> Pep440.parse(text).<Version>map(version -> version).orElseGet(() -> new Opaque(text));
            case SEMVER -> SemVer.parse(text).<Version>map(version -> version).orElseGet(() -> new Opaque(text));
        };
    }
}
