package io.github.lamplighter.app;

import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.upgrade.Journals;
import java.util.Optional;

/// The upgrades of a tool, from its journals.
record UpgradeJournalHistory(Journals journals) implements UpgradeHistory {

    @Override
    public boolean isUpgrading(String tool) {
        return journals.open(tool).filter(Journals.Transaction::isAtWork).isPresent();
    }

    @Override
    public Optional<Upgraded> last(String tool) {
        return journals.lastUpgrade(tool)
                .map(done -> new Upgraded(done.from(), done.to(), done.startedAt(), journals.keepsVersionBefore(done)));
    }
}
