package io.github.lamplighter.window;

import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tool.ToolName;
import java.util.Optional;

/// Reads the last saved report of a tool. The envelope of a check only says whether it ended; its findings are
/// read from here.
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
