package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A run over many tools asks the service manager once for all of them.
final class UnitStateBatchTest {

    private final Systemctl systemctl = new Systemctl();
    private final UnitStateBatch states = new UnitStateBatch(
            new UserManagerClient(systemctl, Map.of()), Optional::empty, () -> List.of("a.service", "b.service"));

    @Test
    void theStatesOfAllAreAskedForTogether() {
        systemctl.says = "Id=a.service\nActiveState=active\n\nId=b.service\nActiveState=failed\n";

        assertThat(states.of("b.service").get("ActiveState")).isEqualTo("failed");
        assertThat(states.of("a.service").get("ActiveState")).isEqualTo("active");
        assertThat(states.of("a.service").get("Id")).isEqualTo("a.service");

        assertThat(systemctl.asked)
                .singleElement()
                .satisfies(argv -> assertThat(argv).contains("--user", "a.service", "b.service"));
    }

    @Test
    void oneThatTheLookIsNotAboutIsAskedForAndOnlyOnce() {
        systemctl.says = "Id=a.service\n\nId=b.service\n";
        states.of("a.service");
        systemctl.says = "Id=c.service\n";

        assertThat(states.of("system/c.service").get("Id")).isEqualTo("c.service");
        assertThat(states.of("system/c.service").get("Id")).isEqualTo("c.service");

        assertThat(systemctl.asked)
                .hasSize(2)
                .last()
                .satisfies(argv -> assertThat(argv).contains("--system", "c.service"));
    }

    /// One name that systemd does not take must not cost the others their answer, nor give one the answer of another.
    @Test
    void whatCannotBeHadTogetherIsAskedOneByOne() {
        systemctl.says = "Id=a.service\n";

        assertThat(states.of("b.service").trouble()).isEmpty();

        assertThat(systemctl.asked)
                .hasSize(2)
                .last()
                .satisfies(argv -> assertThat(argv).contains("b.service").doesNotContain("a.service"));
    }

    /// Else each check would wait for it on its own.
    @Test
    void oneThatGivesNoAnswerIsAskedNothingMore() {
        systemctl.hangs = true;

        assertThat(states.of("a.service").trouble().orElseThrow())
                .startsWith("Your service manager did not respond within 3 s")
                .contains("log out of all sessions");
        assertThat(states.of("c.service").trouble()).isPresent();
        assertThat(states.unavailable()).isEqualTo(states.of("b.service").trouble());

        assertThat(systemctl.asked).hasSize(1);
    }

    /// What it was given before is said: it did not respond within that time.
    @Test
    void aManagerThatGaveNoAnswerIsGivenASecondUntilItAnswers() {
        UserManagerClient client = new UserManagerClient(systemctl, Map.of());
        systemctl.hangs = true;
        for (int i = 0; i < 3; i++) {
            assertThat(client.show("a.service", List.of("ActiveState"))
                            .trouble()
                            .orElseThrow())
                    .startsWith("Your service manager did not respond within 10 s");
        }
        client.systemctl("stop", "a.service");
        assertThat(client.isSilent()).isTrue();
        assertThat(systemctl.limits).as("a change is not given up early").containsExactly(10L, 1L, 1L, 10L);

        systemctl.hangs = false;
        systemctl.says = "ActiveState=active\n";
        assertThat(client.show("a.service", List.of("ActiveState")).get("ActiveState"))
                .isEqualTo("active");
        assertThat(client.isSilent()).isFalse();
        client.show("a.service", List.of("ActiveState"));
        assertThat(systemctl.limits).endsWith(1L, 10L);
    }

    private static final class Systemctl implements ProcessRunner {
        private final List<List<String>> asked = new ArrayList<>();
        private final List<Long> limits = new ArrayList<>();
        private String says = "";
        private boolean hangs;

        @Override
        public ProcessResult run(Command command) {
            asked.add(command.argv());
            limits.add(command.limit().toSeconds());
            return hangs
                    ? new ProcessResult.TimedOut(command.limit(), "", "")
                    : new ProcessResult.Exited(0, says, "", Duration.ZERO);
        }

        @Override
        public ProcessResult run(Command command, Consumer<String> line) {
            return run(command);
        }

        @Override
        public Optional<String> launch(List<String> argv, Map<String, Optional<String>> environment) {
            return Optional.empty();
        }

        @Override
        public Optional<String> launch(List<String> argv, Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Path> find(String name) {
            return Optional.of(Path.of("/usr/bin", name));
        }

        @Override
        public Optional<Path> find(String name, String path) {
            return find(name);
        }
    }
}
