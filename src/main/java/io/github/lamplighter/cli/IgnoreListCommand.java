package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.status.CheckTools;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Parameters;

/// A command that changes the list of ignored findings: `ignore` and `unignore`.
abstract class IgnoreListCommand extends ReportingCommand {

    /// @param itself Lamplighter's own manifest, unless the user wrote one
    /// @param file the ignore list, for display
    public record Context(
            ManifestStore manifests,
            Supplier<Optional<Manifest>> itself,
            ReportStore reports,
            CheckTools checkTools,
            String file,
            ActivityRecorder activityRecorder,
            Console console) {}

    private final Context context;

    @Parameters(index = "0", paramLabel = "NAME", description = "Managed tool")
    private String tool = "";

    @Parameters(
            index = "1",
            paramLabel = "ID",
            description = "Check ID, as in `lamplighter doctor NAME --json`",
            completionCandidates = CheckIds.class)
    private String id = "";

    IgnoreListCommand(String name, Context context) {
        super(name, context.console());
        this.context = context;
    }

    abstract CommandResult change(ToolName tool, String id) throws IOException;

    @Override
    final CommandResult run() {
        ToolSelection found =
                ToolSelection.of(context.manifests(), context.itself().get(), List.of(tool));
        if (found.unknown().isPresent()) {
            return found.problem();
        }
        if (!DiagnoseTool.knows(id)) {
            return CommandResult.failed(ExitCode.USAGE, CheckIds.unknown(id));
        }
        try {
            return change(new ToolName(tool), id);
        } catch (IOException e) {
            return CommandResult.failed(
                    ExitCode.FAILED, "not-kept", "Could not save the ignore list: " + FileProblem.why(e));
        }
    }

    final ReportStore reports() {
        return context.reports();
    }

    /// Records the change and refreshes the tray's view of it.
    final void record(String what, String command, String undo) {
        context.activityRecorder().add(tool, what, context.file(), command, undo);
    }

    final void refreshGlance() {
        context.checkTools().refreshGlance();
    }

    static String ignore(ToolName tool, String id, String until) {
        return "lamplighter ignore %s %s --until %s".formatted(tool, id, until);
    }

    static String unignore(ToolName tool, String id) {
        return "lamplighter unignore %s %s".formatted(tool, id);
    }
}
