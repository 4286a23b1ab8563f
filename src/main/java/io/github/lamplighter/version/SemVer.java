package io.github.lamplighter.version;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of an npm package, by Semantic Versioning 2.0.0. Build metadata is kept in the text and does not
/// count.
///
/// @param prerelease the dot-separated identifiers, empty for a final version
public record SemVer(String text, BigInteger major, BigInteger minor, BigInteger patch, List<String> prerelease)
        implements Version, Comparable<SemVer> {

    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final String IDENTIFIER = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
    private static final Pattern FORM = Pattern.compile("v?" + NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-("
            + IDENTIFIER + "(?:\\." + IDENTIFIER + ")*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?");

    public SemVer {
        prerelease = List.copyOf(prerelease);
    }

    static Optional<SemVer> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new SemVer(
                text.strip(),
                new BigInteger(matcher.group(1)),
                new BigInteger(matcher.group(2)),
                new BigInteger(matcher.group(3)),
                Optional.ofNullable(matcher.group(4))
                        .map(identifiers -> List.of(identifiers.split("\\.", -1)))
                        .orElse(List.of())));
    }

    static SemVer of(BigInteger major, BigInteger minor, BigInteger patch) {
        return new SemVer("%s.%s.%s".formatted(major, minor, patch), major, minor, patch, List.of());
    }

    @Override
    public boolean isFinal() {
        return prerelease.isEmpty();
    }

    /// The same numbers, whatever pre-release of them.
    public boolean sameCore(SemVer other) {
        return major.equals(other.major) && minor.equals(other.minor) && patch.equals(other.patch);
    }

    @Override
    public int compareTo(SemVer other) {
        int order = major.compareTo(other.major);
        if (order == 0) {
            order = minor.compareTo(other.minor);
        }
        if (order == 0) {
            order = patch.compareTo(other.patch);
        }
        if (order == 0) {
            order = Boolean.compare(isFinal(), other.isFinal());
        }
        for (int i = 0; order == 0 && i < Math.min(prerelease.size(), other.prerelease.size()); i++) {
            order = identifiers(prerelease.get(i), other.prerelease.get(i));
        }
        return order == 0 ? Integer.compare(prerelease.size(), other.prerelease.size()) : order;
    }

    private static int identifiers(String left, String right) {
        boolean leftNumber = left.chars().allMatch(character -> character >= '0' && character <= '9');
        boolean rightNumber = right.chars().allMatch(character -> character >= '0' && character <= '9');
        if (leftNumber && rightNumber) {
            return new BigInteger(left).compareTo(new BigInteger(right));
        }
        return leftNumber == rightNumber ? left.compareTo(right) : Boolean.compare(rightNumber, leftNumber);
    }
}
