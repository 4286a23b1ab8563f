package io.github.lamplighter.release;

import java.time.Duration;

/// The end of the time that one question may take, however many requests it needs.
record Deadline(long endNanos, Duration limit) {

    static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos(), limit);
    }

    /// What is left of it, never negative.
    Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    boolean isOver() {
        return left().isZero();
    }

    /// The sentence for a limit that ran out.
    String late(String whom) {
        return Releases.late(whom, limit);
    }
}
