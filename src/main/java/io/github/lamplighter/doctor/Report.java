package io.github.lamplighter.doctor;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.tool.Manifest.Expected;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All findings for one tool at one time, in the catalogue's order.
///
/// @param provenance empty when the tool is gone or its manifest cannot be read
/// @param verdict what its source said; of the time of the finding `update`
/// @param silence that the source was asked again since then and gave no answer
public record Report(
        String name,
        Expected expected,
        Optional<Provenance> provenance,
        Optional<Verdict> verdict,
        Optional<UnansweredQuery> unansweredQuery,
        Facts facts,
        List<Finding> findings,
        Instant reportedAt,
        long tookMillis) {

    /// No run takes longer.
    private static final Duration ONE_RUN = Duration.ofMinutes(5);

    public Report {
        findings = List.copyOf(findings);
    }

    /// A question that its source did not answer.
    public record UnansweredQuery(Instant askedAt, Verdict.NotCheckable gap) {}

    /// The same, told at another time.
    public Report at(Instant time) {
        return new Report(name, expected, provenance, verdict, unansweredQuery, facts, findings, time, tookMillis);
    }

    /// The finding of a check, by its id.
    public Optional<Finding> finding(String id) {
        return findings.stream().filter(finding -> finding.id().equals(id)).findFirst();
    }

    /// When its source gave the verdict.
    public Optional<Instant> askedAt() {
        return finding(CheckId.UPDATE).map(Finding::checkedAt);
    }

    /// The same, where that was in an earlier run than this one.
    public Optional<Instant> askedBefore() {
        return askedAt().filter(at -> at.plus(ONE_RUN).isBefore(reportedAt));
    }

    /// Whether the user stopped it and wants it so.
    public boolean isStoppedByYou() {
        return finding(CheckId.STOPPED_BY_YOU).isPresent();
    }

    /// Whether an upgrade was at work on it when it was examined.
    public boolean isBeingUpgraded() {
        return finding(CheckId.BEING_UPGRADED).isPresent();
    }

    /// The worst severity that counts: what is set aside does not.
    public Severity worst() {
        return findings.stream()
                .filter(finding -> !finding.ignored())
                .map(Finding::severity)
                .max(java.util.Comparator.comparingInt(Severity::weight))
                .orElse(Severity.UNKNOWN);
    }
}
