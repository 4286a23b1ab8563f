package io.github.lamplighter.installer;

/// What the files of a package say of it (names, versions, ranges), as it may be shown: anybody can write a package,
/// and a terminal obeys what it is sent.
public final class VisibleText {

    /// In code points; no version or name that an index takes is longer.
    private static final int LIMIT = 200;

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
