package io.github.lamplighter.service;

import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.ServiceManager.LogLine;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Waits for a service that was started: until it is ready, is seen to have died, or its time is over. Why it did not
/// get ready is said with its last words, and with who holds its port.
final class ReadinessWaiter {

    private static final Duration POLL = Duration.ofMillis(150);
    /// How long a service without an endpoint may take until it begins to run undisturbed.
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private static final int WORDS = 10;

    private final ServiceManager manager;
    private final Probe probe;
    private final EndpointIdentityCheck endpointIdentityCheck;
    private final Duration settle;

    /// @param settle how long a service without an endpoint must run undisturbed to count as ready
    ReadinessWaiter(ServiceManager manager, Probe probe, EndpointIdentityCheck endpointIdentityCheck, Duration settle) {
        this.manager = manager;
        this.probe = probe;
        this.endpointIdentityCheck = endpointIdentityCheck;
        this.settle = settle;
    }

    /// @param already whether it ran before it was asked to start
    ServiceOutcome ready(Manifest manifest, String unit, boolean already) {
        Optional<Endpoint> endpoint = manifest.endpoint();
        Duration limit = endpoint.map(asked -> Duration.ofSeconds(asked.readyTimeoutSeconds()))
                .orElse(settle.plus(PATIENCE));
        long began = System.nanoTime();
        ServiceState first = manager.state(unit);
        long steady = System.nanoTime();
        String last = "it has not answered yet";
        while (true) {
            ServiceState now = manager.state(unit);
            Optional<String> dead = dead(first, now);
            if (dead.isPresent()) {
                return failed(dead.get(), manifest, unit, now);
            }
            if (first.pid().isEmpty() && now.pid().isPresent()) {
                first = now;
                steady = System.nanoTime();
            }
            if (endpoint.isPresent()) {
                switch (probe.ask(endpoint.get())) {
                    case ProbeResult.Yes yes
                    when yes.ready() -> {
                        IdentityResult identityResult = mine(endpoint.get(), unit, now);
                        if (!(identityResult instanceof IdentityResult.No)) {
                            return well(already, "It runs and answers (%s).".formatted(yes.detail()));
                        }
                        last = "another program answers there: " + identityResult.detail();
                    }
                    case ProbeResult.Yes yes -> last = "it answers " + yes.detail();
                    case ProbeResult.No no -> last = no.detail();
                }
            } else if (now.phase() == Phase.RUNNING
                    && took(already ? began - settle.toNanos() : steady).compareTo(settle) >= 0) {
                return well(already, "It runs.");
            }
            if (took(began).compareTo(limit) > 0) {
                return failed(
                        "It runs, but is not ready after %d s: %s.".formatted(limit.toSeconds(), last),
                        manifest,
                        unit,
                        now);
            }
            if (!pause()) {
                return new ServiceOutcome.Failed("Waiting for it was interrupted.", List.of());
            }
        }
    }

    /// Whether the answer at an endpoint comes from the service in `state`.
    IdentityResult mine(Endpoint endpoint, String unit, ServiceState state) {
        return endpointIdentityCheck.mine(endpoint, asked(unit, state));
    }

    private EndpointIdentityCheck.Service asked(String unit, ServiceState state) {
        return new EndpointIdentityCheck.Service(unit, state.controlGroup(), state.pid(), manager.isListenedFor(unit));
    }

    /// A service that was restarted by its manager meanwhile is not the one that was started.
    private static Optional<String> dead(ServiceState first, ServiceState now) {
        boolean replaced = first.invocation().isPresent()
                && now.invocation().isPresent()
                && !first.invocation().equals(now.invocation());
        boolean ended = switch (now.phase()) {
            case FAILED, STOPPED, RESTARTING, NOT_INSTALLED -> true;
            case RUNNING, STARTING, UNKNOWN -> replaced || now.restarts() > first.restarts();
        };
        // Of the run before, a manager that has started it anew says nothing any more.
        String why =
                now.lastExit().map(": "::concat).orElse(replaced ? ", and was started anew" : ": nothing says why");
        return ended ? Optional.of("It ended soon after its start%s.".formatted(why)) : Optional.empty();
    }

    private ServiceOutcome failed(String why, Manifest manifest, String unit, ServiceState state) {
        String stranger = manifest.endpoint()
                .flatMap(endpoint -> endpointIdentityCheck.stranger(endpoint, asked(unit, state)))
                .map(who -> " Its address is in use: %s. End that one, or give %s another port."
                        .formatted(who, manifest.name()))
                .orElse("");
        return new ServiceOutcome.Failed(
                why + stranger,
                manager.lastLogLines(unit, WORDS).stream().map(LogLine::text).toList());
    }

    private static ServiceOutcome well(boolean already, String reason) {
        return already ? new ServiceOutcome.Already(reason) : new ServiceOutcome.Done(reason);
    }

    private static Duration took(long since) {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    private static boolean pause() {
        try {
            Thread.sleep(POLL);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
