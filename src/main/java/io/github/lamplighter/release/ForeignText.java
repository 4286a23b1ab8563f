package io.github.lamplighter.release;

/// Foreign text on its way into a sentence.
final class ForeignText {

    private static final int LIMIT = 200;

    private ForeignText() {}

    /// No control characters, no user information of an address, no full stop at the end, and not too long.
    static String text(String foreign) {
        String visible = foreign.replaceAll("[\\p{Cntrl}\\p{Cf}]", " ")
                .replaceAll("//[^/@\\s]+@", "//")
                .strip()
                .replaceFirst("\\.$", "");
        return visible.length() > LIMIT ? visible.substring(0, LIMIT) + "…" : visible;
    }
}
