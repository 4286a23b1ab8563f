package io.github.lamplighter.window;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Formats times, durations, counts and paths for people.
///
/// @param home shown as `~`
record HumanFormat(ZoneId zone, String home) {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter WEEK = DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);
    private static final int WEEK_DAYS = 7;

    /// `2026-11-23 14:02:07`, as journalctl reads it.
    String exact(Instant instant) {
        return EXACT.format(instant.atZone(zone));
    }

    /// `14:02:07`.
    String clock(Instant instant) {
        return SECONDS.format(instant.atZone(zone));
    }

    /// `14:02`, `Tue 09:12` within a week, else `12 Nov 2025`.
    String at(Instant instant, Instant now) {
        var local = instant.atZone(zone);
        if (local.toLocalDate().equals(now.atZone(zone).toLocalDate())) {
            return CLOCK.format(local);
        }
        return Duration.between(instant, now).toDays() < WEEK_DAYS ? WEEK.format(local) : DATE.format(local);
    }

    /// `since 14:02 (4 min)`.
    String since(Instant instant, Instant now) {
        return "since %s (%s)".formatted(at(instant, now), length(Duration.between(instant, now)));
    }

    /// `just now`, `4 min ago`, and a date after a week.
    String ago(Instant instant, Instant now) {
        Duration age = Duration.between(instant, now);
        if (age.toSeconds() < 60) {
            return "just now";
        }
        return age.toDays() < WEEK_DAYS ? length(age) + " ago" : "on " + DATE.format(instant.atZone(zone));
    }

    String path(String path) {
        return path.startsWith(home + "/") ? "~" + path.substring(home.length()) : path;
    }

    static String length(Duration length) {
        long seconds = Math.max(0, length.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        long hours = seconds / 3600;
        return hours < 48 ? hours + " h" : hours / 24 + " days";
    }

    /// A measured duration: `3.8 s`, `41 s`, `2 min 5 s`.
    static String took(Duration length) {
        long millis = length.toMillis();
        if (millis < 10_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = Math.round(millis / 1000.0);
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : "%d min %d s".formatted(seconds / 60, seconds % 60);
    }

    static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
