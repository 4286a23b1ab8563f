package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.cli.ToolSelection.UnreadableManifest;
import io.github.lamplighter.doctor.CheckId;
import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportJson;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.CheckTools;
import io.github.lamplighter.status.LiveFacts;
import io.github.lamplighter.status.ManagedTool;
import io.github.lamplighter.status.ServiceProblem;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.status.ToolStatus.Freshness;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.status.UserTools;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.text.JsonTimestamps;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.tool.ManifestStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `status [NAME…]`: the services now; the rest from the last check, with its age.
@Command(
        name = "status",
        header = "Show service status and the last results",
        description = "Services are queried now. Everything else is from the last check, with its age.",
        footer = {"lamplighter status", "lamplighter status --format waybar"})
public final class StatusCommand extends ReportingCommand {

    private final ManifestStore manifests;
    private final Supplier<Optional<Manifest>> itself;
    private final CheckTools checkTools;
    private final ServiceManager services;
    private final ZoneId zone;
    private final InstantSource clock;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Tools to show (default: all managed tools)")
    private List<String> names = List.of();

    @Option(names = "--format", paramLabel = "FORMAT", description = "Print one line for a status bar: waybar")
    private Optional<Format> format = Optional.empty();

    enum Format {
        WAYBAR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param itself Lamplighter, unless it has a manifest
    public StatusCommand(
            ManifestStore manifests,
            Supplier<Optional<Manifest>> itself,
            CheckTools checkTools,
            ServiceManager services,
            Console console,
            ZoneId zone,
            InstantSource clock) {
        super("status", console);
        this.manifests = manifests;
        this.itself = itself;
        this.checkTools = checkTools;
        this.services = services;
        this.zone = zone;
        this.clock = clock;
    }

    /// One line of the output.
    ///
    /// @param service its state now; empty for a command
    private record Row(ManagedTool tool, Optional<ServiceState> service, ToolStatus status, Facts facts) {

        String name() {
            return tool.manifest().name().value();
        }

        /// The contract's word for the service's state.
        String state() {
            return service.map(ServiceState::phase)
                    .map(Phase::word)
                    .orElse(tool.manifest().expected() == Expected.COMMAND ? "command" : "unknown");
        }
    }

    @Override
    CommandResult run() {
        ToolSelection chosen = ToolSelection.of(manifests, itself.get(), names);
        if (chosen.unknown().isPresent()) {
            return CommandResult.failed(ExitCode.USAGE, chosen.unknown().get());
        }
        Instant now = clock.instant();
        List<ManagedTool> tools = checkTools.tools().stream()
                .filter(tool -> chosen.tools().contains(tool.manifest()))
                .toList();
        ServiceManager live = services.snapshot(() -> tools.stream()
                .filter(ManagedTool::isService)
                .map(ManagedTool::unit)
                .toList());
        List<Row> rows = tools.stream().map(tool -> row(tool, live, now)).toList();
        List<Row> shown = names.isEmpty() ? UserTools.of(rows, Row::name) : rows;
        // Waybar hides a module whose program fails.
        boolean failed = !chosen.broken().isEmpty() && (json() || format.isEmpty());
        return new CommandResult(failed ? ExitCode.FAILED : ExitCode.OK, () -> data(rows), chosen.broken(), console -> {
            if (format.isPresent()) {
                printWaybar(shown, chosen.broken(), console);
            } else {
                print(shown, chosen.unreadable(), now, console);
            }
        });
    }

    private void print(List<Row> rows, List<UnreadableManifest> unreadable, Instant now, Console console) {
        TextTable table = new TextTable();
        for (Row row : rows) {
            String age = row.tool()
                    .report()
                    .filter(_ -> row.status().freshness() == Freshness.FRESH)
                    .map(report ->
                            ", checked %s ago".formatted(HumanTime.age(Duration.between(report.reportedAt(), now))))
                    .orElse("");
            table.row(
                    sign(row.status()) + " " + row.name(),
                    row.state().replace("not-installed", "no service"),
                    row.status().headline() + age);
        }
        unreadable.forEach(manifest -> table.row(
                FindingText.sign(Severity.UNKNOWN) + " " + manifest.name(),
                "unknown",
                manifest.title() + ": " + manifest.why()));
        table.lines().forEach(console.out()::println);
        if (rows.isEmpty() && unreadable.isEmpty()) {
            console.err()
                    .println("No tools are managed yet. To see the tools on this computer, run `lamplighter list`.");
        }
    }

