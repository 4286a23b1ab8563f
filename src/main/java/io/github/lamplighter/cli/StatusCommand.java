package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.ExamineTools;
import io.github.lamplighter.status.ManagedTool;
import io.github.lamplighter.status.ServiceProblem;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.status.ToolStatus.Freshness;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.text.Evidence;
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
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `status [NAME…]`: the services asked now, the rest from the last reports with their age.
public final class StatusCommand implements Callable<Integer> {

    private static final String UNREADABLE = "could not check";

    private final ManifestStore manifests;
    private final Supplier<Optional<Manifest>> itself;
    private final ExamineTools examineTools;
    private final ServiceManager services;
    private final Console console;
    private final Supplier<ZoneId> zone;
    private final InstantSource clock;

    private List<String> names = List.of();
    private boolean json;
    private Optional<Format> format = Optional.empty();

    enum Format {
        WAYBAR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param itself Lamplighter, unless the user described it
    public StatusCommand(
            ManifestStore manifests,
            Supplier<Optional<Manifest>> itself,
            ExamineTools examineTools,
            ServiceManager services,
            Console console,
            Supplier<ZoneId> zone,
            InstantSource clock) {
        this.manifests = manifests;
        this.itself = itself;
        this.examineTools = examineTools;
        this.services = services;
        this.console = console;
        this.zone = zone;
        this.clock = clock;
    }

