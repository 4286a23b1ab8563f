package io.github.lamplighter.doctor;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.tool.Manifest.Expected;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All findings for one tool at one time, in the order of the catalog, with a component for each key of the contract.
///
/// @param provenance empty when the tool is gone or its manifest cannot be read
/// @param verdict the result of its source, as old as the finding `update`
/// @param unansweredQuery a later query that the source did not answer
/// @param timedOut the ids of the checks that did not finish in time
/// @param rolledBack the upgrade to the offered version that was tried before
public record Report(
        String name,
        Expected expected,
        Optional<Provenance> provenance,
        Optional<Verdict> verdict,
        Optional<UnansweredQuery> unansweredQuery,
        Facts facts,
        List<Finding> findings,
        Instant reportedAt,
        long tookMillis,
        Set<String> timedOut,
        Optional<RolledBack> rolledBack) {

    /// No run takes longer.
    private static final Duration ONE_RUN = Duration.ofMinutes(5);

    public Report {
        findings = List.copyOf(findings);
        timedOut = Set.copyOf(timedOut);
    }

    /// A report of checks that all finished, on a version that was not tried before.
    public Report(
            String name,
            Expected expected,
            Optional<Provenance> provenance,
            Optional<Verdict> verdict,
            Optional<UnansweredQuery> unansweredQuery,
            Facts facts,
            List<Finding> findings,
            Instant reportedAt,
            long tookMillis) {
        this(
                name,
                expected,
                provenance,
                verdict,
                unansweredQuery,
                facts,
                findings,
                reportedAt,
                tookMillis,
                Set.of(),
                Optional.empty());
    }

    /// An upgrade that failed a check and was undone.
    ///
    /// @param version the new one
    public record RolledBack(String version, Instant at, Optional<String> reason) {}

    /// The same report with what this run found besides.
    Report with(Set<String> late, Optional<RolledBack> tried) {
        return new Report(
                name,
                expected,
                provenance,
                verdict,
                unansweredQuery,
                facts,
                findings,
                reportedAt,
                tookMillis,
                late,
                tried);
    }

    /// A question that its source did not answer.
    public record UnansweredQuery(Instant askedAt, Verdict.NotCheckable gap) {}

    /// The same report at another time.
    public Report at(Instant time) {
        return new Report(
                name,
                expected,
                provenance,
                verdict,
                unansweredQuery,
                facts,
                findings,
                time,
                tookMillis,
                timedOut,
                rolledBack);
    }

    /// The same report with the facts of an earlier one.
    public Report with(Facts earlier) {
        return new Report(
                name, expected, provenance, verdict, unansweredQuery, earlier, findings, reportedAt, tookMillis);
    }

    /// The finding of a check, by its id.
    public Optional<Finding> finding(String id) {
        return findings.stream().filter(finding -> finding.id().equals(id)).findFirst();
    }

    /// When its source gave the verdict.
    public Optional<Instant> askedAt() {
        return finding(CheckId.UPDATE).map(Finding::checkedAt);
    }

    /// The same, if that was in an earlier run.
    public Optional<Instant> askedBefore() {
        return askedAt().filter(at -> at.plus(ONE_RUN).isBefore(reportedAt));
    }

    /// Whether the user stopped it.
    public boolean isStoppedByYou() {
        return finding(CheckId.STOPPED_BY_YOU).isPresent();
    }

    /// Whether an upgrade was running during the checks.
    public boolean isBeingUpgraded() {
        return finding(CheckId.BEING_UPGRADED).isPresent();
    }

    /// The same after an upgrade that was running during the checks has ended.
    public Report afterUpgrade() {
        return new Report(
                name,
                expected,
                provenance,
                verdict,
                unansweredQuery,
                facts,
                findings.stream()
                        .filter(finding -> !finding.id().equals(CheckId.BEING_UPGRADED))
                        .toList(),
                reportedAt,
                tookMillis,
                timedOut,
                rolledBack);
    }

    /// The worst severity, without ignored findings.
    public Severity worst() {
        return findings.stream()
                .filter(finding -> !finding.ignored())
                .map(Finding::severity)
                .max(java.util.Comparator.comparingInt(Severity::weight))
                .orElse(Severity.UNKNOWN);
    }
}
