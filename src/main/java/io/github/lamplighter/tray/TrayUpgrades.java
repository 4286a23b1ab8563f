package io.github.lamplighter.tray;

import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.util.Optional;
import java.util.Set;

/// What the tray icon reads of the upgrade journals.
public interface TrayUpgrades {

    /// The names of the tools with an open transaction.
    Set<String> open();

    /// The outcome of a tool's last transaction.
    Optional<UpgradeOutcome> last(String name);
}
