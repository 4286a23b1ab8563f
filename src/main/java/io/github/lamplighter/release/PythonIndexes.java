package io.github.lamplighter.release;

import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.text.UntrustedText;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which Python indexes a package manager would ask, and what it would leave out.
///
/// @param indexes their addresses, the first to be asked first; may hold credentials
/// @param strategy which of them count
/// @param cutOff nothing that was published later is taken
/// @param preReleases whether pre-releases were asked for
record PythonIndexes(
        List<URI> indexes,
        Strategy strategy,
        Optional<Instant> cutOff,
        boolean preReleases,
        NetworkSettings networkSettings) {

    /// Where Python packages come from unless the user says otherwise.
    static final String STANDARD = "https://pypi.org/simple/";

    private static final Pattern SPAN = Pattern.compile("([0-9]{1,4}) ?(hours?|days?|weeks?|h|d|w)");

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
    }

    static Resolution of(
            String manager,
            List<String> addresses,
            Strategy strategy,
            Optional<Optional<Instant>> cutOff,
            boolean preReleases,
            NetworkSettings networkSettings) {
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
                        new PythonIndexes(indexes, strategy, cutOff.get(), preReleases, networkSettings));
    }

    /// The indexes that were named when it was installed, else the configured ones. What was recorded holds
    /// no credentials; the configuration has them where the same index stands in it.
    static List<String> asked(InstallRequest installRequest, List<String> configured) {
        if (installRequest.indexes().isEmpty()) {
            return configured;
        }
        return installRequest.indexes().stream()
                .map(index -> configured.stream()
                        .filter(known -> same(known, index))
                        .findFirst()
                        .orElse(index))
                .toList();
    }

    private static boolean same(String one, String other) {
        Optional<URI> first = PythonIndex.address(one).map(HttpFetcher::withoutCredentials);
        return first.isPresent() && first.equals(PythonIndex.address(other).map(HttpFetcher::withoutCredentials));
    }

    /// An RFC 3339 time, a date (its end where the user is, as uv reads it), or a length of time before now (`P3W`, `7
    /// days`).
    ///
    /// @return empty when it cannot be read; an empty value when nothing was said
    static Optional<Optional<Instant>> moment(Optional<String> text, Clock clock) {
        if (text.isEmpty() || text.get().isBlank()) {
            return Optional.of(Optional.empty());
        }
        String written = text.get().strip();
        Matcher words = SPAN.matcher(written);
        try {
            if (words.matches()) {
                int number = Integer.parseInt(words.group(1));
                return Optional.of(Optional.of(clock.instant()
                        .minus(
                                words.group(2).startsWith("h")
                                        ? Duration.ofHours(number)
                                        : Duration.ofDays(words.group(2).startsWith("w") ? 7L * number : number))));
            }
            if (written.startsWith("P")) {
                return Optional.of(Optional.of(
                        written.contains("T")
                                ? clock.instant().minus(Duration.parse(written))
                                : clock.instant()
                                        .atZone(clock.getZone())
                                        .minus(Period.parse(written))
                                        .toInstant()));
            }
            return Optional.of(Optional.of(
                    written.contains("T") || written.contains(" ")
                            ? OffsetDateTime.parse(written.replace(' ', 'T')).toInstant()
                            : LocalDate.parse(written)
                                    .plusDays(1)
                                    .atStartOfDay(clock.getZone())
                                    .toInstant()));
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// What was found out about them.
    sealed interface Resolution {
        record Found(PythonIndexes pythonIndexes) implements Resolution {}

        /// `why` is a sentence.
        record Ambiguous(String why) implements Resolution {}
    }
}
