package io.github.lamplighter.upgrade;

/// What an upgrade of one tool would be.
public sealed interface Plan {

    record Ready(UpgradePlan plan) implements Plan {}

    /// There is nothing to do.
    ///
    /// @param version on disk
    /// @param reason a sentence
    record Current(String version, String reason) implements Plan {}

    /// It is not done, and nothing was touched.
    ///
    /// @param version on disk; empty when it could not be read
    /// @param reason a sentence
    record Refused(String version, String reason) implements Plan {}
}
