package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.process.DesktopOpener;
import io.github.lamplighter.status.CheckTools;
import io.github.lamplighter.status.ManagedTool;
import io.github.lamplighter.status.StateDays;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `report [NAME]`: the last check results as text or HTML, for example for a bug report.
@Command(
        name = "report",
        header = "Print a report, for example for a bug report",
        description = "The report has the results of the last check. To check now, run `lamplighter doctor` first.",
        footer = {"lamplighter report --redact > report.txt", "lamplighter report n8n --open"})
public final class ReportCommand implements Callable<Integer> {

    /// The machine that a report is about.
    ///
    /// @param system versions of Lamplighter, Java and the system
    /// @param home removed by `--redact`, as are `users` (all names of the user) and `host`
    /// @param page where `--open` writes
    public record ReportScope(List<String> system, Path home, List<String> users, String host, Path page) {
        public ReportScope {
            system = List.copyOf(system);
            users = List.copyOf(users);
        }
    }

    private final ManifestStore manifests;
    private final Supplier<Optional<Manifest>> itself;
    private final CheckTools checkTools;
    private final DesktopOpener opener;
    private final ReportScope reportScope;
    private final Console console;
    private final ZoneId zone;
    private final InstantSource clock;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Tools to report on (default: all managed tools)")
    private List<String> names = List.of();

    @Option(names = "--redact", description = "Remove user names, host names, addresses and likely secrets")
    private boolean redact;

    @Option(names = "--html", description = "Print an HTML page with headings (for screen readers)")
    private boolean html;

    @Option(names = "--open", description = "Open that page in a browser")
    private boolean open;

    /// @param itself Lamplighter's own manifest, unless the user wrote one
    public ReportCommand(
            ManifestStore manifests,
            Supplier<Optional<Manifest>> itself,
            CheckTools checkTools,
            DesktopOpener opener,
            ReportScope reportScope,
            Console console,
            ZoneId zone,
            InstantSource clock) {
        this.manifests = manifests;
        this.itself = itself;
        this.checkTools = checkTools;
        this.opener = opener;
        this.reportScope = reportScope;
        this.console = console;
        this.zone = zone;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        ToolSelection chosen = ToolSelection.of(manifests, itself.get(), names);
        if (chosen.unknown().isPresent()) {
            return console.problem(
                    false, "report", ExitCode.USAGE, chosen.unknown().get());
        }
        List<Report> reports = checkTools.tools().stream()
                .filter(managed -> chosen.tools().stream()
                        .anyMatch(tool -> tool.name().equals(managed.manifest().name())))
                .map(ManagedTool::report)
                .flatMap(Optional::stream)
                .map(report -> ToolStatus.withTrustedFacts(report, clock.instant(), checkTools.trust()))
                .toList();
        // Redacted before rendering: markup could hide a secret.
        Optional<Redaction> redaction = redact
                ? Optional.of(new Redaction(reportScope.home().toString(), reportScope.users(), reportScope.host()))
                : Optional.empty();
        UnaryOperator<String> clean = text -> redaction.map(by -> by.of(text)).orElse(text);
        Content content = new Content(
                reportScope.system().stream().map(clean).toList(),
                chosen.broken().stream().map(Problem::message).map(clean).toList(),
                reports.stream()
                        .map(report -> redaction.map(by -> by.of(report)).orElse(report))
                        .toList());
        if (open) {
            return show(content.page());
        }
        if (html) {
            console.forPrograms().print(content.page());
        } else {
            console.out().print(clean.apply(content.text()));
        }
        return ExitCode.OK;
    }

    /// The content of the report.
    ///
    /// @param broken sentences about manifests that cannot be read
    private final class Content {
        private final List<String> system;
        private final List<String> broken;
        private final List<Report> reports;

        Content(List<String> system, List<String> broken, List<Report> reports) {
            this.system = system;
            this.broken = broken;
            this.reports = reports;
        }

        String page() {
            return new ReportHtml(zone, clock.instant()).page(system, broken, reports, days());
        }

        private Map<String, StateDays> days() {
            return reports.stream()
                    .map(Report::name)
                    .flatMap(name -> ToolName.of(name).stream())
                    .collect(Collectors.toMap(ToolName::value, tool -> checkTools.days(tool, zone)));
        }

        String text() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
                out.println("Lamplighter report");
                out.println(String.join(" · ", system) + " · created "
                        + ReportHtml.TIME.format(clock.instant().atZone(zone)));
                if (reports.isEmpty()) {
                    out.println();
                    out.println("No tool was checked yet. To check all managed tools, run `lamplighter doctor`.");
                }
                if (!broken.isEmpty()) {
                    out.println();
                    broken.forEach(sentence -> out.println("! " + sentence));
                }
                ReportText text = new ReportText(out, false, zone, clock.instant());
                for (Report report : reports) {
                    out.println();
                    text.print(report, true);
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private int show(String page) {
        try {
            Files.createDirectories(reportScope.page().getParent());
            AtomicFile.write(reportScope.page(), page);
        } catch (IOException e) {
            return console.problem(
                    false,
                    "report",
                    ExitCode.FAILED,
                    new Problem("not-written", "Could not write %s.".formatted(reportScope.page())));
        }
        Optional<String> trouble = opener.open(reportScope.page().toString());
        console.out().println(reportScope.page());
        return trouble.map(why -> console.problem(
                        false,
                        "report",
                        ExitCode.FAILED,
                        new Problem(
                                "no-browser",
                                "Could not open a browser: %s The page is %s.".formatted(why, reportScope.page()))))
                .orElse(ExitCode.OK);
    }
}
