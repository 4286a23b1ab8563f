package io.github.lamplighter.tray;

import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.status.Glance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that the tray knows at one time.
///
/// @param glance the state that the doctor saved last
/// @param services what their manager reports now, by unit
/// @param failedProbes the tools whose endpoint did not respond, by name
/// @param upgrading the tools with an open transaction
/// @param checking whether a doctor is running
/// @param pinned the tools that the user wants at the top of the menu
/// @param leftOut why the last check was not complete, as a sentence
record TrayState(
        Optional<Glance> glance,
        Map<String, WatchedService> services,
        Map<String, FailedProbes> failedProbes,
        Set<String> upgrading,
        boolean checking,
        boolean startsAtLogin,
        Optional<String> leftOut,
        List<String> pinned,
        Instant now) {

    /// Nothing was left out.
    TrayState(
            Optional<Glance> glance,
            Map<String, WatchedService> services,
            Map<String, FailedProbes> failedProbes,
            Set<String> upgrading,
            boolean checking,
            boolean startsAtLogin,
            Instant now) {
        this(glance, services, failedProbes, upgrading, checking, startsAtLogin, Optional.empty(), List.of(), now);
    }

    TrayState {
        services = Map.copyOf(services);
        failedProbes = Map.copyOf(failedProbes);
        upgrading = Set.copyOf(upgrading);
        pinned = List.copyOf(pinned);
    }

    /// @param unstableSince when it began to start and stop; empty once it has been running for long enough
    /// @param failure how it ended, until it is running again
    record WatchedService(ServiceState state, Optional<Instant> unstableSince, Optional<LastExit> failure) {

        /// Returns what follows `before` when the service manager reports `state`.
        static WatchedService next(Optional<WatchedService> before, ServiceState state, Instant now) {
            boolean stable = switch (state.phase()) {
                case RUNNING ->
                    before.flatMap(WatchedService::unstableSince).isEmpty()
                            || state.since()
                                    .filter(since ->
                                            since.plus(TrayModel.SETTLED).isAfter(now))
                                    .isEmpty();
                case STOPPED, NOT_INSTALLED, UNKNOWN -> true;
                case STARTING, RESTARTING, FAILED -> false;
            };
            return new WatchedService(
                    state,
                    stable
                            ? Optional.empty()
                            : before.flatMap(WatchedService::unstableSince).or(() -> Optional.of(now)),
                    switch (state.phase()) {
                        case RESTARTING, FAILED -> state.lastExit();
                        case STARTING -> before.flatMap(WatchedService::failure);
                        case RUNNING, STOPPED, NOT_INSTALLED, UNKNOWN -> Optional.empty();
                    });
        }

        /// Whether the service manager itself started it again, without the user.
        boolean isRestartedAfter(WatchedService before) {
            return state.phase() == ServiceState.Phase.RUNNING
                    && state.restarts() > 0
                    && (before.failure().isPresent()
                            // A state that could not be read counts no restarts.
                            || (before.state().phase() != ServiceState.Phase.UNKNOWN
                                    && state.restarts() > before.state().restarts()));
        }
    }

    /// @param since the time of the first failed probe
    /// @param count of failed probes in a row
    record FailedProbes(Instant since, int count, String detail) {}
}
