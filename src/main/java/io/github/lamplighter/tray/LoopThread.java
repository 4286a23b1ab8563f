package io.github.lamplighter.tray;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The loop of the running tray: one thread.
final class LoopThread implements EventLoop, AutoCloseable {

    private final InstantSource clock;
    private final Consumer<Throwable> failed;
    private final ScheduledThreadPoolExecutor executor;

    /// Only the loop uses it.
    private final Map<String, ScheduledFuture<?>> pending = new HashMap<>();

    /// @param failed receives what a task threw: better no icon than one that no longer changes
    LoopThread(InstantSource clock, Consumer<Throwable> failed) {
        this.clock = clock;
        this.failed = failed;
        this.executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("lamplighter-tray").factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void run(Runnable task) {
        try {
            executor.execute(failFast(task));
        } catch (RejectedExecutionException e) {
            // The tray is shutting down.
        }
    }

    @Override
    public void after(Duration delay, Runnable task) {
        ScheduledFuture<?> _ = schedule(delay, task);
    }

    @Override
    public void once(String what, Duration delay, Runnable task) {
        cancel(what);
        pending.put(what, schedule(delay, () -> {
            pending.remove(what);
            task.run();
        }));
    }

    @Override
    public void cancel(String what) {
        Optional.ofNullable(pending.remove(what)).ifPresent(earlier -> earlier.cancel(false));
    }

    @Override
    public void aside(Runnable task) {
        Thread.ofVirtual().start(failFast(task));
    }

    private ScheduledFuture<?> schedule(Duration delay, Runnable task) {
        return executor.schedule(failFast(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// For a task that runs elsewhere, but whose failure ends the tray too.
    Runnable failFast(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failed.accept(e);
            }
        };
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
