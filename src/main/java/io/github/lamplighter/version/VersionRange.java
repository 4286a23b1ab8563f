package io.github.lamplighter.version;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A set of accepted versions: a PEP 440 specifier set (`Requires-Python`), an npm range (`engines.node`), or
/// the numeric range of a program or a runtime.
///
/// @param text as it was written
/// @param namesPreRelease whether a bound is a pre-release, which allows pre-releases
public record VersionRange(String text, boolean namesPreRelease, Predicate<Version> accepted) {

    private static final Pattern CLAUSE = Pattern.compile("(===|~=|==|!=|<=|>=|<|>)\\s*(\\S+)");

    private static final Pattern BOUND =
            Pattern.compile("(>=|<=|>|<|==|=|!=|~=|\\^|~)?\\s*v?(\\d+(?:\\.(?:\\d+|[xX*]))*)[^,\\s]*");

    /// Whether the range contains `version`; false if the version cannot be parsed.
    public boolean accepts(Version version) {
        return accepted.test(version);
    }

    /// Whether the range contains `version`; empty if the version cannot be parsed, since it may be new or old.
    public Optional<Boolean> contains(Version version) {
        boolean accepts = accepts(version);
        return accepts || !(version instanceof OpaqueVersion) ? Optional.of(accepts) : Optional.empty();
    }

    /// A comma-separated PEP 440 specifier set; empty if a clause is invalid.
    public static Optional<VersionRange> pep440(String text) {
        Predicate<Version> all = _ -> true;
        boolean namesPreRelease = false;
        for (String clause : text.split(",", -1)) {
            if (clause.isBlank()) {
                continue;
            }
            Matcher matcher = CLAUSE.matcher(clause.strip());
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String operator = matcher.group(1);
            if (operator.equals("===")) {
                // Compared as text, since the rest need not be a version.
                String written = matcher.group(2);
                all = all.and(version -> version.text().equalsIgnoreCase(written));
                namesPreRelease |=
                        Pep440.parse(written).filter(found -> !found.isFinal()).isPresent();
                continue;
            }
            boolean prefix = matcher.group(2).endsWith(".*");
            String number =
                    prefix ? matcher.group(2).substring(0, matcher.group(2).length() - 2) : matcher.group(2);
            Optional<Pep440> bound = Pep440.parse(number);
            if (bound.isEmpty() || !isWellFormed(operator, bound.get(), prefix)) {
                return Optional.empty();
            }
            namesPreRelease |= !bound.get().isFinal() && !operator.equals("!=") && !operator.equals("<");
            Predicate<Pep440> clauseAccepts = clause(operator, bound.get(), prefix);
            all = all.and(version -> version instanceof Pep440 python && clauseAccepts.test(python));
        }
        return Optional.of(new VersionRange(text, namesPreRelease, all));
    }

    /// `.*` and local labels belong to `==` and `!=` alone, `.*` stands right after the numbers, and `~=` needs two
    /// numbers to leave the last one
    /// open.
    private static boolean isWellFormed(String operator, Pep440 bound, boolean prefix) {
        boolean equality = operator.equals("==") || operator.equals("!=");
        return equality
                ? !prefix
                        || (bound.isFinal()
                                && bound.post().isEmpty()
                                && bound.local().isEmpty())
                : !prefix
                        && bound.local().isEmpty()
                        && (!operator.equals("~=") || bound.release().size() > 1);
    }

