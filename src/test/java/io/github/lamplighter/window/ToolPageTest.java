package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ResourceUsage;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import io.github.lamplighter.window.ServiceViewModel.PathFolder;
import io.github.lamplighter.window.ServiceViewModel.Switch;
import io.github.lamplighter.window.ServiceViewModel.SwitchState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The view models of a tool's page without a toolkit: everything runs in this thread.
class ToolPageTest {

    private final FakeCliClient cli = Examples.cliClient();

    @TempDir
    Path home;

    private FakeWindowData data;
    private WindowServices windowServices;
    private ToolsViewModel tools;
    private ToolViewModel tool;

    @BeforeEach
    void open() {
        Examples.writeReports(home);
        data = Examples.data(home);
        windowServices = Examples.windowServices(cli, data, home, new FakeUpgradeFeed(), TaskExecutor.direct());
        tools = new ToolsViewModel(windowServices);
        tools.reload();
        tool = new ToolViewModel(windowServices, tools::reread);
        tool.show(row("greeter"));
    }

    private ToolRow row(String id) {
        return tools.tool(id).orElseThrow();
    }

    @Test
    void aFindingIsIgnoredInThisVersionOnlyIfTheVersionIsKnown() {
        ToolDetails.Finding finding =
                row("greeter").report().flatMap(ToolDetails::problem).orElseThrow();
        tool.show(row("greeter"));
        assertThat(ignoreMenu(finding)).contains("In this version");

        data.tools.replaceAll(known -> known.id().equals("mkdocs") ? withoutVersion(known) : known);
        tools.reload();
        tool.show(row("mkdocs"));

        assertThat(ignoreMenu(finding)).containsExactly("Until it changes", "For 7 days", "Always");
    }

    private List<String> ignoreMenu(ToolDetails.Finding finding) {
        return FindingMenu.items(tool.health(), finding, _ -> {}).stream()
                .filter(Menu.class::isInstance)
                .flatMap(menu -> ((Menu) menu).getItems().stream())
                .map(MenuItem::getText)
                .toList();
    }

    private static Tool withoutVersion(Tool known) {
        return new Tool(
                known.id(), known.name(), known.entry(), Optional.empty(), true, known.expected(), known.source());
    }

    @Test
    void aLogIsFollowedUntilItIsPausedOrAnotherToolIsShown() {
        tool.log().load();
        tool.log().follow();
        assertThat(tool.log().followsProperty().get()).isTrue();
        data.followed.accept(line("one"));
        data.followed.accept(line("two"));
        assertThat(tool.log().lines()).extracting(LogLine::text).containsExactly("one", "two");
        tool.log().stopFollowing();
        data.followed.accept(line("three"));
        assertThat(tool.log().lines()).extracting(LogLine::text).containsExactly("one", "two");
        tool.log().follow();
        tool.show(row("http-server"));
        assertThat(tool.log().followsProperty().get()).isFalse();
        assertThat(data.called).filteredOn("end of following greeter"::equals).hasSize(2);
    }

    private static LogLine line(String text) {
        return new LogLine(0, 6, text);
    }

    @Test
    void theLogSinceTheStartIsRequestedByItsTime() {
        tool.log().show(LogViewModel.Span.SINCE_START);
        assertThat(data.called).contains("log greeter 2000 since 2026-11-23T09:12:00Z");
    }

    @Test
    void aLogIsNarrowedByLevelAndText() {
        tool.log().load();
        assertThat(tool.log().messageProperty().get()).isEqualTo("60 lines");
        tool.log().show(LogViewModel.Level.ERRORS);
        assertThat(tool.log().lines()).allMatch(line -> line.priority() <= 3);
        assertThat(tool.log().messageProperty().get()).isEqualTo("4 of 60 lines");
        tool.log().show(LogViewModel.Level.ALL);
        tool.log().find("200 IN 30 ms");
        assertThat(tool.log().lines()).extracting(LogLine::text).containsExactly("127.0.0.1 GET / 200 in 30 ms");
        tool.log().find("nothing of this");
        assertThat(tool.log().messageProperty().get()).isEqualTo("No line matches \"nothing of this\"");
    }

    /// A stop by another program is a signal, after which the rows are read again.
    @Test
    void aServiceThatWasStoppedElsewhereIsStoppedOnItsPage() {
        assertThat(tool.service().state(Switch.RUN)).isEqualTo(new SwitchState(true, false, Optional.empty()));
        data.services.put("greeter", Examples.service("greeter", Phase.STOPPED, true));
        tool.show(row("greeter"));
        assertThat(tool.service().state(Switch.RUN)).isEqualTo(new SwitchState(false, false, Optional.empty()));
    }

