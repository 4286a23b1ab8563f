package io.github.lamplighter.tray;

import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.status.Glance;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All that the tray knows at one time.
///
/// @param glance the doctor's last word, if there is one
/// @param services as their manager sees them now, by unit
/// @param silent what did not answer when it was asked, by tool
/// @param working the tools with an open transaction
/// @param checking whether a doctor runs now
record TrayState(
        Optional<Glance> glance,
        Map<String, Watched> services,
        Map<String, UnansweredState> silent,
        Set<String> working,
        boolean checking,
        boolean startsAtLogin,
        Instant now) {

    TrayState {
        services = Map.copyOf(services);
        silent = Map.copyOf(silent);
        working = Set.copyOf(working);
    }

    /// @param restlessSince since when it has not been running for long enough to be called so
    record Watched(ServiceState state, Optional<Instant> restlessSince) {

        /// What follows `before` when the manager says `state`.
        static Watched next(Optional<Watched> before, ServiceState state, Instant now) {
            boolean calm = switch (state.phase()) {
                case RUNNING ->
                    before.flatMap(Watched::restlessSince).isEmpty()
                            || state.since()
                                    .filter(since ->
                                            since.plus(TrayModel.SETTLED).isAfter(now))
                                    .isEmpty();
                case STOPPED, NOT_INSTALLED, UNKNOWN -> true;
                case STARTING, RESTARTING, FAILED -> false;
            };
            return new Watched(
                    state,
                    calm
                            ? Optional.empty()
                            : before.flatMap(Watched::restlessSince).or(() -> Optional.of(now)));
        }
    }

    /// @param since when it was first found silent
    /// @param times how often in a row
    record UnansweredState(Instant since, int times, String detail) {}
}
