package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.status.ToolStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Number of findings by what they mean to a user.
///
/// @param unchecked that could not be checked
record FindingCounts(long problems, long warnings, long unchecked, long updates, long ignored) {

    static FindingCounts of(List<Report> reports) {
        return new FindingCounts(
                counted(reports, Severity.FAILURE) + counted(reports, Severity.CRASHED),
                counted(reports, Severity.WARNING),
                counted(reports, Severity.UNKNOWN),
                reports.stream()
                        .flatMap(report -> ToolStatus.updateTo(report).stream())
                        .count(),
                findings(reports).filter(Finding::ignored).count());
    }

    FindingCounts withUnchecked(long more) {
        return new FindingCounts(problems, warnings, unchecked + more, updates, ignored);
    }

    /// `1 problem, 2 warnings`
    ///
    /// @param none the text for no problems, if everything was checked
    String text(String none) {
        List<String> parts = new ArrayList<>();
        if (problems + warnings + unchecked == 0) {
            parts.add(none);
        }
        add(parts, problems, "problem", "problems");
        add(parts, warnings, "warning", "warnings");
        add(parts, unchecked, "not checked", "not checked");
        add(parts, updates, "update", "updates");
        add(parts, ignored, "ignored", "ignored");
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, long number, String one, String many) {
        if (number > 0) {
            parts.add(number + " " + (number == 1 ? one : many));
        }
    }

    private static long counted(List<Report> reports, Severity severity) {
        return findings(reports)
                .filter(finding -> !finding.ignored() && finding.severity() == severity)
                .count();
    }

    private static Stream<Finding> findings(List<Report> reports) {
        return reports.stream().flatMap(report -> report.findings().stream());
    }
}
