package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.status.ExamineTools;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolCatalog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `doctor [NAME…]`: how the tools are, on what evidence, and how to put it right.
public final class DoctorCommand implements Callable<Integer> {

    private final ManifestStore manifests;
    private final ToolCatalog toolCatalog;
    private final ExamineTools examineTools;
    private final Console console;
    private final Supplier<ZoneId> zone;
    private final InstantSource clock;

    private List<String> names = List.of();
    private boolean json;
    private boolean offline;
    private boolean strict;
    private boolean quiet;
    private boolean verbose;
    private boolean background;

    public DoctorCommand(
            ManifestStore manifests,
            ToolCatalog toolCatalog,
            ExamineTools examineTools,
            Console console,
            Supplier<ZoneId> zone,
            InstantSource clock) {
        this.manifests = manifests;
        this.toolCatalog = toolCatalog;
        this.examineTools = examineTools;
        this.console = console;
        this.zone = zone;
        this.clock = clock;
    }

    /// The verb as it is typed.
    public CommandLine line() {
        return new CommandSpecBuilder("doctor", "Check tools for problems and suggest fixes", this)
                .description(
                        "Tools that are installed but not managed are checked, too; they don't affect the exit code.")
                .arguments("NAME", given -> names = given, "Tools to check (default: all managed tools)")
                .flag(on -> offline = on, "Skip checks that need the network", "--offline")
                .flag(on -> quiet = on, "Show only problems; print nothing if there are none", "-q", "--quiet")
                .flag(on -> verbose = on, "Show details of passed checks, too", "-v", "--verbose")
                .flag(on -> strict = on, "Exit with 1 on warnings, too", "--strict")
                .flag(on -> json = on, "Print the result as JSON", "--json")
                .hiddenFlag(on -> background = on, "Only save the results", "--background")
                .examples(
                        "lamplighter doctor",
                        "lamplighter doctor n8n -v      # one tool in detail",
                        "lamplighter doctor --quiet     # for cron")
                .exitCodes("0:no problems (warnings allowed)", "1:problems found, or nothing could be checked")
                .line();
    }

    @Override
    public Integer call() {
        long started = System.nanoTime();
        ToolSelection chosen = ToolSelection.of(manifests, toolCatalog.ownManifest(), names);
        if (chosen.unknown().isPresent()) {
            return console.problem(
                    json, "doctor", ExitCode.USAGE, chosen.unknown().get());
        }
        ExamineTools.Outcome outcome;
        List<Report> found;
        DoctorProgressText doctorProgressText =
                new DoctorProgressText(chosen.tools().size(), clock);
        try (ProgressLine _ = ProgressLine.on(console, doctorProgressText, json || quiet || background)) {
            outcome = examineTools.run(chosen.tools(), offline ? Scope.OFFLINE : Scope.FULL, doctorProgressText);
            // Nobody asked for anything of them: what is wrong with them is shown and does not count.
            found = names.isEmpty() && !background
                    ? examineTools.found(toolCatalog.unmanaged(environments(outcome.reports())))
                    : List.of();
        }
        List<Problem> problems = new ArrayList<>(chosen.broken());
        outcome.problems().forEach(sentence -> problems.add(new Problem("not-kept", sentence)));
        int code = chosen.broken().isEmpty() ? exitCode(outcome.reports(), strict) : ExitCode.FAILED;
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            ArrayNode tools = data.putArray("tools");
            outcome.reports().forEach(report -> tools.add(ReportJson.report(report, zone.get())));
            if (names.isEmpty()) {
                ArrayNode others = data.putArray("found");
                found.forEach(report -> others.add(ReportJson.report(report, zone.get())));
            }
            return console.envelope("doctor", code, data, problems);
        }
        // Where there are rows, one that cannot be read has one too.
        problems.stream()
                .filter(problem -> background || !chosen.broken().contains(problem))
                .forEach(problem -> console.err().println("lamplighter: " + problem.message()));
        if (background) {
            return code;
        }
        long tookMillis = (System.nanoTime() - started) / 1_000_000;
        ReportText text = new ReportText(console.out(), console.colour(), zone.get(), clock.instant());
        if (outcome.reports().size() == 1 && !names.isEmpty()) {
            text.tool(outcome.reports().getFirst(), verbose, quiet);
        } else if (verbose) {
            text.verbose(outcome.reports(), chosen.unreadable(), quiet, tookMillis);
        } else {
            text.summary(outcome.reports(), chosen.unreadable(), quiet, tookMillis);
        }
        if (!quiet) {
            text.found(found);
            if (offline) {
                text.leftOut(outcome.leftOut());
            }
        }
        return code;
    }

    private static Set<Path> environments(List<Report> reports) {
        return reports.stream()
                .flatMap(report -> report.provenance().stream())
                .map(Provenance::environment)
                .collect(Collectors.toSet());
    }

    /// Nothing failed, something failed, or nothing could be checked.
    static int exitCode(List<Report> reports, boolean strict) {
        List<Finding> counted = reports.stream()
                .flatMap(report -> report.findings().stream())
                .filter(finding -> !finding.ignored())
                .toList();
        boolean failed = counted.stream()
                .map(Finding::severity)
                .anyMatch(severity -> severity == Severity.FAILURE
                        || severity == Severity.CRASHED
                        || (strict && severity == Severity.WARNING));
        boolean nothing = !reports.isEmpty()
                && reports.stream()
                        .flatMap(report -> report.findings().stream())
                        .allMatch(finding -> finding.severity() == Severity.UNKNOWN);
        return failed || nothing ? ExitCode.FAILED : ExitCode.OK;
    }
}
