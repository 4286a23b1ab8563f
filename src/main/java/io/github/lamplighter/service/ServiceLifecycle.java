package io.github.lamplighter.service;

import java.time.Duration;
import java.util.List;

/// The port to the state of one service, and to the commands that change it. A command returns when the
/// manager has completed it: after a stop the processes are gone. None waits for readiness, see
/// [ServiceControl].
public interface ServiceLifecycle {

    ServiceState state(String unit);

    ServiceOutcome enable(String unit);

    ServiceOutcome disable(String unit);

    /// Whether the user disabled the service before it was installed; an installation leaves it disabled then.
    default boolean isDisabledByUser(String unit) {
        return false;
    }

    /// Clears a failed state, brings back the triggers that a stop stopped, and starts the service.
    ServiceOutcome start(String unit);

    /// Stops the triggers and the service, and waits until its processes are gone.
    ServiceOutcome stop(String unit, Duration limit);

    /// The active sockets, timers and paths that start the service. A stop stops them, the next start starts
    /// them.
    default List<String> triggers(String unit) {
        return List.of();
    }

    /// Whether the manager itself listens for the service (socket activation).
    default boolean isListenedFor(String unit) {
        return triggers(unit).stream().anyMatch(trigger -> trigger.endsWith(".socket"));
    }

    /// Starts the triggers that a stop stopped, without starting the service.
    default ServiceOutcome resume(String unit) {
        return new ServiceOutcome.Already("No other unit starts it.");
    }

    /// Processes next to the main process of a running service, and whether a stop ends them.
    default CoResidentProcesses coResidents(String unit) {
        return CoResidentProcesses.NONE;
    }
}
