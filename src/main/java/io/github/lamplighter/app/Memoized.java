package io.github.lamplighter.app;

import java.util.Optional;
import java.util.function.Supplier;

/// A supplier that calls another one at most once, from whichever thread.
final class Memoized<T> implements Supplier<T> {

    private final Supplier<T> supplier;
    private Optional<T> value = Optional.empty();

    Memoized(Supplier<T> supplier) {
        this.supplier = supplier;
    }

    @Override
    public synchronized T get() {
        T result = value.orElseGet(supplier);
        value = Optional.of(result);
        return result;
    }
}
