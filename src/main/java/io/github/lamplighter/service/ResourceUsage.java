package io.github.lamplighter.service;

import java.time.Duration;
import java.time.Instant;

/// The resources that the processes of a service use.
///
/// @param cpu the processor time since the service started
/// @param memory in bytes, page cache included
public record ResourceUsage(Duration cpu, long memory, Instant at) {

    /// The share of one processor since an earlier measurement, in percent.
    public double percentSince(ResourceUsage earlier) {
        long passed = Duration.between(earlier.at, at).toNanos();
        return passed <= 0 ? 0 : Math.max(0, 100.0 * cpu.minus(earlier.cpu).toNanos() / passed);
    }
}
