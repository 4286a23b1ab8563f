package io.github.lamplighter.version;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Version ranges of runtimes and programs as `engines.node`, `Requires-Python` and manifests write them:
/// `>=3.11,<4`, `^20 || >=22.3`, `18.x`. Numbers only: runtimes and system programs have nothing else that
/// matters.
public final class NumericRange {

    private static final Pattern PART =
            Pattern.compile("(>=|<=|>|<|==|=|!=|~=|\\^|~)?\\s*v?(\\d+(?:\\.(?:\\d+|[xX*]))*)[^,\\s]*");

    private NumericRange() {}

    /// Whether it can be read at all.
    public static boolean isRange(String range) {
        return contains(range, "0").isPresent();
    }

    /// Whether `version` lies in `range`; empty when either cannot be read.
    public static Optional<Boolean> contains(String range, String version) {
        List<Integer> asked = numbers(version);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        boolean any = false;
        for (String alternative : range.split("\\|\\|")) {
            Matcher part = PART.matcher(alternative.strip());
            int end = 0;
            boolean all = true;
            int read = 0;
            while (part.find()) {
                read++;
                if (!alternative
                        .strip()
                        .substring(end, part.start())
                        .replaceAll("[,\\s]", "")
                        .isEmpty()) {
                    return Optional.empty();
                }
                end = part.end();
                all &= holds(Optional.ofNullable(part.group(1)).orElse(""), part.group(2), asked);
            }
            if (read == 0 && !alternative.strip().matches("[xX*]?")) {
                return Optional.empty();
            }
            any |= all;
        }
        return Optional.of(any);
    }

    private static boolean holds(String operator, String text, List<Integer> version) {
        List<Integer> bound = numbers(text);
        int order = compare(version, bound);
        return switch (operator) {
            case ">=" -> order >= 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case "<" -> order < 0;
            case "!=" -> !starts(version, bound);
            case "~=" -> order >= 0 && starts(version, bound.subList(0, Math.max(1, bound.size() - 1)));
            case "^" -> order >= 0 && starts(version, bound.subList(0, 1));
            case "~" -> order >= 0 && starts(version, bound.subList(0, Math.min(2, bound.size())));
            default -> starts(version, bound);
        };
    }

    private static boolean starts(List<Integer> version, List<Integer> prefix) {
        for (int i = 0; i < prefix.size(); i++) {
            if (at(version, i) != prefix.get(i)) {
                return false;
            }
        }
        return true;
    }

    private static int compare(List<Integer> a, List<Integer> b) {
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            int order = Integer.compare(at(a, i), at(b, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int at(List<Integer> numbers, int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }

    /// The leading numbers of the first version-like word of a text (`tmux 3.4a` → 3, 4).
    static List<Integer> numbers(String text) {
        Matcher matcher = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})*").matcher(text);
        List<Integer> numbers = new ArrayList<>();
        if (matcher.find()) {
            for (String number : matcher.group().split("\\.")) {
                numbers.add(Integer.parseInt(number));
            }
        }
        return numbers;
    }
}
