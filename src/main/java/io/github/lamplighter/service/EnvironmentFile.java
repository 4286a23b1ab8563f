package io.github.lamplighter.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Parses an environment file (systemd.exec(5), `EnvironmentFile=`): one `NAME=value` per line, comments begin
/// with `#` or `;`, quotes around a value are not part of it, a backslash at the end of a line continues it.
public final class EnvironmentFile {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private EnvironmentFile() {}

    /// The variables in their order; invalid lines are skipped, as systemd does.
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
                // Text after the closing quote is not part of the value.
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
