package io.github.lamplighter.window;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// The port to the journal of a running upgrade.
interface UpgradeSteps {

    /// Hands over the steps of the transaction of `tool` that begins at or after `since`, as they come, in some
    /// thread, until it is over or the handle is closed.
    AutoCloseable follow(String tool, Instant since, Consumer<Entry> entry);

    /// @param step the journal's word
    /// @param text what a person reads for it now
    /// @param outcome empty while it runs, else `done`, `skipped` or `failed`
    record Entry(String step, String text, Optional<String> outcome, Instant at, Optional<Duration> took) {}
}
