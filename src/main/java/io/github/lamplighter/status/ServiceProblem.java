package io.github.lamplighter.status;

import io.github.lamplighter.doctor.ServiceVerdict;
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
            case STOPPED -> stoppedByUser ? Optional.empty() : problem(service);
            case FAILED, RESTARTING, NOT_INSTALLED, UNKNOWN -> problem(service);
        };
    }

    private static Optional<ServiceProblem> problem(ServiceState service) {
        ServiceVerdict verdict = ServiceVerdict.of(service);
        return Optional.of(new ServiceProblem(verdict.severity(), verdict.title()))
                .filter(problem -> problem.severity() != Severity.OK);
    }
}
