package io.github.lamplighter.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Timestamps in `--json`: ISO 8601 with an offset, all in the same form.
public final class JsonTimestamps {

    private static final DateTimeFormatter SECOND = form("uuuu-MM-dd'T'HH:mm:ssXXX");
    private static final DateTimeFormatter MILLISECOND = form("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");

    private JsonTimestamps() {}

    public static String of(Instant at, ZoneId zone) {
        return SECOND.format(at.atZone(zone));
    }

    /// With milliseconds, for log lines.
    public static String exactly(Instant at, ZoneId zone) {
        return MILLISECOND.format(at.atZone(zone));
    }

    private static DateTimeFormatter form(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }
}
