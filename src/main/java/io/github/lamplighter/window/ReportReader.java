package io.github.lamplighter.window;

import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tool.ToolName;
import java.util.Optional;

/// The last report of each tool, as the doctor left it: the one form in which the window knows a report. A
/// check is a verb whose envelope only says whether it ended; what it found is read from here, in milliseconds.
final class ReportReader {

    private final ReportStore store;
    private final AppDirectories directories;

    ReportReader(ReportStore store, AppDirectories directories) {
        this.store = store;
        this.directories = directories;
    }

    Optional<ToolDetails> of(String tool) {
        return ToolName.of(tool).flatMap(store::last).map(report -> ToolDetails.of(report, directories));
    }
}
