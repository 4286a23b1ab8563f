package io.github.lamplighter.window;

import java.time.Instant;
import java.util.function.Consumer;

/// The port to the journal of a running upgrade.
interface UpgradeSteps {

    /// Hands over each line of the journal of `tool`'s transaction begun at or after `since`, until it is closed.
    AutoCloseable follow(String tool, Instant since, Consumer<Entry> entry);

    /// @param step the journal's word (`stage`, `stop`, …)
    /// @param outcome the journal's word: `begun` while it runs
    record Entry(String step, String outcome, Instant at, String detail) {}
}
