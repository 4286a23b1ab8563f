package io.github.lamplighter.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.readiness.ProcessTable.Origin;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessOriginTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bash,tmux: server,systemd|pts/3|tmux",
                "PM2 v6.0.5: God,systemd||pm2",
                "sh,cron,systemd||cron",
                "bash,sshd,sshd,systemd|pts/1|a terminal (pts/1)",
                "bash,gnome-terminal-,systemd|pts/0|a terminal (pts/0)",
                "my-launcher,systemd||my-launcher",
                "systemd||a program that has exited since"
            })
    void isSaidByWhatStandsAboveIt(String ancestors, String terminal, String words) {
        Origin origin =
                new Origin(List.of(ancestors.split(",")), Optional.ofNullable(terminal), false, Optional.empty());
        assertThat(ProcessOrigin.of(origin).words()).isEqualTo(words);
    }

    @Test
    void aServiceOfAnotherNameIsNamed() {
        assertThat(ProcessOrigin.of(
                                new Origin(List.of("systemd"), Optional.empty(), false, Optional.of("other.service")))
                        .words())
                .isEqualTo("the service other.service");
    }

    @Test
    void whatOutlivedItsTerminalWasStartedWithNohup() {
        assertThat(ProcessOrigin.of(new Origin(List.of("systemd"), Optional.empty(), true, Optional.empty()))
                        .words())
                .isEqualTo("nohup, in the background");
    }

    @Test
    void whoWouldStartItAgainIsNamedWithTheWayToEndItThere() {
        assertThat(ProcessOrigin.of(new Origin(List.of("PM2 v5.4.2: God"), Optional.empty(), false, Optional.empty()))
                        .supervisor()
                        .orElseThrow()
                        .stop())
                .contains("pm2 delete");
        assertThat(ProcessOrigin.of(new Origin(List.of("bash"), Optional.empty(), false, Optional.empty()))
                        .supervisor())
                .isEmpty();
    }
}
