package io.github.lamplighter.doctor;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// A value that several checks need, computed once by the first that needs it.
final class Lazy<T> implements Supplier<T> {

    private final FutureTask<T> task;

    Lazy(Supplier<T> question) {
        this.task = new FutureTask<>(question::get);
    }

    @Override
    public T get() {
        task.run();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the check ran out of time", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
