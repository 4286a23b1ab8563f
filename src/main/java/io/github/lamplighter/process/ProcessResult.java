package io.github.lamplighter.process;

import java.time.Duration;

/// What came of running a [Command]. A status other than 0 is an answer, not an error: its meaning is the
/// program's.
public sealed interface ProcessResult {

    /// It ended by itself.
    ///
    /// @param status the exit status, 128 + N for a signal
    /// @param out standard output, cut at the command's output limit
    /// @param err standard error, cut likewise
    record Exited(int status, String out, String err, Duration took) implements ProcessResult {}

    /// It did not end within its limit; it and all its descendants were ended.
    record TimedOut(Duration limit, String out, String err) implements ProcessResult {}

    /// It could not be started; `reason` is a sentence that names the program.
    record NotStarted(String reason) implements ProcessResult {}
}
