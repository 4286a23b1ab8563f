package io.github.lamplighter.service;

import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ProbeResult;
import java.time.Instant;
import java.util.Optional;

/// A service, asked live: what the manager says, and what its endpoint says.
///
/// @param answering empty without an endpoint, and when it does not run and nothing answers in its place
/// @param mine empty when nothing answers
/// @param drift whether the file differs from the one that would be written now; empty when that is not known
/// @param changedByHand whether somebody changed the file after Lamplighter wrote it
/// @param stoppedByUser since when it is stopped because the user wanted it so
/// @param lingers whether it goes on after log-out; empty when that could not be told
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