    @Test
    void aSwitchTurnsUntilItsCommandHasEndedAndThenShowsTheTruth() {
        cli.answer("service stop greeter", 1, "{}", "It did not stop within 90 s.");
        cli.during("service stop greeter", () -> {
            assertThat(tool.service().state(Switch.RUN).turning()).isTrue();
            assertThat(tool.service().state(Switch.LOGIN).disabledBecause()).hasValue("Another command is running");
        });
        tool.service().flip(Switch.RUN, false);
        assertThat(tool.service().state(Switch.RUN))
                .as("it did not stop, so it goes back")
                .isEqualTo(new SwitchState(true, false, Optional.empty()));
        assertThat(tool.bannerProperty().get())
                .hasValue(new PageBanner(ToolRow.Mark.WARNING, "Stop greeter: failed", "It did not stop within 90 s."));
    }

    @Test
    void lingeringIsSwitchedForAllServices() {
        cli.answer("service disable greeter --linger", "{}");
        cli.answer("service enable greeter --linger", "{}");
        tool.service().flip(Switch.LOGOUT, false);
        tool.service().flip(Switch.LOGOUT, true);
        assertThat(cli.called).contains("service disable greeter --linger", "service enable greeter --linger");
    }

    @Test
    void switchesAreDisabledWithTheReason() {
        tool.show(row("node-red"));
        assertThat(tool.service().state(Switch.LOGIN).disabledBecause())
                .hasValue("The service manager is not available");
        tool.show(row("http-server"));
        assertThat(tool.service().state(Switch.RUN).disabledBecause()).hasValue("No service is set up");
    }

    @Test
    void aCheckTellsHowFarItIsAndWhatItIsWaitingFor() {
        List<String> told = new ArrayList<>();
        data.checking = progress -> {
            told.add(tool.health().checkedSentence());
            progress.began("greeter", List.of("process", "answering", "update"));
            progress.answered("greeter", "process");
            progress.answered("greeter", "answering");
            told.add(tool.health().checkedSentence());
            assertThat(tool.health().isWaiting(finding("update"))).isTrue();
            assertThat(tool.health().isWaiting(finding("answering"))).isFalse();
        };
        tool.check();
        assertThat(told).containsExactly("Checking…", "Checking 2 of 3");
        assertThat(tool.health().checkedSentence()).isEqualTo("Checked 14:02 · 9 checks");
    }

    @Test
    void aCheckThatWaitsForFiveSecondsNamesWhatItWaitsFor() {
        CheckProgress progress = new CheckProgress(InstantSource.fixed(Examples.NOW));
        progress.reporting(() -> {}).began("greeter", List.of("process", "update"));
        progress.reporting(() -> {}).answered("greeter", "process");
        assertThat(progress.sentence(Examples.NOW.plusSeconds(4))).isEqualTo("Checking 1 of 2");
        assertThat(progress.sentence(Examples.NOW.plusSeconds(5)))
                .isEqualTo("Checking 1 of 2 · still waiting for the package index");
    }

