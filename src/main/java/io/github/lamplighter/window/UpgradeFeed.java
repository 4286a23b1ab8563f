package io.github.lamplighter.window;

import io.github.lamplighter.upgrade.StepProgress;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Port to the journals of upgrades, through which the window follows upgrades in other processes.
interface UpgradeFeed {

    /// Reports the steps and the output of the upgrade of `tool` that starts at or after `since`, in some thread,
    /// until it ends or the handle is closed.
    Following follow(String tool, Instant since, Listener listener);

    /// Called in some thread.
    interface Listener {
        void step(StepProgress progress);

        /// A line that the package manager printed.
        void output(String line);
    }

    /// Reports the steps of an upgrade in progress, from its first one on.
    ///
    /// @param ended called with its result; empty if its worker was killed
    Following follow(Running running, Listener listener, Consumer<Optional<UpgradeRecord>> ended);

    /// The upgrades and rollbacks in progress, wherever they were started.
    List<Running> running();

    /// @param id of the transaction
    /// @param from empty until the plan is known, like `to`
    record Running(
            String id, String tool, Asked asked, Optional<String> from, Optional<String> to, Instant startedAt) {}

    interface Following extends AutoCloseable {

        /// Cancels the upgrade, at the latest when its worker has started.
        void cancel();

        @Override
        void close();
    }
}
