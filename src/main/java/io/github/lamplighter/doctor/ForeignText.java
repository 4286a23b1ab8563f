package io.github.lamplighter.doctor;

/// Text of other programs, cleaned where it enters a finding: no control or direction characters, no secrets in
/// addresses, not endless.
final class ForeignText {

    private static final int LIMIT = 400;

    private ForeignText() {}

    static String clean(String text) {
        String visible = text.codePoints()
                .map(point -> point == '\t' || point == '\n' ? ' ' : point)
                .filter(point -> !Character.isISOControl(point) && Character.getType(point) != Character.FORMAT)
                .limit(LIMIT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return SecretMask.masked(visible, "…");
    }
}
