package io.github.lamplighter.window;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javafx.application.Platform;

/// The JavaFX toolkit, started once in this process.
final class Toolkit {

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private Toolkit() {}

    static boolean hasDisplay() {
        return System.getenv("DISPLAY") != null;
    }

    static void start() throws Exception {
        if (STARTED.compareAndSet(false, true)) {
            CompletableFuture<Void> ready = new CompletableFuture<>();
            Platform.startup(() -> ready.complete(null));
            ready.get(30, TimeUnit.SECONDS);
            Platform.setImplicitExit(false);
        }
    }

    static <T> T on(Callable<T> work) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Platform.runLater(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(30, TimeUnit.SECONDS);
    }

    /// Waits until a condition of the scene holds.
    static void await(String what, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!on(condition::getAsBoolean)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not seen in 15 s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /// Lets layout and rendering catch up.
    static void pulse() throws Exception {
        for (int at = 0; at < 3; at++) {
            CompletableFuture<Void> drawn = new CompletableFuture<>();
            Platform.runLater(() -> new javafx.animation.AnimationTimer() {
                @Override
                public void handle(long now) {
                    stop();
                    drawn.complete(null);
                }
            }.start());
            drawn.get(30, TimeUnit.SECONDS);
        }
    }
}
