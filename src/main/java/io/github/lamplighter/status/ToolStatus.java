package io.github.lamplighter.status;

import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.tool.ManifestEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The status of one tool, the same for the tray, the window and the command line. A front end maps the state
/// to a glyph and a colour, and adds nothing.
///
/// @param severity of the worst finding that isn't ignored; `UNKNOWN` without a report that is young enough
/// @param headline one line without the tool's name: the title of the worst finding, else `OK`
/// @param update what an upgrade would install, unless the user ignores it
/// @param stoppedByUser whether it was stopped by the user when it was last checked
public record ToolStatus(
        State state,
        Severity severity,
        String headline,
        Optional<Update> update,
        Freshness freshness,
        boolean stoppedByUser) {

    /// The checks that ask how the present run of a service goes.
    private static final Set<String> OF_A_RUN = Set.of(
            CheckId.PROCESS,
            CheckId.UNSTABLE,
            CheckId.ANSWERING,
            CheckId.IDENTITY,
            CheckId.PORT,
            // Where a service is running, services are available.
            CheckId.PLATFORM);

    private static final String OK = "OK";
    private static final String STOPPED = "Stopped by you";

    /// The headline of a service of which only the run before was checked.
    public static final String STARTED = "Started since the last check";

    /// In ascending order of weight: the icon shows the heaviest state of all tools.
    public enum State {
        OK,
        /// Not running, as the user wants it.
        STOPPED,
        UPDATE,
        UNKNOWN,
        /// A warning, or a check that crashed.
        ATTENTION,
        /// An upgrade is in progress. It doesn't hide the failure of another tool.
        WORKING,
        FAILURE;

        /// The word in `glance.json` and in the names of the artwork.
        public String word() {
            return switch (this) {
                case OK, STOPPED -> "well";
                case UPDATE, UNKNOWN, ATTENTION, WORKING, FAILURE -> name().toLowerCase(Locale.ROOT);
            };
        }

        /// The state that a word of `glance.json` stands for.
        public static Optional<State> of(String word) {
            return Stream.of(values())
                    .filter(state -> state.word().equals(word))
                    .findFirst();
        }

        /// Whether the user has to act.
        public boolean needsAttention() {
            return this == ATTENTION || this == FAILURE;
        }
    }

    public enum Freshness {
        NEVER_CHECKED,
        FRESH,
        /// The report is too old to be trusted.
        STALE
    }

    /// @param checkedAt when its source was last reached, if that was before the last run
    public record Update(String version, Optional<Instant> checkedAt) {}

    /// A service of which the manager's state is known now.
    ///
    /// @param isIgnored whether the user ignores such a problem
    public record LiveService(ServiceState state, Expected expected, Predicate<ServiceProblem> isIgnored) {

        boolean hasStarted() {
            return switch (state.phase()) {
                case RUNNING, STARTING, RESTARTING, FAILED -> true;
                case STOPPED, NOT_INSTALLED, UNKNOWN -> false;
            };
        }

        boolean isRunningSince(Instant then) {
            return state.phase() == Phase.RUNNING
                    && state.since().filter(since -> since.isAfter(then)).isPresent();
        }
    }

    /// The status from the last report and, where it is known, from the service manager: the worse of both
    /// counts.
    ///
    /// @param report the last one; empty if the tool was never checked
    /// @param service empty for a command, and where the service manager was not queried
    /// @param upgrading whether a transaction is open
    /// @param trust the age up to which a report is trusted
    public static ToolStatus of(
            Optional<Report> report, Optional<LiveService> service, boolean upgrading, Instant now, Duration trust) {
        ToolStatus saved = report.map(last -> saved(last, service, upgrading, now, trust))
                .orElseGet(() -> unknown("Not checked yet", Optional.empty(), Freshness.NEVER_CHECKED, false));
        return service.filter(live -> live.expected() == Expected.RUNNING)
                .flatMap(live -> ServiceProblem.of(live.state(), saved.stoppedByUser())
                        .map(problem -> live.isIgnored().test(problem)
                                ? saved.ignoring(problem)
                                : saved.or(
                                        problem,
                                        report.filter(last -> LiveFacts.isOlder(last, live.state()))
                                                .isPresent())))
                .orElse(saved);
    }

    /// The status from the last report alone.
    public static ToolStatus of(Optional<Report> report, Instant now, Duration trust) {
        return of(report, Optional.empty(), false, now, trust);
    }

    /// The status of a tool whose manifest cannot be read.
    public static ToolStatus of(ManifestEntry.Broken broken) {
        return unreadableManifest(broken.line());
    }

    /// @param line where the error is; 0 if it is not known
    public static ToolStatus unreadableManifest(int line) {
        return new ToolStatus(
                State.ATTENTION,
                Severity.WARNING,
                line > 0 ? "Manifest cannot be read (line %d)".formatted(line) : "Manifest cannot be read",
                Optional.empty(),
                Freshness.NEVER_CHECKED,
                false);
    }

    private static ToolStatus saved(
            Report report, Optional<LiveService> service, boolean upgrading, Instant now, Duration trust) {
        Optional<Update> update = update(report);
        if (isOld(report, now, trust)) {
            String found = switch (worst(report, update)) {
                case FAILURE, CRASHED, WARNING -> "problems found";
                case UNKNOWN -> "not everything could be checked";
                case INFO, OK -> "no problems";
            };
            String age = HumanTime.age(Duration.between(report.reportedAt(), now));
            return unknown(
                    "Last checked %s ago: %s".formatted(age, found), update, Freshness.STALE, report.isStoppedByYou());
        }
        Severity severity = worst(report, update);
        if (problemOfRun(report)
                .flatMap(looked -> service.filter(live -> live.isRunningSince(looked)))
                .filter(live -> live.state().restarts() == 0)
                .isPresent()) {
            // That run is over, and the present one was not checked.
            return unknown(STARTED, update, Freshness.FRESH, report.isStoppedByYou());
        }
        if (report.isBeingUpgraded() && !upgrading && severity.weight() <= Severity.INFO.weight()) {
            // Its service was not checked, and is another one now.
            return unknown("Not checked since its upgrade", update, Freshness.FRESH, report.isStoppedByYou());
        }
        State state = switch (severity) {
            case FAILURE -> State.FAILURE;
            // A broken check is a fault of Lamplighter's, not of the tool's.
            case CRASHED, WARNING -> State.ATTENTION;
            case UNKNOWN -> State.UNKNOWN;
            case INFO, OK ->
                upgrading
                        ? State.WORKING
                        : update.isPresent() ? State.UPDATE : report.isStoppedByYou() ? State.STOPPED : State.OK;
        };
        Optional<Finding> ignoredStop = report.finding(CheckId.PROCESS)
                .filter(finding -> finding.ignored() && finding.severity().weight() > Severity.INFO.weight());
        if (state == State.OK && ignoredStop.isPresent()) {
            return new ToolStatus(
                    State.STOPPED,
                    severity,
                    ignoredStop.get().title() + " (ignored)",
                    update,
                    Freshness.FRESH,
                    report.isStoppedByYou());
        }
        boolean startedSince = report.isStoppedByYou()
                && service.filter(LiveService::hasStarted).isPresent();
        return new ToolStatus(
                state,
                severity,
                startedSince ? STARTED : headline(report, severity, update, upgrading, now),
                update,
                Freshness.FRESH,
                report.isStoppedByYou());
    }

    /// When the doctor looked at a service of which all problems are about how it ran; empty for any other. The report
    /// itself may be older: a command repeats only the checks of the service.
    static Optional<Instant> problemOfRun(Report report) {
        Severity worst = worst(report, update(report));
        boolean isOfARun = (worst == Severity.FAILURE || worst == Severity.WARNING)
                && report.findings().stream()
                        .filter(finding -> !finding.ignored() && finding.severity() == worst)
                        .allMatch(finding -> OF_A_RUN.contains(finding.id()));
        return isOfARun ? Optional.of(report.facts().running().checkedAt()) : Optional.empty();
    }

    private static ToolStatus unknown(
            String headline, Optional<Update> update, Freshness freshness, boolean stoppedByUser) {
        return new ToolStatus(State.UNKNOWN, Severity.UNKNOWN, headline, update, freshness, stoppedByUser);
    }

    private static String headline(
            Report report, Severity severity, Optional<Update> update, boolean upgrading, Instant now) {
        if (severity.weight() >= Severity.UNKNOWN.weight()) {
            return report.findings().stream()
                    .filter(finding -> !finding.ignored() && finding.severity() == severity)
                    .map(Finding::title)
                    .findFirst()
                    .orElse("Could not be checked");
        }
        if (upgrading || report.isBeingUpgraded()) {
            return "Being upgraded";
        }
        Optional<String> available =
                update.map(found -> found.version() + " is available" + checkedBefore(report, now));
        Optional<String> news = available.or(() -> rolledBack(report));
        return report.isStoppedByYou() ? STOPPED + news.map(text -> "; " + text).orElse("") : news.orElse(OK);
    }

    /// The worse of both; of two equals the newer one, in doubt the report, which says more.
    private ToolStatus or(ServiceProblem problem, boolean isNewer) {
        int more = problem.severity().weight() - severity.weight();
        if (isNewer ? more < 0 : more <= 0) {
            return this;
        }
        State now = switch (problem.severity()) {
            case FAILURE -> State.FAILURE;
            case WARNING, CRASHED -> State.ATTENTION;
            case UNKNOWN, INFO, OK -> State.UNKNOWN;
        };
        return new ToolStatus(now, problem.severity(), problem.headline(), update, freshness, stoppedByUser);
    }

    /// The problem is mentioned if there is nothing else to say; it doesn't count.
    private ToolStatus ignoring(ServiceProblem problem) {
        return severity.weight() > Severity.INFO.weight()
                ? this
                : new ToolStatus(
                        state == State.OK ? State.STOPPED : state,
                        severity,
                        problem.headline() + " (ignored)",
                        update,
                        freshness,
                        stoppedByUser);
    }

    /// The same without the update: whether the tool itself is OK.
    public ToolStatus withoutUpdate() {
        boolean updates = state == State.UPDATE;
        return new ToolStatus(
                updates ? stoppedByUser ? State.STOPPED : State.OK : state,
                severity,
                updates ? stoppedByUser ? STOPPED : OK : headline,
                Optional.empty(),
                freshness,
                stoppedByUser);
    }

    /// That the offered version was tried before, unless the user ignores it. The time is in the finding.
    private static Optional<String> rolledBack(Report report) {
        boolean ignored =
                report.finding(CheckId.UPDATE).filter(Finding::ignored).isPresent();
        return report.rolledBack().filter(_ -> !ignored).map(tried -> tried.version() + " was rolled back");
    }

    /// What an upgrade would install, unless the user ignores the update, or it was tried before and rolled back.
    public static Optional<Update> update(Report report) {
        boolean ignored =
                report.finding(CheckId.UPDATE).filter(Finding::ignored).isPresent();
        return report.verdict()
                .filter(verdict -> !ignored && report.rolledBack().isEmpty() && verdict instanceof Verdict.Outdated)
                .map(verdict ->
                        new Update(((Verdict.Outdated) verdict).upgradeTarget().label(), report.askedBefore()));
    }

    /// The version that an upgrade would install, unless the user ignores the update.
    public static Optional<String> updateTo(Report report) {
        return update(report).map(Update::version);
    }

    /// The worst severity that counts; `UNKNOWN` if there is no update and no check has passed.
    private static Severity worst(Report report, Optional<Update> update) {
        Severity worst = report.findings().stream()
                .filter(finding -> !finding.ignored())
                .map(Finding::severity)
                .max(Comparator.comparingInt(Severity::weight))
                .orElse(Severity.OK);
        boolean passed =
                report.findings().stream().anyMatch(finding -> finding.severity() == Severity.OK || finding.ignored());
        boolean nothingKnown = worst.weight() <= Severity.INFO.weight() && !passed && update.isEmpty();
        return nothingKnown ? Severity.UNKNOWN : worst;
    }

    /// `, as of 3 h ago`, if the last run could not reach the update's source.
    private static String checkedBefore(Report report, Instant now) {
        return report.askedBefore()
                .map(at -> ", as of %s ago".formatted(HumanTime.age(Duration.between(at, now))))
                .orElse("");
    }

    /// Whether a report is too old to be trusted.
    public static boolean isOld(Report report, Instant now, Duration trust) {
        return report.reportedAt().plus(trust).isBefore(now);
    }

    /// The same report; if it is too old to be trusted, its facts are unknown, and keep their evidence with
    /// its age.
    public static Report withTrustedFacts(Report report, Instant now, Duration trust) {
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
                report.tookMillis(),
                report.timedOut(),
                report.rolledBack());
    }

    /// The same fact, but not known.
    public static Facts.Fact unknown(Facts.Fact fact) {
        return new Facts.Fact(Optional.empty(), fact.evidence(), fact.checkedAt());
    }
}
