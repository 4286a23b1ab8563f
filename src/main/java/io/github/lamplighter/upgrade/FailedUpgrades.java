package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The versions that were tried, failed a check, and were rolled back. They are not offered again as if nothing had
/// been, until one is installed after all. One that was cancelled or interrupted was not tried.
public final class FailedUpgrades {

    private final Journals journals;

    public FailedUpgrades(Journals journals) {
        this.journals = journals;
    }

    /// The last attempt to upgrade a tool to this version, if it was rolled back.
    public Optional<UpgradeOutcome> of(String name, UpgradeTarget upgradeTarget) {
        String identity = UpgradePlan.identity(upgradeTarget);
        return journals.all(Optional.of(name)).stream()
                .filter(past -> past.planned()
                        .filter(planned -> planned.identity().equals(identity))
                        .isPresent())
                .flatMap(this::attempt)
                .findFirst()
                .filter(outcome -> outcome.result() == UpgradeOutcome.Result.ROLLED_BACK);
    }

    private Stream<UpgradeOutcome> attempt(Journals.Transaction past) {
        return past.ended().stream()
                .filter(outcome -> outcome.asked() == Asked.UPGRADE)
                .filter(outcome -> switch (outcome.result()) {
                    case UPGRADED -> true;
                    case ROLLED_BACK -> failedCheck(journals.entries(past.journal()));
                    default -> false;
                });
    }

    /// Where even the previous version could not be restored, the check shows nothing of the new one: the disk was
    /// full, or the service manager ended.
    private static boolean failedCheck(List<JournalEntry> entries) {
        boolean wasUnfinished =
                entries.stream().anyMatch(entry -> entry instanceof JournalEntry.Ended ended && ended.isOpen());
        return !wasUnfinished
                && entries.stream()
                        .anyMatch(entry -> entry instanceof JournalEntry.StepEnded ended
                                && ended.outcome() == StepOutcome.FAILED
                                && ended.step().isCheck()
                                && !ended.isCancelled());
    }
}
