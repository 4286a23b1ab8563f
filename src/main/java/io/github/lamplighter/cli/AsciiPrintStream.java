package io.github.lamplighter.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A stream for a locale without UTF-8: replaces symbols by ASCII. Letters stay, because a name must match
/// the file on disk. Output for other programs bypasses it.
public final class AsciiPrintStream extends PrintStream {

    private static final Map<Integer, String> REPLACEMENTS = Map.ofEntries(
            Map.entry((int) '✓', "+"),
            Map.entry((int) '✗', "x"),
            Map.entry((int) '✔', "+"),
            Map.entry((int) '✘', "x"),
            Map.entry((int) '✖', "x"),
            Map.entry((int) '⚠', "!"),
            Map.entry((int) '⚙', "*"),
            Map.entry((int) '◌', "o"),
            Map.entry((int) '↑', "^"),
            Map.entry((int) '→', "->"),
            Map.entry((int) '·', "|"),
            Map.entry((int) '…', "..."),
            Map.entry((int) '–', "-"),
            Map.entry((int) '—', "-"),
            Map.entry((int) '›', ">"),
            Map.entry((int) '’', "'"),
            Map.entry((int) '“', "\""),
            Map.entry((int) '”', "\""),
            Map.entry((int) '≥', ">="),
            Map.entry((int) '×', "x"),
            // uv and pip draw their errors with these.
            Map.entry((int) '╰', "'"),
            Map.entry((int) '├', "|"),
            Map.entry((int) '─', "-"),
            Map.entry((int) '▶', ">"));

    private final PrintStream raw;

    public AsciiPrintStream(OutputStream out) {
        super(new AsciiReplacement(out), true, StandardCharsets.UTF_8);
        this.raw = new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    /// The stream for other programs: JSON and HTML are always UTF-8.
    PrintStream raw() {
        return raw;
    }

    public static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints()
                .forEach(symbol -> plain.append(REPLACEMENTS.getOrDefault(symbol, Character.toString(symbol))));
        return plain.toString();
    }

    /// A print stream passes on whole texts, so no symbol is split.
    private static final class AsciiReplacement extends FilterOutputStream {
        AsciiReplacement(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(plain(new String(bytes, from, length, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8));
        }
    }
}
