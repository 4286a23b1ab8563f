package io.github.lamplighter.status;

import java.util.List;
import java.util.function.Function;

/// The user's tools among everything that Lamplighter checks. It checks itself too, and is a valid name
/// everywhere, but it counts in no summary and is in no list of *your tools*.
public final class UserTools {

    /// The name of Lamplighter itself.
    public static final String LAMPLIGHTER = "lamplighter";

    private UserTools() {}

    /// Whether a name is one of the user's tools, not Lamplighter itself.
    public static boolean isOne(String name) {
        return !name.equals(LAMPLIGHTER);
    }

    /// The same without Lamplighter itself.
    ///
    /// @param name of an element
    public static <T> List<T> of(List<T> all, Function<? super T, String> name) {
        return all.stream().filter(one -> isOne(name.apply(one))).toList();
    }
}
