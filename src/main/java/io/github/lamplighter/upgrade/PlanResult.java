package io.github.lamplighter.upgrade;

/// What an upgrade of one tool would be.
public sealed interface PlanResult {

    record Ready(UpgradePlan plan) implements PlanResult {}

    /// There is nothing to do.
    ///
    /// @param version on disk
    /// @param reason a sentence
    record Current(String version, String reason) implements PlanResult {}

    /// It is not done, and nothing was touched.
    ///
    /// @param version on disk; empty when it could not be read
    /// @param reason a sentence
    record Refused(String version, String reason) implements PlanResult {}
}
