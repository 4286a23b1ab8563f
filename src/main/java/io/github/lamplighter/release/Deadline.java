package io.github.lamplighter.release;

import java.time.Duration;

/// The end of the time that one question may take, however many requests it needs. It belongs to the thread that asks.
final class Deadline {

    private final Duration limit;
    private long endNanos;

    private Deadline(Duration limit) {
        this.limit = limit;
        this.endNanos = System.nanoTime() + limit.toNanos();
    }

    static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    /// Time that was spent on waiting for the questions of others.
    void extend(long nanos) {
        endNanos += nanos;
    }

    /// What is left of it, never negative.
    Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    boolean isOver() {
        return left().isZero();
    }

    Verdict.NotCheckable late(String whom) {
        return Releases.late(whom, limit);
    }
}
