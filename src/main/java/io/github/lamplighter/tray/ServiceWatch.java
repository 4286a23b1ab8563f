package io.github.lamplighter.tray;

import io.github.lamplighter.doctor.ServiceVerdict;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.tray.TrayState.FailedProbes;
import io.github.lamplighter.tray.TrayState.WatchedService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The services that should be running, live: their states by the service manager's signals, and whether they respond.
final class ServiceWatch implements AutoCloseable {

    /// Signals that come together are one change.
    private static final Duration BURST = Duration.ofMillis(40);

    /// When a service that was started is checked again, while it is not well.
    private static final List<Duration> AFTER_START =
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(60));

    private static final Set<ToolStatus.State> NOT_WELL = Set.of(ToolStatus.State.UNKNOWN, ToolStatus.State.FAILURE);

    interface Listener {
        /// What is known of a service is another.
        void changed();

        /// A service did something by itself, and not because of an upgrade: the doctor may find out more.
        void unitChanged();

        /// The service manager started a tool again that had ended.
        ///
        /// @param exit how it ended; empty if that was over before it could be read
        void restarted(String tool, Optional<LastExit> exit);
    }

    private final EventLoop loop;
    private final ServiceManager services;
    private final Function<String, ProbeResult> endpoints;
    private final Predicate<String> isUpgrading;
    private final Listener listener;

    private final Map<String, WatchedService> watched = new HashMap<>();
    private final Map<String, FailedProbes> failedProbes = new HashMap<>();
    private final Set<String> reading = new HashSet<>();
    private final Set<String> unread = new HashSet<>();
    private List<ToolGlance> tools = List.of();
    private Set<String> units = Set.of();
    private AutoCloseable unitWatch = () -> {};

    /// @param endpoints probes a URL once
    /// @param isUpgrading whether a tool has an open transaction
    ServiceWatch(
            EventLoop loop,
            ServiceManager services,
            Function<String, ProbeResult> endpoints,
            Predicate<String> isUpgrading,
            Listener listener) {
        this.loop = loop;
        this.services = services;
        this.endpoints = endpoints;
        this.isUpgrading = isUpgrading;
        this.listener = listener;
    }

    Map<String, WatchedService> services() {
        return watched;
    }

    Map<String, FailedProbes> failedProbes() {
        return failedProbes;
    }

    /// Watches the services of these tools from now on.
    void follow(List<ToolGlance> managed) {
        tools = managed.stream().filter(ToolGlance::expectedRunning).toList();
        Set<String> now = tools.stream().flatMap(tool -> tool.unit().stream()).collect(Collectors.toSet());
        if (!now.equals(units)) {
            close();
            units = now;
            watched.keySet().retainAll(now);
            unread.retainAll(now);
            unitWatch = now.isEmpty()
                    ? () -> {}
                    : services.watch(
                            List.copyOf(now),
                            unit -> loop.run(() -> loop.once("unit " + unit, BURST, () -> unitChanged(unit))));
            readAll();
        }
        failedProbes.keySet().retainAll(tools.stream().map(ToolGlance::name).collect(Collectors.toSet()));
    }

    void readAll() {
        units.forEach(this::read);
    }

    private Stream<ToolGlance> toolsOf(String unit) {
        return tools.stream().filter(tool -> tool.unit().filter(unit::equals).isPresent());
    }

    private void unitChanged(String unit) {
        if (!units.contains(unit)) {
            return;
        }
        read(unit);
        if (toolsOf(unit).map(ToolGlance::name).noneMatch(isUpgrading)) {
            listener.unitChanged();
        }
    }

    /// Queries the state of a unit aside, and takes it over.
    private void read(String unit) {
        if (!reading.add(unit)) {
            // The answer in progress may be older than the change.
            unread.add(unit);
            return;
        }
        loop.aside(() -> {
            ServiceState state = services.state(unit);
            loop.run(() -> {
                reading.remove(unit);
                if (units.contains(unit)) {
                    taken(unit, state);
                    listener.changed();
                }
                if (unread.remove(unit)) {
                    read(unit);
                }
            });
        });
    }

    private void taken(String unit, ServiceState state) {
        Optional<WatchedService> before = Optional.ofNullable(watched.get(unit));
        WatchedService next = WatchedService.next(before, state, loop.now());
        watched.put(unit, next);
        before.filter(next::isRestartedAfter)
                .ifPresent(earlier -> toolsOf(unit)
                        .map(ToolGlance::name)
                        .filter(name -> !isUpgrading.test(name))
                        .forEach(name -> listener.restarted(name, earlier.failure())));
        if (state.phase() == ServiceState.Phase.RUNNING && state.restarts() > 0) {
            checkOnceItIsStable(unit, state);
        }
        if (state.phase() == ServiceState.Phase.RUNNING) {
            checkUntilItIsWell(unit, state);
        }
        if (next.unstableSince().isPresent()) {
            // Read again once it must be stable, and when the grace period is over.
            loop.once("settled " + unit, TrayModel.SETTLED.plusMillis(200), () -> read(unit));
            if (before.flatMap(WatchedService::unstableSince).isEmpty()) {
                loop.after(TrayModel.GRACE.plusMillis(200), listener::changed);
            }
        }
        if (state.phase() != ServiceState.Phase.RUNNING) {
            toolsOf(unit).forEach(tool -> failedProbes.remove(tool.name()));
        }
    }

    /// The doctor's warning about a restart ends then.
    private void checkOnceItIsStable(String unit, ServiceState state) {
        state.since()
                .map(since -> Duration.between(loop.now(), since.plus(ServiceVerdict.STABLE_AFTER)))
                .filter(Duration::isPositive)
                .ifPresent(left -> loop.once("stable " + unit, left.plusSeconds(1), listener::unitChanged));
    }

    /// A server may need a while until it responds, longer than the doctor waited after its start.
    private void checkUntilItIsWell(String unit, ServiceState state) {
        state.since()
                .flatMap(since -> AFTER_START.stream()
                        .map(since::plus)
                        .filter(loop.now()::isBefore)
                        .findFirst())
                .ifPresent(next -> loop.once("starting " + unit, Duration.between(loop.now(), next), () -> {
                    if (toolsOf(unit)
                            .anyMatch(tool -> !isUpgrading.test(tool.name()) && NOT_WELL.contains(tool.state()))) {
                        listener.unitChanged();
                    }
                    Optional.ofNullable(watched.get(unit))
                            .map(WatchedService::state)
                            .filter(now -> now.phase() == ServiceState.Phase.RUNNING)
                            .ifPresent(now -> checkUntilItIsWell(unit, now));
                }));
    }

    // --- probes ---

    void probeAll() {
        tools.stream().filter(this::shouldProbe).forEach(this::probe);
    }

    private boolean shouldProbe(ToolGlance tool) {
        return tool.endpoint().isPresent()
                && !isUpgrading.test(tool.name())
                && tool.unit()
                        .map(watched::get)
                        .filter(unit -> unit.state().phase() != ServiceState.Phase.RUNNING)
                        .isEmpty();
    }

    private void probe(ToolGlance tool) {
        String url = tool.endpoint().orElse("");
        loop.aside(() -> {
            ProbeResult answer = endpoints.apply(url);
            loop.run(() -> probed(tool.name(), answer));
        });
    }

    private void probed(String name, ProbeResult answer) {
        if (tools.stream().filter(tool -> tool.name().equals(name)).noneMatch(this::shouldProbe)) {
            return;
        }
        Optional<String> failure = switch (answer) {
            case ProbeResult.Yes yes -> yes.ready() ? Optional.empty() : Optional.of(yes.detail());
            case ProbeResult.No no -> Optional.of(no.detail());
        };
        Optional<FailedProbes> before = Optional.ofNullable(failedProbes.get(name));
        if (failure.isPresent()) {
            failedProbes.put(
                    name,
                    new FailedProbes(
                            before.map(FailedProbes::since).orElseGet(loop::now),
                            before.map(FailedProbes::count).orElse(0) + 1,
                            failure.get()));
            if (before.isEmpty()) {
                loop.after(TrayModel.GRACE, () -> probeAgain(name));
            }
        } else {
            failedProbes.remove(name);
        }
        if (failure.isPresent() || before.isPresent()) {
            listener.changed();
        }
    }

    private void probeAgain(String name) {
        tools.stream()
                .filter(tool -> tool.name().equals(name))
                .filter(this::shouldProbe)
                .forEach(this::probe);
    }

    @Override
    public void close() {
        try {
            unitWatch.close();
        } catch (Exception e) {
            // It ends with the process.
        }
    }
}
