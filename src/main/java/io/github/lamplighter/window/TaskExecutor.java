package io.github.lamplighter.window;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Work that must not hold up the window, and the way back to it.
///
/// @param worker where the work runs
/// @param ui where its result is shown: the toolkit's thread
record TaskExecutor(Executor worker, Executor ui) {

    /// A test's: everything at once, in the calling thread.
    static TaskExecutor none() {
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
