package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.status.CheckTools;
import io.github.lamplighter.status.GlanceFile;
import io.github.lamplighter.status.StateHistory;
import io.github.lamplighter.status.UpgradeHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A check that runs while a package manager removes Lamplighter's files can crash; that is no finding on a tool.
class CheckDuringRemovalTest {

    @TempDir
    Path home;

    @Test
    void itsReportIsNotSaved() throws IOException {
        Case tool = new Case(home);
        ReportStore store =
                new ReportStore(tool.directories(), Instant::now, () -> ZoneOffset.UTC, () -> Duration.ofDays(1));

        CheckTools.Outcome outcome = check(tool, store, false);

        assertThat(outcome.reports()).hasSize(1);
        assertThat(outcome.problems()).singleElement().asString().contains("upgraded or removed during the check");
        assertThat(store.last(tool.manifest().name())).isEmpty();
        assertThat(check(tool, store, true).problems()).isEmpty();
        assertThat(store.last(tool.manifest().name())).isPresent();
    }

    private static CheckTools.Outcome check(Case tool, ReportStore store, boolean installed) {
        return new CheckTools(
                        tool.doctor(),
                        store,
                        new GlanceFile(tool.directories().glance()),
                        new StateHistory(tool.directories()),
                        Optional::empty,
                        _ -> List.of(),
                        _ -> "unit",
                        UpgradeHistory.NONE,
                        () -> Duration.ofHours(6),
                        Instant::now,
                        () -> installed)
                .run(List.of(tool.manifest()), DiagnoseTool.Scope.FULL);
    }
}
