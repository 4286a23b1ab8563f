package io.github.lamplighter.installer;

/// What a package and its installer say (names, versions, ranges, why not), as it may be shown: anybody can write a
/// package, and a terminal obeys what it is sent.
public final class VisibleText {

    /// In code points.
    private static final int LIMIT = 400;

    private VisibleText() {}

    /// Without control and direction characters, and not endless.
    public static String of(String foreign) {
        return foreign.codePoints()
                .filter(VisibleText::isVisible)
                .limit(LIMIT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
    }

    private static boolean isVisible(int point) {
        return !Character.isISOControl(point) && Character.getType(point) != Character.FORMAT;
    }
}
