package io.github.lamplighter.window;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;

/// Runs an action in the JavaFX thread after some time, once or repeatedly. An animation of JavaFX (`Timeline`,
/// `PauseTransition`) would compute 60 frames a second meanwhile. Only for the JavaFX thread.
final class FxTimer {

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("window timer").factory());

    private final Duration time;
    private final boolean repeats;
    private final Runnable action;
    private Optional<Future<?>> scheduled = Optional.empty();
    private int starts;

    private FxTimer(Duration time, boolean repeats, Runnable action) {
        this.time = time;
        this.repeats = repeats;
        this.action = action;
    }

    static FxTimer every(Duration time, Runnable action) {
        return new FxTimer(time, true, action);
    }

    static FxTimer after(Duration time, Runnable action) {
        return new FxTimer(time, false, action);
    }

    /// Starts from the beginning, also if it is running.
    void start() {
        stop();
        int current = starts;
        Runnable due = () -> Platform.runLater(() -> {
            // It may have been stopped while this waited for the thread.
            if (current == starts) {
                if (!repeats) {
                    stop();
                }
                action.run();
            }
        });
        long millis = time.toMillis();
        scheduled = Optional.of(
                repeats
                        ? CLOCK.scheduleWithFixedDelay(due, millis, millis, TimeUnit.MILLISECONDS)
                        : CLOCK.schedule(due, millis, TimeUnit.MILLISECONDS));
    }

    boolean isRunning() {
        return scheduled.isPresent();
    }

    void stop() {
        starts++;
        scheduled.ifPresent(future -> future.cancel(false));
        scheduled = Optional.empty();
    }
}
