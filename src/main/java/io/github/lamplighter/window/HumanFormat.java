package io.github.lamplighter.window;

import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.text.HumanTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Formats times, durations, counts and paths for people.
///
/// @param home shown as `~`
record HumanFormat(ZoneId zone, String home) {

    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);

    /// `2026-11-23 14:02:07`, as journalctl reads it.
    String exact(Instant instant) {
        return EXACT.format(instant.atZone(zone));
    }

    LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, zone);
    }

    /// `14:02:07`.
    String clock(Instant instant) {
        return SECONDS.format(instant.atZone(zone));
    }

    /// `14:02`, `Tue 09:12` within a week, else `12 Nov 2025`.
    String at(Instant instant, Instant now) {
        return HumanTime.at(instant, now, zone);
    }

    /// `at 14:02`, `on Tue 09:12`.
    String when(Instant instant, Instant now) {
        return (day(instant).equals(day(now)) ? "at " : "on ") + at(instant, now);
    }

    /// `since 14:02 (4 min)`.
    String since(Instant instant, Instant now) {
        return "since %s (%s)".formatted(at(instant, now), HumanTime.age(Duration.between(instant, now)));
    }

    /// `just now`, `4 min ago`, and a date after a week.
    String ago(Instant instant, Instant now) {
        Duration age = Duration.between(instant, now);
        if (age.toSeconds() < 60) {
            return "just now";
        }
        return HumanTime.isWithinAWeek(instant, now) ? HumanTime.age(age) + " ago" : "on " + at(instant, now);
    }

    /// `Upgraded from 1.0.0 to 1.1.0 at 14:02`.
    String upgraded(UpgradeHistory.Upgraded last, Instant now) {
        return "Upgraded from %s to %s %s".formatted(last.from(), last.to(), when(last.at(), now));
    }

    String path(String path) {
        return path.startsWith(home + "/") ? "~" + path.substring(home.length()) : path;
    }

    /// `64 MB`, `1.2 GB`.
    static String bytes(long bytes) {
        return bytes >= 1_000_000_000
                ? "%.1f GB".formatted(bytes / 1e9)
                : bytes >= 1_000_000 ? "%d MB".formatted(bytes / 1_000_000) : "%d kB".formatted(bytes / 1000);
    }

    static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
