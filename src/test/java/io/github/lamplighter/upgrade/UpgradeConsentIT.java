package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// What an upgrade and the way back would end besides the tool: a real tmux server in a real service's control group.
@WithHome
@Tag("slow")
@EnabledIf("isPossible")
class UpgradeConsentIT {

    private static final String UNIT = "lamplighter-lamp-clock.service";

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager systemd;

    private static Installed lamplighter;
    private static Path socket;

    static boolean isPossible() {
        return UserManager.isPossible() && Files.isExecutable(Path.of("/usr/bin/tmux"));
    }

    @BeforeAll
    static void aServiceThatStartsTmux() throws IOException {
        Path program = GitRepository.lampClock(home).installedIn(home.resolve("clock"), "v1.0.0");
        socket = home.runtime().resolve("tmux");
        Map<String, String> environment = new LinkedHashMap<>(systemd.environment());
        environment.put("SHELL", "/bin/bash");
        lamplighter = new Installed(environment).inOneProcess();
        // Its address says when it is ready; without one, each start is watched for five seconds.
        lamplighter.addClock(program, Ports.free());
        dropIn("process");
        lamplighter.run("service", "install", "lamp-clock", "--yes").well();
    }

    @AfterAll
    static void end() {
        lamplighter.close();
    }

    @Test
    void processesInTheServicesControlGroupNeedConfirmation() throws Exception {
        assumeTrue(systemd.property(UNIT, "ControlGroup").isPresent(), "control groups can be seen");
        long tmux = tmux();

        // It goes on living, so there is nothing to ask about it.
        assertThat(lamplighter
                        .run("upgrade", "lamp-clock", "--to", "1.1.0", "--dry-run")
                        .well()
                        .err())
                .doesNotContain("tmux");
        lamplighter.run("upgrade", "lamp-clock", "--to", "1.1.0", "--yes").well();
        assertThat(ProcessHandle.of(tmux)).as("tmux goes on").isPresent();

        // From now on it would end: the way forth and the way back say so, and do nothing by themselves.
        dropIn("control-group");
        String pid = systemd.property(UNIT, "MainPID").orElseThrow();
        Child.Ended plan = lamplighter
                .run("upgrade", "lamp-clock", "--force", "--dry-run", "--json")
                .well();
        assertThat(plan.out()).contains("would also stop", "KillMode=control-group", "(pid " + tmux + ")");
        for (String[] words : new String[][] {{"upgrade", "lamp-clock", "--force"}, {"rollback", "lamp-clock"}}) {
            Child.Ended refused = lamplighter.run(words);
            assertThat(refused.exitCode()).as(refused.err()).isEqualTo(3);
            assertThat(refused.err()).contains("(pid " + tmux + ")", "KillMode=control-group", "--yes");
        }
        assertThat(systemd.property(UNIT, "MainPID")).contains(pid);

        lamplighter.run("rollback", "lamp-clock", "--yes").well();
        Await.until(Duration.ofSeconds(30), () -> ProcessHandle.of(tmux).isEmpty());
    }

    private static void dropIn(String killMode) throws IOException {
        Path folder = Files.createDirectories(home.resolve(".config/systemd/user/" + UNIT + ".d"));
        Files.writeString(folder.resolve("tmux.conf"), """
            [Service]
            KillMode=%s
            ExecStartPost=-/usr/bin/tmux -S %s new-session -d "sleep 1000"
            """.formatted(killMode, socket));
        systemd.systemctl("daemon-reload").well();
    }

    private static long tmux() throws Exception {
        Await.until(Duration.ofSeconds(30), () -> Files.exists(socket));
        return Long.parseLong(Child.run(
                        systemd.environment(),
                        Duration.ofSeconds(10),
                        "tmux",
                        "-S",
                        socket.toString(),
                        "display-message",
                        "-p",
                        "#{pid}")
                .well()
                .out()
                .strip());
    }
}
