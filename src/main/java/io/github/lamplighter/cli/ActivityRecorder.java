package io.github.lamplighter.cli;

import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.FileProblem;
import java.io.UncheckedIOException;
import java.time.InstantSource;

/// Records changes for `lamplighter activity`. If that fails, it reports the failure, and the change stays.
public record ActivityRecorder(ActivityLog activityLog, InstantSource clock, Console console) {

    /// @param name the tool's, or `lamplighter`
    /// @param what `stopped managing x`
    /// @param where the file or unit that changed
    /// @param why the command that changed it
    /// @param back the command that undoes it
    void add(String name, String what, String where, String why, String back) {
        try {
            activityLog.add(new ActivityLog.Change(clock.instant(), name, what, where, why, back));
        } catch (UncheckedIOException e) {
            console.warn("Could not record the change for `lamplighter activity`: " + FileProblem.why(e));
        }
    }
}
