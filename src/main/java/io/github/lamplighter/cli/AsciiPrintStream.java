package io.github.lamplighter.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A stream to a person whose locale has no signs but ASCII's: each sign of ours has a plain one that means the same.
/// Letters are left alone: a name has to be the one that is on disk. What another program reads goes past it, as it is.
public final class AsciiPrintStream extends PrintStream {

    private static final Map<Integer, String> SIGNS = Map.ofEntries(
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
            Map.entry((int) '×', "x"));

    private final PrintStream raw;

    public AsciiPrintStream(OutputStream out) {
        super(new AsciiReplacement(out), true, StandardCharsets.UTF_8);
        this.raw = new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    /// For what another program reads, which knows UTF-8 by its own standard (JSON, HTML).
    PrintStream raw() {
        return raw;
    }

    public static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints().forEach(sign -> plain.append(SIGNS.getOrDefault(sign, Character.toString(sign))));
        return plain.toString();
    }

    /// A print stream hands over whole texts, so no sign comes in two parts.
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
