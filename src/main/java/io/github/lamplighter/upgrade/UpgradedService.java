package io.github.lamplighter.upgrade;

import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.tool.Manifest;
import java.util.Optional;

/// What a transaction needs of a tool's service beyond [io.github.lamplighter.service.ServiceManager].
public interface UpgradedService {

    /// The service that the manifest describes; empty if the tool has no service of ours.
    Optional<ServiceDefinition> definition(Manifest manifest);

    /// What stopping the service would interrupt.
    StopImpactAssessor.StopImpact stopImpact(Manifest manifest);

    /// Waits until the started service responds with the right identity, for as long as the manifest allows.
    Readiness ready(Manifest manifest);

    sealed interface Readiness {
        /// @param detail a phrase: `HTTP 200 on 8088`
        record Ready(String detail) implements Readiness {}

        /// @param why a sentence, with the service's last log lines where there are some
        record NotReady(String why) implements Readiness {}
    }
}
