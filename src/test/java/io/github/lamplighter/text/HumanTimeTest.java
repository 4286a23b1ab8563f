package io.github.lamplighter.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTimeTest {

    private static final Instant NOW = Instant.parse("2026-11-24T14:06:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T14:02:00Z, 14:02",
        "2026-11-23T23:59:00Z, Mon 23:59",
        "2026-11-17T14:07:00Z, Tue 14:07",
        "2026-11-17T14:06:00Z, 17 Nov 2026"
    })
    void aTimeIsAsShortAsItsAgeAllows(Instant time, String text) {
        assertThat(HumanTime.at(time, NOW, ZoneOffset.UTC)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT-1S, 0 s", "PT59S, 59 s", "PT4M59S, 4 min", "PT23H, 23 h", "P1D, 1 day", "P13D, 13 days"})
    void anAgeHasOneUnit(Duration age, String text) {
        assertThat(HumanTime.age(age)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT3.84S, 3.8 s", "PT41.2S, 41 s", "PT119S, 119 s", "PT2M, 2 min", "PT2M5S, 2 min 5 s"})
    void aDurationHasTheAccuracyOfAMeasurement(Duration duration, String text) {
        assertThat(HumanTime.duration(duration)).isEqualTo(text);
    }
}
