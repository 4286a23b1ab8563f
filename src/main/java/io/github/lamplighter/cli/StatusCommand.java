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
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.status.ToolStatus.Watched;
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

    /// One tool as it is now.
    ///
    /// @param old whether its last report is too old to be believed
    /// @param aside whether it does not run as it shall, and the user does not want to hear of it
    private record Row(
            Watched tool,
            Optional<ServiceState> state,
            Severity severity,
            String headline,
            Facts facts,
            boolean old,
            boolean aside) {

        String state(Expected expected) {
            return state.map(ServiceState::phase)
                    .map(Phase::word)
                    .orElse(expected == Expected.COMMAND ? "command" : "unknown");
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
        List<Watched> asked = examineTools.watched().stream()
                .filter(watched -> chosen.tools().contains(watched.manifest()))
                .toList();
        ServiceManager live = services.snapshot(() -> asked.stream()
                .filter(StatusCommand::isService)
                .map(Watched::unit)
                .toList());
        List<Row> rows = asked.stream().map(watched -> row(watched, live, now)).toList();
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
                width(rows, row -> row.tool().manifest().name().value()),
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

    private static boolean isService(Watched watched) {
        return watched.manifest().expected() != Expected.COMMAND;
    }

    private Row row(Watched watched, ServiceManager live, Instant now) {
        Duration trust = examineTools.trust();
        Optional<ServiceState> state = isService(watched) ? Optional.of(live.state(watched.unit())) : Optional.empty();
        boolean old = watched.report()
                .filter(report -> !ToolStatus.isOld(report, now, trust))
                .isEmpty();
        Severity severity = old
                ? Severity.UNKNOWN
                : watched.report().map(ToolStatus::counted).orElse(Severity.UNKNOWN);
        String headline = ToolStatus.headline(watched.report(), now, trust);
        boolean stopped =
                state.map(ServiceState::phase).filter(Phase.STOPPED::equals).isPresent();
        if (watched.report().filter(Report::isStoppedByYou).isPresent() && !stopped && !old) {
            headline = "Started since it was last checked";
        }
        LiveStatus liveStatus = new LiveStatus(severity, headline);
        Optional<LiveStatus> running = state.filter(_ -> watched.manifest().expected() == Expected.RUNNING)
                .flatMap(asked -> LiveStatus.of(
                        asked, watched.report().filter(Report::isStoppedByYou).isPresent()));
        boolean aside = running.isPresent()
                && watched.report()
                        .filter(report -> examineTools.isSetAside(
                                report,
                                "process",
                                running.get().severity(),
                                running.get().headline()))
                        .isPresent();
        LiveStatus said = aside
                ? liveStatus.besides(running.get())
                : running.map(liveStatus::or).orElse(liveStatus);
        return new Row(watched, state, said.severity(), said.headline(), facts(watched, state, now, old), old, aside);
    }

    /// What the last report says of a tool that is to run, and what the service manager says of it now: the worse of
    /// both counts, and nothing is well that cannot be asked.
    record LiveStatus(Severity severity, String headline) {

        /// What is to be said of a service that shall run, in the doctor's words: by these it is set aside.
        ///
        /// @param stoppedByUser whether the last report knows that the user wanted it stopped
        static Optional<LiveStatus> of(ServiceState state, boolean stoppedByUser) {
            return switch (state.phase()) {
                case RUNNING, STARTING -> Optional.empty();
                case FAILED -> told(Severity.FAILURE, "Stopped unexpectedly");
                case RESTARTING -> told(Severity.FAILURE, "Keeps crashing right after it starts");
                case STOPPED ->
                    stoppedByUser
                            ? Optional.empty()
                            : told(
                                    Severity.WARNING,
                                    state.isMasked()
                                            ? "The service is masked, so nothing can start it"
                                            : "Not running");
                case NOT_INSTALLED -> told(Severity.WARNING, "No background service set up");
                case UNKNOWN -> told(Severity.UNKNOWN, "Could not check whether it is running");
            };
        }

        /// The worse of both.
        LiveStatus or(LiveStatus now) {
            return severity.weight() >= now.severity.weight() ? this : now;
        }

        /// What is set aside counts for nothing, and is said where there is nothing else to say.
        LiveStatus besides(LiveStatus aside) {
            return severity.weight() > Severity.INFO.weight()
                    ? this
                    : new LiveStatus(severity, aside.headline + ", set aside");
        }

        private static Optional<LiveStatus> told(Severity severity, String headline) {
            return Optional.of(new LiveStatus(severity, headline));
        }
    }

    /// What the service manager says counts now; the rest is the last report's, or not known where that is too
    /// old.
    private static Facts facts(Watched watched, Optional<ServiceState> state, Instant now, boolean old) {
        Fact none = new Fact(Optional.empty(), List.of(new Evidence("the last report", "there is none")), now);
        Optional<Facts> reported = watched.report().map(Report::facts);
        Optional<Fact> enabled = state.map(live ->
                new Fact(live.phase() == Phase.NOT_INSTALLED ? Optional.of(false) : live.enabled(), said(live), now));
        Optional<Fact> running = state.map(live -> new Fact(
                live.phase() == Phase.UNKNOWN
                        ? Optional.empty()
                        : Optional.of(live.phase() == Phase.RUNNING || live.phase() == Phase.STARTING),
                said(live),
                now));
        // What does not run does not answer; who answers there instead was not asked.
        boolean gone = state.map(ServiceState::phase)
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
        return old ? new Fact(Optional.empty(), fact.evidence(), fact.checkedAt()) : fact;
    }

    private ObjectNode data(List<Row> rows) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode tools = data.putArray("tools");
        for (Row row : rows) {
            ObjectNode entry = tools.addObject();
            entry.put("name", row.tool().manifest().name().value());
            entry.put("state", row.state(row.tool().manifest().expected()));
            entry.put(
                    "stoppedByUser",
                    row.tool().report().filter(Report::isStoppedByYou).isPresent()
                            && row.state()
                                    .map(ServiceState::phase)
                                    .filter(Phase.STOPPED::equals)
                                    .isPresent());
            entry.put("severity", row.severity().word());
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

    /// What asks for nothing is well; only what somebody does with it has a sign of its own.
    private static String sign(Row row) {
        boolean calm = row.severity().weight() <= Severity.INFO.weight();
        Optional<Report> report = row.tool().report();
        if (!calm
                || report.filter(last -> last.isStoppedByYou() || last.isBeingUpgraded())
                        .isPresent()) {
            return ReportText.sign(row.severity());
        }
        if (row.aside()) {
            return ReportText.sign(Severity.INFO);
        }
        return report.flatMap(ToolStatus::updateTo).isPresent() ? "↑" : ReportText.sign(Severity.OK);
    }

    /// The contract's word as a person reads it.
    private static String word(Row row) {
        return row.state(row.tool().manifest().expected())
                .replace("unknown", "could not check")
                .replace("not-installed", "no service")
                .replace('-', ' ');
    }

    private void line(Row row, int nameWidth, int stateWidth, Instant now) {
        String name = row.tool().manifest().name().value();
        String age = row.tool()
                .report()
                .filter(_ -> !row.old())
                .map(report -> ", checked %s ago".formatted(ToolStatus.ago(Duration.between(report.reportedAt(), now))))
                .orElse("");
        console.out()
                .printf(
                        "  %s %-" + nameWidth + "s  %-" + stateWidth + "s  %s%s%n",
                        sign(row),
                        name,
                        word(row),
                        row.headline(),
                        age);
    }

    /// One line as waybar's custom modules read it (waybar-custom(5), return-type json). What could not be checked
    /// is not left empty, which would look like health.
    private void waybar(List<Row> rows, List<Problem> broken) {
        Severity worst = Stream.concat(
                        rows.stream().map(Row::severity), broken.stream().map(_ -> Severity.WARNING))
                .max(Comparator.comparingInt(Severity::weight))
                .orElse(Severity.UNKNOWN);
        long needs = broken.size()
                + rows.stream()
                        .filter(row -> row.severity().weight() >= Severity.WARNING.weight())
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
                                                .formatted(row.tool().manifest().name(), row.headline())),
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
