package io.github.lamplighter.platform.systemd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parses a unit file and its drop-ins (systemd.syntax(7), systemd.unit(5)): the values of each key in their
/// order; an empty value resets those before it.
final class UnitFileParser {

    private static final Pattern ESCAPED = Pattern.compile("x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}");

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /// @param texts the file, then its drop-ins in the order in which they apply
    static UnitFileParser of(List<String> texts) {
        UnitFileParser all = new UnitFileParser();
        texts.forEach(all::add);
        return all;
    }

    private void add(String text) {
        String section = "";
        StringBuilder pending = new StringBuilder();
        for (String line : text.lines().toList()) {
            String stripped = line.strip();
            boolean comment = stripped.startsWith("#") || stripped.startsWith(";");
            if (comment || (pending.isEmpty() && stripped.isEmpty())) {
                continue;
            }
            if (line.stripTrailing().endsWith("\\")) {
                String part = line.stripTrailing();
                pending.append(part, 0, part.length() - 1).append(' ');
                continue;
            }
            String whole = pending.append(line).toString().strip();
            pending.setLength(0);
            if (whole.startsWith("[") && whole.endsWith("]")) {
                section = whole.substring(1, whole.length() - 1);
                continue;
            }
            int equals = whole.indexOf('=');
            if (equals > 0) {
                set(
                        section + "." + whole.substring(0, equals).strip(),
                        whole.substring(equals + 1).strip());
            }
        }
    }

    private void set(String key, String value) {
        List<String> list = values.computeIfAbsent(key, _ -> new ArrayList<>());
        if (value.isEmpty()) {
            list.clear();
        } else {
            list.add(value);
        }
    }

    List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    Optional<String> last(String key) {
        List<String> list = all(key);
        return list.isEmpty() ? Optional.empty() : Optional.of(list.getLast());
    }

    /// The keys with a value, as `Section.Key`.
    List<String> keys() {
        return values.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Splits a value into words and removes quotes and escapes (systemd.syntax(7), "Quoting").
    static List<String> words(String value) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean within = false;
        char quote = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                i += unescape(value, i + 1, word);
                within = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                within = true;
            } else if (Character.isWhitespace(c)) {
                if (within) {
                    words.add(word.toString());
                    word.setLength(0);
                    within = false;
                }
            } else {
                word.append(c);
                within = true;
            }
        }
        if (within) {
            words.add(word.toString());
        }
        return words;
    }

    /// Appends the character of an escape. An unknown escape is kept with its backslash.
    ///
    /// @return the number of characters after the backslash
    private static int unescape(String value, int at, StringBuilder word) {
        Matcher code = ESCAPED.matcher(value).region(at, value.length());
        if (code.lookingAt()) {
            String text = code.group();
            boolean octal = Character.isDigit(text.charAt(0));
            int point = octal ? Integer.parseInt(text, 8) : (int) Long.parseLong(text.substring(1), 16);
            if (Character.isValidCodePoint(point)) {
                word.appendCodePoint(point);
                return text.length();
            }
        }
        char c = value.charAt(at);
        switch (c) {
            case 'a' -> word.append('\u0007');
            case 'b' -> word.append('\b');
            case 'f' -> word.append('\f');
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 's' -> word.append(' ');
            case 't' -> word.append('\t');
            case 'v' -> word.append('\u000b');
            case '\\', '"', '\'' -> word.append(c);
            default -> word.append('\\').append(c);
        }
        return 1;
    }
}
