package io.github.lamplighter.cli;

import io.github.lamplighter.file.ActivityLog;
import java.io.UncheckedIOException;
import java.time.InstantSource;

/// Writes down what a verb has changed, with the way back; that it cannot is said, and undoes nothing.
public record ActivityRecorder(ActivityLog activityLog, InstantSource clock, Console console) {

    /// @param name the tool's, or `lamplighter`
    /// @param what `stopped looking after x`
    /// @param where the file
    /// @param why as it was typed
    /// @param back as it is typed
    void add(String name, String what, String where, String why, String back) {
        try {
            activityLog.add(new ActivityLog.Change(clock.instant(), name, what, where, why, back));
        } catch (UncheckedIOException e) {
            console.err()
                    .println("lamplighter: That could not be written down for `lamplighter activity`: "
                            + e.getMessage());
        }
    }
}
