package io.github.lamplighter.doctor;

import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceState;
import java.time.Duration;
import java.util.Optional;

/// The state of a service that should be running, in one sentence: the same for the doctor's check `process`,
/// `status`, the tray icon and the window.
///
/// @param key of its title and effect in the messages
public record ServiceVerdict(Severity severity, String key) {

    /// How long a service must have been running before earlier restarts no longer count (docs/checks.md, unstable).
    public static final Duration STABLE_AFTER = Duration.ofMinutes(30);

    public static ServiceVerdict of(ServiceState state) {
        return switch (state.phase()) {
            case RUNNING -> new ServiceVerdict(Severity.OK, "process.running");
            case STARTING -> new ServiceVerdict(Severity.INFO, "process.starting");
            case STOPPED -> stopped(state);
            case FAILED -> new ServiceVerdict(Severity.FAILURE, failed(state));
            case RESTARTING -> restarting(state);
            case NOT_INSTALLED -> new ServiceVerdict(Severity.WARNING, "process.no-service");
            case UNKNOWN -> new ServiceVerdict(Severity.UNKNOWN, "process.unknown");
        };
    }

    /// A service of which only the phase counts: the doctor alone knows whether the user stopped it.
    public static ServiceVerdict stopped() {
        return new ServiceVerdict(Severity.WARNING, "process.stopped");
    }

    public String title() {
        return Messages.text(key + ".title");
    }

    private static String failed(ServiceState state) {
        return state.isNeverStarted() ? "process.not-started" : "process.ended";
    }

    /// Only exit code 0 is a clean end; a failure that was reset is still one. A service that another unit starts when
    /// it is needed is right to be stopped until then.
    private static ServiceVerdict stopped(ServiceState state) {
        if (state.masked()) {
            return new ServiceVerdict(Severity.WARNING, "process.masked");
        }
        Optional<LastExit> exit = state.lastExit();
        if (!state.startedBy().isEmpty()
                && exit.filter(last -> !last.isClean() && !last.isRequested()).isEmpty()) {
            return new ServiceVerdict(
                    Severity.OK, state.startsOnConnection() ? "process.on-connection" : "process.by-unit");
        }
        if (exit.isEmpty()) {
            return new ServiceVerdict(Severity.WARNING, "process.idle");
        }
        return exit.get().isClean()
                ? new ServiceVerdict(Severity.WARNING, "process.stopped")
                : exit.get().isRequested()
                        ? new ServiceVerdict(Severity.WARNING, "process.asked")
                        : new ServiceVerdict(Severity.FAILURE, failed(state));
    }

    /// A service that had been running for a while has crashed once; one that ends at once keeps crashing. That it
    /// ended right after its start is a failure also the first time: an upgrade must not pass.
    private static ServiceVerdict restarting(ServiceState state) {
        if (state.isNeverStarted()) {
            return new ServiceVerdict(Severity.FAILURE, "process.not-started");
        }
        boolean soon = state.lastExit().filter(exit -> !exit.isSoon()).isEmpty();
        return new ServiceVerdict(
                soon ? Severity.FAILURE : Severity.WARNING,
                soon && state.restarts() > 0 ? "process.restarting" : "process.crashed");
    }
}
