package io.github.lamplighter.version;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An npm range, read as node-semver does: alternatives of comparators, with `^`, `~`, `x` and hyphen ranges.
///
/// @param alternatives each a set of comparators that all must hold; an empty set holds for any version
/// @param preReleases whether pre-releases count like other versions; else only those of a version that a
///     comparator names with a pre-release
record NpmRange(List<List<Comparator>> alternatives, boolean preReleases) {

    private static final String PART = "(0|[1-9][0-9]*|[xX*])";
    private static final String IDENTIFIER = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
    private static final String PARTIAL = "[v=]*" + PART + "(?:\\." + PART + "(?:\\." + PART + "(?:-(" + IDENTIFIER
            + "(?:\\." + IDENTIFIER + ")*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?)?)?";
    private static final Pattern WORD = Pattern.compile("(~>?|\\^|[<>]=?|=)?" + PARTIAL);
    private static final Pattern HYPHEN = Pattern.compile(PARTIAL + "\\s+-\\s+" + PARTIAL);
    private static final Pattern APART = Pattern.compile("([<>]=?|=)\\s*([v=\\s]*[0-9xX*])");
    private static final Pattern TWICE = Pattern.compile("[<>]?==");
    private static final Pattern APART_TILDE = Pattern.compile("~>?\\s+");
    private static final Pattern APART_CARET = Pattern.compile("\\^\\s+");

    /// Below every version.
    private static final List<String> LOWEST = List.of("0");

