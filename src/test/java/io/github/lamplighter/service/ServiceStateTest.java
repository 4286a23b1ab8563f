package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceStateTest {

    /// Its own process was called another one while the manager was stopped.
    @ParameterizedTest
    @CsvSource({
        "/user.slice/user-1000.slice/user@1000.service/app.slice/lamp.service, true",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/lamp.service/child, true",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/my-lamp.service, false",
        "/user.slice/user-1000.slice/session-1.scope, false"
    })
    void withoutTheManagersAnswerTheKernelTellsWhichServiceAProcessBelongsTo(String group, boolean isIn) {
        ServiceState state = ServiceState.unknown("lamp.service", "Your service manager did not respond within 3 s.");
        assertThat(EndpointIdentityCheck.isIn(
                        new Listener("127.0.0.1", 8088, Optional.of(7L), 1000, Optional.of(group), Optional.of("lamp")),
                        new EndpointIdentityCheck.Service(
                                state.unit(), state.presumedControlGroup(), state.pid(), false)))
                .isEqualTo(isIn);
    }
}
