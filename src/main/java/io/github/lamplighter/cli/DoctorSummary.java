package io.github.lamplighter.cli;

import static io.github.lamplighter.cli.TextTable.padded;

import io.github.lamplighter.cli.ToolSelection.UnreadableManifest;
import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.HumanTime;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The doctor's result for several tools: problems first, the worst at the top; then updates, and one line for all
/// tools without findings.
final class DoctorSummary {

    private static final int NARROWEST = 22;

    /// The most names in one line; the rest is a number.
    private static final int NAMES = 6;

    private final PrintStream out;
    private final boolean quiet;
    private final Instant now;
    private final FindingText text;

    /// Where titles of findings begin.
    private int column = NARROWEST;

    /// @param quiet shows problems only, and no update that could not be checked
    DoctorSummary(PrintStream out, boolean colour, ZoneId zone, Instant now, boolean quiet) {
        this.out = out;
        this.quiet = quiet;
        this.now = now;
        this.text = new FindingText(colour, zone, now);
    }

    void print(List<Report> reports, List<UnreadableManifest> unreadable, long tookMillis) {
        fitColumn(reports, unreadable);
        printOpen(reports);
        printUnreadable(unreadable);
        if (quiet) {
            return;
        }
        List<String> ok = new ArrayList<>();
        for (Report report : reports) {
            if (isOpen(report, false)) {
                continue;
            }
            ToolStatus status = status(report);
            switch (status.state()) {
                case OK, STOPPED -> ok.add(report.name());
                case UPDATE -> {
                    row(text.updateSign(), ReportText.title(report), status.headline());
                    below(FindingText.labelled("run", "lamplighter upgrade " + report.name()));
                }
                case WORKING -> row(text.paintedSign(Severity.INFO), ReportText.title(report), status.headline());
                case UNKNOWN, ATTENTION, FAILURE ->
                    row(text.paintedSign(status.severity()), ReportText.title(report), status.headline());
            }
        }
        if (!ok.isEmpty()) {
            row(text.paintedSign(Severity.OK), names(ok), "OK");
        }
        printUnanswered(reports, out, text);
        out.println();
        printCounts(reports, unreadable, tookMillis);
        if (ok.size() < reports.size()) {
            out.println("Run `lamplighter doctor NAME` for details.");
        }
    }

    /// The status by a report that was made just now.
    private ToolStatus status(Report report) {
        Duration age = Duration.between(report.reportedAt(), now);
        return ToolStatus.of(Optional.of(report), Optional.empty(), report.isBeingUpgraded(), now, age);
    }

    void printUnreadable(List<UnreadableManifest> unreadable) {
        unreadable.forEach(this::print);
    }

    /// `1 problem, 1 update (4 tools, 2.4 s)`
    void printCounts(List<Report> reports, List<UnreadableManifest> unreadable, long tookMillis) {
        int tools = reports.size() + unreadable.size();
        out.printf(
                "%s (%d %s, %s)%n",
                FindingCounts.of(reports).withUnchecked(unreadable.size()).text("No problems found"),
                tools,
                tools == 1 ? "tool" : "tools",
                HumanTime.duration(Duration.ofMillis(tookMillis)));
    }

    /// Lamplighter itself, which counts in no summary: only what needs attention, and an update.
    void printItself(List<Report> itself) {
        for (Report report : itself) {
            ToolStatus status = status(report);
            boolean update = !quiet && status.state() == ToolStatus.State.UPDATE;
            if (isOpen(report, true) || update) {
                out.println("This program:");
                fitColumn(List.of(report), List.of());
            }
            if (isOpen(report, true)) {
                print(report);
            } else if (update) {
                row(text.updateSign(), ReportText.title(report), status.headline());
                below(FindingText.labelled("run", "lamplighter upgrade " + report.name()));
            }
        }
    }

    /// Tools that are installed but not managed, with what their files tell.
    void printFound(List<Report> found) {
        if (found.isEmpty()) {
            return;
        }
        out.printf(
                "%d other %s found (not managed). Run `lamplighter list` for details.%n",
                found.size(), found.size() == 1 ? "tool" : "tools");
        List<Report> open =
                found.stream().filter(report -> isOpen(report, false)).toList();
        fitColumn(open, List.of());
        open.forEach(this::print);
    }

    /// @param ids checks that need the network
    void printSkipped(List<String> ids) {
        if (!ids.isEmpty()) {
            out.printf("Skipped (offline): %s. Update results are from earlier checks.%n", String.join(", ", ids));
        }
    }

    /// Tools whose source did not respond now, though an earlier response still counts.
    static void printUnanswered(List<Report> reports, PrintStream out, FindingText text) {
        List<Report> silent = reports.stream()
                .filter(report -> report.unansweredQuery()
                        .filter(query -> query.askedAt().equals(report.reportedAt()))
                        .isPresent())
                .toList();
        if (silent.isEmpty()) {
            return;
        }
        Verdict.NotCheckable first =
                silent.getFirst().unansweredQuery().orElseThrow().gap();
        out.printf(
                "%s Could not check for updates of %s. Showing earlier results.%n",
                text.paintedSign(Severity.UNKNOWN),
                names(silent.stream().map(Report::name).toList()));
        out.printf("  %s%n", first.sentence());
    }

