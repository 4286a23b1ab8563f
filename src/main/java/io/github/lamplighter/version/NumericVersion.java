package io.github.lamplighter.version;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The version of a runtime or a program: any number of numbers, such as `25.0.5.1` or `tmux 3.4a`, which
/// neither SemVer nor PEP 440 can parse.
///
/// @param numbers at least one; missing ones count as 0
/// @param isFinal whether this is no pre-release; only known of Java
public record NumericVersion(String text, List<BigInteger> numbers, boolean isFinal)
        implements Version, Comparable<NumericVersion> {

    private static final Pattern NUMBERS = Pattern.compile("\\d+(?:\\.\\d+)*");

    public NumericVersion {
        numbers = List.copyOf(numbers);
    }

    /// The first numbers of a program's output: `git version 2.39.5` is 2, 39, 5.
    static Optional<NumericVersion> parse(String text) {
        Matcher matcher = NUMBERS.matcher(text);
        return matcher.find()
                ? Optional.of(new NumericVersion(
                        text,
                        Arrays.stream(matcher.group().split("\\."))
                                .map(BigInteger::new)
                                .toList(),
                        true))
                : Optional.empty();
    }

    /// The version of a Java as [Runtime.Version] reads it (JEP 223): `26-ea` comes before 26, and what follows
    /// `+` does not count. Older formats (`1.8.0_392`) are parsed by their numbers.
    static Optional<NumericVersion> parseJava(String text) {
        try {
            Runtime.Version java = Runtime.Version.parse(text.strip());
            return Optional.of(new NumericVersion(
                    text,
                    java.version().stream().map(BigInteger::valueOf).toList(),
                    java.pre().isEmpty()));
        } catch (IllegalArgumentException _) {
            return parse(text);
        }
    }

    /// Whether it begins with these numbers: 3.11.2 does with 3.11, and 3 with 3.0.
    boolean startsWith(List<BigInteger> prefix) {
        for (int i = 0; i < prefix.size(); i++) {
            if (!number(i).equals(prefix.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(NumericVersion other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int order = number(i).compareTo(other.number(i));
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(isFinal, other.isFinal);
    }

    private BigInteger number(int index) {
        return index < numbers.size() ? numbers.get(index) : BigInteger.ZERO;
    }
}
