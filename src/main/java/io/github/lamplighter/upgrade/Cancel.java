package io.github.lamplighter.upgrade;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A person's wish that a transaction end as if it had not been: before the switch it is abandoned, after it
/// the old
/// version comes back. Once going back or keeping has begun, that is carried to its end.
public final class Cancel {

    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicReference<@Nullable Thread> listening = new AtomicReference<>();

    /// May come from any thread.
    public void request() {
        wanted.set(true);
        Thread thread = listening.get();
        if (thread != null) {
            thread.interrupt();
        }
    }

    boolean isWanted() {
        return wanted.get();
    }

    /// From here on a request interrupts this thread.
    void listen() {
        listening.set(Thread.currentThread());
    }

    /// From here on nothing is interrupted.
    void deafen() {
        listening.set(null);
        boolean _ = Thread.interrupted();
    }
}
