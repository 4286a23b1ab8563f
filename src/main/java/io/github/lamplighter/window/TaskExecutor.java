package io.github.lamplighter.window;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Runs work in the background, and hands its result to the window's thread.
///
/// @param ui JavaFX's application thread
record TaskExecutor(Executor worker, Executor ui) {

    /// Runs everything at once in the calling thread, for tests.
    static TaskExecutor direct() {
        return new TaskExecutor(Runnable::run, Runnable::run);
    }

    <T> void run(Callable<T> work, Consumer<T> then) {
        worker.execute(() -> {
            T result;
            try {
                result = work.call();
            } catch (Exception e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
                return;
            }
            ui.execute(() -> then.accept(result));
        });
    }
}
