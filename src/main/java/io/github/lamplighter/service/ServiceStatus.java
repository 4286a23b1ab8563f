package io.github.lamplighter.service;

import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ProbeResult;
import java.time.Instant;
import java.util.Optional;

/// The current status of a service: the manager's state, and the response of its endpoint.
///
/// @param probeResult empty without an endpoint, and if asking would start the service
/// @param identityResult empty if nothing responds
/// @param drift whether the file differs from the one that would be written now; empty if that is not known
/// @param changedByHand whether the file was changed after Lamplighter wrote it
/// @param stoppedByUser since when it is stopped because the user stopped it
/// @param lingers whether it keeps running after logout; empty if that is not known
public record ServiceStatus(
        String name,
        ServiceState state,
        Optional<ProbeResult> probeResult,
        Optional<IdentityResult> identityResult,
        Optional<Boolean> drift,
        boolean changedByHand,
        Optional<Boolean> lingers,
        Optional<Instant> stoppedByUser,
        Instant checkedAt) {}
