package io.github.lamplighter.release;

import io.github.lamplighter.text.UntrustedText;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which Python indexes a package manager would ask, and what it would leave out.
///
/// @param indexes their addresses, the first to be asked first; may hold credentials
/// @param findLinks folders and pages with package files; they count whatever an index has
/// @param strategy which of them count
/// @param cutOff nothing that was published later is taken
/// @param preReleases whether pre-releases were asked for
record PythonIndexes(
        List<URI> indexes,
        List<URI> findLinks,
        Strategy strategy,
        Optional<Instant> cutOff,
        boolean preReleases,
        NetworkSettings networkSettings) {

    /// Where Python packages come from unless the user says otherwise.
    static final String STANDARD = "https://pypi.org/simple/";

    /// One part of a duration in words, as uv reads it: `2 weeks`, `1.5h`.
    private static final Pattern SPAN = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,9})?)\\s*(?:(w|wks?|weeks?)|(d|days?)"
            + "|(h|hrs?|hours?)|(m|mins?|minutes?)|(s|secs?|seconds?))(?![a-z])(?:\\s*,)?\\s*");

    private static final List<Duration> UNITS = List.of(
            Duration.ofDays(7), Duration.ofDays(1), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(1));

    private static final Pattern ZONED = Pattern.compile("[T ].*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)$");

    /// Which of several indexes count (uv documentation, "Searching across multiple indexes").
    enum Strategy {
        /// The first one that has the name.
        FIRST_INDEX,
        /// The first one that has a version that will do.
        FIRST_MATCH,
        /// All of them, as if they were one; pip knows nothing else.
        ALL;

        /// By uv's word for it.
        static Optional<Strategy> of(String word) {
            return switch (word) {
                case "first-index" -> Optional.of(FIRST_INDEX);
                case "unsafe-first-match" -> Optional.of(FIRST_MATCH);
                case "unsafe-best-match" -> Optional.of(ALL);
                default -> Optional.empty();
            };
        }
    }

    PythonIndexes {
        indexes = List.copyOf(indexes);
        findLinks = List.copyOf(findLinks);
    }

    static Resolution of(
            String manager,
            List<String> addresses,
            List<String> findLinks,
            Strategy strategy,
            Optional<Optional<Instant>> cutOff,
            boolean preReleases,
            NetworkSettings networkSettings) {
        if (addresses.isEmpty() && findLinks.isEmpty()) {
            return new Resolution.Ambiguous("%s uses no index (`no-index` is set).".formatted(manager));
        }
        List<URI> links = new ArrayList<>();
        for (String place : findLinks) {
            Optional<URI> link = place(place);
            if (link.isEmpty()) {
                return new Resolution.Ambiguous("A location in `find-links` of %s is invalid (%s)."
                        .formatted(manager, UntrustedText.quotation(place)));
            }
            links.add(link.get());
        }
        List<URI> indexes = new ArrayList<>();
        for (String address : addresses) {
            Optional<URI> index = PythonIndex.address(address);
            if (index.isEmpty()) {
                return new Resolution.Ambiguous(
                        "The index URL of %s is invalid (%s).".formatted(manager, UntrustedText.quotation(address)));
            }
            indexes.add(index.get());
        }
        return cutOff.isEmpty()
                ? new Resolution.Ambiguous("The cutoff time of %s is invalid.".formatted(manager))
                : new Resolution.Found(
                        new PythonIndexes(indexes, links, strategy, cutOff.get(), preReleases, networkSettings));
    }

    /// All in their order, each once. What was recorded has no credentials; the configuration has them if it
    /// contains the same index.
    static List<String> once(List<String> indexes, List<String> configured) {
        List<String> all = new ArrayList<>();
        for (String index : indexes) {
            String known = configured.stream()
                    .filter(one -> same(one, index))
                    .findFirst()
                    .orElse(index);
            if (all.stream().noneMatch(other -> same(other, known))) {
                all.add(known);
            }
        }
        return all;
    }

    /// A folder or a page of `find-links`: a URL, or an absolute path.
    private static Optional<URI> place(String text) {
        return text.startsWith("/") ? Optional.of(Path.of(text).toUri()) : PythonIndex.address(text);
    }

    private static boolean same(String one, String other) {
        Optional<URI> first = PythonIndex.address(one).map(HttpFetcher::withoutCredentials);
        return first.isPresent() && first.equals(PythonIndex.address(other).map(HttpFetcher::withoutCredentials));
    }

    /// uv's `exclude-newer`: an RFC 3339 time, a date (its end in the user's time zone), a duration before now (`P3W`,
    /// `7 days`, `1w 2d ago`), or `false` for none.
    ///
    /// @return empty when it cannot be read; an empty value when nothing was said
    static Optional<Optional<Instant>> moment(Optional<String> text, Clock clock) {
        if (text.isEmpty() || text.get().isBlank()) {
            return Optional.of(Optional.empty());
        }
        String written = text.get().strip();
        if (written.equals("false")) {
            return Optional.of(Optional.empty());
        }
        Optional<Duration> words = inWords(written);
        if (words.isPresent()) {
            return Optional.of(Optional.of(clock.instant().minus(words.get())));
        }
        String unsigned = written.replaceFirst("^[+-](?=[Pp])", "");
        try {
            if (unsigned.startsWith("P") || unsigned.startsWith("p")) {
                int time = unsigned.toUpperCase(Locale.ROOT).indexOf('T');
                String days = time < 0 ? unsigned : unsigned.substring(0, time);
                return Optional.of(Optional.of(clock.instant()
                        .atZone(clock.getZone())
                        .minus(days.length() > 1 ? Period.parse(days) : Period.ZERO)
                        .minus(time < 0 ? Duration.ZERO : Duration.parse("P" + unsigned.substring(time)))
                        .toInstant()));
            }
            return Optional.of(Optional.of(
                    ZONED.matcher(written).find()
                            ? OffsetDateTime.parse(written.replace(' ', 'T')).toInstant()
                            : LocalDate.parse(written.split("[T ]", 2)[0])
                                    .plusDays(1)
                                    .atStartOfDay(clock.getZone())
                                    .toInstant()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// A duration in words. The sign and `ago` don't matter: it is always before now.
    private static Optional<Duration> inWords(String text) {
        String rest = text.replaceFirst("^[+-]\\s*", "").replaceFirst("\\s+ago$", "");
        Duration sum = Duration.ZERO;
        Matcher part = SPAN.matcher(rest);
        int end = 0;
        while (end < rest.length()) {
            if (!part.find(end) || part.start() != end) {
                return Optional.empty();
            }
            for (int unit = 0; unit < UNITS.size(); unit++) {
                if (part.group(unit + 2) != null) {
                    sum = sum.plusSeconds(new BigDecimal(part.group(1))
                            .multiply(BigDecimal.valueOf(UNITS.get(unit).toSeconds()))
                            .longValue());
                }
            }
            end = part.end();
        }
        return end > 0 ? Optional.of(sum) : Optional.empty();
    }

    /// What was found out about them.
    sealed interface Resolution {
        record Found(PythonIndexes pythonIndexes) implements Resolution {}

        /// `why` is a sentence.
        record Ambiguous(String why) implements Resolution {}
    }
}
