package io.github.lamplighter.upgrade;

import java.util.Optional;

/// A person's wish that a transaction end as if it had not been: before the switch it is abandoned, after
/// it the old version comes back. Once going back or keeping has begun, that is carried to its end.
public final class CancellationToken {

    private boolean wanted;
    private Optional<Thread> listening = Optional.empty();

    /// May come from any thread.
    public synchronized void request() {
        wanted = true;
        listening.ifPresent(Thread::interrupt);
    }

    synchronized boolean isWanted() {
        return wanted;
    }

    /// From here on a request interrupts this thread.
    synchronized void enable() {
        listening = Optional.of(Thread.currentThread());
    }

    /// From here on nothing is interrupted.
    synchronized void disable() {
        listening = Optional.empty();
        boolean _ = Thread.interrupted();
    }
}
