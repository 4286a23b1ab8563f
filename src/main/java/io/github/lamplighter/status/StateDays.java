package io.github.lamplighter.status;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The worst state of each day of a tool, the oldest day first. A day on which nothing was seen has none.
public record StateDays(List<Day> days) {

    /// The days of a strip.
    public static final int COUNT = 30;

    /// A state that was seen before midnight counts for the next day, too, if it was seen within this time before the
    /// first state of that day: it was not over at midnight. Twice the usual interval of the doctor.
    private static final Duration OVER_NIGHT = Duration.ofHours(12);

    private static final int NAMED = 2;

    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter LONG = DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);

    public StateDays {
        days = List.copyOf(days);
    }

    /// @param worst `UNKNOWN` if nothing was seen
    public record Day(LocalDate date, SeenState worst) {

        /// `Thu 12 Nov: failed`.
        public String title() {
            return LONG.format(date) + ": " + worst.title();
        }
    }

    /// The days up to `today`.
    ///
    /// @param seen the oldest first
    static StateDays of(List<StateHistory.Seen> seen, LocalDate today, ZoneId zone) {
        Map<LocalDate, SeenState> worst = new HashMap<>();
        Optional<StateHistory.Seen> before = Optional.empty();
        for (StateHistory.Seen now : seen) {
            LocalDate date = LocalDate.ofInstant(now.at(), zone);
            Stream.concat(before.filter(earlier -> lastsUntil(earlier, now)).stream(), Stream.of(now))
                    .map(StateHistory.Seen::state)
                    .forEach(state -> worst.merge(date, state, StateDays::worse));
            before = Optional.of(now);
        }
        List<Day> days = new ArrayList<>();
        for (int back = COUNT - 1; back >= 0; back--) {
            LocalDate date = today.minusDays(back);
            days.add(new Day(date, worst.getOrDefault(date, SeenState.UNKNOWN)));
        }
        return new StateDays(days);
    }

    private static boolean lastsUntil(StateHistory.Seen earlier, StateHistory.Seen now) {
        return Duration.between(earlier.at(), now.at()).compareTo(OVER_NIGHT) <= 0;
    }

    private static SeenState worse(SeenState one, SeenState other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /// Whether anything was seen on any of the days.
    public boolean isEmpty() {
        return days.stream().allMatch(day -> day.worst() == SeenState.UNKNOWN);
    }

    /// The first day on which something was seen.
    public Optional<LocalDate> first() {
        return days.stream()
                .filter(day -> day.worst() != SeenState.UNKNOWN)
                .map(Day::date)
                .min(Comparator.naturalOrder());
    }

    /// How bad the days were, to sort by: a failed day counts more than any number of warnings.
    public long trouble() {
        return days.stream()
                .mapToLong(day -> switch (day.worst()) {
                    case FAILED -> 100;
                    case WARNING -> 1;
                    case OK, STOPPED, UNKNOWN -> 0;
                })
                .sum();
    }

    /// The worst in a few words: `failed on 8 Nov, 23 Nov`, `warnings on 5 days`, `no problems since 20 Nov`.
    public String brief() {
        List<Day> failed = in(SeenState.FAILED);
        List<Day> warnings = in(SeenState.WARNING);
        if (!failed.isEmpty()) {
            return "failed on " + named(failed);
        }
        if (!warnings.isEmpty()) {
            return (warnings.size() == 1 ? "warning on " : "warnings on ") + named(warnings);
        }
        return first().map(date ->
                        "no problems" + (days.getFirst().date().isBefore(date) ? " since " + SHORT.format(date) : ""))
                .orElse("no data yet");
    }

    /// A few by their dates, more by their number.
    private static String named(List<Day> found) {
        return found.size() <= NAMED
                ? found.stream().map(day -> SHORT.format(day.date())).collect(Collectors.joining(", "))
                : found.size() + " days";
    }

    private List<Day> in(SeenState state) {
        return days.stream().filter(day -> day.worst() == state).toList();
    }

    /// `Last 30 days: 1 failed (12 Nov), 27 OK, 2 without data`, the worst first.
    public String sentence() {
        return "Last %d days: %s".formatted(days.size(), counts());
    }

    /// `1 failed (12 Nov), 27 OK, 2 without data`, the worst first.
    public String counts() {
        return Stream.of(SeenState.values())
                .sorted(Comparator.reverseOrder())
                .filter(state -> !in(state).isEmpty())
                .map(state -> part(state, in(state)))
                .collect(Collectors.joining(", "));
    }

    private static String part(SeenState state, List<Day> found) {
        String count = found.size() + " "
                + switch (state) {
                    case FAILED -> "failed";
                    case WARNING -> found.size() == 1 ? "with a warning" : "with warnings";
                    case OK -> "OK";
                    case STOPPED -> "stopped";
                    case UNKNOWN -> "without data";
                };
        boolean isBad = state == SeenState.FAILED || state == SeenState.WARNING;
        return isBad && found.size() <= NAMED ? "%s (%s)".formatted(count, named(found)) : count;
    }
}
