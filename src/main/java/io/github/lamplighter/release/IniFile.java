package io.github.lamplighter.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A file of `key = value` lines in `[sections]`, as Python's `configparser` and npm's `ini` write them:
/// comments begin with `#` or `;`, an indented line continues the previous value.
///
/// @param sections from a section's name, `""` before the first, to its keys and values, as written
record IniFile(Map<String, Map<String, String>> sections) {

    static final IniFile EMPTY = new IniFile(Map.of());

    /// Empty if the file does not exist or cannot be read, as package managers do.
    static IniFile read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            return EMPTY;
        }
    }

    static IniFile parse(String text) {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        String section = "";
        String key = "";
        for (String line : text.split("\\R", -1)) {
            String bare = line.strip();
            if (bare.isEmpty() || bare.startsWith("#") || bare.startsWith(";")) {
                continue;
            }
            if (Character.isWhitespace(line.charAt(0)) && !key.isEmpty()) {
                sections.computeIfAbsent(section, _ -> new LinkedHashMap<>())
                        .merge(key, bare, (before, more) -> before + "\n" + more);
                continue;
            }
            if (bare.startsWith("[") && bare.endsWith("]")) {
                section = bare.substring(1, bare.length() - 1).strip();
                key = "";
                continue;
            }
            int end = separator(bare);
            key = (end < 0 ? bare : bare.substring(0, end)).strip();
            String value = end < 0 ? "" : bare.substring(end + 1).strip();
            sections.computeIfAbsent(section, _ -> new LinkedHashMap<>()).put(key, value);
        }
        return new IniFile(sections);
    }

    Optional<String> value(String section, String key) {
        return Optional.ofNullable(sections.getOrDefault(section, Map.of()).get(key));
    }

    Map<String, String> section(String name) {
        return sections.getOrDefault(name, Map.of());
    }

    /// The first `=`; a colon only where there is none, since npm's keys hold colons (`@scope:registry=`).
    private static int separator(String line) {
        int equals = line.indexOf('=');
        return equals >= 0 ? equals : line.indexOf(':');
    }
}
