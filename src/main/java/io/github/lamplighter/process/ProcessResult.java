package io.github.lamplighter.process;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The result of running a [Command]. An exit code other than 0 is a result, not an error: its meaning is the
/// program's.
public sealed interface ProcessResult {

    /// The program exited.
    ///
    /// @param status the exit code, 128 + N for signal N
    /// @param out standard output, cut at the command's output limit
    /// @param err standard error, cut likewise
    record Exited(int status, String out, String err, Duration took) implements ProcessResult {

        private static final Map<Integer, String> SIGNALS = Map.of(
                1, "SIGHUP",
                2, "SIGINT",
                4, "SIGILL; possible cause: built for another processor",
                6, "SIGABRT",
                7, "SIGBUS; possible cause: full disk",
                9, "SIGKILL; possible cause: out of memory",
                11, "SIGSEGV",
                13, "SIGPIPE",
                15, "SIGTERM",
                25, "SIGXFSZ; possible cause: limit of file sizes");

        /// The signal that killed the program, as `signal 15 (SIGTERM)`. A shell reports the signal of its child alike.
        public Optional<String> signal() {
            return Optional.ofNullable(SIGNALS.get(status - 128))
                    .map(name -> "signal %d (%s)".formatted(status - 128, name));
        }
    }

    /// The program exceeded its limit; it and all its descendants were killed.
    record TimedOut(Duration limit, String out, String err) implements ProcessResult {}

    /// The program could not be started; `reason` is a sentence without full stop that names the program.
    record NotStarted(String reason) implements ProcessResult {}
}
