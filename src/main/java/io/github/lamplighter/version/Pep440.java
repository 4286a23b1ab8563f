package io.github.lamplighter.version;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of a Python package, by PEP 440 (packaging.python.org, "Version specifiers"): epoch, release,
/// pre-, post- and development parts and a local label, in numbers of any size.
///
/// Two spellings of one version (`1.0` and `1.0.0`, `1.0-rc1` and `1.0rc1`) compare as equal but keep their
/// text.
public record Pep440(
        String text,
        BigInteger epoch,
        List<BigInteger> release,
        Optional<Pre> pre,
        Optional<BigInteger> post,
        Optional<BigInteger> dev,
        List<String> local)
        implements Version, Comparable<Pep440> {

    /// @param phase `a`, `b` or `rc`
    public record Pre(String phase, BigInteger number) {}

    private static final Pattern FORM = Pattern.compile(
            "v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\\.[0-9]+)*)"
                    + "(?<pre>[-_.]?(?<phase>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<prenumber>[0-9]+)?)?"
                    + "(?<post>-(?<implicit>[0-9]+)|[-_.]?(?:post|rev|r)[-_.]?(?<postnumber>[0-9]+)?)?"
                    + "(?<dev>[-_.]?dev[-_.]?(?<devnumber>[0-9]+)?)?"
                    + "(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?",
            Pattern.CASE_INSENSITIVE);

    public Pep440 {
        release = List.copyOf(release);
        local = List.copyOf(local);
    }

    static Optional<Pep440> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<BigInteger> release = new ArrayList<>();
        for (String part : matcher.group("release").split("\\.", -1)) {
            release.add(new BigInteger(part));
        }
        Optional<String> local = Optional.ofNullable(matcher.group("local"));
        return Optional.of(new Pep440(
                text.strip(),
                number(matcher.group("epoch")),
                release,
                Optional.ofNullable(matcher.group("pre"))
                        .map(_ -> new Pre(phase(matcher.group("phase")), number(matcher.group("prenumber")))),
                Optional.ofNullable(matcher.group("post"))
                        .map(_ -> number(
                                Optional.ofNullable(matcher.group("implicit")).orElse(matcher.group("postnumber")))),
                Optional.ofNullable(matcher.group("dev")).map(_ -> number(matcher.group("devnumber"))),
                local.map(label -> List.of(label.toLowerCase(Locale.ROOT).split("[-_.]", -1)))
                        .orElse(List.of())));
    }

    @Override
    public boolean isFinal() {
        return pre.isEmpty() && dev.isEmpty();
    }

    /// The normalized form: `1!2.0rc1.post2.dev3+local.1`.
    public String normalised() {
        StringBuilder normal = new StringBuilder();
        if (epoch.signum() > 0) {
            normal.append(epoch).append('!');
        }
        normal.append(
                String.join(".", release.stream().map(BigInteger::toString).toList()));
        pre.ifPresent(part -> normal.append(part.phase()).append(part.number()));
        post.ifPresent(number -> normal.append(".post").append(number));
        dev.ifPresent(number -> normal.append(".dev").append(number));
        if (!local.isEmpty()) {
            normal.append('+').append(String.join(".", local));
        }
        return normal.toString();
    }

    @Override
    public int compareTo(Pep440 other) {
        int order = epoch.compareTo(other.epoch);
        if (order == 0) {
            order = numbers(release, other.release);
        }
        if (order == 0) {
            order = Integer.compare(phaseRank(), other.phaseRank());
        }
        if (order == 0) {
            order = pre.map(Pre::number)
                    .orElse(BigInteger.ZERO)
                    .compareTo(other.pre.map(Pre::number).orElse(BigInteger.ZERO));
        }
        if (order == 0) {
            // A missing post part sorts before any.
            order = post.orElse(BigInteger.ONE.negate()).compareTo(other.post.orElse(BigInteger.ONE.negate()));
        }
        if (order == 0) {
            // A development version sorts before the one that it leads to.
            order = dev.isPresent() && other.dev.isPresent()
                    ? dev.get().compareTo(other.dev.get())
                    : Boolean.compare(dev.isEmpty(), other.dev.isEmpty());
        }
        return order == 0 ? locals(local, other.local) : order;
    }

    /// The same public version: `==` of a requirement without a local label ignores the local part.
    public boolean samePublic(Pep440 other) {
        return withoutLocal().compareTo(other.withoutLocal()) == 0;
    }

    boolean sameRelease(Pep440 other) {
        return epoch.equals(other.epoch) && numbers(release, other.release) == 0;
    }

    Pep440 withoutLocal() {
        return new Pep440(text, epoch, release, pre, post, dev, List.of());
    }

    /// The first version that leads to this one: `1.0.dev0`.
    Pep440 firstDevelopment() {
        return new Pep440(text, epoch, release, pre, post, Optional.of(BigInteger.ZERO), List.of());
    }

    /// Whether `prefix.*` matches this version.
    boolean startsWith(Pep440 prefix) {
        if (epoch.compareTo(prefix.epoch) != 0) {
            return false;
        }
        for (int i = 0; i < prefix.release.size(); i++) {
            BigInteger own = i < release.size() ? release.get(i) : BigInteger.ZERO;
            if (own.compareTo(prefix.release.get(i)) != 0) {
                return false;
            }
        }
        return true;
    }

    /// A lone development version (`1.0.dev1`) precedes all pre-releases of its release.
    private int phaseRank() {
        if (pre.isPresent()) {
            return switch (pre.get().phase()) {
                case "a" -> 1;
                case "b" -> 2;
                default -> 3;
            };
        }
        return post.isEmpty() && dev.isPresent() ? 0 : 4;
    }

    private static int numbers(List<BigInteger> left, List<BigInteger> right) {
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            BigInteger a = i < left.size() ? left.get(i) : BigInteger.ZERO;
            BigInteger b = i < right.size() ? right.get(i) : BigInteger.ZERO;
            int order = a.compareTo(b);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /// Local labels compare part by part; a number is greater than a word, and more parts are greater.
    private static int locals(List<String> left, List<String> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            boolean leftNumber = isNumber(left.get(i));
            boolean rightNumber = isNumber(right.get(i));
            int order = leftNumber && rightNumber
                    ? new BigInteger(left.get(i)).compareTo(new BigInteger(right.get(i)))
                    : leftNumber == rightNumber
                            ? left.get(i).compareTo(right.get(i))
                            : Boolean.compare(leftNumber, rightNumber);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    private static boolean isNumber(String part) {
        return part.chars().allMatch(character -> character >= '0' && character <= '9');
    }

    private static BigInteger number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? BigInteger.ZERO : new BigInteger(digits);
    }

    private static String phase(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "a", "alpha" -> "a";
            case "b", "beta" -> "b";
            default -> "rc";
        };
    }
}