    private static Predicate<Pep440> clause(String operator, Pep440 bound, boolean prefix) {
        return switch (operator) {
            case "==" -> prefix ? version -> version.startsWith(bound) : version -> same(version, bound);
            case "!=" -> prefix ? version -> !version.startsWith(bound) : version -> !same(version, bound);
            case "<=" -> version -> version.withoutLocal().compareTo(bound) <= 0;
            case ">=" -> version -> version.withoutLocal().compareTo(bound) >= 0;
            // `<3` does not accept 3's own pre-releases, `>3` not its post-releases (PEP 440, exclusive
            // ordering).
            case "<" -> {
                Pep440 first = bound.isFinal() ? bound.firstDevelopment() : bound;
                yield version -> version.compareTo(first) < 0;
            }
            case ">" -> {
                boolean hasPosts = bound.post().isEmpty() && bound.dev().isEmpty();
                yield version -> version.withoutLocal().compareTo(bound) > 0
                        && !(hasPosts
                                && version.sameRelease(bound)
                                && version.pre().equals(bound.pre()));
            }
            default ->
                version -> version.withoutLocal().compareTo(bound) >= 0
                        && version.startsWith(new Pep440(
                                bound.text(),
                                bound.epoch(),
                                bound.release()
                                        .subList(0, Math.max(1, bound.release().size() - 1)),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of()));
        };
    }

    /// A bound without a local label ignores it; a bound with one requires exactly that.
    private static boolean same(Pep440 version, Pep440 bound) {
        return bound.local().isEmpty() ? version.samePublic(bound) : version.compareTo(bound) == 0;
    }

    /// An npm range (node-semver): `||` of sets of comparators, with `^`, `~`, `x` and hyphen ranges. A pre-release
    /// counts only if the range names one of the same version.
    public static Optional<VersionRange> npm(String text) {
        return npm(text, false);
    }

    /// The `engines` of an npm package. npm counts pre-releases there like other versions.
    public static Optional<VersionRange> engines(String text) {
        return npm(text, true);
    }

    private static Optional<VersionRange> npm(String text, boolean preReleases) {
        return NpmRange.parse(text, preReleases)
                .map(range -> new VersionRange(
                        text, false, version -> version instanceof SemVer node && range.accepts(node)));
    }

    /// A numeric range in a manifest: `>=3.11,<4`, `^20 || >=22.3`, `18.x`. Only numbers count: what follows
    /// them (`-beta`, `+7`) is not compared.
    public static Optional<VersionRange> numeric(String text) {
        List<Predicate<NumericVersion>> alternatives = new ArrayList<>();
        for (String alternative : text.split("\\|\\|")) {
            Optional<Predicate<NumericVersion>> bounds = bounds(alternative.strip());
            if (bounds.isEmpty()) {
                return Optional.empty();
            }
            alternatives.add(bounds.get());
        }
        return Optional.of(new VersionRange(
                text,
                false,
                version -> version instanceof NumericVersion number
                        && alternatives.stream().anyMatch(alternative -> alternative.test(number))));
    }

    private static Optional<Predicate<NumericVersion>> bounds(String text) {
        Predicate<NumericVersion> all = _ -> true;
        Matcher bound = BOUND.matcher(text);
        int end = 0;
        while (bound.find()) {
            if (!text.substring(end, bound.start()).replaceAll("[,\\s]", "").isEmpty()) {
                return Optional.empty();
            }
            end = bound.end();
            String operator = Optional.ofNullable(bound.group(1)).orElse("");
            all = all.and(NumericVersion.parse(bound.group(2))
                    .map(low -> bound(operator, low))
                    .orElseThrow());
        }
        return end > 0 || text.matches("[xX*]?") ? Optional.of(all) : Optional.empty();
    }

    private static Predicate<NumericVersion> bound(String operator, NumericVersion bound) {
        List<BigInteger> numbers = bound.numbers();
        int count = numbers.size();
        return switch (operator) {
            case ">=" -> version -> version.compareTo(bound) >= 0;
            case "<=" -> version -> version.compareTo(bound) <= 0;
            case ">" -> version -> version.compareTo(bound) > 0;
            case "<" -> version -> version.compareTo(bound) < 0;
            case "!=" -> version -> !version.startsWith(numbers);
            case "~=" -> from(bound, Math.max(1, count - 1));
            case "^" -> from(bound, 1);
            case "~" -> from(bound, Math.min(2, count));
            default -> version -> version.startsWith(numbers);
        };
    }

    /// From `bound` up, as long as its first numbers stay the same.
    private static Predicate<NumericVersion> from(NumericVersion bound, int kept) {
        return version -> version.compareTo(bound) >= 0
                && version.startsWith(bound.numbers().subList(0, kept));
    }
}
