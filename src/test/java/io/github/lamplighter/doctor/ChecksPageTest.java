package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The page of the manual on the checks says what `explain` says, of every check and in their order.
class ChecksPageTest {

    @Test
    void everyCheckStandsOnThePage() throws IOException {
        String page = Files.readString(Path.of("docs/checks.md"));
        int place = 0;
        for (String id : DiagnoseTool.ids()) {
            String mark = Catalogue.find(id)
                    .map(entry -> entry.isGate() ? " (gate)" : entry.needsNetwork() ? " (network)" : "")
                    .orElseThrow();
            String entry = "### %s%s\n\n%s\n"
                    .formatted(id, mark, DiagnoseTool.explanation(id).orElseThrow());
            assertThat(page.indexOf(entry, place)).as(entry).isGreaterThan(0);
            place = page.indexOf(entry, place);
        }
    }
}
