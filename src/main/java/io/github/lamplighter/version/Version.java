package io.github.lamplighter.version;

import java.util.Optional;

/// A version as its ecosystem orders it.
///
/// Comparing is only defined within one scheme: PEP 440 for Python packages, SemVer 2.0.0 for npm packages,
/// numbers for runtimes and programs. A version that its scheme cannot parse is opaque and equals only itself.
public sealed interface Version permits Pep440, SemVer, NumericVersion, OpaqueVersion {

    /// The text as written.
    String text();

    /// Whether this is neither a pre-release nor a development version.
    boolean isFinal();

    /// Whether both are the same version in different spellings: `1.1.0-rc1` and `1.1.0rc1` to PEP 440.
    default boolean isSameAs(Version other) {
        return switch (this) {
            case Pep440 own -> other instanceof Pep440 theirs && own.compareTo(theirs) == 0;
            case SemVer own -> other instanceof SemVer theirs && own.compareTo(theirs) == 0;
            case NumericVersion own -> other instanceof NumericVersion theirs && own.compareTo(theirs) == 0;
            case OpaqueVersion own -> own.equals(other);
        };
    }

    enum Scheme {
        PEP440,
        SEMVER,
        NUMERIC,
        JAVA
    }

    static Version parse(Scheme scheme, String text) {
        Optional<? extends Version> parsed = switch (scheme) {
            case PEP440 -> Pep440.parse(text);
            case SEMVER -> SemVer.parse(text);
            case NUMERIC -> NumericVersion.parse(text);
            case JAVA -> NumericVersion.parseJava(text);
        };
        return parsed.<Version>map(version -> version).orElseGet(() -> new OpaqueVersion(text));
    }
}
