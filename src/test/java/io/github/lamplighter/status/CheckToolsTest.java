package io.github.lamplighter.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Case;
import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckToolsTest {

    @TempDir
    Path home;

    /// The checks of one run see the service before it was stopped, and its address after.
    @Test
    void aServiceThatStopsWhileItIsCheckedIsCheckedAgain() {
        Case tool = new Case(home).silent().stopsDuringTheFirstRun();

        Report report = check(tool);

        assertThat(report.findings()).extracting(Finding::id).doesNotContain(CheckId.ANSWERING);
        assertThat(report.finding(CheckId.PROCESS)).map(Finding::title).contains("Not running");
    }

    @Test
    void anUpgradeThatEndsMeanwhileIsNotReportedAsInProgress() {
        Case tool = new Case(home).upgrading().upgradedDuringTheFirstRun();

        assertThat(check(tool).isBeingUpgraded()).isFalse();
    }

    @Test
    void aCheckIsRecordedInTheHistoryOfStates() throws IOException {
        Case tool = new Case(home).silent();

        Report report = check(tool);

        assertThat(Files.readAllLines(tool.directories().states().resolve(report.name() + ".jsonl")))
                .singleElement()
                .asString()
                .contains("\"at\":\"" + Case.NOW.truncatedTo(ChronoUnit.SECONDS))
                .contains("\"state\":\"failed\"");
    }

    @Test
    void nothingIsLeftOfAToolThatIsForgotten() {
        Case tool = new Case(home).silent();
        Report report = check(tool);
        AppDirectories directories = tool.directories();
        assertThat(directories.states().resolve(report.name() + ".jsonl")).exists();

        tools(tool).forget(new ToolName(report.name()));

        assertThat(directories.states()).isEmptyDirectory();
        assertThat(directories.reports().resolve(report.name() + ".json")).doesNotExist();
    }

    private Report check(Case tool) {
        return tools(tool).run(List.of(tool.manifest()), Scope.FULL).reports().getFirst();
    }

    private static CheckTools tools(Case tool) {
        return new CheckTools(
                tool.doctor(),
                new ReportStore(tool.directories(), () -> Case.NOW, () -> ZoneOffset.UTC, () -> Duration.ofHours(12)),
                new GlanceFile(tool.directories().glance()),
                new StateHistory(tool.directories()),
                Optional::empty,
                _ -> List.of(),
                _ -> Case.UNIT,
                UpgradeHistory.NONE,
                () -> Duration.ofHours(6),
                () -> Case.NOW,
                () -> true);
    }
}
