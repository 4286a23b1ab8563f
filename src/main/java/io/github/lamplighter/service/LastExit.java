package io.github.lamplighter.service;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// How the main process of a service ended.
///
/// @param ran how long it had been running; empty if that is not recorded
public record LastExit(How how, Optional<Duration> ran) {

    /// A process that ended within this time ended right after its start.
    private static final Duration SOON = Duration.ofMinutes(1);

    private static final Set<String> REQUESTS = Set.of("SIGTERM", "SIGINT", "SIGHUP");

    /// 128 and the number of SIGINT or SIGTERM: a program that ends by itself when it is asked to.
    private static final Set<Integer> AS_REQUESTED = Set.of(130, 143);

    public sealed interface How {}

    public record Status(int code) implements How {}

    public record Signal(String name, boolean coreDump) implements How {}

    /// The service manager could not start the program, which therefore said nothing itself.
    ///
    /// @param words the exit status and what it means
    public record NotStarted(String words) implements How {}

    /// @param words of a service manager that records neither status nor signal
    public record Other(String words) implements How {}

    public static LastExit of(How how) {
        return new LastExit(how, Optional.empty());
    }

    /// `exit status 1`, `killed by SIGKILL`.
    public String words() {
        return switch (how) {
            case Status(int code) -> "exit status " + code;
            case Signal(String name, boolean coreDump) -> "killed by " + name + (coreDump ? ", with a core dump" : "");
            case NotStarted(String words) -> words;
            case Other(String words) -> words;
        };
    }

    public boolean isClean() {
        return how instanceof Status(int code) && code == 0;
    }

    /// Whether it ended as a program does that was asked to stop.
    public boolean isRequested() {
        return switch (how) {
            case Status(int code) -> AS_REQUESTED.contains(code);
            case Signal(String name, boolean coreDump) -> !coreDump && REQUESTS.contains(name);
            case NotStarted _, Other _ -> false;
        };
    }

    /// Whether it ended neither well nor as it was asked to.
    public boolean isFailure() {
        return !isClean() && !isRequested();
    }

    public boolean isNotStarted() {
        return how instanceof NotStarted;
    }

    /// Whether it ended right after its start, as far as that is known.
    public boolean isSoon() {
        return ran.filter(time -> time.compareTo(SOON) >= 0).isEmpty();
    }
}
