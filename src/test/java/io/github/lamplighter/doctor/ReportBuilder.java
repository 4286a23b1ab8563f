package io.github.lamplighter.doctor;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest.Expected;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A report of a test: another one with changes, or one that knows nothing but what the test says.
public final class ReportBuilder {

    private final String name;
    private final Expected expected;
    private Instant at;
    private Optional<Provenance> provenance = Optional.empty();
    private Optional<Verdict> verdict = Optional.empty();
    private Optional<Report.UnansweredQuery> unansweredQuery = Optional.empty();
    private Facts facts;
    private List<Finding> findings = List.of();
    private long tookMillis = 1;
    private Set<String> timedOut = Set.of();

    /// A report without findings; all facts are unknown.
    public ReportBuilder(String name, Expected expected, Instant at) {
        this.name = name;
        this.expected = expected;
        this.at = at;
        Facts.Fact unknown = new Facts.Fact(Optional.empty(), List.of(), at);
        this.facts = new Facts(unknown, unknown, unknown, unknown, unknown);
    }

    /// A copy.
    public ReportBuilder(Report report) {
        this(report.name(), report.expected(), report.reportedAt());
        provenance = report.provenance();
        verdict = report.verdict();
        unansweredQuery = report.unansweredQuery();
        facts = report.facts();
        findings = report.findings();
        tookMillis = report.tookMillis();
    }

    /// A finding that was made in the moment of the report, with nothing to do about it.
    public static Finding finding(
            String id, Group group, Severity severity, String title, Instant at, Evidence... evidence) {
        return new Finding(
                id, group, severity, title, Optional.empty(), List.of(evidence), List.of(), at, at, false, 1);
    }

    public ReportBuilder at(Instant time) {
        at = time;
        return this;
    }

    public ReportBuilder provenance(Provenance value) {
        provenance = Optional.of(value);
        return this;
    }

    public ReportBuilder verdict(Verdict value) {
        verdict = Optional.of(value);
        return this;
    }

    public ReportBuilder unanswered(Optional<Report.UnansweredQuery> query) {
        unansweredQuery = query;
        return this;
    }

    public ReportBuilder facts(Facts value) {
        facts = value;
        return this;
    }

    public ReportBuilder findings(List<Finding> all) {
        findings = all;
        return this;
    }

    public ReportBuilder findings(Finding... all) {
        return findings(List.of(all));
    }

    public ReportBuilder took(long millis) {
        tookMillis = millis;
        return this;
    }

    public ReportBuilder timedOut(String check) {
        timedOut = Set.of(check);
        return this;
    }

    public Report build() {
        return new Report(
                name,
                expected,
                provenance,
                verdict,
                unansweredQuery,
                facts,
                findings,
                at,
                tookMillis,
                timedOut,
                Optional.empty());
    }
}
