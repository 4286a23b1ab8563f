package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import org.junit.jupiter.api.Test;

/// The result of an upgrade or of a rollback, as a sentence.
class UpgradeRecordTest {

    @Test
    void aRollbackByTheUserIsNoFailedUpgrade() {
        UpgradeRecord back = past("rollback", "rolled-back", "14.1.1", "14.1.0");
        assertThat(back.sentence("http-server", true)).isEqualTo("Rolled back to 14.1.0 (down for 0.5 s).");
        assertThat(back.line()).isEqualTo("Rolled back 14.1.1 → 14.1.0");
        assertThat(back.succeeded()).isTrue();
    }

    @Test
    void aFailedUpgradeWasRolledBack() {
        UpgradeRecord failed = past("upgrade", "rolled-back", "14.1.0", "14.1.1");
        assertThat(failed.sentence("http-server", true))
                .isEqualTo("14.1.1 failed. Rolled back to 14.1.0, which is running (down for 0.5 s).");
        assertThat(failed.succeeded()).isFalse();
    }

    @Test
    void aCancelledUpgradeDidNotFail() {
        UpgradeRecord before = cancelled("failed");
        assertThat(before.sentence("http-server", true)).isEqualTo("Cancelled. http-server is still at 14.1.0.");
        assertThat(before.line()).isEqualTo("Upgrade cancelled 14.1.0 → 14.1.1");
        assertThat(before.reason()).isEmpty();
        assertThat(before.mark()).isEqualTo(ToolRow.Mark.INFO);
        UpgradeRecord after = cancelled("rolled-back");
        assertThat(after.sentence("http-server", true)).isEqualTo("Cancelled. Rolled back to 14.1.0.");
        assertThat(after.wasUndone()).isFalse();
    }

    private static UpgradeRecord cancelled(String outcome) {
        return UpgradeRecord.of(JsonFile.MAPPER.readTree("""
            {"name": "http-server", "asked": "upgrade", "outcome": "%s", "from": "14.1.0", "to": "14.1.1",
             "reason": "Cancelled.", "cancelled": true, "downtimeMillis": 538, "dataMayHaveChanged": false}
            """.formatted(outcome)));
    }

    private static UpgradeRecord past(String asked, String outcome, String from, String to) {
        return UpgradeRecord.of(JsonFile.MAPPER.readTree("""
            {"name": "http-server", "asked": "%s", "outcome": "%s", "from": "%s", "to": "%s",
             "reason": null, "downtimeMillis": 538, "dataMayHaveChanged": true}
            """.formatted(asked, outcome, from, to)));
    }
}
