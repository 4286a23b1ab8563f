package io.github.lamplighter.tray;

import static io.github.lamplighter.tray.TrayStates.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.settings.Settings;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.status.ToolStatus.Update;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrayNotificationsTest {

    private static final Duration INTERVAL = Duration.ofHours(6);

    @TempDir
    Path home;

    private final FakeLoop loop = new FakeLoop(NOON);
    private final List<String> sent = new ArrayList<>();
    private long nextId = 1;
    private TrayNotifications notifications;

    @BeforeEach
    void begin() {
        notifications = new TrayNotifications(
                new Settings(home.resolve("settings.json")),
                new NotificationPolicy(_ -> "12:00"),
                new UpdateDigest(home.resolve("told.json")),
                (notification, replaces, shown) -> {
                    sent.add(replaces + " " + notification.title());
                    shown.accept(replaces == 0 ? nextId++ : replaces);
                });
    }

    @Test
    void updatesAreADigestOnceADayAlsoIfTheTrayIsStartedAgain() {
        check("alpha 1.1.0");
        check("alpha 1.1.0");
        begin();
        check("alpha 1.1.0", "beta 2.0.0");
        check("alpha 1.1.0", "beta 2.0.0");
        assertThat(sent).containsExactly("0 An update of alpha is available");

        check("alpha 1.1.0", "beta 2.0.0");
        assertThat(sent).hasSize(2).last().isEqualTo("0 2 updates are available");
        loop.pass(Duration.ofDays(7));
        check("alpha 1.1.0", "beta 2.0.0");
        assertThat(sent).as("nothing new").hasSize(2);
    }

    @Test
    void theUpdateOfLamplighterItselfIsNoneOfThem() {
        check("lamplighter 9.9.9");
        assertThat(sent).isEmpty();
    }

    @Test
    void whatIsTurnedOffIsNotSent() throws IOException {
        Files.writeString(
                home.resolve("settings.json"), "{ \"notify.updates\": \"off\", \"notify.failure\": \"off\" }");
        check("alpha 1.1.0");
        crash("alpha");
        assertThat(sent).isEmpty();
    }

    @Test
    void aLaterOneAboutTheSameToolReplacesTheOneBefore() {
        crash("alpha");
        crash("beta");
        loop.pass(Duration.ofHours(1));
        crash("alpha");
        assertThat(sent)
                .containsExactly(
                        "0 alpha crashed and was restarted",
                        "0 beta crashed and was restarted",
                        "1 alpha crashed and was restarted");
        assertThat(notifications.about(2)).contains("beta");
        notifications.closed(2);
        assertThat(notifications.about(2)).isEmpty();
        notifications.forget();
        assertThat(notifications.about(1)).as("of the bus before").isEmpty();
    }

    private void crash(String name) {
        notifications.restarted(name, Optional.of(LastExit.of(new LastExit.Status(1))), loop.now());
    }

    /// One run of the doctor that finds these updates.
    private void check(String... updates) {
        notifications.updates(
                List.of(updates).stream().map(TrayNotificationsTest::offering).toList(), loop.now());
        loop.pass(INTERVAL);
    }

    private static ToolGlance offering(String update) {
        String[] words = update.split(" ");
        return new ToolGlance(
                words[0],
                State.UPDATE,
                "",
                "1.0.0",
                Optional.of(new Update(words[1], Optional.empty())),
                true,
                Optional.empty(),
                Optional.empty(),
                Set.of());
    }
}
