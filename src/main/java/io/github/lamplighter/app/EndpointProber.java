package io.github.lamplighter.app;

import io.github.lamplighter.doctor.Endpoints;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Answers the doctor's questions about endpoints over the network.
final class EndpointProber implements Endpoints {

    /// For an address at which a running server of this machine may respond; a first TLS handshake takes a second.
    private static final Duration BRIEF = Duration.ofSeconds(2);

    private final ProcessRunner runner;
    private final ListeningSockets live;
    private final AppDirectories directories;
    private final Predicate<String> triggered;
    private final Probe probe = new Probe();
    private final SessionCounter sessions;
    private final EndpointIdentityCheck endpointIdentityCheck;

    /// @param triggered whether the manager itself listens for a unit (socket activation)
    EndpointProber(
            ProcessRunner runner,
            ListeningSockets listeningSockets,
            AppDirectories directories,
            Predicate<String> triggered) {
        this.runner = runner;
        this.live = listeningSockets;
        this.directories = directories;
        this.triggered = triggered;
        this.endpointIdentityCheck = new EndpointIdentityCheck(listeningSockets, probe, directories);
        this.sessions = new SessionCounter(runner, probe);
    }

    @Override
    public Endpoints snapshot(ListeningSockets listeningSockets, ServiceManager services) {
        return new EndpointProber(runner, new ProbeOnce(listeningSockets, live), directories, services::isListenedFor);
    }

    @Override
    public SessionCounter.Count sessions(
            Manifest.Sessions asked, Optional<Endpoint> endpoint, Map<String, String> variables) {
        return sessions.count(asked, endpoint, variables);
    }

    @Override
    public ProbeResult answering(Endpoint endpoint, BooleanSupplier isToAnswer) {
        return probe.probeWithRetry(endpoint, isToAnswer);
    }

    @Override
    public List<Endpoint> responding(List<Endpoint> endpoints) {
        Probe brief = new Probe(BRIEF);
        List<CompletableFuture<Boolean>> answers = endpoints.stream()
                .map(endpoint -> CompletableFuture.supplyAsync(
                        () -> brief.ask(endpoint) instanceof ProbeResult.Yes,
                        ask -> Thread.ofPlatform().daemon().name("probe").start(ask)))
                .toList();
        return IntStream.range(0, endpoints.size())
                .filter(i -> answers.get(i).join())
                .mapToObj(endpoints::get)
                .toList();
    }

    @Override
    public IdentityResult identify(Endpoint endpoint, ServiceState service) {
        return endpointIdentityCheck.identify(
                endpoint,
                new EndpointIdentityCheck.Service(
                        service.unit(), service.presumedControlGroup(), service.pid(), triggered.test(service.unit())));
    }

    @Override
    public Optional<X509Certificate> certificate(Endpoint endpoint) {
        return probe.certificate(endpoint);
    }

    @Override
    public Optional<String> version(Endpoint endpoint) {
        return endpointIdentityCheck.version(endpoint) instanceof EndpointIdentityCheck.RunningVersion.Known known
                ? Optional.of(known.version())
                : Optional.empty();
    }

    /// The listeners of the run's snapshot; if it has none on a port, the current ones, because a process may
    /// have started since.
    private record ProbeOnce(ListeningSockets then, ListeningSockets live) implements ListeningSockets {
        @Override
        public List<Listener> on(int port) {
            List<Listener> seen = then.on(port);
            return seen.isEmpty() ? live.on(port) : seen;
        }

        @Override
        public List<Listener> all() {
            return then.all();
        }

        @Override
        public List<Listener> at(Path socket) {
            return then.at(socket);
        }

        @Override
        public boolean seesAll() {
            return then.seesAll();
        }
    }
}
