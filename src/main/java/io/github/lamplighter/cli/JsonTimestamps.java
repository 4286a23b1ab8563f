package io.github.lamplighter.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times in `--json`: ISO 8601 with offset, all of one shape, so that a pattern of one fits them all.
final class JsonTimestamps {

    private static final DateTimeFormatter SECOND = form("uuuu-MM-dd'T'HH:mm:ssXXX");
    private static final DateTimeFormatter MILLISECOND = form("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");

    private JsonTimestamps() {}

    static String of(Instant at, ZoneId zone) {
        return SECOND.format(at.atZone(zone));
    }

    /// For what happens many times in a second, such as the lines of a log.
    static String exactly(Instant at, ZoneId zone) {
        return MILLISECOND.format(at.atZone(zone));
    }

    private static DateTimeFormatter form(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }
}
