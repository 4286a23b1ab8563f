package io.github.lamplighter.tray;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/// Runs what the tray does, one task after another. What the tray knows belongs to this loop, so it needs no locks.
interface EventLoop {

    Instant now();

    /// Runs `task` as soon as the loop is free. From any thread.
    void run(Runnable task);

    /// Runs `task` once, after `delay`.
    void after(Duration delay, Runnable task);

    /// Runs `task` once, after `delay`; another call of the same name before that restarts the delay.
    void once(String what, Duration delay, Runnable task);

    /// Forgets the task of this name.
    void cancel(String what);

    /// Runs what takes time in a thread of its own.
    void aside(Runnable task);

    /// Reads the interval each time, so that a new setting applies from the next run on.
    default void repeat(String what, Supplier<Duration> interval, Runnable task) {
        once(what, interval.get(), () -> {
            task.run();
            repeat(what, interval, task);
        });
    }
}
