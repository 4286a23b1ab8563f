package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.ServiceVerdict;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.ToolStatus.State;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ServiceWatchTest {

    private static final String UNIT = TrayStates.unit("alpha");
    private static final Duration BURST = Duration.ofMillis(50);

    private final FakeLoop loop = new FakeLoop(TrayStates.NOON);
    private final List<String> watching = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final Set<String> upgrading = new HashSet<>();
    private Consumer<String> signal = _ -> {};
    private ServiceState state = TrayStates.service("alpha", Phase.RUNNING, TrayStates.NOON.minusSeconds(7200));
    private ProbeResult answer = new ProbeResult.Yes(true, "HTTP 200", Duration.ZERO);
    private int probes;

    private final ServiceWatch watch = new ServiceWatch(
            loop,
            (ServiceManager) Proxy.newProxyInstance(
                    ServiceWatchTest.class.getClassLoader(),
                    new Class<?>[] {ServiceManager.class},
                    (_, method, arguments) -> switch (method.getName()) {
                        case "state" -> state;
                        case "watch" -> {
                            @SuppressWarnings("unchecked")
                            Consumer<String> listener = (Consumer<String>) arguments[1];
                            signal = listener;
                            watching.add(String.valueOf(arguments[0]));
                            yield (AutoCloseable) () -> watching.add("closed");
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }),
            _ -> {
                probes++;
                return answer;
            },
            upgrading::contains,
            new ServiceWatch.Listener() {
                @Override
                public void changed() {
                    events.add("changed");
                }

                @Override
                public void unitChanged() {
                    events.add("unit changed");
                }

                @Override
                public void restarted(String tool, Optional<LastExit> exit) {
                    events.add("%s restarted: %s"
                            .formatted(tool, exit.map(LastExit::words).orElse("not seen")));
                }
            });

    private void follow() {
        watch.follow(List.of(TrayStates.tool("alpha", State.OK, "OK")));
    }

    @Test
    void watchesOnlyAgainIfTheServicesAreOthers() {
        follow();
        follow();
        assertThat(watching).containsExactly("[" + UNIT + "]");
        assertThat(watch.services().get(UNIT).state().phase()).isEqualTo(Phase.RUNNING);
        watch.follow(List.of());
        assertThat(watching).endsWith("closed");
        assertThat(watch.services()).isEmpty();
    }

    @Test
    void signalsThatComeTogetherAreOneChange() {
        follow();
        events.clear();
        signal.accept(UNIT);
        signal.accept(UNIT);
        loop.pass(BURST);
        assertThat(events).containsExactlyInAnyOrder("changed", "unit changed");
    }

    @Test
    void anUpgradeStopsAndStartsAServiceWithoutACheck() {
        follow();
        events.clear();
        upgrading.add("alpha");
        signal.accept(UNIT);
        loop.pass(BURST);
        assertThat(events).containsExactly("changed");
    }

    /// As with `Restart=on-failure` and `RestartSec=5`.
    @Test
    void aCrashThatTheServiceManagerMendsIsTold() {
        follow();
        events.clear();
        becomes(Phase.RESTARTING, 0);
        loop.pass(Duration.ofSeconds(5));
        becomes(Phase.STARTING, 1);
        becomes(Phase.RUNNING, 1);
        assertThat(events).containsOnlyOnce("alpha restarted: exit status 1");

        events.clear();
        loop.pass(ServiceVerdict.STABLE_AFTER.minusSeconds(30));
        assertThat(events).as("checks").doesNotContain("unit changed");
        loop.pass(Duration.ofMinutes(1));
        assertThat(events).as("the warning is over").containsOnlyOnce("unit changed");
    }

    @Test
    void aServiceThatStartsSlowlyIsCheckedAgainUntilItIsWell() {
        follow();
        becomes(Phase.STOPPED, 0);
        becomes(Phase.RUNNING, 0);
        watch.follow(List.of(TrayStates.tool("alpha", State.UNKNOWN, "Not responding yet")));
        events.clear();
        loop.pass(Duration.ofSeconds(6));
        assertThat(events).containsOnlyOnce("unit changed");
        loop.pass(Duration.ofSeconds(10));
        assertThat(events).filteredOn("unit changed"::equals).hasSize(2);

        follow();
        events.clear();
        loop.pass(Duration.ofHours(1));
        assertThat(events).isEmpty();
    }

    @Test
    void aRestartThatIsTooShortToSeeIsTold() {
        follow();
        becomes(Phase.RUNNING, 1);
        assertThat(events).containsOnlyOnce("alpha restarted: not seen");
        becomes(Phase.RUNNING, 1);
        assertThat(events).containsOnlyOnce("alpha restarted: not seen");
    }

    @Test
    void aStartByTheUserIsNoRestart() {
        follow();
        becomes(Phase.FAILED, 3);
        becomes(Phase.RUNNING, 0);
        becomes(Phase.STOPPED, 0);
        becomes(Phase.RUNNING, 0);
        assertThat(events).noneMatch(event -> event.contains("restarted"));
    }

    @Test
    void aServiceManagerThatRespondsAgainRestartedNothing() {
        state = TrayStates.restarted(state, 2);
        follow();
        state = ServiceState.unknown(UNIT, "timed out");
        signal.accept(UNIT);
        loop.pass(BURST);
        becomes(Phase.RUNNING, 2);
        assertThat(events).noneMatch(event -> event.contains("restarted"));
    }

    private void becomes(Phase phase, int restarts) {
        state = TrayStates.restarted(TrayStates.service("alpha", phase, loop.now()), restarts);
        signal.accept(UNIT);
        loop.pass(BURST);
    }

    @Test
    void aServiceThatDoesNotRespondIsAskedAgainAfterHalfAMinute() {
        follow();
        answer = new ProbeResult.No("connection refused");
        watch.probeAll();
        assertThat(watch.failedProbes().get("alpha").count()).isEqualTo(1);
        loop.pass(TrayModel.GRACE);
        assertThat(watch.failedProbes().get("alpha").count()).isEqualTo(2);
        assertThat(watch.failedProbes().get("alpha").since()).isEqualTo(TrayStates.NOON);
        loop.pass(Duration.ofHours(1));
        assertThat(probes).as("only that once").isEqualTo(2);

        answer = new ProbeResult.Yes(true, "HTTP 200", Duration.ZERO);
        watch.probeAll();
        assertThat(watch.failedProbes()).isEmpty();
    }

    @Test
    void aServiceThatIsStoppedOrUpgradedIsNotProbed() {
        follow();
        upgrading.add("alpha");
        watch.probeAll();
        upgrading.clear();
        state = TrayStates.service("alpha", Phase.STOPPED, TrayStates.NOON);
        signal.accept(UNIT);
        loop.pass(BURST);
        watch.probeAll();
        assertThat(probes).isZero();
    }
}
