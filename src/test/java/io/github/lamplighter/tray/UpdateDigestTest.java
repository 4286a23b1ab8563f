package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateDigestTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path home;

    private boolean tell(Duration later, String... updates) {
        return new UpdateDigest(home.resolve("told.json")).tell(Set.of(updates), NOON.plus(later));
    }

    @Test
    void tellsOfNewUpdatesAtMostOnceADayAndOfNoneTwice() {
        assertThat(tell(Duration.ZERO, "alpha 2")).isTrue();
        assertThat(tell(Duration.ofHours(1), "alpha 2", "beta 3"))
                .as("on the same day")
                .isFalse();
        assertThat(tell(Duration.ofHours(25), "alpha 2", "beta 3")).isTrue();
        assertThat(tell(Duration.ofHours(50), "beta 3")).as("nothing new").isFalse();
    }

    @Test
    void aClockThatWasInTheFutureDoesNotSilenceIt() {
        assertThat(tell(Duration.ofDays(3650), "alpha 2")).isTrue();
        assertThat(tell(Duration.ZERO, "alpha 3")).isTrue();
    }
}
