package io.github.lamplighter.service;

import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.time.Duration;
import java.util.Optional;

/// Waits until a service that was started responds, has exited, or its time limit is reached. If Lamplighter
/// can't identify the process that responds, the service must also run undisturbed for a while, and gets the time for
/// it. A failure comes with its last log lines, and with the process that uses its port.
final class ReadinessWaiter {

    private static final Duration POLL = Duration.ofMillis(50);
    /// How long a service without an endpoint may take until it runs undisturbed.
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    /// More than it takes to look again after a service ran undisturbed for long enough.
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private static final int LAST_LINES = 10;

    private final ServiceManager manager;
    private final Probe probe;
    private final EndpointIdentityCheck endpointIdentityCheck;
    private final Duration settle;

    /// @param settle how long a service must run undisturbed to count as ready if no response proves it
    ReadinessWaiter(ServiceManager manager, Probe probe, EndpointIdentityCheck endpointIdentityCheck, Duration settle) {
        this.manager = manager;
        this.probe = probe;
        this.endpointIdentityCheck = endpointIdentityCheck;
        this.settle = settle;
    }

    /// @param already whether it was running before the start
    ServiceOutcome await(Manifest manifest, String unit, boolean already) {
        Optional<Endpoint> endpoint = manifest.endpoint();
        Duration limit = endpoint.map(asked -> Duration.ofSeconds(asked.readyTimeoutSeconds()))
                .orElse(settle.plus(PATIENCE));
        long began = System.nanoTime();
        ServiceState first = manager.state(unit);
        long steady = System.nanoTime();
        String last = "it has not responded yet";
        ServiceState now = first;
        while (true) {
            Optional<String> dead = dead(first, now);
            if (dead.isPresent()) {
                return failed(dead.get(), manifest, unit, now);
            }
            if (first.pid().isEmpty() && now.pid().isPresent()) {
                first = now;
                steady = System.nanoTime();
            }
            Duration allowed = limit;
            if (endpoint.isPresent()) {
                switch (probe.ask(endpoint.get())) {
                    case ProbeResult.Yes yes
                    when yes.ready() -> {
                        // A manager that does not respond tells of no process which one it is.
                        IdentityResult identityResult = now.phase() == Phase.UNKNOWN
                                ? new IdentityResult.Unknown(now.words())
                                : isOurs(endpoint.get(), unit, now);
                        boolean ready = switch (identityResult) {
                            case IdentityResult.Yes _ -> true;
                            // A process of another user may respond, so the response alone proves nothing.
                            case IdentityResult.Unknown _ ->
                                hasSettled(now, already ? began - settle.toNanos() : steady);
                            case IdentityResult.No _ -> false;
                        };
                        if (ready) {
                            return success(already, "running and responding (%s)".formatted(yes.detail()));
                        }
                        if (identityResult instanceof IdentityResult.Unknown) {
                            Duration settled = Duration.ofNanos(steady - began)
                                    .plus(settle)
                                    .plus(MARGIN);
                            allowed = limit.compareTo(settled) >= 0 ? limit : settled;
                        }
                        last = (identityResult instanceof IdentityResult.No
                                        ? "another process responds there: "
                                        : "could not check which process responds there: ")
                                + identityResult.detail();
                    }
                    case ProbeResult.Yes yes -> last = "it responds with " + yes.detail();
                    case ProbeResult.No no -> last = no.detail();
                }
            } else if (hasSettled(now, already ? began - settle.toNanos() : steady)) {
                return success(already, "running");
            }
            if (took(began).compareTo(allowed) > 0) {
                // It may have exited while it was asked.
                ServiceState end = manager.state(unit);
                if (end.phase() == Phase.UNKNOWN) {
                    return new ServiceOutcome.Failed(end.words());
                }
                return failed(
                        dead(first, end)
                                .orElse("The service is running, but not ready after %d s: %s."
                                        .formatted(allowed.toSeconds(), last)),
                        manifest,
                        unit,
                        end);
            }
            if (!pause()) {
                return new ServiceOutcome.Failed(
                        "Interrupted while waiting for %s to start.".formatted(manifest.name()));
            }
            now = manager.state(unit);
        }
    }

    private boolean hasSettled(ServiceState now, long since) {
        return now.phase() == Phase.RUNNING && took(since).compareTo(settle) >= 0;
    }

    /// Whether the process that responds at an endpoint belongs to the service in `state`.
    IdentityResult isOurs(Endpoint endpoint, String unit, ServiceState state) {
        return endpointIdentityCheck.identify(endpoint, asked(unit, state));
    }

    private EndpointIdentityCheck.Service asked(String unit, ServiceState state) {
        return new EndpointIdentityCheck.Service(
                unit, state.presumedControlGroup(), state.pid(), manager.isListenedFor(unit));
    }

    /// A service that its manager restarted meanwhile is not the one that was started.
    private static Optional<String> dead(ServiceState first, ServiceState now) {
        boolean replaced = first.invocation().isPresent()
                && now.invocation().isPresent()
                && !first.invocation().equals(now.invocation());
        boolean ended = switch (now.phase()) {
            case FAILED, STOPPED, RESTARTING, NOT_INSTALLED -> true;
            case RUNNING, STARTING, UNKNOWN -> replaced || now.restarts() > first.restarts();
        };
        // After a restart the manager no longer reports how the run before ended.
        String why = now.lastExit()
                .map(exit -> " (" + exit.words() + ")")
                .orElse(replaced ? " and was restarted" : " (unknown reason)");
        String sentence = now.isNeverStarted()
                ? now.sentence().orElse("The service manager could not start the program%s.".formatted(why))
                : "The service exited soon after its start%s.".formatted(why);
        return ended ? Optional.of(sentence) : Optional.empty();
    }

    private ServiceOutcome failed(String why, Manifest manifest, String unit, ServiceState state) {
        String stranger = manifest.endpoint()
                .flatMap(endpoint -> endpointIdentityCheck.stranger(endpoint, asked(unit, state)))
                .map(who -> " Its address is in use: %s. Stop that process, or give %s another port."
                        .formatted(who, manifest.name()))
                .orElse("");
        return new ServiceOutcome.Failed(
                why + stranger,
                manager.lastLogLines(unit, LAST_LINES).stream()
                        .map(LogLine::text)
                        .toList());
    }

    private static ServiceOutcome success(boolean already, String state) {
        return already
                ? new ServiceOutcome.Already("The service is already %s.".formatted(state))
                : new ServiceOutcome.Done("The service is %s.".formatted(state));
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
