package io.github.lamplighter.window;

import io.github.lamplighter.doctor.ServiceVerdict;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.service.ServiceStatus;
import java.time.Instant;
import java.util.Optional;

/// A tool's background service, prepared for the window.
record ServiceDetails(ServiceStatus status) {

    private ServiceState state() {
        return status.state();
    }

    Phase phase() {
        return state().phase();
    }

    boolean isRunning() {
        return switch (phase()) {
            case RUNNING, STARTING, RESTARTING -> true;
            case STOPPED, FAILED, NOT_INSTALLED, UNKNOWN -> false;
        };
    }

    boolean isInstalled() {
        return state().isInstalled();
    }

    /// Whether it starts at login; empty if that is not known.
    Optional<Boolean> startsAtLogin() {
        return state().enabled();
    }

    /// Whether it keeps running after the user logs out; empty if that is not known.
    Optional<Boolean> keepsRunning() {
        return status.lingers();
    }

    boolean isMasked() {
        return state().masked();
    }

    Optional<Instant> since() {
        return state().since();
    }

    /// Why the state is not known, as a sentence.
    Optional<String> unavailable() {
        return phase() == Phase.UNKNOWN ? Optional.of(state().words()) : Optional.empty();
    }

    Optional<String> file() {
        return state().file().map(Object::toString);
    }

    /// The service manager's own words, and what they don't say.
    Optional<String> words() {
        return isInstalled() ? Optional.of(state().words()) : Optional.empty();
    }

    Optional<String> hint() {
        return state().sentence();
    }

    String sentence(HumanFormat humanFormat, Instant now) {
        String when =
                since().map(instant -> " " + humanFormat.since(instant, now)).orElse("");
        String process = state().pid().map(number -> " · PID " + number).orElse("");
        return switch (phase()) {
            case RUNNING -> "Running" + when + process;
            case STARTING -> "Starting" + when + process;
            case STOPPED ->
                status.stoppedByUser().isPresent()
                        ? "Stopped by you" + when
                        : ServiceVerdict.of(state()).severity() == Severity.FAILURE ? verdict(when) : "Stopped" + when;
            case RESTARTING, FAILED -> verdict(when);
            case NOT_INSTALLED -> "No service set up";
            case UNKNOWN -> "Status unknown";
        };
    }

    private String verdict(String when) {
        return ServiceVerdict.of(state()).title()
                + when
                + state().lastExit().map(exit -> " · " + exit.words()).orElse("");
    }

    String ownerSentence() {
        if (state().file().isEmpty()) {
            return "";
        }
        return switch (state().owner()) {
            case OURS ->
                status.changedByHand()
                        ? "Created by Lamplighter, changed by hand"
                        : status.drift().orElse(false)
                                ? "Created by Lamplighter, differs from what it would write now"
                                : "Created by Lamplighter";
            case ADOPTED -> "Managed by Lamplighter under its earlier name";
            case FOREIGN -> "Not created by Lamplighter";
        };
    }
}
