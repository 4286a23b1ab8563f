package io.github.lamplighter.service;

import java.util.Optional;

/// One line of a service's log.
///
/// @param at microseconds since the epoch; 0 if the log has no times
/// @param priority 0 (emergency) to 7 (debug), as in syslog
/// @param boot the id of the computer's boot; empty if the log does not record it
public record LogLine(long at, int priority, String text, Optional<String> boot) {

    /// The longest text that is shown: a terminal takes minutes for a line of some megabytes.
    private static final int LONGEST = 16_384;

    public LogLine(long at, int priority, String text) {
        this(at, priority, text, Optional.empty());
    }

    /// Removes escape sequences and control characters, so that a service's output cannot control the
    /// terminal.
    public static String plain(String text) {
        String shown = text.replaceAll("\\x1B\\[[0-9;:?<=>]*[ -/]*[@-~]", "")
                .replaceAll("\\x1B[\\]PX^_][^\\x07\\x1B]*(\\x07|\\x1B\\\\|$)", "")
                .codePoints()
                .filter(point -> point == '\t' || !Character.isISOControl(point))
                .filter(point -> Character.getType(point) != Character.FORMAT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return shown.length() <= LONGEST
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, LONGEST / 2))
                        + " … (%d more characters)".formatted(shown.length() - LONGEST / 2);
    }
}
