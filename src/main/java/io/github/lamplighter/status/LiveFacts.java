package io.github.lamplighter.status;

import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.text.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The five facts of a tool now, the same for the command line and the window: the service manager's answer counts for
/// those about the service, the last report for the others.
public final class LiveFacts {

    private LiveFacts() {}

    /// @param service its state now; empty for a command, and where the service manager was not queried
    /// @param isTrusted whether the report is young enough
    public static Facts of(Optional<Report> report, Optional<ServiceState> service, boolean isTrusted, Instant now) {
        Optional<Fact> enabled = service.map(live ->
                new Fact(live.phase() == Phase.NOT_INSTALLED ? Optional.of(false) : live.enabled(), said(live), now));
        Optional<Fact> running = service.map(live -> new Fact(
                live.phase() == Phase.UNKNOWN ? Optional.empty() : Optional.of(live.isRunning()), said(live), now));
        return new Facts(
                reported(report, Facts::installed, isTrusted, now),
                enabled.orElseGet(() -> reported(report, Facts::enabled, isTrusted, now)),
                running.orElseGet(() -> reported(report, Facts::running, isTrusted, now)),
                ofARun(reported(report, Facts::answering, isTrusted, now), service),
                ofARun(reported(report, Facts::mine, isTrusted, now), service));
    }

    /// Whether a service was started or ended after the doctor looked at it.
    public static boolean isOlder(Report report, ServiceState service) {
        return service.since()
                .filter(report.facts().running().checkedAt()::isBefore)
                .isPresent();
    }

    private static Fact reported(
            Optional<Report> report, Function<Facts, Fact> wanted, boolean isTrusted, Instant now) {
        return report.map(Report::facts)
                .map(wanted)
                .map(fact -> isTrusted ? fact : ToolStatus.unknown(fact))
                .orElseGet(() -> new Fact(Optional.empty(), List.of(new Evidence("last report", "none")), now));
    }

    /// What responds is known of one run only. A tool that isn't running doesn't respond; another process at its
    /// address was not identified.
    private static Fact ofARun(Fact fact, Optional<ServiceState> service) {
        return service.filter(live -> !isSameRun(live, fact.checkedAt())).isPresent() ? ToolStatus.unknown(fact) : fact;
    }

    private static boolean isSameRun(ServiceState live, Instant checkedAt) {
        return switch (live.phase()) {
            case RUNNING, STARTING ->
                live.since().filter(since -> since.isAfter(checkedAt)).isEmpty();
            case STOPPED, FAILED, RESTARTING, NOT_INSTALLED, UNKNOWN -> false;
        };
    }

    private static List<Evidence> said(ServiceState state) {
        return List.of(new Evidence(state.unit(), state.words()));
    }
}
