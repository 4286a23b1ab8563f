package io.github.lamplighter.tray;

import static io.github.lamplighter.tray.Situations.NOON;
import static io.github.lamplighter.tray.Situations.at;
import static io.github.lamplighter.tray.Situations.service;
import static io.github.lamplighter.tray.Situations.silent;
import static io.github.lamplighter.tray.Situations.tool;
import static io.github.lamplighter.tray.Situations.with;
import static io.github.lamplighter.tray.Situations.working;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.State;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.tray.TrayState.UnansweredState;
import io.github.lamplighter.tray.TrayState.Watched;
import java.time.Duration;
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
    private final ToolGlance well = tool("alpha", State.WELL, "well");

    @Test
    void aServiceThatWasNotAskedYetIsUnknownWhateverTheDoctorSaidHoursAgo() {
        TrayState trayState = Situations.unasked(Situations.of(Situations.tool("alpha", State.WELL, "well")));

        assertThat(model.view(trayState).state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void isUnknownBeforeTheFirstCheck() {
        TrayView view = model.view(new TrayState(Optional.empty(), Map.of(), Map.of(), Set.of(), false, false, NOON));

        assertThat(view.state()).isEqualTo(State.UNKNOWN);
        assertThat(view.title()).isEqualTo("Not checked yet");
    }

    @Test
    void isNeverGreenWhenTheReportIsTooOld() {
        TrayView view = model.view(at(Situations.of(well), NOON.plusSeconds(3601)));

        assertThat(view.state()).isEqualTo(State.UNKNOWN);
        assertThat(view.title()).isEqualTo("Last checked at 11:56");
    }

    @Test
    void namesTheDayOfAnOlderReport() {
        assertThat(model.view(at(Situations.of(well), NOON.plus(Duration.ofDays(3))))
                        .title())
                .isEqualTo("Last checked on 23 Nov, 11:56");
    }

    @Test
    void anUpdateIsADotAndNoCallForAttention() {
        TrayView view = model.view(Situations.of(well, tool("beta", State.UPDATE, "1.1.0 is ready")));

        assertThat(view.state()).isEqualTo(State.UPDATE);
        assertThat(view.title()).isEqualTo("All 2 are well · 1 update is ready");
        assertThat(view.details()).containsExactly("↑ beta 1.0.0: 1.1.0 is ready");
    }

    @Test
    void whatItsSourceSaidBeforeTheLastCheckIsShownWithItsTime() {
        Glance.ToolGlance beta = tool("beta", State.UPDATE, "1.1.0 is ready");
        TrayView view = model.view(Situations.of(new Glance.ToolGlance(
                beta.name(),
                beta.state(),
                beta.headline(),
                beta.version(),
                beta.updateTo(),
                Optional.of(NOON.minus(Duration.ofHours(5))),
                beta.expectedRunning(),
                beta.unit(),
                beta.endpoint(),
                beta.aside())));

        assertThat(view.details()).containsExactly("↑ beta 1.0.0: 1.1.0 is ready, asked at 07:00");
    }

    @Test
    void aToolWhoseUpdatesAreNotKnownIsNotGreenThoughItsServiceRuns() {
        TrayView view = model.view(Situations.of(well, tool("beta", State.UNKNOWN, "Could not check for updates")));

        assertThat(view.state()).isEqualTo(State.UNKNOWN);
        assertThat(view.title()).isEqualTo("1 of 2 tools could not be checked");
        assertThat(view.tools().getLast().isSeen()).isTrue();
    }

    @Test
    void whatWasSetAsideIsNoTroubleThoughTheManagerStillSaysIt() {
        for (Phase phase : List.of(Phase.FAILED, Phase.NOT_INSTALLED)) {
            Watched down = new Watched(service("alpha", phase, NOON), Optional.of(NOON));
            TrayView view = model.view(with(Situations.of(Situations.aside(well, "process")), "alpha", down));
            assertThat(view.state()).as(phase.word()).isEqualTo(State.WELL);
            assertThat(view.tools().getFirst().trouble()).isEmpty();

            assertThat(model.view(with(Situations.of(Situations.aside(well, "update")), "alpha", down))
                            .state())
                    .as("something else was set aside")
                    .isEqualTo(State.FAILURE);
        }
    }

    @Test
    void aFailedServiceIsAFailureAtOnceWhateverTheReportSays() {
        TrayView view = model.view(with(
                Situations.of(well), "alpha", new Watched(service("alpha", Phase.FAILED, NOON), Optional.of(NOON))));

        assertThat(view.state()).isEqualTo(State.FAILURE);
        assertThat(view.title()).isEqualTo("alpha needs you");
        assertThat(view.details()).containsExactly("✗ alpha stopped by itself since 12:00");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"STARTING", "RESTARTING", "RUNNING"})
    void aServiceThatComesAndGoesIsAFailureOnlyAfterTheGrace(Phase phase) {
        TrayState trayState =
                with(Situations.of(well), "alpha", new Watched(service("alpha", phase, NOON), Optional.of(NOON)));

        assertThat(model.view(at(trayState, NOON.plusSeconds(29))).state()).isEqualTo(State.WELL);
        assertThat(model.view(at(trayState, NOON.plusSeconds(30))).state()).isEqualTo(State.FAILURE);
    }

    @Test
    void aCrashLoopStaysRestlessUntilItHasRunForAWhile() {
        Watched down = Watched.next(Optional.empty(), service("alpha", Phase.RESTARTING, NOON), NOON);
        Watched up = Watched.next(
                Optional.of(down), service("alpha", Phase.RUNNING, NOON.plusSeconds(1)), NOON.plusSeconds(1));
        Watched settled = Watched.next(
                Optional.of(up), service("alpha", Phase.RUNNING, NOON.plusSeconds(1)), NOON.plusSeconds(7));

        assertThat(up.restlessSince()).contains(NOON);
        assertThat(settled.restlessSince()).isEmpty();
    }

    @Test
    void aServiceStoppedSinceTheReportIsNotClaimedToBeWell() {
        TrayState trayState = with(
                Situations.of(well), "alpha", new Watched(service("alpha", Phase.STOPPED, NOON), Optional.empty()));

        assertThat(model.view(trayState).state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void silenceCountsTheSecondTimeOnly() {
        TrayState base = at(
                with(
                        Situations.of(well),
                        "alpha",
                        new Watched(service("alpha", Phase.RUNNING, NOON.minusSeconds(600)), Optional.empty())),
                NOON.plusSeconds(31));

        assertThat(model.view(silent(base, "alpha", new UnansweredState(NOON, 1, "no answer in 5 s")))
                        .state())
                .isEqualTo(State.WELL);
        assertThat(model.view(silent(base, "alpha", new UnansweredState(NOON, 2, "no answer in 5 s")))
                        .details())
                .containsExactly("✗ alpha is not answering since 12:00");
    }

    @Test
    void anUpgradeExplainsADownServiceAndOffersNoVerbsMeanwhile() {
        TrayView view = model.view(working(
                with(
                        Situations.of(tool("alpha", State.UPDATE, "")),
                        "alpha",
                        new Watched(service("alpha", Phase.FAILED, NOON), Optional.of(NOON))),
                "alpha"));

        assertThat(view.state()).isEqualTo(State.WORKING);
        assertThat(view.title()).isEqualTo("Upgrading alpha");
        assertThat(actions(view.menu())
                        .filter(action -> action.key().startsWith("tool/alpha/"))
                        .filter(TrayMenuItem.Action::enabled)
                        .map(TrayMenuItem.Action::label))
                .containsExactly("Show", "Open in the browser");
    }

    @Test
    void theUpgradeOfOneToolDoesNotHideTheFailureOfAnother() {
        TrayView view = model.view(working(
                Situations.of(well, tool("beta", State.FAILURE, "Not answering, though it is running")), "alpha"));

        assertThat(view.state()).isEqualTo(State.FAILURE);
        assertThat(view.title()).isEqualTo("1 of 2 tools needs you");
    }

    @Test
    void theMenuRestartsAndUpgradesByVerbs() {
        TrayView view = model.view(Situations.of(tool("alpha", State.UPDATE, "")));

        assertThat(actions(view.menu()))
                .contains(
                        new TrayMenuItem.Action(
                                "tool/alpha/restart",
                                "Restart",
                                true,
                                MenuAction.RunVerb.about("alpha", "service", "restart", "alpha", "--json")),
                        new TrayMenuItem.Action(
                                "tool/alpha/upgrade",
                                "Upgrade to 1.1.0",
                                true,
                                MenuAction.RunVerb.about(
                                        "alpha", "upgrade", "alpha", "--to", "1.1.0", "--yes", "--json")));
    }

    @Test
    void theMenuHoldsEightToolsAndTheRestBelowWithTheWorstFirst() {
        ToolGlance[] tools = IntStream.rangeClosed(1, 10)
                .mapToObj(at -> tool("tool" + at, at == 10 ? State.FAILURE : State.WELL, "Not answering"))
                .toArray(ToolGlance[]::new);

        List<TrayMenuItem> menu = model.view(Situations.of(tools)).menu();

        List<String> keys = menu.stream().map(TrayMenuItem::key).toList();
        assertThat(keys).containsSequence("above-tools", "tool/tool10", "tool/tool1");
        assertThat(menu).filteredOn(item -> item.key().startsWith("tool/")).hasSize(8);
        assertThat(menu)
                .anySatisfy(item -> assertThat(item).isInstanceOfSatisfying(TrayMenuItem.Submenu.class, more -> {
                    assertThat(more.label()).isEqualTo("All tools (10)");
                    assertThat(more.items()).hasSize(2);
                }));
    }

    private static Stream<TrayMenuItem.Action> actions(List<TrayMenuItem> items) {
        return items.stream().flatMap(item -> switch (item) {
            case TrayMenuItem.Action action -> Stream.of(action);
            case TrayMenuItem.Submenu sub -> actions(sub.items());
            default -> Stream.of();
        });
    }
}
