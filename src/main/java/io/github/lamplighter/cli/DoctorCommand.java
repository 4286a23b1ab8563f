package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportJson;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.status.CheckTools;
import io.github.lamplighter.status.UserTools;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolCatalog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `doctor [NAME…]`: checks tools and suggests fixes.
@Command(
        name = "doctor",
        header = "Check tools for problems and suggest fixes",
        description = "Tools that are installed but not managed are checked, too; they don't affect the exit code.",
        footer = {
            "lamplighter doctor",
            "lamplighter doctor n8n -v      # one tool in detail",
            "lamplighter doctor --quiet     # for cron"
        },
        exitCodeList = {"0:no problems (warnings allowed)", "1:problems found, or nothing could be checked"})
public final class DoctorCommand extends ReportingCommand {

    private final ManifestStore manifests;
    private final ToolCatalog toolCatalog;
    private final CheckTools checkTools;
    private final ZoneId zone;
    private final InstantSource clock;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Tools to check (default: all managed tools)")
    private List<String> names = List.of();

    @Option(names = "--offline", description = "Skip checks that need the network")
    private boolean offline;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show only problems; print nothing if there are none")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show details of passed checks, too")
    private boolean verbose;

    @Option(names = "--strict", description = "Exit with 1 on warnings, too")
    private boolean strict;

    @Option(names = "--background", hidden = true, description = "Only save the results")
    private boolean background;

    public DoctorCommand(
            ManifestStore manifests,
            ToolCatalog toolCatalog,
            CheckTools checkTools,
            Console console,
            ZoneId zone,
            InstantSource clock) {
        super("doctor", console);
        this.manifests = manifests;
        this.toolCatalog = toolCatalog;
        this.checkTools = checkTools;
        this.zone = zone;
        this.clock = clock;
    }

    @Override
    CommandResult run() {
        long started = System.nanoTime();
        ToolSelection chosen = ToolSelection.of(manifests, toolCatalog.ownManifest(), names);
        if (chosen.unknown().isPresent()) {
            return CommandResult.failed(ExitCode.USAGE, chosen.unknown().get());
        }
        CheckTools.Outcome outcome;
        List<Report> found;
        DoctorProgressText progress = new DoctorProgressText(chosen.tools().size(), clock);
        try (ProgressLine _ = ProgressLine.on(console(), progress, json() || quiet || background)) {
            outcome = checkTools.run(chosen.tools(), offline ? Scope.OFFLINE : Scope.FULL, progress);
            // Shown for information; the exit code is only about managed tools.
            found = names.isEmpty() && !background
                    ? checkTools.found(toolCatalog.unmanaged(environments(outcome.reports())))
                    : List.of();
        }
        List<Problem> notSaved = outcome.problems().stream()
                .map(sentence -> new Problem("not-kept", sentence))
                .toList();
        List<Problem> problems = new ArrayList<>(chosen.broken());
        problems.addAll(notSaved);
        long tookMillis = (System.nanoTime() - started) / 1_000_000;
        return new CommandResult(
                chosen.broken().isEmpty() ? exitCode(outcome.reports(), strict) : ExitCode.FAILED,
                () -> json(outcome.reports(), found),
                problems,
                console -> {
                    // In the foreground an unreadable manifest has a row of its own.
                    (background ? problems : notSaved).forEach(problem -> console.warn(problem.message()));
                    if (!background) {
                        print(chosen, outcome, found, tookMillis, console);
                    }
                });
    }

    private ObjectNode json(List<Report> reports, List<Report> found) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode tools = data.putArray("tools");
        reports.forEach(report -> tools.add(ReportJson.report(report, zone)));
        if (names.isEmpty()) {
            ArrayNode others = data.putArray("found");
            found.forEach(report -> others.add(ReportJson.report(report, zone)));
        }
        return data;
    }

    private void print(
            ToolSelection chosen, CheckTools.Outcome outcome, List<Report> found, long tookMillis, Console console) {
        List<Report> reports = names.isEmpty() ? UserTools.of(outcome.reports(), Report::name) : outcome.reports();
        List<Report> itself = outcome.reports().stream()
                .filter(report -> !reports.contains(report))
                .toList();
        DoctorSummary summary = new DoctorSummary(console.out(), console.colour(), zone, clock.instant(), quiet);
        ReportText text = new ReportText(console.out(), console.colour(), zone, clock.instant());
        if (quiet) {
            summary.print(reports, chosen.unreadable(), tookMillis);
            summary.printItself(itself);
            return;
        }
        if (reports.isEmpty() && chosen.unreadable().isEmpty()) {
            console.out()
                    .println("No tools are managed yet. To see the tools on this computer, run `lamplighter list`.");
        } else if (reports.size() == 1 && !names.isEmpty()) {
            text.print(reports.getFirst(), verbose);
            summary.printUnreadable(chosen.unreadable());
        } else if (verbose) {
            reports.forEach(report -> {
                text.print(report, true);
                console.out().println();
            });
            summary.printUnreadable(chosen.unreadable());
            summary.printCounts(reports, chosen.unreadable(), tookMillis);
        } else {
            summary.print(reports, chosen.unreadable(), tookMillis);
        }
        summary.printItself(itself);
        summary.printFound(found);
        if (offline) {
            summary.printSkipped(outcome.leftOut());
        }
    }

    private static Set<Path> environments(List<Report> reports) {
        return reports.stream()
                .flatMap(report -> report.provenance().stream())
                .map(Provenance::environment)
                .collect(Collectors.toSet());
    }

    /// 1 if something failed, or nothing could be checked.
    static int exitCode(List<Report> reports, boolean strict) {
        List<Finding> findings =
                reports.stream().flatMap(report -> report.findings().stream()).toList();
        boolean failed = findings.stream()
                .filter(finding -> !finding.ignored())
                .map(Finding::severity)
                .anyMatch(severity -> severity == Severity.FAILURE
                        || severity == Severity.CRASHED
                        || (strict && severity == Severity.WARNING));
        boolean nothing =
                !reports.isEmpty() && findings.stream().allMatch(finding -> finding.severity() == Severity.UNKNOWN);
        return failed || nothing ? ExitCode.FAILED : ExitCode.OK;
    }
}
