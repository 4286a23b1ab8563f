package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.status.StateDays;
import io.github.lamplighter.text.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// Reports as one HTML page without scripts: with headings for screen readers, colours that only repeat the words, and
/// the light or dark theme of the reader's system.
final class ReportHtml {

    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM uuuu HH:mm", Locale.ENGLISH);

    private static final String STYLE = """
        :root { color-scheme: light dark; --line: #d0d7de; --soft: #57606a; --ok: #1a7f37; --warn: #9a6700; --bad: #cf222e; }
        @media (prefers-color-scheme: dark) { :root { --line: #30363d; --soft: #8d96a0; --ok: #3fb950; --warn: #d29922; --bad: #f85149; } }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
        h2 { border-top: 1px solid var(--line); padding-top: 1rem; margin-top: 2rem; }
        h3 { margin-bottom: .25rem; }
        ul { list-style: none; padding: 0; margin: 0; }
        li { margin: .5rem 0; }
        li.warning > strong { color: var(--warn); } li.failure > strong, li.crashed > strong { color: var(--bad); }
        li.ok > strong { font-weight: normal; }
        .detail, .about { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
        code { font: .9em ui-monospace, monospace; }
        """;

    private final ZoneId zone;
    private final Instant now;
    private final StringBuilder page = new StringBuilder();

    ReportHtml(ZoneId zone, Instant now) {
        this.zone = zone;
        this.now = now;
    }

    /// @param broken sentences about manifests that cannot be read
    /// @param days the last days of each tool, by name
    String page(List<String> about, List<String> broken, List<Report> reports, Map<String, StateDays> days) {
        line("<!DOCTYPE html>");
        line("<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Lamplighter report</title>");
        line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        line("<style>\n" + STYLE + "</style></head><body>");
        line("<h1>Lamplighter report</h1>");
        line("<p class=\"about\">%s · created %s</p>"
                .formatted(escaped(String.join(" · ", about)), escaped(TIME.format(now.atZone(zone)))));
        if (reports.isEmpty()) {
            line("<p>No tool was checked yet.</p>");
        }
        if (!broken.isEmpty()) {
            line("<h2>Manifests that can't be read</h2>\n<ul>");
            broken.forEach(sentence -> line("<li class=\"warning\">%s</li>".formatted(escaped(sentence))));
            line("</ul>");
        }
        reports.forEach(report -> tool(report, Optional.ofNullable(days.get(report.name()))));
        line("</body></html>");
        return page.toString();
    }

    private void tool(Report report, Optional<StateDays> days) {
        String version = report.provenance().map(found -> " " + found.version()).orElse("");
        line("<h2>%s</h2>".formatted(escaped(report.name() + version)));
        line("<p class=\"about\">Checked %s. %s.</p>"
                .formatted(escaped(TIME.format(report.reportedAt().atZone(zone))), facts(report.facts())));
        days.filter(known -> !known.isEmpty())
                .ifPresent(known -> line("<p class=\"about\">%s.</p>".formatted(escaped(known.sentence()))));
        for (Group group : Group.values()) {
            List<Finding> findings = report.findings().stream()
                    .filter(finding -> finding.group() == group)
                    .toList();
            if (!findings.isEmpty()) {
                line("<h3>%s</h3>\n<ul>".formatted(escaped(group.title())));
                findings.forEach(this::finding);
                line("</ul>");
            }
        }
    }

    private void finding(Finding finding) {
        line("<li class=\"%s\"><strong>%s: %s%s</strong>"
                .formatted(
                        finding.severity().word(),
                        severity(finding),
                        escaped(finding.title()),
                        finding.ignored() ? " (ignored)" : ""));
        finding.effect().ifPresent(effect -> line("<p class=\"detail\">%s</p>".formatted(escaped(effect))));
        if (Duration.between(finding.checkedAt(), now).toHours() >= 1) {
            line("<p class=\"detail\">Checked %s.</p>"
                    .formatted(escaped(TIME.format(finding.checkedAt().atZone(zone)))));
        }
        for (Evidence evidence : finding.evidence()) {
            line("<p class=\"detail\">Details: <code>%s</code> %s</p>"
                    .formatted(escaped(evidence.source()), escaped(evidence.detail())));
        }
        for (Remedy remedy : finding.remedies()) {
            line("<p class=\"detail\">Fix: %s</p>".formatted(remedy(remedy)));
        }
        line("</li>");
    }

    /// The severity for readers; a screen reader says it first.
    private static String severity(Finding finding) {
        return switch (finding.severity()) {
            case OK -> "OK";
            case INFO -> "Note";
            case WARNING -> "Warning";
            case FAILURE -> "Problem";
            case UNKNOWN -> "Not checked";
            case CRASHED -> "Check crashed";
        };
    }

    private static String remedy(Remedy remedy) {
        return switch (remedy) {
            case Remedy.Action action ->
                "%s: <code>%s</code>%s"
                        .formatted(
                                escaped(action.text()),
                                escaped(Command.of(Duration.ZERO, action.argv()).line()),
                                action.interrupts()
                                        .map(phrase -> " (" + escaped(phrase) + ")")
                                        .orElse(""));
            case Remedy.CopyCommand command ->
                "%s: <code>%s</code>".formatted(escaped(command.text()), escaped(command.command()));
            case Remedy.Open open -> "%s: <code>%s</code>".formatted(escaped(open.text()), escaped(open.target()));
            case Remedy.Wait wait -> escaped(wait.text());
        };
    }

    /// The facts that apply: a command has no service, and a service may have no URL.
    private static String facts(Facts facts) {
        SequencedMap<String, Fact> named = new LinkedHashMap<>();
        named.put("Installed", facts.installed());
        named.put("starts at login", facts.enabled());
        named.put("running", facts.running());
        named.put("responding", facts.answering());
        named.put("identity", facts.mine());
        return named.entrySet().stream()
                .filter(entry -> entry.getValue().isAsked())
                .map(entry -> "%s: %s"
                        .formatted(
                                entry.getKey(),
                                entry.getValue()
                                        .value()
                                        .map(value -> value ? "yes" : "no")
                                        .orElse("unknown")))
                .collect(Collectors.joining(", "));
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
