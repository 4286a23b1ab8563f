package io.github.lamplighter.tray;

import static io.github.lamplighter.tray.Situations.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.status.Glance.State;
import io.github.lamplighter.tray.TrayView.ToolView;
import io.github.lamplighter.tray.TrayView.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NotificationPolicyTest {

    private final NotificationPolicy notificationPolicy = new NotificationPolicy(_ -> "12:00");
    private final ToolView well = new ToolView("alpha", State.WELL, "is well", Optional.empty());
    private final ToolView silent = new ToolView(
            "alpha",
            State.FAILURE,
            "is not answering",
            Optional.of(new Trouble(Trouble.Kind.SILENT, NOON, "no answer in 5 s")));

    @Test
    void tellsOnceThatItBeganAndOnceThatItIsOver() {
        assertThat(notificationPolicy.of(List.of(well), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(silent), NOON)).singleElement().satisfies(notification -> {
            assertThat(notification.title()).isEqualTo("alpha is not answering");
            assertThat(notification.body()).isEqualTo("Since 12:00. It is running, but does not respond.");
            assertThat(notification.actions()).containsExactly("restart", "Restart", "default", "Open");
            assertThat(notification.choice()).contains(Setting.NOTIFY_FAILURE);
        });
        assertThat(notificationPolicy.of(List.of(silent), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(well), NOON.plusSeconds(240)))
                .singleElement()
                .satisfies(notification -> {
                    assertThat(notification.title()).isEqualTo("alpha answers again");
                    assertThat(notification.body()).isEqualTo("After 4 minutes.");
                    assertThat(notification.urgency()).isZero();
                    assertThat(notification.choice()).contains(Setting.NOTIFY_RECOVERED);
                });
    }

    @Test
    void whatWasSoAtTheFirstSightIsInTheIconOnly() {
        ToolView asked = new ToolView("alpha", State.UNKNOWN, "is being asked", Optional.empty());

        assertThat(notificationPolicy.of(List.of(asked), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(silent), NOON)).isEmpty();
    }

    @Test
    void whatIsNotKnownOfItsUpdatesHidesNeitherTroubleNorItsEnd() {
        ToolView unknown = new ToolView("alpha", State.UNKNOWN, "Could not check for updates", Optional.empty(), true);

        assertThat(notificationPolicy.of(List.of(unknown), NOON)).isEmpty();
        assertThat(notificationPolicy.of(List.of(silent), NOON))
                .extracting(NotificationPolicy.Notification::title)
                .containsExactly("alpha is not answering");
        assertThat(notificationPolicy.of(List.of(unknown), NOON.plusSeconds(240)))
                .extracting(NotificationPolicy.Notification::title)
                .containsExactly("alpha answers again");
    }

    @Test
    void anUpgradeOnTheWayIsNoRecovery() {
        notificationPolicy.of(List.of(well), NOON);
        notificationPolicy.of(List.of(silent), NOON);

        assertThat(notificationPolicy.of(List.of(new ToolView("alpha", State.WORKING, "", Optional.empty())), NOON))
                .isEmpty();
    }

    @Test
    void anUpgradeThatWasTakenBackSaysWhy() {
        TrayCommands.Result result = TrayCommands.result(new ProcessResult.Exited(1, """
            {"schema":"lamplighter/1","command":"upgrade","status":"partial","exitCode":1,
             "data":{"tools":[{"name":"alpha","outcome":"rolled-back","from":"0.9.2","to":"0.9.4",
               "reason":"It did not answer in 30 s.","downtimeMillis":41000}]},"errors":[]}
            """, "", Duration.ofSeconds(50)));

        assertThat(NotificationPolicy.of(MenuAction.RunVerb.about("alpha", "upgrade", "alpha"), result))
                .get()
                .satisfies(notification -> {
                    assertThat(notification.title()).isEqualTo("alpha stays at 0.9.2");
                    assertThat(notification.choice()).as("nobody may miss it").isEmpty();
                    assertThat(notification.body())
                            .isEqualTo("0.9.4 was taken back: It did not answer in 30 s. Down for 41 s.");
                });
    }

    @Test
    void aVerbThatDidNotWorkSaysSoInItsOwnWords() {
        TrayCommands.Result result = TrayCommands.result(
                new ProcessResult.Exited(3, "", "lamplighter: An upgrade of alpha is under way.\n", Duration.ZERO));

        assertThat(NotificationPolicy.of(MenuAction.RunVerb.about("alpha", "service", "restart", "alpha"), result))
                .get()
                .satisfies(notification -> {
                    assertThat(notification.title()).isEqualTo("alpha was not restarted");
                    assertThat(notification.body()).isEqualTo("An upgrade of alpha is under way.");
                });
    }
}
