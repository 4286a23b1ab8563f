package io.github.lamplighter.app;

import io.github.lamplighter.doctor.Endpoints;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.Answering;
import io.github.lamplighter.readiness.Identify;
import io.github.lamplighter.readiness.Listeners;
import io.github.lamplighter.readiness.LiveSessions;
import io.github.lamplighter.readiness.Mine;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// The doctor's questions, asked over the network of this machine.
final class EndpointProber implements Endpoints {

    private final ProcessRunner runner;
    private final Listeners live;
    private final AppDirectories directories;
    private final Predicate<String> triggered;
    private final Probe probe = new Probe();
    private final LiveSessions sessions;
    private final Identify identify;

    /// @param triggered whether the manager itself listens for a unit (socket activation)
    EndpointProber(ProcessRunner runner, Listeners listeners, AppDirectories directories, Predicate<String> triggered) {
        this.runner = runner;
        this.live = listeners;
        this.directories = directories;
        this.triggered = triggered;
        this.identify = new Identify(listeners, probe, directories);
        this.sessions = new LiveSessions(runner, probe);
    }

    @Override
    public Endpoints asOfNow(Listeners listeners, ServiceManager services) {
        return new EndpointProber(runner, new ProbeOnce(listeners, live), directories, services::isListenedFor);
    }

    @Override
    public LiveSessions.Count sessions(
            Manifest.Sessions asked, Optional<Endpoint> endpoint, Map<String, String> variables) {
        return sessions.count(asked, endpoint, variables);
    }

    @Override
    public Answering answering(Endpoint endpoint, BooleanSupplier isToAnswer) {
        return probe.askInsistently(endpoint, isToAnswer);
    }

    @Override
    public Mine mine(Endpoint endpoint, ServiceState service) {
        return identify.mine(
                endpoint,
                new Identify.Service(
                        service.unit(), service.controlGroup(), service.pid(), triggered.test(service.unit())));
    }

    @Override
    public Optional<X509Certificate> certificate(Endpoint endpoint) {
        return probe.certificate(endpoint);
    }

    @Override
    public Optional<String> version(Endpoint endpoint) {
        return identify.version(endpoint) instanceof Identify.RunningVersion.Known known
                ? Optional.of(known.version())
                : Optional.empty();
    }

    /// Who listens where something answered. Where nobody was seen in the run's one look, it began since.
    private record ProbeOnce(Listeners then, Listeners live) implements Listeners {
        @Override
        public List<Listener> on(int port) {
            List<Listener> seen = then.on(port);
            return seen.isEmpty() ? live.on(port) : seen;
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
