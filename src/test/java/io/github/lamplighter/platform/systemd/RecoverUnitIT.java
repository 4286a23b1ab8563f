package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.process.LocalProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whether a service starts while an upgrade of its tool is open, with a real user manager.
@WithHome
@Tag("slow")
class RecoverUnitIT {

    private static final String SERVICE = "lamplighter-guarded.service";

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    private RecoverUnit recover;
    private Path ran;
    private Path status;

    @BeforeEach
    void aServiceAndARecovery() throws IOException {
        Path unit = home.resolve(".config/systemd/user").resolve(SERVICE);
        Files.createDirectories(unit.getParent());
        Files.writeString(unit, "[Service]\nExecStart=/usr/bin/sleep 600\n");
        ran = home.resolve("ran");
        status = Files.writeString(home.resolve("status"), "0");
        Path launcher = Files.writeString(
                home.resolve("recovers it"),
                "#!/bin/sh\necho \"$@\" >> '%s'\nexit $(cat '%s')\n".formatted(ran, status));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        recover = new RecoverUnit(
                AppDirectories.linux(manager.environment(), home.path()),
                List.of(launcher.toString()),
                new LocalProcessRunner(manager.environment()));
        systemctl("daemon-reload");
    }

    @Test
    void nothingStartsUntilEverythingIsRestored() throws IOException {
        recover.arm(List.of(SERVICE), true);
        assertThat(systemctl("start", SERVICE)).as("by the worker").isZero();
        assertThat(ran).doesNotExist();
        systemctl("stop", SERVICE);

        recover.arm(List.of(SERVICE), false);
        Files.writeString(status, "4");
        assertThat(systemctl("start", SERVICE)).isNotZero();
        assertThat(systemctl("is-active", SERVICE)).isNotZero();
        assertThat(ran).hasContent("recover --at-login");

        Files.writeString(status, "0");
        assertThat(systemctl("start", SERVICE)).isZero();
        systemctl("stop", SERVICE);
        recover.disarm();
        assertThat(recover.files()).isEmpty();
        assertThat(home.resolve(".config/systemd/user/" + SERVICE + ".requires"))
                .doesNotExist();
        Files.writeString(status, "4");
        assertThat(systemctl("start", SERVICE)).isZero();
        systemctl("stop", SERVICE);
    }

    private static int systemctl(String... words) {
        List<String> argv = new ArrayList<>(List.of("systemctl", "--user"));
        argv.addAll(List.of(words));
        return Child.run(manager.environment(), Duration.ofSeconds(30), argv.toArray(String[]::new))
                .exitCode();
    }
}
