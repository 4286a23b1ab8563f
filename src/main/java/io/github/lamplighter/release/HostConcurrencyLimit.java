package io.github.lamplighter.release;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// No host is asked more than four things at a time, whatever they are. Who asks for many tools waits: each question
/// before it has a limit of its own.
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

    /// Waits until the host of an address is free; the wait does not count against the question's own time.
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
