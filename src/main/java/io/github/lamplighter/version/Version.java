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

    /// Whether both mean one version, however each is spelled: `1.1.0-rc1` and `1.1.0rc1` to PEP 440.
    default boolean isSameAs(Version other) {
        return switch (this) {
            case Pep440 own -> other instanceof Pep440 theirs && own.compareTo(theirs) == 0;
            case SemVer own -> other instanceof SemVer theirs && own.compareTo(theirs) == 0;
            case Opaque own -> own.equals(other);
        };
    }

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
