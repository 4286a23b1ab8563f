package io.github.lamplighter.status;

import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.status.Glance.State;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.tool.ManifestEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// From the reports to a glance: a pure function, the same for the tray, `status` and the window.
public final class ToolStatus {

    private ToolStatus() {}

    /// One tool that is looked after.
    ///
    /// @param unit the service to watch
    /// @param report the last one; empty when it was never checked
    public record Watched(Manifest manifest, String unit, Optional<Report> report) {}

    /// @param unreadable tools whose manifest cannot be read: nothing is known of them, and somebody has to know that
    /// @param interval between full runs; what is older than twice of it is not believed
    public static Glance of(
            List<Watched> tools, List<ManifestEntry.Broken> unreadable, Instant now, Duration interval) {
        Duration trust = interval.multipliedBy(2);
        Instant oldest = tools.stream()
                .flatMap(tool -> tool.report().stream())
                .map(Report::reportedAt)
                .filter(at -> at.plus(trust).isAfter(now))
                .min(Comparator.naturalOrder())
                .orElse(now);
        return new Glance(
                now,
                oldest.plus(trust),
                Stream.concat(
                                tools.stream().map(tool -> glance(tool, now, trust)),
                                unreadable.stream().map(ToolStatus::glance))
                        .toList());
    }

    private static ToolGlance glance(ManifestEntry.Broken broken) {
        return new ToolGlance(
                broken.name(),
                State.ATTENTION,
                headline(broken),
                "",
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Set.of());
    }

    /// What is said of a tool whose description cannot be read.
    public static String headline(ManifestEntry.Broken broken) {
        return broken.line() > 0
                ? "Its description cannot be read (line %d)".formatted(broken.line())
                : "Its description cannot be read";
    }

    private static ToolGlance glance(Watched tool, Instant now, Duration trust) {
        Manifest manifest = tool.manifest();
        boolean service = manifest.expected() != Expected.COMMAND;
        boolean expected = manifest.expected() == Expected.RUNNING;
        return new ToolGlance(
                manifest.name().value(),
                state(tool.report(), now, trust),
                headline(tool.report(), now, trust),
                tool.report()
                        .flatMap(Report::provenance)
                        .map(Provenance::version)
                        .orElse(""),
                tool.report().flatMap(ToolStatus::updateTo),
                tool.report().flatMap(Report::askedBefore),
                expected,
                service ? Optional.of(tool.unit()) : Optional.empty(),
                expected ? manifest.endpoint().map(Manifest.Endpoint::url) : Optional.empty(),
                tool.report().map(ToolStatus::aside).orElse(Set.of()));
    }

    private static Set<String> aside(Report report) {
        return report.findings().stream()
                .filter(Finding::ignored)
                .map(Finding::id)
                .collect(Collectors.toSet());
    }

    /// What an upgrade would install, unless the user set the update aside.
    public static Optional<String> updateTo(Report report) {
        boolean ignored =
                report.findings().stream().anyMatch(finding -> finding.id().equals("update") && finding.ignored());
        return report.verdict()
                .filter(verdict -> !ignored && verdict instanceof Verdict.Outdated)
                .map(verdict -> ((Verdict.Outdated) verdict).upgradeTarget().label());
    }

    /// The icon's state for one tool. A report that is too old says nothing.
    public static State state(Optional<Report> report, Instant now, Duration trust) {
        if (report.isEmpty() || isOld(report.get(), now, trust)) {
            return State.UNKNOWN;
        }
        return switch (counted(report.get())) {
            case FAILURE -> State.FAILURE;
            // A fault of ours is not the tool's: it is seen, and the lamp stays lit.
            case CRASHED, WARNING -> State.ATTENTION;
            case UNKNOWN -> State.UNKNOWN;
            case INFO, OK -> updateTo(report.get()).isPresent() ? State.UPDATE : State.WELL;
        };
    }

    /// The worst severity of what was asked and counts.
    public static Severity counted(Report report) {
        return report.findings().stream()
                .filter(finding -> !finding.ignored())
                .map(Finding::severity)
                .max(Comparator.comparingInt(Severity::weight))
                .orElse(report.findings().isEmpty() ? Severity.UNKNOWN : Severity.OK);
    }

    /// The title of the worst finding, `well`, or how long ago anything was known.
    public static String headline(Optional<Report> report, Instant now, Duration trust) {
        if (report.isEmpty()) {
            return "Not checked yet";
        }
        if (isOld(report.get(), now, trust)) {
            return "Last checked " + ago(Duration.between(report.get().reportedAt(), now)) + " ago";
        }
        Severity worst = counted(report.get());
        if (worst.weight() >= Severity.UNKNOWN.weight()) {
            return report.get().findings().stream()
                    .filter(finding -> !finding.ignored() && finding.severity() == worst)
                    .map(Finding::title)
                    .findFirst()
                    .orElse("Could not be checked");
        }
        if (report.get().isBeingUpgraded()) {
            return "Being upgraded";
        }
        return report.get().isStoppedByYou()
                ? "Stopped by you"
                : updateTo(report.get())
                        .map(version -> version + " is ready" + askedBefore(report.get(), now))
                        .orElse("well");
    }

    /// `, asked 3 h ago`, where what its source said was not said in the last run.
    public static String askedBefore(Report report, Instant now) {
        return report.askedBefore()
                .map(at -> ", asked %s ago".formatted(ago(Duration.between(at, now))))
                .orElse("");
    }

    /// Whether a report is too old to be believed.
    public static boolean isOld(Report report, Instant now, Duration trust) {
        return report.reportedAt().plus(trust).isBefore(now);
    }

    /// The same report, but that its facts are not known where it is too old to be believed; their evidence stays, with
    /// its age.
    public static Report believed(Report report, Instant now, Duration trust) {
        if (!isOld(report, now, trust)) {
            return report;
        }
        Facts facts = report.facts();
        return new Report(
                report.name(),
                report.expected(),
                report.provenance(),
                report.verdict(),
                report.unansweredQuery(),
                new Facts(
                        unknown(facts.installed()),
                        unknown(facts.enabled()),
                        unknown(facts.running()),
                        unknown(facts.answering()),
                        unknown(facts.mine())),
                report.findings(),
                report.reportedAt(),
                report.tookMillis());
    }

    private static Facts.Fact unknown(Facts.Fact fact) {
        return new Facts.Fact(Optional.empty(), fact.evidence(), fact.checkedAt());
    }

    /// A length of time as a person says it.
    public static String ago(Duration duration) {
        if (duration.toMinutes() < 1) {
            return Math.max(0, duration.toSeconds()) + " s";
        }
        if (duration.toHours() < 1) {
            return duration.toMinutes() + " min";
        }
        if (duration.toDays() < 1) {
            return duration.toHours() + " h";
        }
        return duration.toDays() == 1 ? "1 day" : duration.toDays() + " days";
    }
}
