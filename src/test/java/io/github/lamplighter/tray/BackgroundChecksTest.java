package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.tray.BackgroundChecks.Conditions;
import io.github.lamplighter.tray.BackgroundChecks.Extent;
import io.github.lamplighter.tray.BackgroundChecks.Reason;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BackgroundChecksTest {

    private static final Conditions METERED = new Conditions(true, false, false, false);
    private static final Conditions PORTAL = new Conditions(false, false, true, false);
    private static final Conditions OFFLINE = new Conditions(false, true, false, false);
    private static final Conditions SAVING = new Conditions(false, false, false, true);

    private final BackgroundChecks checks = new BackgroundChecks();

    static Stream<Conditions> limitedNetworks() {
        return Stream.of(METERED, PORTAL, OFFLINE);
    }

    @ParameterizedTest
    @MethodSource("limitedNetworks")
    void aDueCheckLeavesTheNetworkAloneAndCatchesUpOnce(Conditions limited) {
        assertThat(checks.begin(Reason.DUE, limited)).contains(Extent.WITHOUT_NETWORK);
        assertThat(limited.reason()).isPresent();
        assertThat(checks.mayCatchUp(limited)).isFalse();

        assertThat(checks.mayCatchUp(Conditions.NONE)).isTrue();
        assertThat(checks.begin(Reason.DUE, Conditions.NONE)).contains(Extent.FULL);
        assertThat(checks.mayCatchUp(Conditions.NONE)).as("once").isFalse();
    }

    @Test
    void inPowerSaverADueCheckWaits() {
        assertThat(checks.begin(Reason.DUE, SAVING)).isEmpty();
        assertThat(checks.begin(Reason.CHANGE, SAVING))
                .as("a change is shown, without the network")
                .contains(Extent.WITHOUT_NETWORK);
        assertThat(checks.mayCatchUp(Conditions.NONE)).isTrue();
    }

    @Test
    void aClickIsAnsweredWhateverTheConditionsAre() {
        checks.begin(Reason.DUE, METERED);
        assertThat(checks.begin(Reason.CLICK, new Conditions(true, true, true, true)))
                .contains(Extent.FULL);
        assertThat(checks.isOverdue()).isFalse();
    }

    @Test
    void aChangeOnAMeteredConnectionLeavesNothingToCatchUp() {
        assertThat(checks.begin(Reason.CHANGE, METERED)).contains(Extent.WITHOUT_NETWORK);
        assertThat(checks.mayCatchUp(Conditions.NONE)).isFalse();
    }
}
