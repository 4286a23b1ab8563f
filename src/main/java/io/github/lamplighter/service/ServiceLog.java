package io.github.lamplighter.service;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The port to the logs of services.
public interface ServiceLog {

    /// The last `lines` lines, by the service and about it, oldest first.
    List<LogLine> log(String unit, int lines, Optional<String> since);

    /// The last lines of the service itself, without the manager's lines about it.
    default List<LogLine> lastLogLines(String unit, int lines) {
        return log(unit, lines, Optional.empty());
    }

    /// The last lines of the manager about a service, without the service's own: those of a server that writes much
    /// would leave no room for them. None where the manager writes none.
    default List<LogLine> managerLines(String unit, int lines) {
        return List.of();
    }

    /// Passes on the last `lines` lines and then each new one, until the thread is interrupted or the log
    /// ends.
    void follow(String unit, int lines, Optional<String> since, Consumer<LogLine> line);

    /// Why the log may be empty although the service wrote something, and what to do, as a sentence.
    default Optional<String> logUnavailableReason() {
        return Optional.empty();
    }

    /// Why the log cannot be limited to lines since `when`, as a sentence.
    default Optional<String> refusesSince(String when) {
        return Optional.empty();
    }

    /// Where the output goes if the service file redirects it, as a sentence.
    default Optional<String> logElsewhere(String unit) {
        return Optional.empty();
    }
}
