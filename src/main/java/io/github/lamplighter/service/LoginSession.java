package io.github.lamplighter.service;

import java.time.Instant;
import java.util.Optional;

/// The port to the user's login session, which the service manager belongs to.
public interface LoginSession {

    /// Why the service manager cannot be used and what to do, as a sentence; empty if it can be used.
    Optional<String> unavailable();

    /// Whether the service manager exists but does not respond, so that nothing can be told about its services.
    default boolean isSilent() {
        return false;
    }

    /// Whether the user's services keep running after logout (lingering); empty if that is not known.
    default Optional<Boolean> lingers() {
        return Optional.empty();
    }

    /// Why services of this manager end at logout also with lingering, as a phrase; empty if they don't.
    default Optional<String> endsAtLogout() {
        return Optional.empty();
    }

    /// Enables lingering: all services of the user keep running after logout, and start at boot.
    default ServiceOutcome linger() {
        return new ServiceOutcome.Refused("Lingering is not available on this system: services stop at logout.");
    }

    /// Disables lingering: all services of the user stop at logout.
    default ServiceOutcome stopLingering() {
        return new ServiceOutcome.Already("Your services stop when you log out.");
    }

    /// When the service manager of this login started; empty if that is not known.
    default Optional<Instant> startedAt() {
        return Optional.empty();
    }
}