    private Row row(ManagedTool tool, ServiceManager live, Instant now) {
        Optional<ServiceState> service = tool.isService() ? Optional.of(live.state(tool.unit())) : Optional.empty();
        ToolStatus status = ToolStatus.of(
                tool.report(),
                service.map(state ->
                        new LiveService(state, tool.manifest().expected(), problem -> isIgnored(tool, problem))),
                checkTools.history().isUpgrading(tool.manifest().name().value()),
                now,
                checkTools.trust());
        return new Row(
                tool,
                service,
                status,
                LiveFacts.of(tool.report(), service, status.freshness() == Freshness.FRESH, now));
    }

    private boolean isIgnored(ManagedTool tool, ServiceProblem problem) {
        return tool.report()
                .filter(report -> checkTools.isIgnored(report, CheckId.PROCESS, problem.severity(), problem.headline()))
                .isPresent();
    }

    private ObjectNode data(List<Row> rows) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode tools = data.putArray("tools");
        for (Row row : rows) {
            ObjectNode entry = tools.addObject();
            entry.put("name", row.name());
            entry.put("state", row.state());
            entry.put(
                    "stoppedByUser",
                    row.status().stoppedByUser()
                            && row.service()
                                    .map(ServiceState::phase)
                                    .filter(Phase.STOPPED::equals)
                                    .isPresent());
            entry.put("severity", row.status().severity().word());
            entry.set("facts", ReportJson.facts(row.facts(), zone));
            row.tool()
                    .report()
                    .ifPresentOrElse(
                            report -> entry.put("reportedAt", JsonTimestamps.of(report.reportedAt(), zone)),
                            () -> entry.putNull("reportedAt"));
            row.tool()
                    .report()
                    .flatMap(Report::rolledBack)
                    .ifPresent(tried -> entry.set("rolledBack", ReportJson.rolledBack(tried, zone)));
        }
        return data;
    }

    private static String sign(ToolStatus status) {
        return switch (status.state()) {
            case OK -> FindingText.sign(Severity.OK);
            case UPDATE -> FindingText.UPDATE;
            case STOPPED, WORKING -> FindingText.sign(Severity.INFO);
            case UNKNOWN, ATTENTION, FAILURE -> FindingText.sign(status.severity());
        };
    }

    /// One line for a custom module of Waybar (waybar-custom(5), return-type json). An unknown state is `?`, since an
    /// empty text would look like a healthy one.
    private static void printWaybar(List<Row> rows, List<Problem> broken, Console console) {
        Severity worst = Stream.concat(
                        rows.stream().map(row -> row.status().severity()),
                        broken.stream().map(_ -> Severity.WARNING))
                .max(Comparator.comparingInt(Severity::weight))
                .orElse(Severity.UNKNOWN);
        long needs = broken.size()
                + rows.stream()
                        .filter(row -> row.status().severity().weight() >= Severity.WARNING.weight())
                        .count();
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("text", needs > 0 ? Long.toString(needs) : worst == Severity.UNKNOWN ? "?" : "");
        json.put("alt", worst.word());
        json.put("class", worst.word());
        json.put(
                "tooltip",
                Stream.concat(
                                rows.stream()
                                        .map(row -> "%s: %s"
                                                .formatted(
                                                        row.name(), row.status().headline())),
                                broken.stream().map(Problem::message))
                        .map(StatusCommand::markup)
                        .collect(Collectors.joining("\n")));
        console.forPrograms().println(JsonMapper.shared().writeValueAsString(json));
    }

    /// Waybar reads Pango markup.
    private static String markup(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
