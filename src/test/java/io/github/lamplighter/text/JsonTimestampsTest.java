package io.github.lamplighter.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A program that reads times with one pattern reads them all: seconds and fractions do not come and go.
class JsonTimestampsTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T18:15:00Z,            2026-11-24T18:15:00Z,      2026-11-24T18:15:00.000Z",
        "2026-11-24T00:00:00Z,            2026-11-24T00:00:00Z,      2026-11-24T00:00:00.000Z",
        "2026-11-24T18:15:07.123456789Z,  2026-11-24T18:15:07Z,      2026-11-24T18:15:07.123Z"
    })
    void secondsAreAlwaysThere(Instant at, String second, String millisecond) {
        assertThat(JsonTimestamps.of(at, ZoneOffset.UTC)).isEqualTo(second);
        assertThat(JsonTimestamps.exactly(at, ZoneOffset.UTC)).isEqualTo(millisecond);
    }

    @ParameterizedTest
    @CsvSource({"Europe/Berlin, 2026-11-24T19:15:00+01:00", "Asia/Kolkata, 2026-11-24T23:45:00+05:30"})
    void theOffsetIsTheUsers(ZoneId zone, String written) {
        assertThat(JsonTimestamps.of(Instant.parse("2026-11-24T18:15:00Z"), zone))
                .isEqualTo(written);
    }
}
