package io.github.lamplighter.cli;

import io.github.lamplighter.cli.ToolSelection.UnreadableManifest;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.text.Evidence;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reports as a person reads them in a terminal: what needs somebody first and in full, health in one line.
/// Colour only repeats what the signs and words say.
final class ReportText {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);
    private static final int NARROWEST = 22;

    /// So many names are read; the rest is a number.
    private static final int NAMES = 6;

    private final PrintStream out;
    private final boolean colour;
    private final ZoneId zone;
    private final Instant now;

    /// Where the titles begin; names and versions decide.
    private int column = NARROWEST;

    ReportText(PrintStream out, boolean colour, ZoneId zone, Instant now) {
        this.out = out;
        this.colour = colour;
        this.zone = zone;
        this.now = now;
    }

    /// All tools, short.
    ///
    /// @param unreadable those whose description cannot be read
    void summary(List<Report> reports, List<UnreadableManifest> unreadable, boolean quiet, long tookMillis) {
        fitColumn(reports);
        fitToo(unreadable);
        List<String> well = new ArrayList<>();
        List<Report> unwell = reports.stream()
                .filter(report -> isUnwell(report, quiet))
                .sorted(Comparator.comparingInt(
                        (Report report) -> -report.worst().weight()))
                .toList();
        Map<String, List<Report>> gaps = quiet ? Map.of() : gaps(unwell);
        for (Report report : unwell) {
            Optional<List<Report>> together = gap(report).flatMap(title -> Optional.ofNullable(gaps.get(title)));
            if (together.isEmpty()) {
                needsAttention(report, quiet);
            } else if (together.get().getFirst().equals(report)) {
                needAttention(together.get());
            }
        }
        unreadable.forEach(this::unreadable);
        if (quiet) {
            return;
        }
        int ready = reports.stream()
                .flatMap(report -> ready(report).stream())
                .mapToInt(String::length)
                .max()
                .orElse(0);
        for (Report report : reports) {
            if (isUnwell(report, false)) {
                continue;
            }
            Optional<String> update = ready(report);
            if (report.isBeingUpgraded()) {
                out.printf("  %s %sBeing upgraded%n", paint(Severity.INFO, "i"), column(report));
            } else if (update.isPresent()) {
                out.printf(
                        "  %s %s%s      lamplighter upgrade %s%n",
                        paint(Severity.INFO, "↑"), column(report), padded(update.get(), ready), report.name());
            } else {
                well.add(report.name());
            }
        }
        if (!well.isEmpty()) {
            out.printf("  %s %s%n", paint(Severity.OK, "✓"), wellLine(well));
        }
        unanswered(reports);
        out.printf(
                "  %s      lamplighter doctor NAME for everything%n", counts(reports, unreadable.size(), tookMillis));
    }

    private Optional<String> ready(Report report) {
        return ToolStatus.updateTo(report)
                .map(version -> version + " is available" + ToolStatus.checkedBefore(report, now));
    }

    /// Whose sources were asked in this run and gave no answer, though what they said before still stands.
    private void unanswered(List<Report> reports) {
        List<Report> silent = reports.stream()
                .filter(report -> report.unansweredQuery()
                        .filter(unansweredQuery -> unansweredQuery.askedAt().equals(report.reportedAt()))
                        .isPresent())
                .toList();
        if (silent.isEmpty()) {
            return;
        }
        Verdict.NotCheckable first =
                silent.getFirst().unansweredQuery().orElseThrow().gap();
        out.printf(
                "  %s No answer about updates of %s; what was said before stays, with its age.%n",
                paint(Severity.UNKNOWN, "?"),
                names(silent.stream().map(Report::name).toList()));
        out.printf("    %s%n", first.sentence());
    }

    /// All tools, each in full.
    void verbose(List<Report> reports, List<UnreadableManifest> unreadable, boolean quiet, long tookMillis) {
        if (quiet) {
            summary(reports, unreadable, true, tookMillis);
            return;
        }
        for (Report report : reports) {
            tool(report, true, false);
            out.println();
        }
        fitToo(unreadable);
        unreadable.forEach(this::unreadable);
        out.println(counts(reports, unreadable.size(), tookMillis));
    }

    private void fitColumn(List<Report> reports) {
        column = reports.stream()
                .filter(report -> isUnwell(report, false)
                        || report.isBeingUpgraded()
                        || ToolStatus.updateTo(report).isPresent())
                .mapToInt(report -> "  ✗ ".length() + title(report).length() + "  ".length())
                .reduce(NARROWEST, Math::max);
    }

    private void fitToo(List<UnreadableManifest> unreadable) {
        column = unreadable.stream()
                .mapToInt(tool -> "  ? ".length() + tool.name().length() + "  ".length())
                .reduce(column, Math::max);
    }

    private void unreadable(UnreadableManifest tool) {
        out.printf(
                "  %s %s%s%n",
                paint(Severity.UNKNOWN, sign(Severity.UNKNOWN)),
                padded(tool.name(), column - "  ? ".length()),
                tool.title());
        out.printf("%sproof  %s%n", " ".repeat(column), tool.why());
        out.printf("%sdo     %s%n", " ".repeat(column), tool.remedy());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /// One tool, in full, by groups.
    void tool(Report report, boolean verbose, boolean quiet) {
        if (quiet) {
            if (isUnwell(report, true)) {
                fitColumn(List.of(report));
                needsAttention(report, true);
            }
            return;
        }
        out.println(bold(title(report)));
        out.printf(
                "Installed %s · At login %s · Running %s · Answering %s · Is this copy %s%n",
                word(report.facts().installed()),
                word(report.facts().enabled()),
                word(report.facts().running()),
                word(report.facts().answering()),
                word(report.facts().mine()));
        for (Group group : Group.values()) {
            List<Finding> findings = report.findings().stream()
                    .filter(finding -> finding.group() == group)
                    .toList();
            if (findings.isEmpty()) {
                continue;
            }
            out.println();
            out.println(bold(group.title()));
            findings.forEach(finding -> full(finding, verbose));
        }
        out.println();
        unanswered(List.of(report));
        out.printf("%s%n", counts(report));
    }

    private void full(Finding finding, boolean verbose) {
        String aside = finding.ignored() ? " (set aside)" : "";
        String age = Duration.between(finding.checkedAt(), now).compareTo(Duration.ofMinutes(2)) > 0
                ? ", checked %s ago".formatted(ToolStatus.ago(Duration.between(finding.checkedAt(), now)))
                : "";
        String since = isOpen(finding) ? since(finding) : "";
        out.printf("  %s %s%s%s%s%n", paint(finding.severity(), sign(finding)), finding.title(), since, age, aside);
        if (finding.severity() == Severity.OK && !verbose) {
            return;
        }
        finding.effect().ifPresent(effect -> out.printf("      %s%n", effect));
        for (Evidence evidence : finding.evidence()) {
            out.printf("      proof  %s: %s%n", evidence.source(), evidence.detail());
        }
        for (Remedy remedy : finding.remedies()) {
            out.printf("      do     %s%n", act(remedy));
        }
    }

    /// What is installed and not looked after: only what its files say.
    void found(List<Report> found) {
        if (found.isEmpty()) {
            return;
        }
        List<Report> unwell =
                found.stream().filter(report -> isUnwell(report, false)).toList();
        out.printf(
                "  %d found, not looked after%s      lamplighter list%n",
                found.size(), unwell.isEmpty() ? "" : "; as far as their files tell:");
        fitColumn(unwell);
        unwell.forEach(report -> needsAttention(report, false));
    }

    /// What `--offline` did not ask, and what that costs.
    void leftOut(List<String> ids) {
        if (!ids.isEmpty()) {
            out.printf(
                    "  Left out without the network: %s. Whether something newer is ready was not asked; earlier"
                            + " answers stay, with their age.%n",
                    String.join(", ", ids));
        }
    }

    /// @param quiet without what is not about the tool itself
    private void needsAttention(Report report, boolean quiet) {
        boolean first = true;
        for (Finding finding : report.findings()) {
            if (!isShown(finding, quiet)) {
                continue;
            }
            out.printf(
                    "  %s %s%s%s%n",
                    paint(finding.severity(), sign(finding)),
                    first ? column(report) : " ".repeat(column - 4),
                    finding.title(),
                    since(finding));
            first = false;
            if (!finding.evidence().isEmpty()) {
                out.printf(
                        "%sproof  %s%n",
                        " ".repeat(column),
                        String.join(
                                "; ",
                                finding.evidence().stream()
                                        .limit(2)
                                        .map(evidence -> evidence.source() + " "
                                                + evidence.detail().replaceFirst("\\.$", ""))
                                        .toList()));
            }
            finding.remedies().stream()
                    .filter(remedy -> !(remedy instanceof Remedy.Wait))
                    .findFirst()
                    .ifPresent(remedy -> out.printf("%sdo     %s%n", " ".repeat(column), act(remedy)));
        }
    }

    /// One cause is often that of many tools: those of which nothing else is to be said are named together.
    private static Map<String, List<Report>> gaps(List<Report> unwell) {
        Map<String, List<Report>> gaps = new LinkedHashMap<>();
        unwell.forEach(report -> gap(report)
                .ifPresent(title ->
                        gaps.computeIfAbsent(title, _ -> new ArrayList<>()).add(report)));
        gaps.values().removeIf(reports -> reports.size() == 1);
        return gaps;
    }

    /// The title of what is not known of its updates, where that is all.
    private static Optional<String> gap(Report report) {
        List<Finding> shown = report.findings().stream()
                .filter(finding -> isShown(finding, false))
                .toList();
        return shown.size() == 1 && isGapOfTheNet(shown.getFirst())
                ? Optional.of(shown.getFirst().title())
                : Optional.empty();
    }

    private void needAttention(List<Report> reports) {
        List<Finding> findings = reports.stream()
                .flatMap(report -> report.findings().stream())
                .filter(finding -> isShown(finding, false))
                .toList();
        out.printf(
                "  %s %s  %s%n",
                paint(Severity.UNKNOWN, sign(Severity.UNKNOWN)),
                padded(names(reports.stream().map(Report::name).toList()), column - "  ?   ".length()),
                findings.getFirst().title());
        findings.stream()
                .flatMap(finding -> finding.evidence().stream().limit(1))
                .map(evidence -> evidence.detail().replaceFirst("\\.$", ""))
                .distinct()
                .limit(2)
                .forEach(why -> out.printf("%sproof  %s%n", " ".repeat(column), why));
        List<String> helping = findings.stream()
                .flatMap(finding -> finding.remedies().stream())
                .filter(remedy -> !(remedy instanceof Remedy.Wait))
                .map(ReportText::act)
                .distinct()
                .toList();
        if (helping.size() == 1) {
            out.printf("%sdo     %s%n", " ".repeat(column), helping.getFirst());
        }
    }

    private static boolean isUnwell(Report report, boolean quiet) {
        return report.findings().stream().anyMatch(finding -> isShown(finding, quiet));
    }

    /// Who asked for silence is not told that an index could not be reached: that asks for nothing.
    private static boolean isShown(Finding finding, boolean quiet) {
        return !finding.ignored() && isOpen(finding) && (!quiet || !isGapOfTheNet(finding));
    }

    private static boolean isGapOfTheNet(Finding finding) {
        return finding.id().equals("update") && finding.severity() == Severity.UNKNOWN;
    }

    private static boolean isOpen(Finding finding) {
        return switch (finding.severity()) {
            case FAILURE, WARNING, CRASHED, UNKNOWN -> true;
            case OK, INFO -> false;
        };
    }

    private static String act(Remedy remedy) {
        return switch (remedy) {
            // What a shell takes for a comment: the line can be copied as it is.
            case Remedy.Action action ->
                Command.of(Duration.ZERO, action.argv()).line()
                        + action.interrupts().map(phrase -> "  # " + phrase).orElse("");
            case Remedy.CopyCommand command -> command.command();
            case Remedy.Open open -> open.text() + ": " + open.target();
            case Remedy.Wait wait -> wait.text();
        };
    }

    private static String wellLine(List<String> names) {
        return names(names) + (names.size() == 1 ? " is well" : " are well");
    }

    private static String names(List<String> names) {
        if (names.size() == 1) {
            return names.getFirst();
        }
        if (names.size() <= NAMES) {
            return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
        }
        return "%s and %d more".formatted(String.join(", ", names.subList(0, NAMES)), names.size() - NAMES);
    }

    private static String counts(List<Report> reports, int unreadable, long tookMillis) {
        long needs = reports.stream()
                .filter(report -> report.findings().stream().anyMatch(Finding::needsAttention))
                .count();
        long unchecked = reports.stream()
                .filter(report ->
                        isUnwell(report, false) && report.findings().stream().noneMatch(Finding::needsAttention))
                .count();
        long aside = reports.stream()
                .flatMap(report -> report.findings().stream())
                .filter(Finding::ignored)
                .count();
        long well = reports.size() - needs - unchecked;
        List<String> parts = new ArrayList<>();
        if (well > 0) {
            parts.add(well + " well");
        }
        if (needs > 0) {
            parts.add(needs + (needs == 1 ? " needs you" : " need you"));
        }
        if (unchecked + unreadable > 0) {
            parts.add(unchecked + unreadable + " could not be checked");
        }
        if (aside > 0) {
            parts.add(aside + " set aside");
        }
        parts.add(seconds(tookMillis));
        return String.join(" · ", parts);
    }

    private static String counts(Report report) {
        long needs = report.findings().stream().filter(Finding::needsAttention).count();
        long unchecked = report.findings().stream()
                .filter(finding -> !finding.ignored() && finding.severity() == Severity.UNKNOWN)
                .count();
        long aside = report.findings().stream().filter(Finding::ignored).count();
        List<String> parts = new ArrayList<>(List.of(report.findings().size() + " checks"));
        parts.add(needs == 0 ? "none needs you" : needs + (needs == 1 ? " needs you" : " need you"));
        if (unchecked > 0) {
            parts.add(unchecked + " could not be checked");
        }
        if (aside > 0) {
            parts.add(aside + " set aside");
        }
        parts.add(seconds(report.tookMillis()));
        return String.join(" · ", parts);
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    private static String title(Report report) {
        return report.name()
                + report.provenance().map(found -> " " + found.version()).orElse("");
    }

    private String column(Report report) {
        return padded(title(report), column - "  ✗ ".length());
    }

    /// Only what has lasted is worth a time.
    private String since(Finding finding) {
        Duration lasted = Duration.between(finding.since(), now);
        if (lasted.compareTo(Duration.ofMinutes(1)) < 0) {
            return "";
        }
        return ", since %s (%s)".formatted(when(finding.since()), ToolStatus.ago(lasted));
    }

    private String when(Instant at) {
        ZonedDateTime time = at.atZone(zone);
        if (time.toLocalDate().equals(now.atZone(zone).toLocalDate())) {
            return CLOCK.format(time);
        }
        return Duration.between(at, now).toDays() < 7 ? DAY.format(time) : DATE.format(time);
    }

    /// What nobody expects of it is a dash, not a question.
    private static String word(Fact fact) {
        return fact.value().map(value -> value ? "yes" : "no").orElse(fact.isAsked() ? "?" : "–");
    }

    static String sign(Finding finding) {
        return finding.id().equals("update")
                        && finding.severity() == Severity.INFO
                        && !finding.remedies().isEmpty()
                        && finding.remedies().getFirst() instanceof Remedy.Action
                ? "↑"
                : sign(finding.severity());
    }

    static String sign(Severity severity) {
        return switch (severity) {
            case OK -> "✓";
            case INFO -> "i";
            case WARNING -> "!";
            case FAILURE -> "✗";
            case UNKNOWN -> "?";
            case CRASHED -> "⚙";
        };
    }

    private String paint(Severity severity, String text) {
        if (!colour) {
            return text;
        }
        String code = switch (severity) {
            case OK -> "32";
            case INFO -> "36";
            case WARNING -> "33";
            case FAILURE, CRASHED -> "31";
            case UNKNOWN -> "2";
        };
        return "\u001B[" + code + "m" + text + "\u001B[0m";
    }

    private String bold(String text) {
        return colour ? "\u001B[1m" + text + "\u001B[0m" : text;
    }
}
