package io.github.lamplighter.tray;

import static io.github.lamplighter.tray.TrayStates.NOON;
import static io.github.lamplighter.tray.TrayStates.at;
import static io.github.lamplighter.tray.TrayStates.notResponding;
import static io.github.lamplighter.tray.TrayStates.restarted;
import static io.github.lamplighter.tray.TrayStates.service;
import static io.github.lamplighter.tray.TrayStates.tool;
import static io.github.lamplighter.tray.TrayStates.upgrading;
import static io.github.lamplighter.tray.TrayStates.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.tray.TrayState.FailedProbes;
import io.github.lamplighter.tray.TrayState.WatchedService;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrayModelTest {

    private final TrayModel model = new TrayModel(ZoneOffset.UTC);
    private final ToolGlance ok = tool("alpha", State.OK, "OK");

    @Test
    void aServiceThatWasNotQueriedYetIsUnknownWhateverTheReportSays() {
        TrayState trayState = TrayStates.withoutServices(TrayStates.of(TrayStates.tool("alpha", State.OK, "OK")));

        assertThat(model.view(trayState).state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void isUnknownBeforeTheFirstCheck() {
        TrayView view = model.view(new TrayState(Optional.empty(), Map.of(), Map.of(), Set.of(), false, false, NOON));

        assertThat(view.state()).isEqualTo(State.UNKNOWN);
        assertThat(view.title()).isEqualTo("Not checked yet");
    }

    /// As after *Restart* of a notification, until the doctor has looked again.
    @Test
    void aProblemOfTheRunBeforeIsNeitherRedNorGreen() {
        TrayState before = TrayStates.of(TrayStates.failedRun("alpha", NOON.minusSeconds(600)));
        assertThat(model.view(before).state()).isEqualTo(State.FAILURE);

        TrayView view = model.view(with(
                before,
                "alpha",
                TrayStates.watched(service("alpha", Phase.RUNNING, NOON.minusSeconds(5)), Optional.empty())));
        assertThat(view.state()).isEqualTo(State.UNKNOWN);
        assertThat(view.tools())
                .extracting(TrayView.ToolView::headline)
                .containsExactly("Started since the last check");

        TrayView crashing = model.view(with(
                before,
                "alpha",
                TrayStates.watched(
                        restarted(service("alpha", Phase.RUNNING, NOON.minusSeconds(5)), 1), Optional.empty())));
        assertThat(crashing.state()).as("started again by the manager").isEqualTo(State.FAILURE);
        assertThat(view.tools().getFirst().isServiceKnown())
                .as("its recovery is told")
                .isTrue();
        assertThat(view.tools().getFirst().isResponseKnown()).isFalse();
    }

    @Test
    void aRestartEndsNoProblemThatIsNotOfARun() {
        TrayState before = TrayStates.of(tool("alpha", State.FAILURE, "Certificate expired"));
        assertThat(model.view(startedBefore(before, 5)).state()).isEqualTo(State.FAILURE);
    }

    @Test
    void aGlanceThatIsWrittenAgainMakesNoReportNewer() {
        TrayState before = TrayStates.of(TrayStates.failedRun("alpha", NOON.minusSeconds(600)));
        TrayView view = model.view(startedBefore(before, 500));
        assertThat(view.state()).as("started before the glance was written").isEqualTo(State.UNKNOWN);
    }

    @Test
    void aServiceThatWasStartedSinceIsNotKnownToRespond() {
        TrayView view = model.view(startedBefore(TrayStates.of(ok), 5));
        assertThat(view.tools().getFirst().isResponseKnown()).isFalse();
        assertThat(model.view(TrayStates.of(ok)).tools().getFirst().isResponseKnown())
                .isTrue();
    }

    private static TrayState startedBefore(TrayState before, int seconds) {
        return with(
                before,
                "alpha",
                TrayStates.watched(service("alpha", Phase.RUNNING, NOON.minusSeconds(seconds)), Optional.empty()));
    }

    @Test
    void isNeverGreenWhenTheReportIsTooOld() {
        TrayView view = model.view(at(TrayStates.of(ok), NOON.plusSeconds(3601)));

        assertThat(view.state()).isEqualTo(State.UNKNOWN);
        assertThat(view.title()).isEqualTo("Last checked at 11:56");
    }

    @Test
    void namesTheDayOfAnOlderReport() {
        assertThat(model.view(at(TrayStates.of(ok), NOON.plus(Duration.ofDays(3))))
                        .title())
                .isEqualTo("Last checked on 23 Nov, 11:56");
    }

    @Test
    void anUpdateNeedsNoAttention() {
        TrayView view = model.view(TrayStates.of(ok, tool("beta", State.UPDATE, "1.1.0 is available")));

        assertThat(view.state()).isEqualTo(State.UPDATE);
        assertThat(view.title()).isEqualTo("No problems found · 1 update available");
        assertThat(view.details()).containsExactly("↑ beta 1.0.0: 1.1.0 is available");
    }

    @Test
    void anUpdateFromBeforeTheLastCheckIsShownWithItsTime() {
        Glance.ToolGlance beta = tool("beta", State.UPDATE, "1.1.0 is available");
        TrayView view = model.view(TrayStates.of(new Glance.ToolGlance(
                beta.name(),
                beta.state(),
                beta.headline(),
                beta.version(),
                Optional.of(new ToolStatus.Update("1.1.0", Optional.of(NOON.minus(Duration.ofHours(5))))),
                beta.expectedRunning(),
                beta.unit(),
                beta.endpoint(),
                beta.ignoredChecks())));

        assertThat(view.details()).containsExactly("↑ beta 1.0.0: 1.1.0 is available, as of 07:00");
    }

    @Test
    void aToolWhoseUpdatesAreNotKnownIsNotGreenThoughItsServiceRuns() {
        TrayView view = model.view(TrayStates.of(ok, tool("beta", State.UNKNOWN, "Could not check for updates")));

        assertThat(view.state()).isEqualTo(State.UNKNOWN);
        assertThat(view.title()).isEqualTo("1 of 2 tools could not be checked");
        assertThat(view.tools().getLast().isServiceKnown()).isTrue();
    }

    @Test
    void anIgnoredProblemDoesNotCountThoughTheManagerStillReportsIt() {
        for (Phase phase : List.of(Phase.FAILED, Phase.NOT_INSTALLED)) {
            WatchedService down = TrayStates.watched(service("alpha", phase, NOON), Optional.of(NOON));
            TrayView view = model.view(with(TrayStates.of(TrayStates.ignoring(ok, "process")), "alpha", down));
            assertThat(view.state()).as(phase.word()).isEqualTo(State.OK);
            assertThat(view.tools().getFirst().problem()).isEmpty();

            assertThat(model.view(with(TrayStates.of(TrayStates.ignoring(ok, "update")), "alpha", down))
                            .state())
                    .as("another check is ignored")
                    .isEqualTo(phase == Phase.FAILED ? State.FAILURE : State.ATTENTION);
        }
    }

    @Test
    void aFailedServiceIsAFailureAtOnceWhateverTheReportSays() {
        TrayView view = model.view(with(
                TrayStates.of(ok),
                "alpha",
                TrayStates.watched(service("alpha", Phase.FAILED, NOON), Optional.of(NOON))));

        assertThat(view.state()).isEqualTo(State.FAILURE);
        assertThat(view.title()).isEqualTo("alpha needs attention");
        assertThat(view.details()).containsExactly("✗ alpha: Stopped unexpectedly at 12:00");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"STARTING", "RESTARTING", "RUNNING"})
    void aServiceThatComesAndGoesIsAFailureOnlyAfterTheGrace(Phase phase) {
        TrayState trayState =
                with(TrayStates.of(ok), "alpha", TrayStates.watched(service("alpha", phase, NOON), Optional.of(NOON)));

        assertThat(model.view(at(trayState, NOON.plusSeconds(29))).state()).isEqualTo(State.OK);
        assertThat(model.view(at(trayState, NOON.plusSeconds(30))).state()).isEqualTo(State.FAILURE);
    }

    @Test
    void aCrashLoopEndsOnlyAfterTheServiceHasBeenRunningForAWhile() {
        WatchedService down = WatchedService.next(Optional.empty(), service("alpha", Phase.RESTARTING, NOON), NOON);
        WatchedService up = WatchedService.next(
                Optional.of(down), service("alpha", Phase.RUNNING, NOON.plusSeconds(1)), NOON.plusSeconds(1));
        WatchedService settled = WatchedService.next(
                Optional.of(up), service("alpha", Phase.RUNNING, NOON.plusSeconds(1)), NOON.plusSeconds(7));

        assertThat(up.unstableSince()).contains(NOON);
        assertThat(settled.unstableSince()).isEmpty();
    }

    @Test
    void aServiceStoppedSinceTheReportIsUnknown() {
        TrayState trayState = with(
                TrayStates.of(ok),
                "alpha",
                TrayStates.watched(service("alpha", Phase.STOPPED, NOON), Optional.empty()));

        assertThat(model.view(trayState).state()).isEqualTo(State.UNKNOWN);
    }

    /// Another tool was checked since, and the glance of all was written.
    @Test
    void aServiceStoppedBeforeTheGlanceButAfterTheLookIsUnknown() {
        Instant look = NOON.minusSeconds(600);
        TrayState trayState = with(
                TrayStates.of(TrayStates.looked(ok, look)),
                "alpha",
                TrayStates.watched(service("alpha", Phase.STOPPED, look.plusSeconds(5)), Optional.empty()));

        assertThat(model.view(trayState).state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void oneFailedProbeDoesNotCount() {
        TrayState base = at(
                with(
                        TrayStates.of(ok),
                        "alpha",
                        TrayStates.watched(service("alpha", Phase.RUNNING, NOON.minusSeconds(600)), Optional.empty())),
                NOON.plusSeconds(31));

        assertThat(model.view(notResponding(base, "alpha", new FailedProbes(NOON, 1, "no response in 5 s")))
                        .state())
                .isEqualTo(State.OK);
        assertThat(model.view(notResponding(base, "alpha", new FailedProbes(NOON, 2, "no response in 5 s")))
                        .details())
                .containsExactly("✗ alpha: Not responding since 12:00");
    }

    @Test
    void duringAnUpgradeADownServiceIsNoFailureAndTheMenuOffersNoCommands() {
        TrayView view = model.view(upgrading(
                with(
                        TrayStates.of(tool("alpha", State.UPDATE, "")),
                        "alpha",
                        TrayStates.watched(service("alpha", Phase.FAILED, NOON), Optional.of(NOON))),
                "alpha"));

        assertThat(view.state()).isEqualTo(State.WORKING);
        assertThat(view.title()).isEqualTo("Upgrading alpha");
        assertThat(actions(view.menu())
                        .filter(action -> action.key().startsWith("tool/alpha/"))
                        .filter(TrayMenuItem.Action::enabled)
                        .map(TrayMenuItem.Action::label))
                .containsExactly("Show", "Open in browser", "Log");
    }

    @Test
    void theUpgradeOfOneToolDoesNotHideTheFailureOfAnother() {
        TrayView view = model.view(
                upgrading(TrayStates.of(ok, tool("beta", State.FAILURE, "Running, but not responding")), "alpha"));

        assertThat(view.state()).isEqualTo(State.FAILURE);
        assertThat(view.title()).isEqualTo("1 of 2 tools needs attention");
    }

    @Test
    void whatInterruptsAToolOpensTheDialogOfTheWindow() {
        TrayView view = model.view(TrayStates.of(tool("alpha", State.UPDATE, "")));

        assertThat(actions(view.menu()))
                .contains(
                        opens("restart", "Restart…", MenuAction.OpenWindow.asking("restart", "alpha")),
                        opens("stop", "Stop…", MenuAction.OpenWindow.asking("stop", "alpha")),
                        opens("log", "Log", MenuAction.OpenWindow.asking("log", "alpha")),
                        opens("doctor", "Doctor", MenuAction.OpenWindow.checking("alpha")),
                        opens("upgrade", "Upgrade to 1.1.0…", MenuAction.OpenWindow.asking("upgrade", "alpha")))
                .contains(new TrayMenuItem.Action(
                        "upgrade-all", "Upgrade all…", true, MenuAction.OpenWindow.asking("upgrade-all")));
    }

    @Test
    void aMenuItemThatActsAtOnceInterruptsNothing() {
        WatchedService stopped =
                TrayStates.watched(service("alpha", Phase.STOPPED, NOON.minusSeconds(600)), Optional.empty());
        TrayView view = model.view(with(TrayStates.of(tool("alpha", State.UPDATE, "")), "alpha", stopped));

        assertThat(actions(view.menu())
                        .filter(action -> action.menuAction() instanceof MenuAction.RunCommand)
                        .map(TrayMenuItem.Action::label))
                .containsExactly("Open in browser", "Start");
    }

    private static TrayMenuItem.Action opens(String key, String label, MenuAction.OpenWindow window) {
        return new TrayMenuItem.Action("tool/alpha/" + key, label, true, window);
    }

    @Test
    void forADayAfterAnUpgradeTheMenuTellsOfItAndTheWayBackStaysAsLongAsItIsKept() {
        ToolGlance upgraded = upgraded(NOON.minusSeconds(7200));

        assertThat(labels(model.view(TrayStates.of(upgraded))))
                .contains("Upgraded from 0.9.0 at 10:00", "Roll back to 0.9.0…");
        assertThat(labels(model.view(TrayStates.of(upgraded(NOON.minus(Duration.ofDays(2)))))))
                .contains("Roll back to 0.9.0…")
                .noneMatch(label -> label.startsWith("Upgraded from"));
    }

    @Test
    void aVersionThatWasRolledBackIsToldOfInTheMenu() {
        ToolGlance tried = new ToolGlance(
                "alpha",
                State.OK,
                "1.1.0 was rolled back",
                "1.0.0",
                Optional.empty(),
                true,
                Optional.of(TrayStates.unit("alpha")),
                Optional.empty(),
                Set.of(),
                Optional.of(new Report.RolledBack("1.1.0", NOON.minusSeconds(3600), Optional.empty())),
                Optional.empty(),
                false,
                Optional.empty());

        assertThat(labels(model.view(TrayStates.of(tried))))
                .contains("1.1.0 was rolled back at 11:00")
                .noneMatch(label -> label.startsWith("Upgrade to"));
    }

    @Test
    void theViewIsDrawnAgainWhenTimeAloneChangesIt() {
        assertThat(model.shownUntil(TrayStates.of(ok)))
                .as("the report is too old")
                .isEqualTo(NOON.plusSeconds(3601));
        assertThat(model.shownUntil(TrayStates.of(upgraded(NOON.minus(Duration.ofMinutes(1410))))))
                .as("the new version is no longer new")
                .isEqualTo(NOON.plusSeconds(1800));
        assertThat(model.shownUntil(at(TrayStates.of(ok), NOON.plusSeconds(7200))))
                .as("tomorrow, times of today have a date")
                .isEqualTo(Instant.parse("2026-11-24T00:00:00Z"));
    }

    private static ToolGlance upgraded(Instant at) {
        return new ToolGlance(
                "alpha",
                State.OK,
                "OK",
                "1.0.0",
                Optional.empty(),
                true,
                Optional.of(TrayStates.unit("alpha")),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.of(new UpgradeHistory.Upgraded("0.9.0", "1.0.0", at, true)),
                false,
                Optional.empty());
    }

    private static List<String> labels(TrayView view) {
        return view.menu().stream()
                .flatMap(item -> item instanceof TrayMenuItem.Submenu sub ? sub.items().stream() : Stream.of(item))
                .flatMap(item -> switch (item) {
                    case TrayMenuItem.Text text -> Stream.of(text.label());
                    case TrayMenuItem.Action action -> Stream.of(action.label());
                    default -> Stream.<String>of();
                })
                .toList();
    }

    @Test
    void lamplighterItselfIsNoneOfTheUsersTools() {
        TrayView alone = model.view(TrayStates.of(tool("lamplighter", State.OK, "OK")));
        TrayView one = model.view(TrayStates.of(tool("lamplighter", State.UPDATE, ""), ok));

        assertThat(alone.title()).isEqualTo("No tools are managed yet");
        assertThat(one.title()).isEqualTo("No problems found");
        assertThat(one.state()).isEqualTo(State.OK);
        assertThat(one.details()).isEmpty();
        assertThat(one.tools()).extracting(TrayView.ToolView::name).containsExactly("alpha");
        assertThat(one.menu()).extracting(TrayMenuItem::key).doesNotContain("tool/lamplighter");
        assertThat(actions(one.menu()).map(TrayMenuItem.Action::label))
                .contains("Upgrade Lamplighter to 1.1.0…")
                .doesNotContain("Upgrade to 1.1.0…");
    }

    @Test
    void aProblemOfLamplighterItselfIsNotHidden() {
        TrayView view = model.view(TrayStates.of(tool("lamplighter", State.FAILURE, "Upgrade was interrupted"), ok));

        assertThat(view.state()).isEqualTo(State.FAILURE);
        assertThat(view.title()).isEqualTo("Lamplighter needs attention");
        assertThat(view.details()).containsExactly("✗ Lamplighter: Upgrade was interrupted");
        assertThat(actions(view.menu()))
                .contains(new TrayMenuItem.Action(
                        "own-problem",
                        "✗ Lamplighter: Upgrade was interrupted",
                        true,
                        MenuAction.OpenWindow.of("lamplighter")));
    }

    @Test
    void theMenuHoldsEightToolsAndTheRestBelowWithTheWorstFirst() {
        ToolGlance[] tools = IntStream.rangeClosed(1, 10)
                .mapToObj(at -> tool("tool" + at, at == 10 ? State.FAILURE : State.OK, "Running, but not responding"))
                .toArray(ToolGlance[]::new);

        List<TrayMenuItem> menu = model.view(TrayStates.of(tools)).menu();

        List<String> keys = menu.stream().map(TrayMenuItem::key).toList();
        assertThat(keys).containsSequence("above-tools", "tool/tool10", "tool/tool1");
        assertThat(menu).filteredOn(item -> item.key().startsWith("tool/")).hasSize(8);
        assertThat(menu)
                .anySatisfy(item -> assertThat(item).isInstanceOfSatisfying(TrayMenuItem.Submenu.class, more -> {
                    assertThat(more.label()).isEqualTo("All tools (10)");
                    assertThat(more.items()).hasSize(2);
                }));
    }

    @Test
    void pinnedToolsAreAtTheTopAfterThoseWithProblems() {
        TrayState base = TrayStates.of(
                ok,
                tool("beta", State.FAILURE, "Stopped"),
                tool("gamma", State.OK, "OK"),
                tool("delta", State.OK, "OK"));
        TrayState pinned = new TrayState(
                base.glance(),
                base.services(),
                base.failedProbes(),
                base.upgrading(),
                false,
                false,
                Optional.empty(),
                List.of("delta", "gone", "gamma"),
                NOON);

        List<TrayMenuItem> menu = model.view(pinned).menu();

        assertThat(menu.stream().map(TrayMenuItem::key))
                .containsSequence("above-tools", "tool/beta", "tool/delta", "tool/gamma", "more");
    }

    private static Stream<TrayMenuItem.Action> actions(List<TrayMenuItem> items) {
        return items.stream().flatMap(item -> switch (item) {
            case TrayMenuItem.Action action -> Stream.of(action);
            case TrayMenuItem.Submenu sub -> actions(sub.items());
            default -> Stream.of();
        });
    }
}
