package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.text.HumanTime;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The report on one tool in full, for a terminal: the facts, and all checks by group.
final class ReportText {

    private final PrintStream out;
    private final FindingText text;

    ReportText(PrintStream out, boolean colour, ZoneId zone, Instant now) {
        this.out = out;
        this.text = new FindingText(colour, zone, now);
    }

    /// @param verbose with the details of passed checks
    void print(Report report, boolean verbose) {
        out.println((text.bold(title(report)) + "     " + state(report)).stripTrailing());
        out.println(FactsText.line(report.facts()));
        for (Group group : Group.values()) {
            List<Finding> findings = report.findings().stream()
                    .filter(finding -> finding.group() == group)
                    .toList();
            if (!findings.isEmpty()) {
                out.println();
                out.println(text.bold(group.title()));
                findings.forEach(finding -> print(finding, verbose));
            }
        }
        out.println();
        DoctorSummary.printUnanswered(List.of(report), out, text);
        out.printf(
                "%d %s: %s (%s)%n",
                report.findings().size(),
                report.findings().size() == 1 ? "check" : "checks",
                FindingCounts.of(List.of(report)).text("no problems"),
                HumanTime.duration(Duration.ofMillis(report.tookMillis())));
    }

    private void print(Finding finding, boolean verbose) {
        boolean open = finding.severity().weight() > Severity.INFO.weight();
        out.printf(
                "  %s %s%s%s%s%n",
                text.paintedSign(finding),
                finding.title(),
                open ? text.since(finding) : "",
                text.age(finding),
                finding.ignored() ? " (ignored)" : "");
        if (finding.severity() == Severity.OK && !verbose) {
            return;
        }
        finding.effect().ifPresent(effect -> out.printf("      %s%n", effect));
        finding.evidence().forEach(evidence -> out.printf("      %s%n", FindingText.evidence(evidence)));
        // "No action needed" is only worth a line next to a warning.
        finding.remedies().stream()
                .filter(remedy -> open || !(remedy instanceof Remedy.Wait wait && wait.asksForNothing()))
                .forEach(remedy -> out.printf("      %s%n", FindingText.remedy(remedy, finding.severity())));
    }

    /// The tool and its version.
    static String title(Report report) {
        return report.name()
                + report.provenance().map(found -> " " + found.version()).orElse("");
    }

    private static String state(Report report) {
        List<String> parts = new ArrayList<>();
        Fact running = report.facts().running();
        running.value().ifPresent(value -> parts.add(value ? "running" : "not running"));
        Optional<String> update = ToolStatus.updateTo(report);
        update.ifPresent(version -> parts.add(version + " is available"));
        return String.join(" · ", parts);
    }
}
