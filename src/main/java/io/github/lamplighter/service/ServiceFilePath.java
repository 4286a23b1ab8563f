package io.github.lamplighter.service;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the `PATH` that a service file sets, in a systemd unit (systemd.exec(5), Environment=) or a property
/// list (launchd.plist(5), EnvironmentVariables).
public final class ServiceFilePath {

    private static final Pattern LINE = Pattern.compile("(?m)^\\s*Environment=(.*)$");
    private static final Pattern ASSIGNMENT =
            Pattern.compile("\"PATH=((?:[^\"\\\\]|\\\\.)*)\"|'PATH=((?:[^'\\\\]|\\\\.)*)'|(?:^|\\s)PATH=([^\\s\"']*)");
    private static final Pattern PROPERTY_LIST = Pattern.compile("<key>PATH</key>\\s*<string>([^<]*)</string>");

    private ServiceFilePath() {}

    /// @param home what `%h` stands for (systemd.unit(5), Specifiers)
    public static Optional<String> in(String file, Path home) {
        Optional<String> found = Optional.empty();
        Matcher line = LINE.matcher(file);
        while (line.find()) {
            // The last assignment counts, and an empty value resets all.
            if (line.group(1).isBlank()) {
                found = Optional.empty();
            }
            Matcher assignment = ASSIGNMENT.matcher(line.group(1));
            while (assignment.find()) {
                found = Optional.of(first(assignment));
            }
        }
        if (found.isPresent()) {
            return found.map(value -> value.replaceAll("\\\\(.)", "$1")
                    .replace("%h", home.toString())
                    .replace("%%", "%"));
        }
        Matcher list = PROPERTY_LIST.matcher(file);
        return list.find()
                ? Optional.of(
                        list.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
                : Optional.empty();
    }

    private static String first(Matcher assignment) {
        for (int group = 1; group <= assignment.groupCount(); group++) {
            String value = assignment.group(group);
            if (value != null) {
                return value;
            }
        }
        return "";
    }
}