    /// Tools with open findings. Those that only lack an update check for the same reason share a row.
    private void printOpen(List<Report> reports) {
        List<Report> open = reports.stream()
                .filter(report -> isOpen(report, quiet))
                .sorted(Comparator.comparingInt(
                        (Report report) -> -report.worst().weight()))
                .toList();
        Map<String, List<Report>> shared = quiet ? Map.of() : sharedGaps(open);
        for (Report report : open) {
            Optional<List<Report>> together = onlyGap(report).flatMap(gap -> Optional.ofNullable(shared.get(gap)));
            if (together.isEmpty()) {
                print(report);
            } else if (together.get().getFirst().equals(report)) {
                printTogether(together.get());
            }
        }
    }

    private void print(Report report) {
        String title = ReportText.title(report);
        for (Finding finding : report.findings()) {
            if (!isShown(finding, quiet)) {
                continue;
            }
            row(text.paintedSign(finding), title, finding.title() + text.since(finding));
            title = "";
            if (!finding.evidence().isEmpty()) {
                below(evidence(finding.evidence()));
            }
            finding.remedies().stream()
                    .filter(remedy -> !(remedy instanceof Remedy.Wait))
                    .findFirst()
                    .ifPresent(remedy -> below(FindingText.remedy(remedy, finding.severity())));
        }
    }

    /// The first two pieces of evidence. A source of both is named once.
    private static String evidence(List<Evidence> all) {
        String first = withoutFullStop(FindingText.evidence(all.getFirst()));
        if (all.size() == 1) {
            return first;
        }
        Evidence second = all.get(1);
        boolean sameSource = second.source().equals(all.getFirst().source());
        return first + "; " + withoutFullStop(sameSource ? second.detail() : FindingText.evidence(second));
    }

    private void printTogether(List<Report> reports) {
        List<Finding> findings = reports.stream()
                .flatMap(report -> report.findings().stream())
                .filter(finding -> isShown(finding, false))
                .toList();
        row(
                text.paintedSign(Severity.UNKNOWN),
                names(reports.stream().map(Report::name).toList()),
                findings.getFirst().title());
        findings.stream()
                .flatMap(finding -> finding.evidence().stream().limit(1))
                .map(evidence -> withoutFullStop(evidence.detail()))
                .distinct()
                .limit(2)
                .forEach(this::below);
        List<String> remedies = findings.stream()
                .flatMap(finding -> finding.remedies().stream()
                        .filter(remedy -> !(remedy instanceof Remedy.Wait))
                        .map(remedy -> FindingText.remedy(remedy, finding.severity())))
                .distinct()
                .toList();
        if (remedies.size() == 1) {
            below(remedies.getFirst());
        }
    }

    private void print(UnreadableManifest manifest) {
        row(text.paintedSign(Severity.UNKNOWN), manifest.name(), manifest.title());
        below(manifest.why());
        below(FindingText.labelled("run", manifest.remedy()));
    }

    private void row(String sign, String name, String sentence) {
        out.printf(
                "%s %s%s%n",
                sign, padded(name, Math.max(column - 2, name.isEmpty() ? 0 : name.length() + 2)), sentence);
    }

    private void below(String line) {
        out.println(" ".repeat(column) + line);
    }

    private void fitColumn(List<Report> reports, List<UnreadableManifest> unreadable) {
        column = NARROWEST;
        for (Report report : reports) {
            State state = status(report).state();
            if (isOpen(report, false) || (state != State.OK && state != State.STOPPED)) {
                column = Math.max(column, ReportText.title(report).length() + 4);
            }
        }
        for (UnreadableManifest manifest : unreadable) {
            column = Math.max(column, manifest.name().length() + 4);
        }
    }

    /// Reports by the title of their only finding, an update that could not be checked; those with the same title.
    private static Map<String, List<Report>> sharedGaps(List<Report> reports) {
        Map<String, List<Report>> gaps = new LinkedHashMap<>();
        reports.forEach(report -> onlyGap(report)
                .ifPresent(title ->
                        gaps.computeIfAbsent(title, _ -> new ArrayList<>()).add(report)));
        gaps.values().removeIf(together -> together.size() == 1);
        return gaps;
    }

    private static Optional<String> onlyGap(Report report) {
        List<Finding> shown = report.findings().stream()
                .filter(finding -> isShown(finding, false))
                .toList();
        return shown.size() == 1 && isUpdateGap(shown.getFirst())
                ? Optional.of(shown.getFirst().title())
                : Optional.empty();
    }

    private static boolean isOpen(Report report, boolean quiet) {
        return report.findings().stream().anyMatch(finding -> isShown(finding, quiet));
    }

    private static boolean isShown(Finding finding, boolean quiet) {
        return !finding.ignored()
                && finding.severity().weight() > Severity.INFO.weight()
                && !(quiet && isUpdateGap(finding));
    }

    private static boolean isUpdateGap(Finding finding) {
        return finding.id().equals(CheckId.UPDATE) && finding.severity() == Severity.UNKNOWN;
    }

    private static String names(List<String> names) {
        return names.size() <= NAMES
                ? String.join(", ", names)
                : "%s and %d more".formatted(String.join(", ", names.subList(0, NAMES)), names.size() - NAMES);
    }

    private static String withoutFullStop(String text) {
        return text.replaceFirst("\\.$", "");
    }
}