    /// The verb as it is typed.
    public CommandLine line() {
        return new CommandSpecBuilder("status", "Show service status and the last results", this)
                .description("Services are queried now. Everything else is from the last check, with its age.")
                .arguments("NAME", given -> names = given, "Tools to show (default: all managed tools)")
                .value(
                        Format.class,
                        "FORMAT",
                        given -> format = Optional.of(given),
                        "Print one line for a status bar: waybar",
                        "--format")
                .flag(on -> json = on, "Print the result as JSON", "--json")
                .examples("lamplighter status", "lamplighter status --format waybar")
                .line();
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
    public Integer call() {
        ToolSelection chosen = ToolSelection.of(manifests, itself.get(), names);
        if (chosen.unknown().isPresent()) {
            return console.problem(
                    json, "status", ExitCode.USAGE, chosen.unknown().get());
        }
        Instant now = clock.instant();
        List<ManagedTool> tools = examineTools.tools().stream()
                .filter(tool -> chosen.tools().contains(tool.manifest()))
                .toList();
        ServiceManager live = services.snapshot(() -> tools.stream()
                .filter(ManagedTool::isService)
                .map(ManagedTool::unit)
                .toList());
        List<Row> rows = tools.stream().map(tool -> row(tool, live, now)).toList();
        if (json) {
            return console.envelope(
                    "status", chosen.broken().isEmpty() ? ExitCode.OK : ExitCode.FAILED, data(rows), chosen.broken());
        }
        if (format.isPresent()) {
            // Waybar shows nothing at all of a program that ends with another code.
            waybar(rows, chosen.broken());
            return ExitCode.OK;
        }
        List<ToolSelection.UnreadableManifest> unreadable = chosen.unreadable();
        int name = Math.max(
                width(rows, Row::name),
                unreadable.stream().mapToInt(row -> row.name().length()).max().orElse(0));
        int state = Math.max(width(rows, StatusCommand::word), unreadable.isEmpty() ? 0 : UNREADABLE.length());
        rows.forEach(row -> line(row, name, state, now));
        unreadable.forEach(row -> console.out()
                .printf(
                        "  %s %-" + name + "s  %-" + state + "s  %s: %s%n",
                        ReportText.sign(Severity.UNKNOWN),
                        row.name(),
                        UNREADABLE,
                        row.title(),
                        row.why()));
        if (rows.isEmpty() && chosen.broken().isEmpty()) {
            console.err().println("No tool is looked after yet. `lamplighter list` shows what was found.");
        }
        return chosen.broken().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private Row row(ManagedTool tool, ServiceManager live, Instant now) {
        Optional<ServiceState> service = tool.isService() ? Optional.of(live.state(tool.unit())) : Optional.empty();
        ToolStatus status = ToolStatus.of(
                tool.report(),
                service.map(state ->
                        new LiveService(state, tool.manifest().expected(), problem -> isIgnored(tool, problem))),
                tool.report().filter(Report::isBeingUpgraded).isPresent(),
                now,
                examineTools.trust());
        return new Row(tool, service, status, facts(tool, service, now, status.freshness() != Freshness.FRESH));
    }

    private boolean isIgnored(ManagedTool tool, ServiceProblem problem) {
        return tool.report()
                .filter(report -> examineTools.isSetAside(report, "process", problem.severity(), problem.headline()))
                .isPresent();
    }

    /// The service manager's answer counts for the facts about the service. The other facts are the last report's, and
    /// unknown if that is too old.
    private static Facts facts(ManagedTool tool, Optional<ServiceState> service, Instant now, boolean old) {
        Fact none = new Fact(Optional.empty(), List.of(new Evidence("the last report", "there is none")), now);
        Optional<Facts> reported = tool.report().map(Report::facts);
        Optional<Fact> enabled = service.map(live ->
                new Fact(live.phase() == Phase.NOT_INSTALLED ? Optional.of(false) : live.enabled(), said(live), now));
        Optional<Fact> running = service.map(live -> new Fact(
                live.phase() == Phase.UNKNOWN
                        ? Optional.empty()
                        : Optional.of(live.phase() == Phase.RUNNING || live.phase() == Phase.STARTING),
                said(live),
                now));
        // A tool that isn't running doesn't respond; another process at its address was not identified.
        boolean gone = service.map(ServiceState::phase)
                .filter(phase -> phase != Phase.RUNNING && phase != Phase.STARTING)
                .isPresent();
        return new Facts(
                reported.map(Facts::installed).map(fact -> aged(fact, old)).orElse(none),
                enabled.or(() -> reported.map(Facts::enabled).map(fact -> aged(fact, old)))
                        .orElse(none),
                running.or(() -> reported.map(Facts::running).map(fact -> aged(fact, old)))
                        .orElse(none),
                reported.map(Facts::answering)
                        .map(fact -> aged(fact, old || gone))
                        .orElse(none),
                reported.map(Facts::mine).map(fact -> aged(fact, old || gone)).orElse(none));
    }

    private static List<Evidence> said(ServiceState state) {
        return List.of(new Evidence(state.unit(), state.words()));
    }

    private static Fact aged(Fact fact, boolean old) {
        return old ? ToolStatus.unknown(fact) : fact;
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
            entry.set("facts", ReportJson.facts(row.facts(), zone.get()));
            row.tool()
                    .report()
                    .ifPresentOrElse(
                            report -> entry.put("reportedAt", JsonTimestamps.of(report.reportedAt(), zone.get())),
                            () -> entry.putNull("reportedAt"));
        }
        return data;
    }

    private static int width(List<Row> rows, Function<Row, String> text) {
        return rows.stream().mapToInt(row -> text.apply(row).length()).max().orElse(0);
    }

    private static String sign(ToolStatus status) {
        return switch (status.state()) {
            case OK -> ReportText.sign(Severity.OK);
            case UPDATE -> "↑";
            case STOPPED, WORKING -> ReportText.sign(Severity.INFO);
            case UNKNOWN, ATTENTION, FAILURE -> ReportText.sign(status.severity());
        };
    }

    /// The contract's word as a person reads it.
    private static String word(Row row) {
        return row.state()
                .replace("unknown", "could not check")
                .replace("not-installed", "no service")
                .replace('-', ' ');
    }

    private void line(Row row, int nameWidth, int stateWidth, Instant now) {
        String age = row.tool()
                .report()
                .filter(_ -> row.status().freshness() == Freshness.FRESH)
                .map(report -> ", checked %s ago".formatted(ToolStatus.ago(Duration.between(report.reportedAt(), now))))
                .orElse("");
        console.out()
                .printf(
                        "  %s %-" + nameWidth + "s  %-" + stateWidth + "s  %s%s%n",
                        sign(row.status()),
                        row.name(),
                        word(row),
                        row.status().headline(),
                        age);
    }

    /// One line as waybar's custom modules read it (waybar-custom(5), return-type json). What could not be checked
    /// is not left empty, which would look like health.
    private void waybar(List<Row> rows, List<Problem> broken) {
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

    /// waybar reads Pango markup.
    private static String markup(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
