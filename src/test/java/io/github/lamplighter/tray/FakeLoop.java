package io.github.lamplighter.tray;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// A loop of which the test is the clock: hours pass at once, and everything runs in the thread of the test.
final class FakeLoop implements EventLoop {

    private record Timer(Instant at, String what, Runnable task) {}

    private final Deque<Runnable> ready = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private Instant now;
    private boolean running;

    FakeLoop(Instant start) {
        now = start;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void run(Runnable task) {
        ready.add(task);
        if (!running) {
            running = true;
            for (Runnable next = ready.poll(); next != null; next = ready.poll()) {
                next.run();
            }
            running = false;
        }
    }

    @Override
    public void after(Duration delay, Runnable task) {
        timers.add(new Timer(now.plus(delay), "", task));
    }

    @Override
    public void once(String what, Duration delay, Runnable task) {
        cancel(what);
        timers.add(new Timer(now.plus(delay), what, task));
    }

    @Override
    public void cancel(String what) {
        timers.removeIf(timer -> timer.what().equals(what));
    }

    @Override
    public void aside(Runnable task) {
        run(task);
    }

    /// Lets time pass, and runs what is due in it.
    void pass(Duration time) {
        Instant end = now.plus(time);
        for (Optional<Timer> next = next(end); next.isPresent(); next = next(end)) {
            timers.remove(next.get());
            now = now.isAfter(next.get().at()) ? now : next.get().at();
            run(next.get().task());
        }
        now = end;
    }

    /// The computer sleeps: the clock goes on, the timers don't.
    void sleep(Duration time) {
        now = now.plus(time);
        timers.replaceAll(timer -> new Timer(timer.at().plus(time), timer.what(), timer.task()));
    }

    private Optional<Timer> next(Instant end) {
        return timers.stream().filter(timer -> !timer.at().isAfter(end)).min(Comparator.comparing(Timer::at));
    }
}
