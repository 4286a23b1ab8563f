package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportBuilder;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The view models without a toolkit: everything runs in this thread.
class ViewModelsTest {

    private final FakeCliClient cli = Examples.cliClient();
    private final FakeUpgradeFeed steps = new FakeUpgradeFeed();

    @TempDir
    Path home;

    private FakeWindowData data;
    private WindowServices windowServices;
    private ToolsViewModel tools;

    @BeforeEach
    void read() throws Exception {
        Examples.writeReports(home);
        data = Examples.data(home);
        windowServices = Examples.windowServices(cli, data, home, steps, TaskExecutor.direct());
        tools = new ToolsViewModel(windowServices);
        tools.reload();
    }

    @Test
    void theListShowsWhatNeedsAttention() {
        assertThat(tools.summaryProperty().get()).isEqualTo("3 of 7 tools need attention");
        assertThat(tools.needingAttention())
                .extracting(ToolRow::id)
                .containsExactly("greeter", "code-server", "broken");
        assertThat(tools.tool("broken").orElseThrow().headline()).isEqualTo("Manifest cannot be read (line 4)");
        assertThat(tools.updates()).extracting(ToolRow::id).containsExactly("greeter", "http-server");
        assertThat(tools.tool("greeter").orElseThrow().spoken())
                .isEqualTo("problem: greeter 1.0.0, Running, but not responding");
    }

    @Test
    void aRunningToolWhoseUpdatesAreUnknownIsNotOk() {
        Examples.write(
                home,
                Examples.report(
                        "node-red",
                        InstallerKind.NPM,
                        "4.0.9",
                        new Verdict.NotCheckable(Verdict.UncheckableReason.NOT_REACHED, "x.example was not reached."),
                        Optional.of(true),
                        Examples.finding("answering", Group.RUNNING, Severity.OK, "Responding", "", "HTTP 200"),
                        Examples.finding(
                                "update",
                                Group.VERSION,
                                Severity.UNKNOWN,
                                "Could not check for updates: server not reachable",
                                "",
                                "x.example was not reached.")));
        tools.reload();
        ToolRow row = tools.tool("node-red").orElseThrow();
        assertThat(row.mark()).isEqualTo(ToolRow.Mark.UNKNOWN);
        assertThat(row.section()).isEqualTo(ToolRow.Section.UNKNOWN);
        assertThat(row.headline()).isEqualTo("Could not check for updates: server not reachable");
    }

    @Test
    void anNpmToolHasNoSource() {
        Report report = Examples.well("node-red", "4.0.9", new Verdict.Current("4.0.9"));
        assertThat(ToolDetails.of(report, report.facts(), AppDirectories.linux(Map.of(), Path.of("/home/ada")))
                        .source())
                .isEqualTo("Installed with npm");
    }

    @Test
    void withoutAPassedCheckTheStatusIsUnknown() {
        assertThat(tools.tool("mkdocs").orElseThrow().mark()).isEqualTo(ToolRow.Mark.UNKNOWN);
        Examples.write(
                home,
                Examples.report(
                        "node-red", InstallerKind.NPM, "4.0.9", new Verdict.Current("4.0.9"), Optional.of(true)));
        tools.reload();
        ToolRow row = tools.tool("node-red").orElseThrow();
        assertThat(row.mark()).isEqualTo(ToolRow.Mark.UNKNOWN);
    }

    @Test
    void aRepositoryInTheHomeFolderIsShownWithATilde() {
        Report report = Examples.greeter();
        Provenance local = report.provenance()
                .orElseThrow()
                .withOrigin(new Origin.Git(
                        "file:///home/ada/repos/greeter",
                        Optional.of("v1.0.0"),
                        Origin.RevisionKind.TAG,
                        "a".repeat(40)));
        ToolDetails shown = ToolDetails.of(
                new ReportBuilder(report).provenance(local).build(),
                report.facts(),
                AppDirectories.linux(Map.of(), Path.of("/home/ada")));
        assertThat(shown.source()).startsWith("From git tag v1.0.0 · ~/repos/greeter");
    }

    @Test
    void theSearchNarrowsTheList() {
        tools.filterProperty().set("HTTP");
        assertThat(tools.items().stream()
                        .filter(SidebarItem.Tool.class::isInstance)
                        .map(item -> ((SidebarItem.Tool) item).row().id()))
                .containsExactly("http-server", "httpie");
    }

