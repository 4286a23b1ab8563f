package io.github.lamplighter.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The settings, each with its default (docs/settings.md).
public enum Setting {
    DOCTOR_INTERVAL(
            "doctor.interval",
            "6h",
            new Form.Span(Duration.ofMinutes(5), Duration.ofDays(7)),
            "How often all tools are checked in the background"),
    PROBE_INTERVAL(
            "probe.interval",
            "1min",
            new Form.Span(Duration.ofSeconds(15), Duration.ofHours(1)),
            "How often the tray checks that services respond"),
    NETWORK_LIMIT(
            "network.limit",
            "5s",
            new Form.Span(Duration.ofSeconds(1), Duration.ofMinutes(2)),
            "Timeout of an index, a registry or a git host"),
    UPDATES_MINIMUM_AGE(
            "updates.minimumAge",
            "24h",
            new Form.Span(Duration.ZERO, Duration.ofDays(30)),
            "Minimum age of a version before it is offered"),
    UPDATES_LAMPLIGHTER(
            "updates.lamplighter", "on", Form.Word.ON_OFF, "Check Lamplighter's own releases for a newer version"),
    NOTIFY_FAILURE("notify.failure", "on", Form.Word.ON_OFF, "Notify when a tool stops or no longer responds"),
    NOTIFY_RECOVERED("notify.recovered", "on", Form.Word.ON_OFF, "Notify when a tool works again"),
    NOTIFY_DONE("notify.done", "on", Form.Word.ON_OFF, "Notify when an upgrade is done, unless a window shows it"),
    NOTIFY_UPDATES("notify.updates", "on", Form.Word.ON_OFF, "Notify of new updates, at most once a day"),
    TRAY_TOOLS("tray.tools", "none", new Form.Names(8), "Tools at the top of the tray menu, after those with problems"),
    SNAPSHOTS(
            "snapshots.perTool",
            "2",
            new Form.Word(List.of("1", "2", "3", "4", "5")),
            "How many previous versions of a tool are kept"),
    THEME("theme", "desktop", new Form.Word(List.of("desktop", "light", "dark")), "Theme of the window");

    /// The kind of values that a setting takes.
    public sealed interface Form {
        /// A duration: a number and `s`, `min`, `h` or `d`.
        record Span(Duration least, Duration most) implements Form {}

        /// Names of tools, separated by commas; `none` for no names.
        record Names(int most) implements Form {}

        record Word(List<String> words) implements Form {
            static final Word ON_OFF = new Word(List.of("on", "off"));

            public Word {
                words = List.copyOf(words);
            }
        }
    }

    private static final String NO_NAMES = "none";
    private static final Pattern NAMES = Pattern.compile("[a-z0-9._-]{1,64}(,[a-z0-9._-]{1,64})*");
    private static final Pattern SPAN = Pattern.compile("([0-9]{1,6}) ?(s|min|h|d)");

    private final String key;
    private final String defaultValue;
    private final Form form;
    private final String about;

    Setting(String key, String defaultValue, Form form, String about) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.form = form;
        this.about = about;
    }

    /// The name in `settings.json` and on the command line.
    public String key() {
        return key;
    }

    public String defaultValue() {
        return defaultValue;
    }

    /// What kind of values it takes.
    public Form form() {
        return form;
    }

    /// The description, as a phrase.
    public String about() {
        return about;
    }

    /// The allowed values, as a phrase: `5min to 7d`, `on or off`.
    public String takes() {
        return switch (form) {
            case Form.Word(List<String> words) ->
                String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
            case Form.Span(Duration least, Duration most) -> text(least) + " to " + text(most);
            case Form.Names(int most) -> "none, or up to %d names with commas".formatted(most);
        };
    }

    public static Optional<Setting> of(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    /// Empty if `value` can be used; else a sentence with the allowed values.
    public Optional<String> objection(String value) {
        return switch (form) {
            case Form.Word word when word.words().contains(value) -> Optional.empty();
            case Form.Word word -> Optional.of("%s must be %s, not `%s`.".formatted(key, takes(), value));
            case Form.Names(int most) ->
                value.equals(NO_NAMES)
                                || NAMES.matcher(value).matches()
                                        && names(value).size() <= most
                        ? Optional.empty()
                        : Optional.of("%s must be %s, not `%s`.".formatted(key, takes(), value));
            case Form.Span span -> {
                Optional<Duration> length = span(value);
                yield length.filter(given -> given.compareTo(span.least()) >= 0 && given.compareTo(span.most()) <= 0)
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of("%s must be a time from %s, such as %s, not `%s`."
                                .formatted(key, takes(), defaultValue, value));
            }
        };
    }

    /// The names in a value, in its order.
    static List<String> names(String value) {
        return value.equals(NO_NAMES) ? List.of() : List.of(value.split(",", -1));
    }

    /// A duration as the user writes it: `90s`, `5min`, `6h`, `7d`.
    public static Optional<Duration> span(String text) {
        Matcher matcher = SPAN.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "min" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }

    private static String text(Duration span) {
        if (span.toDays() > 0) {
            return span.toDays() + "d";
        }
        if (span.toHours() > 0) {
            return span.toHours() + "h";
        }
        return span.toMinutes() > 0 ? span.toMinutes() + "min" : span.toSeconds() + "s";
    }
}
