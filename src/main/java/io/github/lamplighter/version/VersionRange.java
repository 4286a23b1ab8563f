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

    private static final Pattern CLAUSE = Pattern.compile("(~=|===|==|!=|<=|>=|<|>)?\\s*(\\S+)");
    private static final Pattern COMPARATOR =
            Pattern.compile("(\\^|~>?|<=|>=|<|>|=)?\\s*v?([0-9]+|[xX*])?(?:\\.([0-9]+|[xX*]))?(?:\\.([0-9]+|[xX*])"
                    + "(-[0-9A-Za-z.-]+)?)?(?:\\+[0-9A-Za-z.-]+)?");

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
            String operator = Optional.ofNullable(matcher.group(1)).orElse("==");
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

    /// `.*` and local labels belong to `==` and `!=` alone, and `~=` needs two numbers to leave the last one
    /// open.
    private static boolean isWellFormed(String operator, Pep440 bound, boolean prefix) {
        boolean equality = operator.equals("==") || operator.equals("!=");
        return equality
                ? !prefix || (bound.dev().isEmpty() && bound.local().isEmpty())
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
            case "<" ->
                version -> version.compareTo(bound) < 0
                        && (version.isFinal() || !bound.isFinal() || !version.sameRelease(bound));
            case ">" ->
                version -> version.withoutLocal().compareTo(bound) > 0
                        && (version.post().isEmpty() || bound.post().isPresent() || !version.sameRelease(bound));
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

    /// An npm range (node-semver): `||` of sets of comparators, with `^`, `~`, `x` and hyphen ranges.
    public static Optional<VersionRange> npm(String text) {
        List<Predicate<SemVer>> alternatives = new ArrayList<>();
        for (String alternative : text.split("\\|\\|", -1)) {
            Optional<Predicate<SemVer>> set = comparators(alternative.strip());
            if (set.isEmpty()) {
                return Optional.empty();
            }
            alternatives.add(set.get());
        }
        return Optional.of(new VersionRange(
                text,
                false,
                version -> version instanceof SemVer node
                        && alternatives.stream().anyMatch(alternative -> alternative.test(node))));
    }

    private static Optional<Predicate<SemVer>> comparators(String set) {
        Matcher hyphen = Pattern.compile("(\\S+)\\s+-\\s+(\\S+)").matcher(set);
        String plain = hyphen.matches() ? ">=" + hyphen.group(1) + " <=" + hyphen.group(2) : set;
        Predicate<SemVer> all = _ -> true;
        // An operator may stand apart from its version.
        for (String word : plain.replaceAll("(\\^|~>?|<=|>=|<|>|=)\\s+", "$1").split("\\s+", -1)) {
            Optional<Predicate<SemVer>> one = comparator(COMPARATOR.matcher(word));
            if (one.isEmpty()) {
                return Optional.empty();
            }
            all = all.and(one.get());
        }
        return Optional.of(all);
    }

    private static Optional<Predicate<SemVer>> comparator(Matcher matcher) {
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<BigInteger> major = part(matcher.group(2));
        Optional<BigInteger> minor = major.isEmpty() ? Optional.empty() : part(matcher.group(3));
        Optional<BigInteger> patch = minor.isEmpty() ? Optional.empty() : part(matcher.group(4));
        if (major.isEmpty()) {
            return Optional.of(_ -> true);
        }
        BigInteger zero = BigInteger.ZERO;
        String tag = Optional.ofNullable(matcher.group(5)).orElse("");
        // Not every text of this form is a pre-release: `1.2.3-01`.
        return SemVer.parse("%s.%s.%s%s".formatted(major.get(), minor.orElse(zero), patch.orElse(zero), tag))
                .map(low -> comparator(matcher.group(1), low, minor, patch));
    }

    private static Predicate<SemVer> comparator(
            @org.jspecify.annotations.Nullable String operator,
            SemVer low,
            Optional<BigInteger> minor,
            Optional<BigInteger> patch) {
        BigInteger zero = BigInteger.ZERO;
        SemVer nextMajor = SemVer.of(low.major().add(BigInteger.ONE), zero, zero);
        SemVer nextMinor = SemVer.of(low.major(), minor.orElse(zero).add(BigInteger.ONE), zero);
        // The end of the written version: `1` covers 1.x, `1.2` covers 1.2.x.
        SemVer end = minor.isEmpty() ? nextMajor : nextMinor;
        return switch (Optional.ofNullable(operator).orElse("=")) {
            case ">=" -> version -> version.compareTo(low) >= 0;
            case ">" ->
                patch.isPresent() ? version -> version.compareTo(low) > 0 : version -> version.compareTo(end) >= 0;
            case "<" -> version -> version.compareTo(low) < 0;
            case "<=" ->
                patch.isPresent() ? version -> version.compareTo(low) <= 0 : version -> version.compareTo(end) < 0;
            case "^" -> between(low, caretEnd(low, minor, patch));
            case "=" -> patch.isPresent() ? version -> version.compareTo(low) == 0 : between(low, end);
            default -> between(low, end);
        };
    }

    private static SemVer caretEnd(SemVer low, Optional<BigInteger> minor, Optional<BigInteger> patch) {
        BigInteger zero = BigInteger.ZERO;
        if (low.major().signum() > 0 || minor.isEmpty()) {
            return SemVer.of(low.major().add(BigInteger.ONE), zero, zero);
        }
        if (low.minor().signum() > 0 || patch.isEmpty()) {
            return SemVer.of(zero, low.minor().add(BigInteger.ONE), zero);
        }
        return SemVer.of(zero, zero, low.patch().add(BigInteger.ONE));
    }

    /// In node-semver, a pre-release of the upper bound is not below it.
    private static Predicate<SemVer> between(SemVer low, SemVer end) {
        return version -> version.compareTo(low) >= 0
                && version.compareTo(end) < 0
                && (version.isFinal() || !version.sameCore(end));
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

    private static Optional<BigInteger> part(@org.jspecify.annotations.Nullable String written) {
        return Optional.ofNullable(written)
                .filter(digits -> !digits.equalsIgnoreCase("x") && !digits.equals("*"))
                .map(BigInteger::new);
    }
}
