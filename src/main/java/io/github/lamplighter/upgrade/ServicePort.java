package io.github.lamplighter.upgrade;

import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.tool.Manifest;
import java.util.Optional;

/// What a transaction asks about a tool's service beyond the manager's verbs.
public interface ServicePort {

    /// What its service file should say now; empty when the tool has no service of ours.
    Optional<ServiceDefinition> definition(Manifest manifest);

    /// What a stop of its service would end besides it.
    StopImpactAssessor.StopImpact harm(Manifest manifest);

    /// Waits until the started service is ready and is this copy, for as long as the manifest allows.
    Readiness ready(Manifest manifest);

    sealed interface Readiness {
        /// @param detail a phrase: `HTTP 200 on 8088`
        record Ready(String detail) implements Readiness {}

        /// @param why a sentence, with the service's last words where there are some
        record NotReady(String why) implements Readiness {}
    }
}