    @Test
    void lamplighterIsInNoCountAndNoListOfTheUsersTools() {
        assertThat(tools.tools()).extracting(ToolRow::id).doesNotContain("lamplighter");
        assertThat(tools.items()).noneMatch(item -> item.shows("lamplighter"));
        assertThat(tools.tool("lamplighter")).as("it has a page").isPresent();
    }

    @Test
    void withoutManagedToolsTheFirstRunIsReached() {
        data.tools.removeIf(tool -> tool.managed() && !tool.id().equals("lamplighter"));
        tools.reload();
        assertThat(tools.stateProperty().get()).isEqualTo(ToolsViewModel.State.NONE_MANAGED);
        assertThat(tools.summaryProperty().get()).isEqualTo("2 tools found");
        data.tools.removeIf(tool -> !tool.id().equals("lamplighter"));
        tools.reload();
        assertThat(tools.stateProperty().get()).isEqualTo(ToolsViewModel.State.EMPTY);
        assertThat(tools.summaryProperty().get()).isEqualTo("No tools found");
    }

    @Test
    void aSingleToolIsNamed() {
        data.tools.removeIf(tool -> !tool.id().equals("greeter"));
        tools.reload();
        assertThat(tools.summaryProperty().get()).isEqualTo("greeter needs attention");
    }

    @Test
    void theOrderStandsStillWhileItIsRead() {
        List<String> before = ids();
        tools.holdOrder(true);
        data.live.put("http-server", live(ServiceState.Phase.FAILED));
        tools.reread();
        assertThat(tools.tool("http-server").orElseThrow().section()).isEqualTo(ToolRow.Section.NEEDS_ATTENTION);
        assertThat(ids()).isEqualTo(before);
        assertThat(tools.items())
                .as("what a line says is new")
                .contains(new SidebarItem.Tool(tools.tool("http-server").orElseThrow()));
        tools.holdOrder(false);
        assertThat(ids()).isNotEqualTo(before);
    }

    /// The window may open below the pointer.
    @Test
    void toolsThatAreNewToTheListDoNotWaitForThePointer() {
        ToolsViewModel opening = new ToolsViewModel(windowServices);
        opening.filterProperty().set("x");
        opening.filterProperty().set("");
        opening.holdOrder(true);
        opening.reload();
        assertThat(opening.items()).isEqualTo(tools.items());
    }

    @Test
    void aServiceThatStopsIsSeenWithoutACheck() {
        data.live.put("http-server", live(ServiceState.Phase.FAILED));
        data.serviceChanged.run();
        assertThat(tools.tool("http-server").orElseThrow().headline()).isEqualTo("Stopped unexpectedly");
        assertThat(tools.needingAttention())
                .as("the worst first")
                .extracting(ToolRow::id)
                .containsExactly("greeter", "http-server", "code-server", "broken");
        assertThat(cli.called).isEmpty();
    }

    /// The report still says that it is running, but not responding.
    @Test
    void theFactsAndTheFixOfACrashAreThoseOfNow() {
        ServiceState crashed =
                Examples.since(Examples.NOW.minusSeconds(5), Examples.state("greeter", ServiceState.Phase.FAILED));
        data.live.put("greeter", new LiveService(crashed, Manifest.Expected.RUNNING, _ -> false));
        data.serviceChanged.run();
        ToolRow row = tools.tool("greeter").orElseThrow();
        assertThat(row.headline()).isEqualTo("Stopped unexpectedly");
        Map<ToolDetails.FactName, ToolDetails.Fact> facts =
                row.report().orElseThrow().facts();
        assertThat(facts.get(ToolDetails.FactName.RUNNING).word()).isEqualTo("no");
        assertThat(facts.get(ToolDetails.FactName.ANSWERING).word()).isEqualTo("unknown");
        assertThat(facts.get(ToolDetails.FactName.INSTALLED).word()).isEqualTo("yes");
        assertThat(row.fix().map(Action::arguments)).contains(List.of("start", "greeter"));
        assertThat(row.since()).as("not of another finding").isEqualTo(crashed.since());
        ToolViewModel page = new ToolViewModel(windowServices, tools::reread);
        page.show(row);
        assertThat(page.health().checkedSentence()).endsWith("its service has changed since");
    }

