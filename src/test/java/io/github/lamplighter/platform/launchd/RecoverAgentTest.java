package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Launchd;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.process.LocalProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// The agent that finishes an interrupted upgrade, against the real launchd on macOS, elsewhere against a stand-in.
@Tag("slow")
@EnabledIf("isPossible")
class RecoverAgentTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ThrowAwayHome home;
    private Launchd launchd;
    private Path launcher;
    private Path ran;
    private Path file;
    private RecoverAgent agent;

    static boolean isPossible() {
        return Launchd.isPossible();
    }

    @BeforeEach
    void start() throws IOException {
        home = ThrowAwayHome.withDifficultName();
        launchd = Launchd.start(home);
        ran = home.resolve("ran");
        file = home.resolve("Library/LaunchAgents/" + RecoverAgent.LABEL + ".plist");
        launcher = home.resolve("lamp lighter");
        // The recovery that has nothing more to do disarms.
        Files.writeString(
                launcher, "#!/bin/sh\necho \"$* $LAMPLIGHTER_RECOVERY\" >> '%s'\nrm -f '%s'\n".formatted(ran, file));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        agent = new RecoverAgent(
                new LocalProcessRunner(launchd.environment()),
                launchd.environment(),
                AppDirectories.macos(launchd.environment(), home.path()),
                List.of(launcher.toString()));
    }

    @AfterEach
    void stop() throws IOException {
        agent.disarm();
        launchd.close();
        home.close();
    }

    @Test
    void itRecoversAtLoginAndRemovesItself() throws IOException {
        agent.arm(List.of("io.github.lamplighter.x"), true);
        Await.until("the recovery was run", LIMIT, () -> Files.exists(ran) && Files.size(ran) > 0);
        assertThat(ran).content().startsWith("recover 1");
        Await.until("it is unloaded", LIMIT, () -> !isLoaded());
        assertThat(agent.files()).isEmpty();

        // One that is still at work.
        Files.writeString(launcher, "#!/bin/sh\n");
        agent.arm(List.of(), false);
        assertThat(agent.files()).containsExactly(file);
        agent.disarm();
        assertThat(agent.files()).isEmpty();
        Await.until("it is unloaded", LIMIT, () -> !isLoaded());
    }

    private boolean isLoaded() {
        return launchd.launchctl("list").out().contains(RecoverAgent.LABEL);
    }
}
