package io.github.lamplighter.status;

import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.service.ServiceState;
import java.util.Optional;

/// A problem of a service that should be running, as the service manager reports it now. It has the words of
/// the doctor's check `process`: by these the user ignores it.
public record ServiceProblem(Severity severity, String headline) {

    /// @param stoppedByUser whether the last report knows that the user stopped the service
    public static Optional<ServiceProblem> of(ServiceState service, boolean stoppedByUser) {
        return switch (service.phase()) {
            case RUNNING, STARTING -> Optional.empty();
            case FAILED -> problem(Severity.FAILURE, "Stopped unexpectedly");
            case RESTARTING -> problem(Severity.FAILURE, "Keeps crashing right after it starts");
            case STOPPED ->
                stoppedByUser
                        ? Optional.empty()
                        : problem(
                                Severity.WARNING,
                                service.masked() ? "The service is masked, so nothing can start it" : "Not running");
            case NOT_INSTALLED -> problem(Severity.WARNING, "No background service set up");
            case UNKNOWN -> problem(Severity.UNKNOWN, "Could not check whether it is running");
        };
    }

    private static Optional<ServiceProblem> problem(Severity severity, String headline) {
        return Optional.of(new ServiceProblem(severity, headline));
    }
}
