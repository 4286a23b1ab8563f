package io.github.lamplighter.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Case;
import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.tool.ManifestEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The status of a tool from its report, its service and its age. What is not known is never shown as OK.
class ToolStatusTest {

    private static final Duration INTERVAL = Duration.ofHours(6);

    @TempDir
    Path home;

    @Test
    void aToolWithABrokenManifestNeedsAttention() {
        Glance glance = Glance.of(
                List.of(),
                List.of(new ManifestEntry.Broken("muxplex", home.resolve("muxplex.json"), 4, 2, "expected a comma")),
                UpgradeHistory.NONE,
                Case.NOW,
                INTERVAL.multipliedBy(2));
        assertThat(glance.tools())
                .containsExactly(new ToolGlance(
                        "muxplex",
                        State.ATTENTION,
                        "Manifest cannot be read (line 4)",
                        "",
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Set.of()));
    }

    @Test
    void withoutARecentReportTheStateIsUnknown() {
        Case tool = new Case(home);
        assertThat(glance(tool, Optional.empty(), Duration.ZERO).state()).isEqualTo(State.UNKNOWN);
        assertThat(glance(tool, Optional.of(tool.report()), Duration.ofHours(1)).state())
                .isEqualTo(State.OK);
        ToolGlance old = glance(tool, Optional.of(tool.report()), Duration.ofHours(13));
        assertThat(old.state()).isEqualTo(State.UNKNOWN);
        assertThat(old.headline()).isEqualTo("Last checked 13 h ago: no problems");
    }

    @Test
    void theHeadlineIsTheTitleOfTheWorstFinding() {
        Case tool = new Case(home).silent();
        ToolGlance failing = glance(tool, Optional.of(tool.report()), Duration.ZERO);
        assertThat(failing.state()).isEqualTo(State.FAILURE);
        assertThat(failing.headline()).isEqualTo("Running, but not responding");
        assertThat(failing.problemOfRun())
                .contains(tool.report().facts().running().checkedAt());
    }

    @Test
    void aToolWhoseUpdatesCouldNotBeCheckedIsNotOk() {
        Case tool = new Case(home)
                .with(c -> c.verdict =
                        new Verdict.NotCheckable(Verdict.UncheckableReason.NOT_REACHED, "x.example was not reached."));
        ToolGlance unknown = glance(tool, Optional.of(tool.report()), Duration.ZERO);
        assertThat(unknown.state()).isEqualTo(State.UNKNOWN);
        assertThat(unknown.headline()).isEqualTo("Could not check for updates: server not reachable");
        tool.verdict =
                new Verdict.NotCheckable(Verdict.UncheckableReason.NO_SOURCE, "It was installed from an archive.");
        assertThat(glance(tool, Optional.of(tool.report()), Duration.ZERO).state())
                .as("there is nothing to know")
                .isEqualTo(State.OK);
    }

    @Test
    void anUpdateStaysAvailableWithItsAgeUntilItIsTooOld() throws IOException {
        Instant[] now = {Case.NOW};
        Case tool = new Case(home).outdated("0.9.4");
        ReportStore store =
                new ReportStore(tool.directories(), () -> now[0], () -> ZoneOffset.UTC, () -> INTERVAL.multipliedBy(2));
        store.merge(tool.doctor().examine(tool.manifest(), DiagnoseTool.Scope.FULL));
        tool.verdict = new Verdict.NotCheckable(Verdict.UncheckableReason.NOT_REACHED, "x.example was not reached.");
        for (DiagnoseTool.Scope scope : List.of(DiagnoseTool.Scope.FULL, DiagnoseTool.Scope.OFFLINE)) {
            now[0] = now[0].plus(Duration.ofHours(3));
            tool.with(c -> c.now(now[0]));
            store.merge(tool.doctor().examine(tool.manifest(), scope));
            ToolGlance glance = glance(tool, store.last(tool.manifest().name()), Duration.between(Case.NOW, now[0]));
            assertThat(glance.state()).isEqualTo(State.UPDATE);
            assertThat(glance.update()).contains(new ToolStatus.Update("0.9.4", Optional.of(Case.NOW)));
            assertThat(glance.headline())
                    .isEqualTo("0.9.4 is available, as of %d h ago"
                            .formatted(Duration.between(Case.NOW, now[0]).toHours()));
        }
        now[0] = Case.NOW.plus(Duration.ofHours(49));
        tool.with(c -> c.now(now[0]));
        store.merge(tool.doctor().examine(tool.manifest(), DiagnoseTool.Scope.OFFLINE));
        ToolGlance old = glance(tool, store.last(tool.manifest().name()), Duration.between(Case.NOW, now[0]));
        assertThat(old.state()).isEqualTo(State.UNKNOWN);
        assertThat(old.update()).isEmpty();
        assertThat(old.headline()).isEqualTo("Updates not checked recently");
    }

    @Test
    void aVersionThatWasRolledBackIsNotOfferedAsIfNothingHadBeen() {
        Case tool = new Case(home).outdated("0.9.4").triedBefore("0.9.4", "0.9.4 did not start.");
        ToolGlance glance = glance(tool, Optional.of(tool.report()), Duration.ZERO);
        assertThat(glance.update()).isEmpty();
        assertThat(glance.state()).isEqualTo(State.OK);
        assertThat(glance.headline()).isEqualTo("0.9.4 was rolled back");
        assertThat(glance.rolledBack()).map(Report.RolledBack::version).contains("0.9.4");
    }

    @Test
    void anUpgradeThatIsOverIsNotInProgressWithATick() {
        Case tool = new Case(home).upgrading();
        Report during = tool.report();
        assertThat(during.isBeingUpgraded()).isTrue();

        ToolStatus now = ToolStatus.of(Optional.of(during), Optional.empty(), true, Case.NOW, INTERVAL);
        ToolStatus after = ToolStatus.of(Optional.of(during), Optional.empty(), false, Case.NOW, INTERVAL);

        assertThat(now.state()).isEqualTo(State.WORKING);
        assertThat(now.headline()).isEqualTo("Being upgraded");
        assertThat(after.state()).isEqualTo(State.UNKNOWN);
        assertThat(after.headline()).isEqualTo("Not checked since its upgrade");
    }

    /// The last check was made before the upgrade, and offers it.
    @Test
    void anUpgradeThatHasBegunIsNotOfferedAnyMore() {
        Report before = new Case(home).outdated("0.9.4").report();
        ToolStatus now = ToolStatus.of(Optional.of(before), Optional.empty(), true, Case.NOW, INTERVAL);
        assertThat(now.state()).isEqualTo(State.WORKING);
        assertThat(now.headline()).isEqualTo("Being upgraded");
    }

    private static ToolGlance glance(Case tool, Optional<Report> report, Duration later) {
        return Glance.of(
                        List.of(new ManagedTool(tool.manifest(), Case.UNIT, report)),
                        List.of(),
                        UpgradeHistory.NONE,
                        Case.NOW.plus(later),
                        INTERVAL.multipliedBy(2))
                .tools()
                .getFirst();
    }
}
