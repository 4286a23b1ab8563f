package io.github.lamplighter.window;

import io.github.lamplighter.upgrade.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The port to the journals of upgrades: the window, a terminal and the worker share nothing else.
interface UpgradeFeed {

    /// Hands over the steps of the transaction of `tool` that begins at or after `since`, as they come, in some
    /// thread, until it is over or the handle is closed.
    Following follow(String tool, Instant since, Consumer<Entry> entry);

    /// The same for one that is under way, from its first step on, to its end.
    ///
    /// @param ended given what it came to; empty when its worker is gone without a last word
    Following follow(Running running, Consumer<Entry> entry, Consumer<Optional<UpgradeRecord>> ended);

    /// The upgrades that are under way now, whoever started them.
    List<Running> running();

    /// @param step the journal's word
    /// @param text what a person reads for it now
    /// @param outcome empty while it runs
    /// @param isDowntime whether the service is down in it, if there is one
    record Entry(
            String step,
            String text,
            Optional<StepOutcome> outcome,
            Instant at,
            Optional<Duration> took,
            boolean isDowntime) {}

    /// @param id the transaction's
    /// @param from empty until its plan is known, as is `to`
    record Running(String id, String tool, Optional<String> from, Optional<String> to, Instant startedAt) {}

    interface Following extends AutoCloseable {

        /// Asks the worker to end as if it had not begun; one that has not begun yet is asked when it does.
        void cancel();

        @Override
        void close();
    }
}
