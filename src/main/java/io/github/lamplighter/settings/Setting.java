package io.github.lamplighter.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Every choice that a user has, with what it is when nothing was chosen (ux guide §11).
public enum Setting {
    DOCTOR_INTERVAL("doctor.interval", "6h", new Form.Span(Duration.ofMinutes(5), Duration.ofDays(7))),
    PROBE_INTERVAL("probe.interval", "1min", new Form.Span(Duration.ofSeconds(15), Duration.ofHours(1))),
    NETWORK_LIMIT("network.limit", "5s", new Form.Span(Duration.ofSeconds(1), Duration.ofMinutes(2))),
    UPDATES_MINIMUM_AGE("updates.minimumAge", "24h", new Form.Span(Duration.ZERO, Duration.ofDays(30))),
    NOTIFY_FAILURE("notify.failure", "on", Form.Word.ON_OFF),
    NOTIFY_RECOVERED("notify.recovered", "on", Form.Word.ON_OFF),
    NOTIFY_DONE("notify.done", "on", Form.Word.ON_OFF),
    SNAPSHOTS("snapshots.perTool", "2", new Form.Word(List.of("1", "2", "3", "4", "5"))),
    THEME("theme", "desktop", new Form.Word(List.of("desktop", "light", "dark")));

    /// What a value may be.
    public sealed interface Form {
        /// A length of time: a number and `s`, `min`, `h` or `d`.
        record Span(Duration least, Duration most) implements Form {}

        record Word(List<String> words) implements Form {
            static final Word ON_OFF = new Word(List.of("on", "off"));

            public Word {
                words = List.copyOf(words);
            }
        }
    }

    private static final Pattern SPAN = Pattern.compile("([0-9]{1,6}) ?(s|min|h|d)");

    private final String key;
    private final String standard;
    private final Form form;

    Setting(String key, String standard, Form form) {
        this.key = key;
        this.standard = standard;
        this.form = form;
    }

    /// As it stands in `settings.json` and on the command line.
    public String key() {
        return key;
    }

    /// The value when nothing was chosen.
    public String standard() {
        return standard;
    }

    public static Optional<Setting> of(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    /// Empty when `value` can be used; else a sentence that says what it takes.
    public Optional<String> objection(String value) {
        return switch (form) {
            case Form.Word word when word.words().contains(value) -> Optional.empty();
            case Form.Word word -> Optional.of("%s takes %s.".formatted(key, String.join(" or ", word.words())));
            case Form.Span span -> {
                Optional<Duration> length = span(value);
                yield length.filter(given -> given.compareTo(span.least()) >= 0 && given.compareTo(span.most()) <= 0)
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of("%s takes a time from %s to %s, such as %s."
                                .formatted(key, words(span.least()), words(span.most()), standard));
            }
        };
    }

    /// A length of time as a person writes it: `90s`, `5min`, `6h`, `7d`.
    static Optional<Duration> span(String text) {
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

    private static String words(Duration span) {
        if (span.toDays() > 0) {
            return span.toDays() + "d";
        }
        if (span.toHours() > 0) {
            return span.toHours() + "h";
        }
        return span.toMinutes() > 0 ? span.toMinutes() + "min" : span.toSeconds() + "s";
    }
}
