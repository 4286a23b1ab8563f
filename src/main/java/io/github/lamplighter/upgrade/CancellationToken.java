package io.github.lamplighter.upgrade;

import java.util.Optional;

/// The request to cancel a transaction: before the switch it is abandoned, after it rolled back. A rollback or commit
/// that has begun is completed.
public final class CancellationToken {

    private boolean wanted;
    private Optional<Thread> listening = Optional.empty();

    /// Requests cancellation, from any thread.
    public synchronized void request() {
        wanted = true;
        listening.ifPresent(Thread::interrupt);
    }

    synchronized boolean isWanted() {
        return wanted;
    }

    /// Makes a request interrupt this thread from now on.
    synchronized void enable() {
        listening = Optional.of(Thread.currentThread());
    }

    /// Stops a request from interrupting anything.
    synchronized void disable() {
        listening = Optional.empty();
        boolean _ = Thread.interrupted();
    }
}
