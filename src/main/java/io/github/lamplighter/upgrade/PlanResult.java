package io.github.lamplighter.upgrade;

/// The result of planning an upgrade.
public sealed interface PlanResult {

    record Ready(UpgradePlan plan) implements PlanResult {}

    /// The tool is up to date, or skipped.
    ///
    /// @param version the installed one
    /// @param reason a sentence
    record Current(String version, String reason) implements PlanResult {}

    /// The upgrade is refused; nothing was changed.
    ///
    /// @param version the installed one; empty if it could not be read
    /// @param reason a sentence
    record Refused(String version, String reason) implements PlanResult {}
}
