package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.service.ServiceState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Polls states, more often while they are being read.
final class StatePoller {

    private final Duration quick;
    private final Duration slow;
    private long lastRead = System.nanoTime();

    StatePoller(Duration quick, Duration slow) {
        this.quick = quick;
        this.slow = slow;
    }

    /// Records that a state was read, which shortens the interval.
    synchronized void wasRead() {
        lastRead = System.nanoTime();
        notifyAll();
    }

    AutoCloseable watch(List<String> units, Function<String, ServiceState> state, Consumer<String> changed) {
        Thread thread = Thread.ofVirtual().name("launchd").start(() -> {
            Map<String, PolledState> seen = new HashMap<>();
            units.forEach(unit -> seen.put(unit, PolledState.of(state.apply(unit))));
            while (pause()) {
                for (String unit : units) {
                    PolledState now = PolledState.of(state.apply(unit));
                    if (!now.equals(seen.put(unit, now))
                            && !Thread.currentThread().isInterrupted()) {
                        changed.accept(unit);
                    }
                }
            }
        });
        return thread::interrupt;
    }

    private record PolledState(
            ServiceState.Phase phase, Optional<Long> pid, int restarts, Optional<Boolean> enabled, String words) {
        static PolledState of(ServiceState state) {
            return new PolledState(state.phase(), state.pid(), state.restarts(), state.enabled(), state.words());
        }
    }

    private synchronized boolean pause() {
        long began = System.nanoTime();
        try {
            while (true) {
                boolean watched = began - lastRead < slow.toNanos();
                long left = (watched ? quick : slow).toMillis()
                        - Duration.ofNanos(System.nanoTime() - began).toMillis();
                if (left <= 0) {
                    return true;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
