package io.github.lamplighter.doctor;

import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Queries of the doctor to an endpoint, each at most once a run, within its own limit.
public interface Endpoints {

    /// The same for one run, which sees listeners and services as these do.
    default Endpoints snapshot(ListeningSockets listeningSockets, ServiceManager services) {
        return this;
    }

    /// @param isToAnswer whether it is worth asking more than once
    ProbeResult answering(Endpoint endpoint, BooleanSupplier isToAnswer);

    /// Those of several addresses that respond; asked at the same time, once and briefly.
    default List<Endpoint> responding(List<Endpoint> endpoints) {
        return List.of();
    }

    IdentityResult identify(Endpoint endpoint, ServiceState service);

    /// How many sessions are open; the endpoint is asked only where the manifest says so.
    SessionCounter.Count sessions(
            Manifest.Sessions sessions, Optional<Endpoint> endpoint, Map<String, String> variables);

    /// The certificate that it shows; empty when it shows none or nothing answers.
    Optional<X509Certificate> certificate(Endpoint endpoint);

    /// The version that the running program says it is; empty when it does not say.
    Optional<String> version(Endpoint endpoint);
}
