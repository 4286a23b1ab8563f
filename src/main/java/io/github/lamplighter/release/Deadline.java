package io.github.lamplighter.release;

import java.time.Duration;

/// The time limit of one update check over all its requests. Belongs to the thread that runs the check.
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

    /// Adds time that was spent waiting for other checks.
    void extend(long nanos) {
        endNanos += nanos;
    }

    /// The remaining time, never negative.
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
