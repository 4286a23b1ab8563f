package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import io.github.lamplighter.upgrade.UpgradeOutcome.DataRisk;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpgradeTextTest {

    @Test
    void aSuccessfulUpgradeSaysHowToUndoIt() {
        assertThat(UpgradeText.lines(outcome(Asked.UPGRADE, Result.UPGRADED, DataRisk.NONE, Optional.empty())))
                .containsExactly("Upgraded clock to 2.0.0 (down for 1.1 s).", "To undo: lamplighter rollback clock");
    }

    @Test
    void whatCouldNotBeCleanedUpIsNamed() {
        assertThat(UpgradeText.lines(outcome(
                        Asked.UPGRADE,
                        Result.UPGRADED,
                        DataRisk.NONE,
                        Optional.of("Could not remove older versions."))))
                .containsExactly(
                        "Upgraded clock to 2.0.0 (down for 1.1 s).",
                        "Could not remove older versions.",
                        "To undo: lamplighter rollback clock");
    }

    @Test
    void aFailedUpgradeSaysWhyAndWhatIsInstalledNow() {
        UpgradeOutcome failed = outcome(Asked.UPGRADE, Result.ROLLED_BACK, DataRisk.ALL);
        assertThat(UpgradeText.lines(failed))
                .containsExactly(
                        "Upgrade of clock to 2.0.0 failed: It exited with code 3.",
                        "Rolled back to 1.1.0 (down for 1.1 s).",
                        "Its data was not backed up; 2.0.0 may have changed it.",
                        "  Log:        lamplighter logs clock",
                        "  Try again:  lamplighter upgrade clock --to 2.0.0");
        assertThat(UpgradeText.exitCode(failed)).isEqualTo(ExitCode.FAILED);
        assertThat(UpgradeText.end(failed)).isEqualTo("failed, rolled back");
    }

    @Test
    void dataThatWereBackedUpInPartAreCalledThat() {
        assertThat(UpgradeText.lines(outcome(Asked.UPGRADE, Result.ROLLED_BACK, DataRisk.PART)))
                .contains("A part of its data was not backed up; 2.0.0 may have changed it.");
    }

    @Test
    void aRequestedRollbackIsASuccess() {
        UpgradeOutcome done = outcome(Asked.ROLLBACK, Result.ROLLED_BACK, DataRisk.NONE);
        assertThat(UpgradeText.lines(done))
                .containsExactly(
                        "Rolled back clock to 2.0.0 (down for 1.1 s).",
                        "To undo: lamplighter rollback clock --to 1.1.0");
        assertThat(UpgradeText.exitCode(done)).isEqualTo(ExitCode.OK);
        assertThat(UpgradeText.end(done)).isEqualTo("rolled back");
    }

    @Test
    void aCancelledUpgradeDidNotFail() {
        UpgradeOutcome before =
                outcome(Asked.UPGRADE, Result.FAILED, DataRisk.NONE).cancelled();
        assertThat(UpgradeText.end(before)).isEqualTo("cancelled");
        assertThat(UpgradeText.lines(before))
                .containsExactly("Upgrade of clock to 2.0.0 was cancelled.", "clock is still at 1.1.0.");
        assertThat(outcome(Asked.UPGRADE, Result.NEEDS_ATTENTION, DataRisk.NONE)
                        .cancelled()
                        .isCancelled())
                .as("it is not over")
                .isFalse();
        UpgradeOutcome after =
                outcome(Asked.UPGRADE, Result.ROLLED_BACK, DataRisk.NONE).cancelled();
        assertThat(UpgradeText.end(after)).isEqualTo("cancelled, rolled back");
        assertThat(UpgradeText.lines(after))
                .containsExactly(
                        "Upgrade of clock to 2.0.0 was cancelled.",
                        "Rolled back to 1.1.0 (down for 1.1 s).",
                        "  Try again:  lamplighter upgrade clock --to 2.0.0");
    }

    private static UpgradeOutcome outcome(Asked asked, Result result, DataRisk dataRisk) {
        return outcome(asked, result, dataRisk, Optional.of("It exited with code 3."));
    }

    private static UpgradeOutcome outcome(Asked asked, Result result, DataRisk dataRisk, Optional<String> reason) {
        return new UpgradeOutcome(
                "clock",
                asked,
                result,
                "1.1.0",
                "2.0.0",
                reason,
                1100,
                dataRisk,
                Optional.empty(),
                List.of(),
                Instant.EPOCH);
    }
}
