package io.github.lamplighter.installer.python;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A requirement as written on a command line (PEP 508, or a URL or path that pip accepts).
///
/// @param name normalized; empty for a URL or a path
/// @param extras optional parts
/// @param specifier such as `>=3,<4`; empty if any version, or for a URL
/// @param address the source, if it is not an index: `git+https://…`, `https://…`, a path
public record Requirement(Optional<String> name, List<String> extras, String specifier, Optional<String> address) {

    private static final String CLAUSE = "(?:===|[=!~<>]=|[<>])\\s*[A-Za-z0-9._*+!-]+\\s*";
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\\s*"
            + "(?:\\[([^\\[\\]]*)])?\\s*"
            + "(?:@\\s*(\\S+)|\\(?\\s*((?:" + CLAUSE + "(?:,\\s*" + CLAUSE + ")*)?)\\)?)\\s*(?:;.*)?");
    private static final Pattern EGG = Pattern.compile("[#&]egg=([A-Za-z0-9._-]+)(?:\\[([^\\[\\]]*)])?");
    private static final Pattern TRAILING_EXTRAS = Pattern.compile("(.*[^\\[])\\[([^\\[\\]]*)]");

    public Requirement {
        extras = List.copyOf(extras);
    }

    /// Never fails: a text that is not a name is an address.
    public static Requirement parse(String text) {
        String asked = text.strip();
        Matcher named = NAMED.matcher(asked);
        if (named.matches()) {
            return new Requirement(
                    Optional.of(Distribution.normalised(named.group(1))),
                    extras(named.group(2)),
                    Optional.ofNullable(named.group(4)).map(String::strip).orElse(""),
                    Optional.ofNullable(named.group(3)));
        }
        Matcher egg = EGG.matcher(asked);
        if (egg.find()) {
            return new Requirement(
                    Optional.of(Distribution.normalised(egg.group(1))), extras(egg.group(2)), "", Optional.of(asked));
        }
        Matcher path = TRAILING_EXTRAS.matcher(asked);
        return path.matches()
                ? new Requirement(Optional.empty(), extras(path.group(2)), "", Optional.of(path.group(1)))
                : new Requirement(Optional.empty(), List.of(), "", Optional.of(asked));
    }

    /// Whether it allows exactly one version.
    public boolean isExact() {
        return isExact(specifier);
    }

    static boolean isExact(String specifier) {
        return specifier.startsWith("==") && !specifier.contains("*") && !specifier.contains(",");
    }

    /// `[a,b]`, or nothing.
    public static String bracketed(List<String> extras) {
        return extras.isEmpty() ? "" : extras.stream().collect(Collectors.joining(",", "[", "]"));
    }

    private static List<String> extras(@org.jspecify.annotations.Nullable String list) {
        return list == null
                ? List.of()
                : Arrays.stream(list.split(","))
                        .map(String::strip)
                        .filter(extra -> !extra.isEmpty())
                        .toList();
    }
}
