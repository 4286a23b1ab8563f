package io.github.lamplighter.upgrade;

/// The port to keeping the machine awake; best effort, nothing happens where that cannot be asked for.
@FunctionalInterface
public interface Inhibitor {

    /// Holds sleep and shutdown off until the hold is closed or this process is gone.
    WakeLock hold(String why);

    interface WakeLock extends AutoCloseable {
        @Override
        void close();
    }
}
