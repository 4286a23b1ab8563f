package io.github.lamplighter.text;

/// Cleans text of other programs, packages and servers before it is displayed: a terminal obeys control characters, and
/// direction characters make one text look like another.
public final class UntrustedText {

    /// In code points.
    private static final int LIMIT = 400;

    /// In code points, for a quotation within a sentence.
    private static final int QUOTATION_LIMIT = 200;

    private UntrustedText() {}

    /// The text on one line, without control and direction characters, at most 400 code points long.
    public static String visible(String text) {
        return visible(text, LIMIT);
    }

    /// The text on one line, without control and direction characters, cut after so many code points.
    public static String visible(String text, int limit) {
        return text.codePoints()
                .map(point -> point == '\t' || point == '\n' ? ' ' : point)
                .filter(UntrustedText::isVisible)
                .limit(limit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
    }

    /// The visible text, with `…` in place of what looks like a secret.
    public static String masked(String text) {
        return SecretMask.masked(visible(text), "…");
    }

    /// The masked text as part of a sentence: no full stop at its end, at most 200 code points long.
    public static String quotation(String text) {
        String masked = masked(text).replaceFirst("\\.$", "");
        return masked.codePointCount(0, masked.length()) > QUOTATION_LIMIT
                ? masked.substring(0, masked.offsetByCodePoints(0, QUOTATION_LIMIT)) + "…"
                : masked;
    }

    private static boolean isVisible(int point) {
        return !Character.isISOControl(point) && Character.getType(point) != Character.FORMAT;
    }
}
