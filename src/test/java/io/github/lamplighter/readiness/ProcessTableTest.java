package io.github.lamplighter.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessTableTest {

    @ParameterizedTest
    @CsvSource({
        "/user.slice/user-1000.slice/user@1000.service/app.slice/site.service, site.service",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/site.service/worker, site.service",
        "/system.slice/cron.service, cron.service",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-term-3.scope, ",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/tmux.service/tmux-spawn-1.scope, ",
        "/user.slice/user-1000.slice/session-2.scope, ",
        "/user.slice/user-1000.slice/user@1000.service/init.scope, ",
        "/, "
    })
    void aProcessBelongsToTheServiceWhoseControlGroupItIsIn(String controlGroup, String service) {
        assertThat(ProcessTable.serviceOf(controlGroup).orElse(null)).isEqualTo(service);
    }

    @ParameterizedTest
    @CsvSource({
        "/app.slice/a.service, /app.slice/a.service, true",
        "/app.slice/a.service/worker, /app.slice/a.service, true",
        "/docker/4711/app.slice/a.service, /app.slice/a.service, true",
        "/app.slice/a.service2, /app.slice/a.service, false",
        "/app.slice/a.service, /, false"
    })
    void aGroupIsWithinAnother(String group, String other, boolean expected) {
        assertThat(ProcessTable.isWithin(group, other)).isEqualTo(expected);
    }
}