    private ToolDetails.Finding finding(String id) {
        return row("greeter").report().orElseThrow().findings().stream()
                .filter(finding -> finding.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void escapeStopsACheckAndKeepsWhatIsKnown() {
        data.checking = _ -> {
            assertThat(tool.health().stop()).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        };
        tool.check();
        assertThat(tool.health().stop()).as("nothing is checked any more").isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(tool.bannerProperty().get()).isEmpty();
    }

    @Test
    void aCommandIsFollowedByACheck() {
        cli.answer("stop greeter", "{}");
        tool.run(Action.of("Stop greeter", "stop", "greeter"));
        assertThat(data.called).contains("check greeter");
    }

    @Test
    void aVersionThatWasRolledBackIsToldUntilThereIsANewerOne() {
        assertThat(tool.triedSentence()).isEmpty();
        data.history.clear();
        data.history.add(Examples.undone("greeter", "1.0.0", "1.1.0"));
        tool.show(row("greeter"));
        assertThat(tool.triedSentence()).isEqualTo("1.1.0 was tried at 13:31 and rolled back");
        data.history.clear();
        data.history.add(Examples.undone("greeter", "1.0.0", "1.0.5"));
        tool.show(row("greeter"));
        assertThat(tool.triedSentence()).as("1.1.0 is newer than what failed").isEmpty();
    }

    @Test
    void aVersionWhoseRollbackNeededRepairIsToldToo() {
        data.history.clear();
        data.history.add(Examples.outcome("greeter", Result.NEEDS_ATTENTION, "1.0.0", "1.1.0", "2026-11-23T13:31:00Z"));
        tool.show(row("greeter"));
        assertThat(tool.triedSentence()).isEqualTo("1.1.0 was tried at 13:31 and rolled back");
    }

    @Test
    void aVersionThatWasRolledBackAndThenWorkedIsNotTold() {
        data.history.clear();
        data.history.add(Examples.outcome("greeter", Result.UPGRADED, "0.9.0", "1.0.0", "2026-11-23T13:40:00Z"));
        data.history.add(Examples.undone("greeter", "0.9.0", "1.0.0"));
        tool.show(row("greeter"));
        assertThat(tool.triedSentence()).isEmpty();
    }

    @Test
    void tryingAgainPlansTheVersionThatFailed() {
        UpgradeViewModel upgrade = new UpgradeViewModel(windowServices, row("greeter"), Optional.of("1.1.0"), () -> {});
        cli.answer(
                "upgrade greeter --to 1.1.0 --dry-run",
                Examples.tools(Examples.planned("greeter", "1.0.0", "1.1.0", true)));
        upgrade.makePlan();
        assertThat(upgrade.planProperty().get().title()).isEqualTo("Upgrade greeter 1.0.0 → 1.1.0");
        assertThat(cli.called).contains("upgrade greeter --to 1.1.0 --dry-run");
    }

    @Test
    void afterAnUpgradeTheDoctorsVerdictIsShown() {
        UpgradeViewModel upgrade = new UpgradeViewModel(windowServices, row("greeter"), () -> {});
        upgrade.makePlan();
        data.checking = _ -> Examples.write(home, Examples.well("greeter", "1.1.0", Examples.current("1.1.0")));
        upgrade.start();
        assertThat(upgrade.verdictProperty().get())
                .hasValue(new UpgradeViewModel.Verdict(ToolRow.Mark.OK, "Doctor: no problems found"));
    }

    @Test
    void theUsageIsTheProcessorTimeBetweenTwoMeasurements() {
        data.usage.put("greeter", new ResourceUsage(Duration.ofSeconds(10), 212_000_000, Examples.NOW));
        tool.measure();
        assertThat(tool.usageProperty().get()).isEqualTo("212 MB");
        data.usage.put(
                "greeter", new ResourceUsage(Duration.ofMillis(10_150), 213_000_000, Examples.NOW.plusSeconds(5)));
        tool.measure();
        assertThat(tool.usageProperty().get()).isEqualTo("213 MB · 3.0 % CPU");
    }

    @Test
    void ignoringTheOnlyProblemLeavesAToolThatIsOk() throws Exception {
        assertThat(row("code-server").section()).isEqualTo(ToolRow.Section.NEEDS_ATTENTION);
        Examples.store(home).ignore(new ToolName("code-server"), "unstable", "change");
        tools.reread();
        assertThat(row("code-server").mark()).isEqualTo(ToolRow.Mark.OK);
        assertThat(tools.summaryProperty().get()).doesNotContain("could not be checked");
    }

    @Test
    void aFindingIsIgnoredWhileThisVersionIsInstalled() throws Exception {
        Examples.store(home).ignore(new ToolName("code-server"), "unstable", "upgrade");
        tools.reread();
        assertThat(row("code-server").report().orElseThrow().ignored()).isEqualTo(1);
        Examples.write(
                home,
                Examples.report(
                        "code-server",
                        InstallerKind.NPM,
                        "4.97.0",
                        Examples.current("4.97.0"),
                        Optional.of(true),
                        Examples.finding(
                                "unstable", Group.RUNNING, Severity.WARNING, "Crashed 4 times", "", "exit 1")));
        tools.reread();
        assertThat(row("code-server").report().orElseThrow().ignored()).isZero();
    }

    /// A check that ran during an upgrade may be saved after its end.
    @Test
    void anUpgradeThatHasEndedIsNotTold() {
        Examples.write(
                home,
                Examples.report(
                        "code-server",
                        InstallerKind.NPM,
                        "4.97.0",
                        Examples.current("4.97.0"),
                        Optional.of(true),
                        Examples.finding("being-upgraded", Group.RUNNING, Severity.INFO, "Being upgraded", "", "pid 7"),
                        Examples.finding("installed", Group.VERSION, Severity.OK, "4.97.0 is installed", "", "x")));
        data.upgrading.add("code-server");
        tools.reread();
        assertThat(row("code-server").headline()).isEqualTo("Being upgraded");
        data.upgrading.clear();
        tools.reread();
        assertThat(row("code-server").headline()).isEqualTo("OK");
        assertThat(row("code-server").report().orElseThrow().findings())
                .extracting(ToolDetails.Finding::id)
                .doesNotContain("being-upgraded");
    }

    @Test
    void foldersThatOnlyTheShellSearchesAreKnown() {
        tool.service().loadSetup();
        assertThat(tool.service().searchPaths())
                .contains(new PathFolder("/opt/tools/bin", true, false), new PathFolder("/usr/bin", true, true));
    }
}
