package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.tray.BackgroundChecks.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResidentChecksTest {

    private static final String FULL = "";
    private static final String OFFLINE = "--offline";

    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// What keeps a check from the network.
    enum Limit {
        METERED(new Conditions(true, false, false, false)),
        NO_NETWORK(new Conditions(false, true, false, false)),
        PORTAL(new Conditions(false, false, true, false));

        private final Conditions conditions;

        Limit(Conditions conditions) {
            this.conditions = conditions;
        }
    }

    private final FakeLoop loop = new FakeLoop(TrayStates.NOON);
    private final List<String> runs = new ArrayList<>();
    private final List<Runnable> inProgress = new ArrayList<>();
    private final List<String> timedOut = new ArrayList<>();
    private Conditions conditions = Conditions.NONE;
    private Duration interval = Duration.ofHours(6);
    private boolean takesLong;
    private Instant next = Instant.MIN;

    private final ResidentChecks checks = new ResidentChecks(
            loop,
            () -> conditions,
            (options, done) -> {
                runs.add(String.join(" ", options));
                if (takesLong) {
                    inProgress.add(done);
                } else {
                    done.run();
                }
            },
            () -> interval,
            () -> List.copyOf(timedOut),
            new ResidentChecks.Listener() {
                @Override
                public void planned(Instant at) {
                    next = at;
                }

                @Override
                public void changed() {}

                @Override
                public void finished() {}
            });

    @BeforeEach
    void login() {
        checks.due();
        assertThat(runs).containsExactly(FULL);
        runs.clear();
    }

    @Test
    void checksAtEachInterval() {
        loop.pass(Duration.ofHours(5));
        assertThat(runs).isEmpty();
        loop.pass(Duration.ofHours(13));
        assertThat(runs).containsExactly(FULL, FULL, FULL);
    }

    @Test
    void aCheckThatTheUserWantedIsNotMadeAgainWhenItIsDue() {
        loop.pass(Duration.ofHours(5));
        checks.now();
        loop.pass(Duration.ofHours(5));
        assertThat(runs).containsExactly(FULL);
    }

    @Test
    void aCheckOfAServiceDoesNotPutTheNextCheckOff() {
        loop.pass(Duration.ofHours(5));
        checks.stateChanged();
        loop.pass(SOON);
        assertThat(runs).containsExactly(OFFLINE);
        assertThat(next).isEqualTo(TrayStates.NOON.plus(interval));
    }

    @Test
    void aNewIntervalAppliesAtOnce() {
        loop.pass(Duration.ofHours(2));
        interval = Duration.ofHours(1);
        checks.intervalChanged();
        loop.pass(SOON);
        assertThat(runs).as("overdue now").containsExactly(FULL);
        loop.pass(Duration.ofHours(1));
        assertThat(runs).hasSize(2);
    }

    // --- sleep ---

    @Test
    void whatBecameOverdueInSleepRunsOnceAfterIt() {
        loop.pass(Duration.ofHours(5));
        loop.sleep(Duration.ofHours(8));
        loop.pass(MINUTE);
        assertThat(runs).as("before the signal").isEmpty();
        checks.resumed();
        checks.resumed();
        loop.pass(MINUTE);
        assertThat(runs).containsExactly(FULL);
        loop.pass(Duration.ofHours(5));
        assertThat(runs).as("the interval begins anew").hasSize(1);
        loop.pass(Duration.ofHours(1));
        assertThat(runs).hasSize(2);
    }

    @Test
    void aNapLeavesTheNetworkAloneAndTheIntervalAsItIs() {
        for (int lid = 0; lid < 3; lid++) {
            loop.pass(Duration.ofMinutes(50));
            loop.sleep(Duration.ofMinutes(10));
            checks.resumed();
        }
        loop.pass(MINUTE);
        assertThat(runs).containsExactly(OFFLINE, OFFLINE, OFFLINE);
        loop.pass(Duration.ofHours(3));
        assertThat(runs).hasSize(4).last().isEqualTo(FULL);
    }

    /// After a long sleep the network comes later than the signal.
    @Test
    void theCheckAfterSleepIsCompletedWhenTheNetworkIsBack() {
        conditions = Limit.NO_NETWORK.conditions;
        loop.sleep(Duration.ofHours(8));
        checks.resumed();
        loop.pass(MINUTE);
        assertThat(runs).containsExactly(OFFLINE);
        assertThat(checks.leftOut()).contains("Updates not checked: no network");

        conditions = Conditions.NONE;
        checks.conditionsChanged();
        checks.conditionsChanged();
        loop.pass(MINUTE);
        assertThat(runs).containsExactly(OFFLINE, FULL);
        assertThat(checks.leftOut()).isEmpty();
        loop.pass(Duration.ofHours(5));
        assertThat(runs).hasSize(2);
    }

    // --- network and power ---

    @ParameterizedTest
    @EnumSource
    void aLimitedNetworkIsOneThingThatCouldNotBeChecked(Limit limit) {
        conditions = limit.conditions;
        checks.conditionsChanged();
        loop.pass(Duration.ofHours(18).plus(SOON));
        assertThat(runs).containsExactly(OFFLINE, OFFLINE, OFFLINE);
        assertThat(checks.leftOut()).hasValueSatisfying(why -> assertThat(why).startsWith("Updates not checked: "));

        conditions = Conditions.NONE;
        for (int flaps = 0; flaps < 5; flaps++) {
            checks.conditionsChanged();
            loop.pass(SOON);
        }
        assertThat(runs).hasSize(4).last().isEqualTo(FULL);
    }

    @Test
    void aSignInPageIsNamed() {
        conditions = Limit.PORTAL.conditions;
        loop.pass(Duration.ofHours(6));
        assertThat(checks.leftOut()).contains("Updates not checked: the network wants a sign-in");
    }

    @Test
    void inPowerSaverADueCheckWaits() {
        conditions = new Conditions(false, false, false, true);
        loop.pass(Duration.ofHours(12));
        checks.resumed();
        loop.pass(MINUTE);
        assertThat(runs).isEmpty();
        assertThat(checks.leftOut()).contains("Not checked: power saver is on");

        checks.stateChanged();
        loop.pass(SOON);
        assertThat(runs).as("a service that changed").containsExactly(OFFLINE);

        conditions = Conditions.NONE;
        checks.conditionsChanged();
        loop.pass(SOON);
        assertThat(runs).containsExactly(OFFLINE, FULL);
    }

    @Test
    void aDueCheckThatWaitsKeepsNoChangedServiceWaiting() {
        takesLong = true;
        checks.now();
        conditions = new Conditions(false, false, false, true);
        checks.stateChanged();
        loop.pass(SOON);
        loop.pass(interval);
        assertThat(runs).containsExactly(FULL);
        inProgress.getFirst().run();
        loop.pass(SOON);
        assertThat(runs).containsExactly(FULL, OFFLINE);
    }

    @Test
    void aClickIsAnsweredInPowerSaverToo() {
        conditions = new Conditions(true, false, false, true);
        checks.now();
        assertThat(runs).containsExactly(FULL);
    }

    // --- one at a time ---

    /// An index that does not respond must not keep a crash from the window.
    @Test
    void aServiceThatChangedIsCheckedWithoutTheNetwork() {
        checks.stateChanged();
        loop.pass(SOON);
        assertThat(runs).containsExactly(OFFLINE);
        checks.stateChanged();
        checks.soon();
        checks.stateChanged();
        loop.pass(SOON);
        assertThat(runs).as("a new manifest is more").containsExactly(OFFLINE, FULL);
    }

    @Test
    void changesThatComeTogetherAreOneCheck() {
        for (int change = 0; change < 5; change++) {
            checks.soon();
            loop.pass(Duration.ofMillis(500));
        }
        loop.pass(SOON);
        assertThat(runs).hasSize(1);
    }

    @Test
    void aClickDuringACheckIsNotLostInTheChangesAfterIt() {
        conditions = Limit.METERED.conditions;
        takesLong = true;
        checks.soon();
        loop.pass(SOON);
        assertThat(checks.isChecking()).isTrue();
        checks.now();
        checks.soon();
        loop.pass(SOON);
        assertThat(runs).as("one at a time").containsExactly(OFFLINE);
        inProgress.getFirst().run();
        checks.soon();
        loop.pass(SOON);
        assertThat(runs).containsExactly(OFFLINE, FULL);
    }

    // --- time-outs ---

    @Test
    void aTimeOutIsRetriedAfter30SecondsTwoMinutesAndFiveMinutes() {
        timedOut.add("alpha");
        checks.soon();
        loop.pass(ResidentChecks.SETTLE);
        assertThat(runs).containsExactly(FULL);
        List<Duration> waited = new ArrayList<>();
        for (int retry = 2; retry <= 4; retry++) {
            Duration before = Duration.between(TrayStates.NOON, loop.now());
            while (runs.size() < retry) {
                loop.pass(Duration.ofSeconds(1));
            }
            waited.add(Duration.between(TrayStates.NOON, loop.now()).minus(before));
            assertThat(runs).last().isEqualTo("--offline alpha");
        }
        assertThat(waited).containsExactly(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(5));
        loop.pass(Duration.ofHours(5));
        assertThat(runs).as("no more").hasSize(4);
    }

    @Test
    void aRetryThatAnswersIsTheLast() {
        timedOut.add("alpha");
        checks.soon();
        loop.pass(SOON);
        timedOut.clear();
        loop.pass(Duration.ofHours(1));
        assertThat(runs).containsExactly(FULL, "--offline alpha");
    }

    @Test
    void aCheckThatAnsweredLeavesNoRetryBehind() {
        timedOut.add("alpha");
        checks.soon();
        loop.pass(SOON);
        timedOut.clear();
        checks.now();
        loop.pass(Duration.ofHours(1));
        assertThat(runs).containsExactly(FULL, FULL);
    }
}
