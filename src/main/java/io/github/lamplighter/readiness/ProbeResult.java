package io.github.lamplighter.readiness;

import java.time.Duration;

/// What an endpoint said when it was asked once.
public sealed interface ProbeResult {

    /// A complete HTTP status line, or a connection for `tcp:` and `unix:`.
    ///
    /// @param ready whether the status is below 500, or the one that the manifest expects
    /// @param detail `HTTP 200`, `connected`
    record Yes(boolean ready, String detail, Duration took) implements ProbeResult {}

    /// No complete answer; `detail` says which (refused, no answer in 5 s, not HTTP).
    record No(String detail) implements ProbeResult {}
}
