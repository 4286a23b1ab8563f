package io.github.lamplighter.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// A file of variables as systemd.exec(5) has it under `EnvironmentFile=`: a `NAME=value` a line, comments begin with
/// `#` or `;`, quotes around a value are not part of it, a backslash at the end of a line continues it.
public final class EnvironmentFile {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private EnvironmentFile() {}

    /// The variables, in their order; a line that is none is passed over, as systemd does.
    public static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        text.replaceAll("\\\\\\R", "").lines().map(String::strip).forEach(line -> {
            int equals = line.indexOf('=');
            boolean comment = line.startsWith("#") || line.startsWith(";");
            if (!comment && equals > 0) {
                String name = line.substring(0, equals).strip();
                if (NAME.matcher(name).matches()) {
                    values.put(name, value(line.substring(equals + 1).strip()));
                }
            }
        });
        return values;
    }

    private static String value(String raw) {
        StringBuilder value = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (quote == 0 && (c == '"' || c == '\'') && i == 0) {
                quote = c;
            } else if (quote != 0 && c == quote) {
                // What follows the closing quote belongs to the value no more.
                return value.toString();
            } else if (c == '\\' && quote != '\'' && i + 1 < raw.length()) {
                char next = raw.charAt(++i);
                if (quote == '"' && "\"\\`$".indexOf(next) < 0) {
                    value.append(c);
                }
                value.append(next);
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }
}
