package io.github.lamplighter.doctor;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.tool.Manifest.Expected;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All findings for one tool at one time, in the catalogue's order.
///
/// @param provenance empty when the tool is gone or its manifest cannot be read
public record Report(
        String name,
        Expected expected,
        Optional<Provenance> provenance,
        Optional<Verdict> verdict,
        Facts facts,
        List<Finding> findings,
        Instant reportedAt,
        long tookMillis) {

    public Report {
        findings = List.copyOf(findings);
    }

    /// The same, told at another time.
    public Report at(Instant time) {
        return new Report(name, expected, provenance, verdict, facts, findings, time, tookMillis);
    }

    /// Whether the user stopped it and wants it so.
    public boolean isStoppedByYou() {
        return findings.stream().anyMatch(finding -> finding.id().equals("stopped-by-you"));
    }

    /// Whether an upgrade was at work on it when it was examined.
    public boolean isBeingUpgraded() {
        return findings.stream().anyMatch(finding -> finding.id().equals(Catalogue.BEING_UPGRADED));
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
