package io.github.lamplighter.tray;

import static io.github.lamplighter.tray.TrayStates.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.tray.TrayView.LiveProblem;
import io.github.lamplighter.tray.TrayView.ToolView;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NotificationPolicyTest {

    private final NotificationPolicy notificationPolicy = new NotificationPolicy(_ -> "12:00");
    private final ToolView ok = new ToolView("alpha", State.OK, "OK", Optional.empty());
    private final ToolView notResponding = new ToolView(
            "alpha",
            State.FAILURE,
            "Not responding since 12:00",
            Optional.of(new LiveProblem(LiveProblem.Kind.NOT_RESPONDING, NOON, "no response in 5 s")));

    @Test
    void notifiesOnceOfAProblemAndOnceOfItsEnd() {
        assertThat(notificationPolicy.of(List.of(ok), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(notResponding), NOON))
                .singleElement()
                .satisfies(notification -> {
                    assertThat(notification.title()).isEqualTo("alpha is not responding");
                    assertThat(notification.body()).isEqualTo("Since 12:00. The process is running.");
                    assertThat(notification.actions()).containsExactly("restart", "Restart", "default", "Open");
                    assertThat(notification.choice()).contains(Setting.NOTIFY_FAILURE);
                });
        assertThat(notificationPolicy.of(List.of(notResponding), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(ok), NOON.plusSeconds(240)))
                .singleElement()
                .satisfies(notification -> {
                    assertThat(notification.title()).isEqualTo("alpha is responding again");
                    assertThat(notification.body()).isEqualTo("Down for 4 min.");
                    assertThat(notification.urgency()).isZero();
                    assertThat(notification.choice()).contains(Setting.NOTIFY_RECOVERED);
                });
    }

    @Test
    void aCrashThatIsMendedIsToldOnceInHalfAnHour() {
        Optional<LastExit> exit = Optional.of(LastExit.of(new LastExit.Status(1)));
        assertThat(notificationPolicy.restarted("alpha", exit, NOON)).get().satisfies(notification -> {
            assertThat(notification.title()).isEqualTo("alpha crashed and was restarted");
            assertThat(notification.body()).isEqualTo("At 12:00 (exit status 1).");
            assertThat(notification.actions()).containsExactly("log", "Show log", "default", "Open");
            assertThat(notification.choice()).contains(Setting.NOTIFY_FAILURE);
        });
        assertThat(notificationPolicy.restarted("alpha", exit, NOON.plusSeconds(60)))
                .isEmpty();
        assertThat(notificationPolicy.restarted("alpha", exit, NOON.plusSeconds(1801)))
                .isPresent();
        assertThat(notificationPolicy.restarted("beta", Optional.empty(), NOON))
                .get()
                .extracting(NotificationPolicy.Notification::title)
                .isEqualTo("beta stopped and was restarted");
    }

    @Test
    void aProgramThatExitedWellDidNotCrash() {
        assertThat(notificationPolicy.restarted("alpha", Optional.of(LastExit.of(new LastExit.Status(0))), NOON))
                .isEmpty();
        assertThat(notificationPolicy.restarted(
                        "alpha", Optional.of(LastExit.of(new LastExit.Signal("SIGTERM", false))), NOON))
                .isEmpty();
    }

    @Test
    void theEndOfAProblemThatWasToldIsNotToldTwice() {
        notificationPolicy.of(List.of(ok), NOON);
        notificationPolicy.of(List.of(notResponding), NOON);
        assertThat(notificationPolicy.restarted("alpha", Optional.empty(), NOON))
                .isEmpty();
    }

    @Test
    void aProblemThatIsThereFromTheStartOnlyShowsInTheIcon() {
        ToolView asked = new ToolView("alpha", State.UNKNOWN, "Checking…", Optional.empty());

        assertThat(notificationPolicy.of(List.of(asked), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(notResponding), NOON)).isEmpty();
    }

    @Test
    void unknownUpdatesHideNeitherAProblemNorItsEnd() {
        ToolView unknown =
                new ToolView("alpha", State.UNKNOWN, "Could not check for updates", Optional.empty(), true, true);

        assertThat(notificationPolicy.of(List.of(unknown), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(notResponding), NOON))
                .extracting(NotificationPolicy.Notification::title)
                .containsExactly("alpha is not responding");
        assertThat(notificationPolicy.of(List.of(unknown), NOON.plusSeconds(240)))
                .extracting(NotificationPolicy.Notification::title)
                .containsExactly("alpha is responding again");
    }

    @Test
    void aRestartIsNoResponse() {
        ToolView started =
                new ToolView("alpha", State.UNKNOWN, "Started since the last check", Optional.empty(), true, false);
        notificationPolicy.of(List.of(ok), NOON);
        notificationPolicy.of(List.of(notResponding), NOON);
        assertThat(notificationPolicy.of(List.of(started), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(notResponding), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(ok), NOON.plusSeconds(240)))
                .extracting(NotificationPolicy.Notification::title)
                .containsExactly("alpha is responding again");
    }

    @Test
    void anUpgradeInProgressIsNoRecovery() {
        notificationPolicy.of(List.of(ok), NOON);
        notificationPolicy.of(List.of(notResponding), NOON);

        assertThat(notificationPolicy.of(List.of(new ToolView("alpha", State.WORKING, "", Optional.empty())), NOON))
                .isEmpty();
    }

    @Test
    void anUpgradeThatWasRolledBackGivesTheReason() {
        UpgradeOutcome outcome =
                outcome("alpha", UpgradeOutcome.Result.ROLLED_BACK, "It did not respond within 30 s.", 41_000);

        assertThat(NotificationPolicy.of(outcome, true)).get().satisfies(notification -> {
            assertThat(notification.title()).isEqualTo("Upgrade of alpha failed");
            assertThat(notification.choice()).as("always shown").isEmpty();
            assertThat(notification.body())
                    .isEqualTo("Rolled back to 0.9.2: It did not respond within 30 s. Down for 41 s.");
        });
    }

    @Test
    void aCancelledUpgradeIsNoFailure() {
        UpgradeOutcome cancelled = outcome("alpha", UpgradeOutcome.Result.ROLLED_BACK, "Cancelled.", 41_000)
                .cancelled();

        assertThat(NotificationPolicy.of(cancelled, true)).isEmpty();
        assertThat(NotificationPolicy.of(cancelled, false)).get().satisfies(notification -> {
            assertThat(notification.title()).isEqualTo("Upgrade of alpha cancelled");
            assertThat(notification.body()).isEqualTo("Still at 0.9.2.");
        });
    }

    @Test
    void aDoneUpgradeIsToldOnlyIfNoWindowShowsIt() {
        UpgradeOutcome done = outcome("lamplighter", UpgradeOutcome.Result.UPGRADED, "", 0);

        assertThat(NotificationPolicy.of(done, true)).isEmpty();
        assertThat(NotificationPolicy.of(done, false)).get().satisfies(notification -> {
            assertThat(notification.title()).isEqualTo("Lamplighter upgraded to 0.9.4");
            assertThat(notification.choice()).contains(Setting.NOTIFY_DONE);
        });
    }

    @Test
    void whatNeedsManualRepairIsCriticalAndAlwaysShown() {
        assertThat(NotificationPolicy.of(
                        outcome("alpha", UpgradeOutcome.Result.NEEDS_ATTENTION, "Neither version starts.", 0), true))
                .get()
                .satisfies(notification -> {
                    assertThat(notification.title()).isEqualTo("alpha needs manual repair");
                    assertThat(notification.urgency()).isEqualTo((byte) 2);
                    assertThat(notification.choice()).isEmpty();
                });
    }

    private static UpgradeOutcome outcome(String name, UpgradeOutcome.Result result, String reason, long downtime) {
        return new UpgradeOutcome(
                name,
                UpgradeOutcome.Asked.UPGRADE,
                result,
                "0.9.2",
                "0.9.4",
                Optional.of(reason),
                downtime,
                UpgradeOutcome.DataRisk.NONE,
                Optional.empty(),
                List.of(),
                NOON);
    }

    @Test
    void aFailedCommandShowsItsErrorMessage() {
        Envelope result = Envelope.missing("An upgrade of alpha is in progress.");

        assertThat(NotificationPolicy.of(MenuAction.RunCommand.about("alpha", "service", "restart", "alpha"), result))
                .get()
                .satisfies(notification -> {
                    assertThat(notification.title()).isEqualTo("alpha was not restarted");
                    assertThat(notification.body()).isEqualTo("An upgrade of alpha is in progress.");
                });
    }
}
