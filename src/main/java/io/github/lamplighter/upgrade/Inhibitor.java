package io.github.lamplighter.upgrade;

/// The port that keeps the machine awake; does nothing on systems without such a function.
@FunctionalInterface
public interface Inhibitor {

    /// Delays sleep and shutdown until the lock is closed or this process ends.
    WakeLock hold(String why);

    interface WakeLock extends AutoCloseable {
        @Override
        void close();
    }
}
