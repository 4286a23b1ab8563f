package io.github.lamplighter.release;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Limits concurrent requests to four per host; waiting does not count against a request's deadline.
final class HostConcurrencyLimit {

    private static final int AT_ONCE = 4;

    private final Map<String, Semaphore> hosts = new ConcurrentHashMap<>();

    /// Ends with [#close()].
    record Permit(Semaphore semaphore) implements AutoCloseable {
        @Override
        public void close() {
            semaphore.release();
        }
    }

    /// Waits for a free slot of the host; the wait does not count against the deadline.
    Permit acquire(URI address, Deadline deadline) throws InterruptedException {
        return acquire(Optional.ofNullable(address.getHost()).orElse(""), deadline);
    }

    Permit acquire(String host, Deadline deadline) throws InterruptedException {
        Semaphore semaphore = hosts.computeIfAbsent(host.toLowerCase(Locale.ROOT), _ -> new Semaphore(AT_ONCE, true));
        long before = System.nanoTime();
        semaphore.acquire();
        deadline.extend(System.nanoTime() - before);
        return new Permit(semaphore);
    }
}
