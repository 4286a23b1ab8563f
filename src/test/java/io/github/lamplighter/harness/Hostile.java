package io.github.lamplighter.harness;

import java.util.List;
import java.util.Random;

/// Values that break quoting, expansion or encoding somewhere, for whatever writes files that others read.
public final class Hostile {

    /// Each alone: what is special as a whole word, at its beginning or at its end.
    public static final List<String> VALUES = List.of(
            "",
            " ",
            "a b",
            " lead",
            "trail ",
            "\"",
            "'",
            "\"q\"",
            "it's",
            "`id`",
            "\\",
            "\\\\",
            "\\n",
            "\\x41",
            "\\101",
            "\\u00e9",
            "\\s",
            "\\q",
            "x\\",
            "\t",
            "\ttab\t",
            "$",
            "$$",
            "$HOME",
            "${HOME}",
            "$(id)",
            "cost$5",
            "$5 bill",
            "${",
            "%",
            "%%",
            "%h",
            "%n",
            "%Z",
            "50% off",
            "100%",
            "%%h",
            ";",
            ";;",
            "#",
            "# not a comment",
            "*",
            "~",
            "~/x",
            "|",
            ">",
            "<",
            "&",
            "&amp;",
            "<!--",
            "-->",
            "]]>",
            "</string>",
            "-",
            "--",
            "-x",
            "@",
            "@x",
            ":",
            ":x",
            "+",
            "+x",
            "!",
            "!!",
            "!x",
            "|x",
            "=",
            "A=b=c",
            "[Service]",
            "ExecStart=/bin/false",
            "{\"a\": [1, \"b c\"]}",
            "ä ö ü ß",
            "Ω",
            "Привет, мир",
            "日本語",
            "漢字 与 汉字",
            "שלום",
            "🦆",
            "👩‍💻",
            "e\u0301",
            "\u00a0",
            "\u2028",
            "\u202e",
            "\ufeff",
            "\ufffd",
            "\ud83c\udff4\udb40\udc67",
            "x".repeat(100_000));

    /// What no service file holds so that every reader gives it back: line ends, control characters, halves of
    /// surrogate pairs, noncharacters.
    public static final List<String> REFUSED = List.of(
            "a\nb",
            "a\rb",
            "\n",
            "a\0b",
            "\u0001",
            "\u0007",
            "\u001b[1m",
            "\u007f",
            "\u0085",
            "\u009b1m",
            "\ud83e",
            "\udd86",
            "x\udd86\ud83ey",
            "\ufffe",
            "\uffff",
            "\ufdd0",
            "\ud83f\udffe",
            "x".repeat(128 * 1024));

    private static final List<String> PIECES =
            VALUES.stream().filter(value -> value.length() < 20).toList();

    private Hostile() {}

    /// Up to eight of the special pieces and plain letters in a row.
    public static String value(Random random) {
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            value.append(
                    random.nextInt(4) == 0
                            ? Character.toString("aZ0_-./".charAt(random.nextInt(7)))
                            : PIECES.get(random.nextInt(PIECES.size())));
        }
        return value.toString();
    }
}
