package io.github.lamplighter.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Formats times and durations for people.
public final class HumanTime {

    private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter WEEK = DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);
    private static final int WEEK_DAYS = 7;

    private HumanTime() {}

    /// A time in the past: `14:02` today, `Tue 09:12` within a week, else `12 Nov 2025`.
    public static String at(Instant time, Instant now, ZoneId zone) {
        ZonedDateTime local = time.atZone(zone);
        if (local.toLocalDate().equals(now.atZone(zone).toLocalDate())) {
            return TODAY.format(local);
        }
        return (isWithinAWeek(time, now) ? WEEK : DATE).format(local);
    }

    public static boolean isWithinAWeek(Instant time, Instant now) {
        return Duration.between(time, now).toDays() < WEEK_DAYS;
    }

    /// An age: `4 min`, `3 h`, `2 days`.
    public static String age(Duration age) {
        if (age.toMinutes() < 1) {
            return Math.max(0, age.toSeconds()) + " s";
        }
        if (age.toHours() < 1) {
            return age.toMinutes() + " min";
        }
        if (age.toDays() < 1) {
            return age.toHours() + " h";
        }
        return age.toDays() == 1 ? "1 day" : age.toDays() + " days";
    }

    /// An expected duration in whole seconds, at least one: `1 s`, `2 min`.
    public static String estimate(Duration duration) {
        long seconds = Math.max(1, Math.round(duration.toMillis() / 1000.0));
        return seconds < 10 ? seconds + " s" : duration(Duration.ofSeconds(seconds));
    }

    /// A measured duration: `3.8 s`, `41 s`, `2 min 5 s`.
    public static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 10_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = Math.round(millis / 1000.0);
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : "%d min %d s".formatted(seconds / 60, seconds % 60);
    }
}
