package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RollbackResultTest {

    private static final String SILENT = "systemctl did not respond within 3 s.";

    /// A service manager that does not respond fails the start and the rollback, in any order.
    @Test
    void aReasonOfBothIsNamedOnce() {
        assertThat(new RollbackResult(List.of("Could not restore the data.", SILENT), List.of()).text(SILENT))
                .isEqualTo(SILENT
                        + " Could not restore the data. When this is repaired, run `lamplighter recover` to continue.");
        assertThat(new RollbackResult(List.of(), List.of(SILENT, "Run `x`.")).text("Exited."))
                .isEqualTo("Exited. " + SILENT + " Run `x`.");
    }
}