    /// @param operator `<`, `<=`, `>`, `>=` or `=`
    record Comparator(String operator, SemVer bound) {
        boolean accepts(SemVer version) {
            int order = version.compareTo(bound);
            return switch (operator) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                case ">=" -> order >= 0;
                default -> order == 0;
            };
        }
    }

    /// A version whose last numbers may be missing, or `x`.
    ///
    /// @param isInOrder whether no number follows an `x`
    private record Partial(
            Optional<BigInteger> major,
            Optional<BigInteger> minor,
            Optional<BigInteger> patch,
            List<String> tag,
            boolean isInOrder) {

        static Partial of(Matcher matcher, int group) {
            Optional<BigInteger> major = number(matcher.group(group));
            Optional<BigInteger> minor = major.flatMap(_ -> number(matcher.group(group + 1)));
            Optional<BigInteger> patch = minor.flatMap(_ -> number(matcher.group(group + 2)));
            List<String> tag = patch.flatMap(_ -> Optional.ofNullable(matcher.group(group + 3)))
                    .map(text -> Arrays.asList(text.split("\\.", -1)))
                    .orElse(List.of());
            boolean isInOrder = (major.isPresent()
                            || number(matcher.group(group + 1)).isEmpty())
                    && (minor.isPresent() || number(matcher.group(group + 2)).isEmpty());
            return new Partial(major, minor, patch, tag, isInOrder);
        }

        private static Optional<BigInteger> number(@org.jspecify.annotations.Nullable String text) {
            return Optional.ofNullable(text)
                    .filter(digits -> !digits.equalsIgnoreCase("x") && !digits.equals("*"))
                    .map(BigInteger::new);
        }

        boolean isWhole() {
            return patch.isPresent();
        }

        /// With zeros for missing numbers.
        SemVer filled(List<String> preRelease) {
            return version(
                    major.orElse(BigInteger.ZERO),
                    minor.orElse(BigInteger.ZERO),
                    patch.orElse(BigInteger.ZERO),
                    preRelease);
        }

        SemVer nextMajor(List<String> preRelease) {
            return version(next(major), BigInteger.ZERO, BigInteger.ZERO, preRelease);
        }

        SemVer nextMinor(List<String> preRelease) {
            return version(major.orElse(BigInteger.ZERO), next(minor), BigInteger.ZERO, preRelease);
        }

        SemVer nextPatch(List<String> preRelease) {
            return version(major.orElse(BigInteger.ZERO), minor.orElse(BigInteger.ZERO), next(patch), preRelease);
        }

        /// The first version after all that it covers: `1` covers 1.x, `1.2` covers 1.2.x.
        SemVer after(List<String> preRelease) {
            return minor.isEmpty() ? nextMajor(preRelease) : nextMinor(preRelease);
        }

        private static BigInteger next(Optional<BigInteger> number) {
            return number.orElse(BigInteger.ZERO).add(BigInteger.ONE);
        }

        private static SemVer version(BigInteger major, BigInteger minor, BigInteger patch, List<String> preRelease) {
            String text = "%s.%s.%s".formatted(major, minor, patch);
            return new SemVer(
                    preRelease.isEmpty() ? text : text + "-" + String.join(".", preRelease),
                    major,
                    minor,
                    patch,
                    preRelease);
        }
    }

    /// Empty if it is no range.
    static Optional<NpmRange> parse(String text, boolean preReleases) {
        List<List<Comparator>> alternatives = new ArrayList<>();
        // Where pre-releases count, `1.2` includes those of 1.2.0.
        List<String> low = preReleases ? LOWEST : List.of();
        for (String alternative : text.split("\\|\\|", -1)) {
            Optional<List<Comparator>> set = set(alternative.strip(), low);
            if (set.isEmpty()) {
                return Optional.empty();
            }
            alternatives.add(set.get());
        }
        // node-semver drops the other alternatives next to one without bounds, and pre-releases that they name.
        return Optional.of(new NpmRange(
                alternatives.contains(List.<Comparator>of()) ? List.of(List.of()) : List.copyOf(alternatives),
                preReleases));
    }

    boolean accepts(SemVer version) {
        return alternatives.stream()
                .anyMatch(set -> set.stream().allMatch(comparator -> comparator.accepts(version))
                        && (version.isFinal()
                                || preReleases
                                || set.stream()
                                        .map(Comparator::bound)
                                        .anyMatch(bound -> !bound.isFinal() && bound.sameCore(version))));
    }

    private static Optional<List<Comparator>> set(String text, List<String> low) {
        Matcher hyphen = HYPHEN.matcher(text);
        if (hyphen.matches()) {
            return Optional.of(bounds(between(Partial.of(hyphen, 1), Partial.of(hyphen, 5), low), low));
        }
        List<Comparator> all = new ArrayList<>();
        // An operator may stand apart from its version.
        String close = APART.matcher(text).replaceAll("$1$2");
        close = APART_TILDE.matcher(close).replaceAll("~");
        close = APART_CARET.matcher(close).replaceAll("^");
        for (String word : close.split("\\s+", -1)) {
            if (word.isEmpty()) {
                continue;
            }
            Matcher matcher = WORD.matcher(word);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String operator = Optional.ofNullable(matcher.group(1)).orElse("=");
            Partial partial = Partial.of(matcher, 2);
            // node-semver ignores what follows an `x` after `^` and `~` only.
            boolean isRange = operator.startsWith("~") || operator.equals("^");
            if (!isRange
                    && (!partial.isInOrder()
                            || (partial.isWhole() && TWICE.matcher(word).lookingAt()))) {
                return Optional.empty();
            }
            all.addAll(comparators(operator, partial, low));
        }
        return Optional.of(bounds(all, low));
    }

    /// node-semver takes `>=0.0.0` for no bound, also where it excludes a pre-release of 0.0.0.
    private static List<Comparator> bounds(List<Comparator> all, List<String> low) {
        SemVer zero = Partial.version(BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, low);
        return all.stream()
                .filter(comparator -> !comparator.operator().equals(">=")
                        || !comparator.bound().equals(zero))
                .toList();
    }

    private static List<Comparator> between(Partial from, Partial to, List<String> low) {
        List<Comparator> both = new ArrayList<>();
        if (from.major().isPresent()) {
            both.add(new Comparator(">=", from.filled(from.tag().isEmpty() ? low : from.tag())));
        }
        if (to.major().isPresent()) {
            both.add(
                    !to.isWhole()
                            ? new Comparator("<", to.after(LOWEST))
                            : to.tag().isEmpty() && !low.isEmpty()
                                    ? new Comparator("<", to.nextPatch(LOWEST))
                                    : new Comparator("<=", to.filled(to.tag())));
        }
        return both;
    }

    private static List<Comparator> comparators(String operator, Partial partial, List<String> low) {
        if (partial.major().isEmpty()) {
            // Nothing is below or above any version.
            return operator.equals("<") || operator.equals(">")
                    ? List.of(new Comparator("<", partial.filled(LOWEST)))
                    : List.of();
        }
        List<String> start = partial.isWhole() ? partial.tag() : low;
        return switch (operator) {
            case "^" -> List.of(new Comparator(">=", partial.filled(start)), new Comparator("<", caretEnd(partial)));
            case "~", "~>" ->
                List.of(new Comparator(">=", partial.filled(start)), new Comparator("<", partial.after(LOWEST)));
            case "=" ->
                partial.isWhole()
                        ? List.of(new Comparator("=", partial.filled(start)))
                        : List.of(
                                new Comparator(">=", partial.filled(start)),
                                new Comparator("<", partial.after(LOWEST)));
            case ">" ->
                List.of(
                        partial.isWhole()
                                ? new Comparator(">", partial.filled(start))
                                : new Comparator(">=", partial.after(start)));
            case "<=" ->
                List.of(
                        partial.isWhole()
                                ? new Comparator("<=", partial.filled(start))
                                : new Comparator("<", partial.after(LOWEST)));
            case "<" -> List.of(new Comparator("<", partial.filled(partial.isWhole() ? start : LOWEST)));
            default -> List.of(new Comparator(">=", partial.filled(start)));
        };
    }

    private static SemVer caretEnd(Partial partial) {
        boolean isZero = partial.major().filter(major -> major.signum() == 0).isPresent();
        if (!isZero || partial.minor().isEmpty()) {
            return partial.nextMajor(LOWEST);
        }
        boolean isSmall = partial.minor().filter(minor -> minor.signum() == 0).isPresent();
        return isSmall && partial.isWhole() ? partial.nextPatch(LOWEST) : partial.nextMinor(LOWEST);
    }
}
