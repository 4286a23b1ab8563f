package io.github.lamplighter.readiness;

import java.time.Duration;

/// The response of an endpoint to one request.
public sealed interface ProbeResult {

    /// A complete HTTP status line, or a connection for `tcp:` and `unix:`.
    ///
    /// @param ready whether the status is below 500, or one that the manifest expects
    /// @param detail `HTTP 200`, `connected`
    record Yes(boolean ready, String detail, Duration took) implements ProbeResult {}

    /// No complete response; `detail` is the reason (refused, no response within 5 s, not HTTP).
    record No(String detail) implements ProbeResult {}
}
