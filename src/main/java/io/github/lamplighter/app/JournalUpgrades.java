package io.github.lamplighter.app;

import io.github.lamplighter.tray.TrayUpgrades;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The upgrades for the tray icon, from their journals.
record JournalUpgrades(Journals journals) implements TrayUpgrades {

    @Override
    public Set<String> open() {
        return journals.open().stream().map(Journals.Transaction::name).collect(Collectors.toSet());
    }

    @Override
    public Optional<UpgradeOutcome> last(String name) {
        return journals.history(Optional.of(name)).stream().findFirst();
    }
}
