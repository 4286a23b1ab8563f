package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportJson;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.AddTool.Proposal;
import io.github.lamplighter.tool.LintFinding;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `manifest try FILE`
@Command(
        name = "try",
        header = "Run the doctor with a manifest without saving it",
        description = "Commands named in the manifest are executed.",
        footer = "lamplighter manifest try share/lamplighter/mytool.json")
final class ManifestTryCommand extends ReportingCommand {

    private final ManifestContext context;

    @Parameters(paramLabel = "FILE", description = "Manifest file")
    private Path file = Path.of("");

    @Option(names = "--offline", description = "Skip checks that need the network")
    private boolean offline;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show details of passed checks, too")
    private boolean verbose;

    ManifestTryCommand(ManifestContext context) {
        super("manifest try", context.console());
        this.context = context;
    }

    @Override
    CommandResult run() {
        Path absolute = file.toAbsolutePath().normalize();
        Optional<List<LintFinding>> findings = context.store().lint(absolute);
        if (findings.isEmpty()) {
            return CommandResult.failed(ExitCode.USAGE, context.noManifest(file.toString()));
        }
        context.text(absolute, findings.get()).forEach(this::progress);
        return switch (context.tryManifest().propose(absolute)) {
            case Proposal.Ready ready -> examine(ready);
            case Proposal.NotFound(String why) -> CommandResult.failed(ExitCode.USAGE, "unknown-tool", why);
            case Proposal.Refused(String why) -> CommandResult.failed(ExitCode.USAGE, "not-well", why);
            case Proposal.Already _, Proposal.Updated _, Proposal.Moved _, Proposal.Declared _ ->
                throw new IllegalStateException("a manifest file is tried, not added");
        };
    }

    private CommandResult examine(Proposal.Ready ready) {
        Report report = context.doctor()
                .examine(ready.manifest(), offline ? Scope.OFFLINE : Scope.FULL)
                .report();
        return new CommandResult(
                DoctorCommand.exitCode(List.of(report), false), () -> data(ready, report), List.of(), console -> {
                    ready.evidence()
                            .forEach(evidence ->
                                    console.err().println("  %s: %s".formatted(evidence.source(), evidence.detail())));
                    new ReportText(
                                    console.out(),
                                    console.colour(),
                                    context.zone(),
                                    context.clock().instant())
                            .print(report, verbose);
                });
    }

    private ObjectNode data(Proposal.Ready ready, Report report) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.set("manifest", context.store().json(ready.manifest()));
        data.putArray("tools").add(ReportJson.report(report, context.zone()));
        return data;
    }
}