    @Test
    void whatRespondsIsNotKnownOfTheNextRun() {
        ServiceState next =
                Examples.since(Examples.NOW.minusSeconds(5), Examples.state("http-server", ServiceState.Phase.RUNNING));
        data.live.put("http-server", new LiveService(next, Manifest.Expected.RUNNING, _ -> false));
        data.serviceChanged.run();
        Map<ToolDetails.FactName, ToolDetails.Fact> facts =
                tools.tool("http-server").flatMap(ToolRow::report).orElseThrow().facts();
        assertThat(facts.get(ToolDetails.FactName.RUNNING).word()).isEqualTo("yes");
        assertThat(facts.get(ToolDetails.FactName.ANSWERING).word()).isEqualTo("unknown");
    }

    /// The first run adds tools and checks them: the reports change while the list is read again.
    @Test
    void aReportThatChangesWhileTheListIsReadKeepsNoOldList() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        ToolsViewModel model = new ToolsViewModel(
                Examples.windowServices(cli, data, home, steps, new TaskExecutor(waiting::add, Runnable::run)));
        model.reload();
        runAll(waiting);
        data.tools.removeIf(tool -> tool.id().equals("greeter"));
        model.reload();
        model.reread();
        runAll(waiting);
        assertThat(model.tool("greeter")).isEmpty();
    }

    private static void runAll(Deque<Runnable> waiting) {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    private List<String> ids() {
        return tools.items().stream()
                .flatMap(item -> item instanceof SidebarItem.Tool(ToolRow row)
                        ? java.util.stream.Stream.of(row.id())
                        : java.util.stream.Stream.empty())
                .toList();
    }

    private static LiveService live(ServiceState.Phase phase) {
        return new LiveService(Examples.state("http-server", phase), Manifest.Expected.RUNNING, _ -> false);
    }

    @Test
    void aFailedCommandShowsTheReason() {
        ToolViewModel tool = new ToolViewModel(windowServices, tools::reread);
        tool.show(tools.tool("greeter").orElseThrow());
        cli.answer("stop greeter", 3, "{}", "2 tmux sessions would end");
        tool.run(Action.of("Stop greeter", "stop", "greeter"));
        assertThat(tool.bannerProperty().get())
                .hasValue(new PageBanner(ToolRow.Mark.WARNING, "Stop greeter: failed", "2 tmux sessions would end"));
        assertThat(cli.called).contains("stop greeter");
    }

    @Test
    void anInterruptionOfOtherProgramsIsConfirmedFirst() {
        ToolViewModel tool = new ToolViewModel(windowServices, tools::reread);
        tool.show(tools.tool("greeter").orElseThrow());
        cli.answer("stop greeter", 3, "{\"outcome\":\"refused\",\"consent\":\"tmux would end with it.\"}", "tmux");
        cli.answer("stop greeter --yes", "{\"outcome\":\"done\",\"reason\":\"It was stopped.\"}");
        tool.run(Action.of("Stop greeter", "stop", "greeter"));
        assertThat(tool.bannerProperty().get()).isEmpty();
        assertThat(cli.called).doesNotContain("stop greeter --yes");
        ToolViewModel.Question question = tool.questionProperty().get().orElseThrow();
        assertThat(question.text()).isEqualTo("tmux would end with it.");
        tool.run(question.action());
        assertThat(tool.bannerProperty().get())
                .hasValue(new PageBanner(ToolRow.Mark.OK, "Stop greeter: done", "It was stopped."));
        assertThat(cli.called).contains("stop greeter --yes");
    }

    @Test
    void anUpgradeIsPlannedShownAndRolledBack() {
        UpgradeViewModel upgrade =
                new UpgradeViewModel(windowServices, tools.tool("greeter").orElseThrow(), () -> {});
        upgrade.makePlan();
        assertThat(cli.called).doesNotContain("upgrade greeter --yes");
        assertThat(upgrade.planProperty().get().title()).isEqualTo("Upgrade greeter 1.0.0 → 1.1.0");
        cli.during("upgrade greeter --yes", () -> {
            assertThat(upgrade.steps())
                    .as("a step is shown while the worker starts")
                    .hasSize(1);
            steps.begins("stop", "Stopping service");
            assertThat(upgrade.steps()).extracting(UpgradeViewModel.Step::text).containsExactly("Stopping service");
            steps.ends("stop", "Stopped service", 1000);
        });
        upgrade.start();
        assertThat(upgrade.steps())
                .containsExactly(new UpgradeViewModel.Step(
                        "stop",
                        "Stopped service",
                        UpgradeViewModel.StepState.DONE,
                        Optional.of(Duration.ofSeconds(1)),
                        Examples.NOW,
                        true));
        assertThat(upgrade.resultSentence())
                .isEqualTo("1.1.0 failed. Rolled back to 1.0.0, which is running (down for 41 s).");
        assertThat(upgrade.whyProperty().get()).hasValue("1.1.0 exited right after it started: cannot import name app");
    }

    /// Lamplighter was upgraded while this window was open.
    @Test
    void aWindowOfTheVersionBeforeAsksToBeReopened() {
        WindowServices old = new WindowServices(
                cli,
                windowServices.data(),
                steps,
                TaskExecutor.direct(),
                windowServices.clock(),
                windowServices.humanFormat(),
                windowServices.directories(),
                windowServices.trust(),
                "0.0.9",
                windowServices.browse());
        ToolsViewModel model = new ToolsViewModel(old);
        model.reload();
        assertThat(model.noticeProperty().get())
                .isEqualTo("Lamplighter 0.1.0 is installed. Reopen this window to use it.");
        assertThat(model.metaProperty().get()).startsWith("Checked ");
        ToolsViewModel same = new ToolsViewModel(windowServices);
        same.reload();
        assertThat(same.noticeProperty().get()).isEmpty();
    }

    @Test
    void aStaleReportIsNeitherOkNorAProblem() {
        WindowServices tomorrow = new WindowServices(
                cli,
                windowServices.data(),
                steps,
                TaskExecutor.direct(),
                InstantSource.fixed(Examples.NOW.plus(Duration.ofDays(3))),
                windowServices.humanFormat(),
                windowServices.directories(),
                windowServices.trust(),
                windowServices.version(),
                windowServices.browse());
        ToolsViewModel later = new ToolsViewModel(tomorrow);
        later.reload();
        ToolRow well = later.tool("node-red").orElseThrow();
        assertThat(well.mark()).isEqualTo(ToolRow.Mark.UNKNOWN);
        assertThat(well.headline()).isEqualTo("Last checked 3 days ago: no problems");
        assertThat(later.tool("greeter").orElseThrow().headline()).isEqualTo("Last checked 3 days ago: problems found");
        assertThat(later.needingAttention()).extracting(ToolRow::id).containsExactly("broken");
        assertThat(later.summaryProperty().get()).isEqualTo("1 of 7 tools needs attention");
    }

    @Test
    void lamplighterItselfIsOkOnceItHasAReport() throws Exception {
        Examples.store(home).forget(new ToolName("lamplighter"));
        ToolsViewModel fresh = new ToolsViewModel(windowServices);
        fresh.reload();
        assertThat(fresh.tool("lamplighter").orElseThrow().headline()).isEqualTo("Not checked yet");
        cli.answer("doctor", 0, "{\"tools\":[{\"name\":\"lamplighter\"}]}", "");
        cli.during(
                "doctor", () -> Examples.write(home, Examples.well("lamplighter", "0.1.0", Examples.current("0.1.0"))));
        fresh.checkAll();
        assertThat(fresh.tool("lamplighter").orElseThrow().mark()).isEqualTo(ToolRow.Mark.OK);
    }

    @Test
    void aSkippedVersionIsNoUpdateUntilThereIsANewerOne() throws Exception {
        UpgradeViewModel upgrade =
                new UpgradeViewModel(windowServices, tools.tool("greeter").orElseThrow(), () -> {});
        cli.answer("ignore greeter update --until change", "{}");
        List<Optional<String>> problems = new ArrayList<>();
        upgrade.skip(problems::add);
        assertThat(problems).containsExactly(Optional.empty());
        assertThat(cli.called).contains("ignore greeter update --until change");
        Examples.store(home).ignore(new ToolName("greeter"), "update", "change");
        tools.reread();
        assertThat(tools.updates()).extracting(ToolRow::id).containsExactly("http-server");
    }

    @Test
    void theReleaseOfATagIsOnThePageOfTheGitHost() {
        assertThat(news("https://github.com/example/x.git", "v2.0"))
                .hasValue(link("Release notes", "https://github.com/example/x/releases/tag/v2.0"));
        assertThat(news("https://gitlab.com/a/b/x", "v2.0"))
                .hasValue(link("Release notes", "https://gitlab.com/a/b/x/-/releases/v2.0"));
        for (String other : List.of(
                "https://example.org/x.git",
                "https://github.com.example.org/a/x",
                "file:///home/ada/x",
                "git@github.com:a/x")) {
            assertThat(news(other, "v2.0")).as(other).isEmpty();
        }
        assertThat(news("https://github.com/example/x", "v2?x=/../")).isEmpty();
    }

    @Test
    void aBranchHasNoReleaseButItsChanges() {
        String url = "https://github.com/example/x.git";
        Origin installed = new Origin.Git(url, Optional.of("main"), Origin.RevisionKind.BRANCH, "a".repeat(40));

        assertThat(ToolDetails.news(installed, new UpgradeTarget.GitCommit(url, "main", "b".repeat(40), "bbbbbbb")))
                .hasValue(link(
                        "All changes",
                        "https://github.com/example/x/compare/" + "a".repeat(40) + "..." + "b".repeat(40)));
    }

    private static Optional<ToolDetails.Link> news(String url, String tag) {
        Origin installed = new Origin.Git(url, Optional.of("v1.0"), Origin.RevisionKind.TAG, "a".repeat(40));
        return ToolDetails.news(installed, new UpgradeTarget.GitCommit(url, tag, "c".repeat(40), "2.0"));
    }

    private static ToolDetails.Link link(String label, String page) {
        return new ToolDetails.Link(label, URI.create(page));
    }

    @Test
    void anInterruptedUpgradeIsRecovered() {
        UpgradeViewModel upgrade =
                new UpgradeViewModel(windowServices, tools.tool("greeter").orElseThrow(), () -> {});
        upgrade.follow(running());
        cli.answer(
                "recover",
                "{\"tools\":[{\"name\":\"greeter\",\"outcome\":\"rolled-back\",\"from\":\"1.0.0\",\"to\":\"1.1.0\"}]}");
        steps.over(Optional.empty());
        assertThat(upgrade.resultSentence()).isEqualTo("1.1.0 failed. Rolled back to 1.0.0.");
    }

    static UpgradeFeed.Running running() {
        return new UpgradeFeed.Running(
                "1", "greeter", Asked.UPGRADE, Optional.of("1.0.0"), Optional.of("1.1.0"), Examples.NOW);
    }

    @Test
    void aSettingIsChangedByTheCommandAndReadAgain() {
        SettingsViewModel settings = new SettingsViewModel(windowServices, tools);
        settings.load();
        assertThat(settings.valuesProperty().get()).containsEntry(Setting.DOCTOR_INTERVAL, "6h");
        cli.answer("settings set doctor.interval 12h", 1, "{}", "The settings file is read-only.");
        settings.set(Setting.DOCTOR_INTERVAL, "12h");
        assertThat(settings.messageProperty().get()).isEqualTo("The settings file is read-only.");
        assertThat(settings.valuesProperty().get())
                .as("the value in use, not the wanted one")
                .containsEntry(Setting.DOCTOR_INTERVAL, "6h");
    }

    @Test
    void whatIsIgnoredIsListedAndCanBeTakenBack() throws Exception {
        SettingsViewModel settings = new SettingsViewModel(windowServices, tools);
        assertThat(settings.ignored()).isEmpty();
        Examples.store(home).ignore(new ToolName("greeter"), "update", "change");
        tools.reread();
        assertThat(settings.ignored())
                .containsExactly(new SettingsViewModel.Ignored("greeter", "update", "1.1.0 is available"));
        cli.answer("unignore greeter update", "{}");
        settings.stopIgnoring(settings.ignored().getFirst());
        assertThat(cli.called).contains("unignore greeter update");
    }

    @Test
    void startAtLoginIsReadAgainAfterAChange() {
        SettingsViewModel settings = new SettingsViewModel(windowServices, tools);
        settings.load();
        assertThat(settings.autostartProperty().get()).hasValue(true);
        cli.answer("autostart status", "{\"on\":false,\"words\":\"The tray icon does not start at login.\"}");
        settings.startAtLogin(false);
        assertThat(cli.called).containsExactly("autostart status", "autostart off", "autostart status");
        assertThat(settings.autostartWordsProperty().get()).isEqualTo("The tray icon does not start at login.");
        assertThat(settings.autostartProperty().get()).hasValue(false);
    }
}
