package io.github.lamplighter.doctor;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `PATH` that a service file gives its service, in a systemd unit (systemd.exec(5), Environment=) or a
/// property list (launchd.plist(5), EnvironmentVariables).
final class ServicePath {

    private static final Pattern UNIT = Pattern.compile("(?m)^Environment=\"?PATH=([^\"\\r\\n]*?)\"?\\s*$");
    private static final Pattern PROPERTY_LIST = Pattern.compile("<key>PATH</key>\\s*<string>([^<]*)</string>");

    private ServicePath() {}

    static Optional<String> in(String file) {
        Matcher unit = UNIT.matcher(file);
        if (unit.find()) {
            return Optional.of(unit.group(1).replace("%%", "%"));
        }
        Matcher list = PROPERTY_LIST.matcher(file);
        return list.find() ? Optional.of(list.group(1).replace("&amp;", "&")) : Optional.empty();
    }
}
