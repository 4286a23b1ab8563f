package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.ResidentProcesses;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.process.LocalProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A worker of an upgrade that was started without a session bus.
@Tag("slow")
class TrayHandOverIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void aTrayIsFoundOnItsOwnBus() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.make()) {
            Path socket = home.runtime().resolve("session");
            try (Child bus = Child.start(
                    home.environment(),
                    Path.of("/"),
                    List.of("dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=unix:path=" + socket))) {
                Await.until("the bus is there", LIMIT, () -> Files.exists(socket));
                Map<String, String> desktop = new HashMap<>(home.environment());
                desktop.put("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + socket);
                try (Child tray = Child.start(
                        desktop,
                        Path.of("/"),
                        List.of(
                                "/usr/bin/python3",
                                "-m",
                                "dbusmock",
                                CompositionRoot.APPLICATION_ID,
                                "/StatusNotifierItem",
                                "org.kde.StatusNotifierItem"))) {
                    AppDirectories directories = AppDirectories.linux(home.environment(), home.path());
                    Path running = Files.createDirectories(directories.state().resolve("running"));
                    Files.writeString(
                            running.resolve("tray-" + tray.process().pid()),
                            tray.process().info().startInstant().orElseThrow().toString());
                    assertThat(new ResidentProcesses(directories).all()).hasSize(1);
                    ProcessEnvironment worker = TestHost.at(home.path(), home.environment());
                    TrayHandOver handOver = new TrayHandOver(worker, new LocalProcessRunner(worker.environment()));

                    Await.until("it is found", LIMIT, () -> handOver.isRunningFrom(Path.of("/usr/bin")));
                    assertThat(bus.process().isAlive()).isTrue();
                }
            }
        }
    }
}
