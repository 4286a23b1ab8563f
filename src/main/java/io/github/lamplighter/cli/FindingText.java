package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.HumanTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import picocli.CommandLine.Help.Ansi.Style;

/// The parts of a finding as text: its sign, times, evidence and remedies. Colour only repeats what signs and words
/// say.
record FindingText(boolean colour, ZoneId zone, Instant now) {

    /// Actions that change nothing.
    private static final Set<String> SHOWING = Set.of("logs", "service-diff");

    static final String UPDATE = "↑";

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

    String paintedSign(Severity severity) {
        return paint(severity, sign(severity));
    }

    String paintedSign(Finding finding) {
        boolean update = finding.id().equals(CheckId.UPDATE)
                && finding.severity() == Severity.INFO
                && finding.remedies().stream().findFirst().orElse(null) instanceof Remedy.Action;
        return paint(finding.severity(), update ? UPDATE : sign(finding.severity()));
    }

    String updateSign() {
        return paint(Severity.INFO, UPDATE);
    }

    private String paint(Severity severity, String text) {
        return styled(
                text,
                switch (severity) {
                    case OK -> Style.fg_green;
                    case INFO -> Style.fg_cyan;
                    case WARNING -> Style.fg_yellow;
                    case FAILURE, CRASHED -> Style.fg_red;
                    case UNKNOWN -> Style.faint;
                });
    }

    String bold(String text) {
        return styled(text, Style.bold);
    }

    private String styled(String text, Style style) {
        return colour ? style.on() + text + Style.reset.on() : text;
    }

    /// `, since 14:02 (4 min)`; empty for what began less than a minute ago.
    String since(Finding finding) {
        Duration lasted = Duration.between(finding.since(), now);
        return lasted.compareTo(Duration.ofMinutes(1)) < 0
                ? ""
                : ", since %s (%s)".formatted(HumanTime.at(finding.since(), now, zone), HumanTime.age(lasted));
    }

    /// `, checked 5 min ago`; empty for a recent check.
    String age(Finding finding) {
        Duration age = Duration.between(finding.checkedAt(), now);
        return age.compareTo(Duration.ofMinutes(2)) > 0 ? ", checked %s ago".formatted(HumanTime.age(age)) : "";
    }

    static String evidence(Evidence evidence) {
        return evidence.source() + ": " + evidence.detail();
    }

    /// A remedy with its label. What an action interrupts is a shell comment, so that the line can be copied as it is.
    static String remedy(Remedy remedy, Severity severity) {
        return switch (remedy) {
            case Remedy.Action action ->
                labelled(
                        SHOWING.contains(action.action()) ? "more" : severity == Severity.INFO ? "run" : "fix",
                        Command.of(Duration.ZERO, action.argv()).line()
                                + action.interrupts()
                                        .map(phrase -> "  # " + phrase)
                                        .orElse(""));
            case Remedy.CopyCommand command -> labelled("run", command.command());
            case Remedy.Open open -> open.text() + ": " + open.target();
            case Remedy.Wait wait -> wait.text();
        };
    }

    static String labelled(String label, String command) {
        return "%-5s %s".formatted(label + ":", command);
    }
}
