package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.settings.Autostart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The start at login by a graphical session that systemd runs, with a real user manager.
@WithHome
@Tag("slow")
class TrayUnitIT {

    private static final String UNIT = "io.github.lamplighter.tray.service";
    private static final String DESKTOP = "desktop.service";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Test
    void theIconStartsAndEndsWithTheSession() throws Exception {
        Path units = Files.createDirectories(home.resolve(".config/systemd/user"));
        Files.writeString(
                units.resolve(DESKTOP),
                "[Unit]\nBindsTo=graphical-session.target\nBefore=graphical-session.target\n"
                        + "[Service]\nExecStart=/usr/bin/sleep 600\n");
        // As Java does: a SIGTERM that it does not handle is an exit code.
        Path handsOver = home.resolve("hands-over");
        Path launcher = Files.writeString(home.resolve("lamplighter"), """
            #!/bin/sh
            trap 'exit 143' TERM
            [ -e '%1$s' ] && { rm '%1$s'; "$0" & exit 0; }
            sleep 600 &
            wait
            """.formatted(handsOver));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        TrayUnit unit = new TrayUnit(
                new LocalProcessRunner(manager.environment()),
                manager.environment(),
                AppDirectories.linux(manager.environment(), home.path()),
                List.of(launcher.toString()));
        manager.systemctl("daemon-reload");
        assertThat(unit.isForThisSession()).isFalse();
        manager.systemctl("start", DESKTOP).well();
        assertThat(unit.isForThisSession()).isTrue();

        assertThat(unit.on()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(unit.on()).isInstanceOf(Autostart.Change.Already.class);
        assertThat(manager.property(UNIT, "UnitFileState")).contains("enabled");
        assertThat(manager.property(UNIT, "ActiveState")).as("not now").contains("inactive");

        manager.systemctl("stop", DESKTOP).well();
        manager.systemctl("start", DESKTOP).well();
        Await.until("the login starts it", LIMIT, () -> is("active"));
        Files.createFile(handsOver);
        manager.systemctl("restart", UNIT).well();
        Await.until(
                "it hands over to its successor",
                LIMIT,
                () -> Files.notExists(handsOver)
                        && manager.property(UNIT, "MainPID").filter("0"::equals).isPresent());
        assertThat(is("active")).as("which the unit keeps").isTrue();
        manager.systemctl("stop", DESKTOP).well();
        Await.until("the logout ends it, and that is no failure", LIMIT, () -> is("inactive"));

        assertThat(unit.off()).isInstanceOf(Autostart.Change.Done.class);
        assertThat(manager.property(UNIT, "LoadState")).contains("not-found");
        assertThat(unit.files()).isEmpty();
    }

    private static boolean is(String state) {
        return manager.property(UNIT, "ActiveState").filter(state::equals).isPresent();
    }
}
