package io.github.lamplighter.status;

import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.Progress;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Runs the doctor on tools, saves the reports, and updates the glance for the tray. Every front end checks
/// through this class.
public final class CheckTools {

    /// The number of tools that are checked at the same time. Each starts programs of its own.
    private static final int PARALLEL = 4;

    private final DiagnoseTool doctor;
    private final ReportStore store;
    private final GlanceFile glance;
    private final StateHistory states;
    private final Supplier<Optional<Manifest>> lamplighter;
    private final Function<List<Manifest>, List<ManifestEntry>> managed;
    private final Function<Manifest, String> unit;
    private final UpgradeHistory history;
    private final Supplier<Duration> interval;
    private final InstantSource clock;
    private final BooleanSupplier installed;

    /// @param lamplighter the manifest of Lamplighter itself, which is checked like a managed tool
    /// @param managed all managed tools, readable or not; it takes the manifests that were already read
    /// @param unit the name of a tool's service
    /// @param interval between full runs (`doctor.interval`)
    /// @param installed whether this program is still installed as it was when it started
    public CheckTools(
            DiagnoseTool doctor,
            ReportStore store,
            GlanceFile glance,
            StateHistory states,
            Supplier<Optional<Manifest>> lamplighter,
            Function<List<Manifest>, List<ManifestEntry>> managed,
            Function<Manifest, String> unit,
            UpgradeHistory history,
            Supplier<Duration> interval,
            InstantSource clock,
            BooleanSupplier installed) {
        this.doctor = doctor;
        this.store = store;
        this.glance = glance;
        this.states = states;
        this.lamplighter = lamplighter;
        this.managed = managed;
        this.unit = unit;
        this.history = history;
        this.interval = interval;
        this.clock = clock;
        this.installed = installed;
    }

    /// @param reports in the order of the tools
    /// @param problems a sentence for each file that could not be written
    /// @param leftOut the ids of the skipped checks, in the order of the catalog
    public record Outcome(List<Report> reports, List<String> problems, List<String> leftOut) {
        public Outcome {
            reports = List.copyOf(reports);
            problems = List.copyOf(problems);
            leftOut = List.copyOf(leftOut);
        }
    }

    public Outcome run(List<Manifest> tools, DiagnoseTool.Scope scope) {
        return run(tools, scope, Progress.none());
    }

    /// @param progress is notified of each finished check
    public Outcome run(List<Manifest> tools, DiagnoseTool.Scope scope, Progress progress) {
        List<Report> reports = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> leftOut = new HashSet<>();
        DiagnoseTool now = doctor.snapshot(tools);
        try (ExecutorService threads = Executors.newFixedThreadPool(
                PARALLEL, Thread.ofVirtual().name("tool").factory())) {
            List<Future<Examined>> running = tools.stream()
                    .map(tool -> threads.submit(() -> examined(now, tool, scope, progress)))
                    .toList();
            for (Future<Examined> future : running) {
                try {
                    Examined examined = future.get();
                    leftOut.addAll(examined.leftOut());
                    reports.add(examined.report());
                    examined.problem().ifPresent(problems::add);
                } catch (ExecutionException e) {
                    throw new IllegalStateException(
                            Optional.ofNullable(e.getCause()).orElse(e));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        refreshGlance(tools, reports).ifPresent(problems::add);
        return new Outcome(
                reports,
                problems,
                DiagnoseTool.ids().stream().filter(leftOut::contains).toList());
    }

    /// @param report merged with earlier answers
    /// @param problem why the report could not be saved
    private record Examined(Report report, Set<String> leftOut, Optional<String> problem) {}

    private Examined examined(DiagnoseTool now, Manifest tool, DiagnoseTool.Scope scope, Progress progress) {
        DiagnoseTool.Moment before = now.moment(tool);
        DiagnoseTool.Diagnosis first = now.examine(tool, scope, progress);
        DiagnoseTool.Diagnosis diagnosis = dated(
                changedMeanwhile(before, tool, first.report())
                        ? doctor.snapshot(List.of(tool)).examine(tool, scope, progress)
                        : first,
                tool,
                scope);
        if (Thread.currentThread().isInterrupted()) {
            // Stopped by the user: what was not answered must not replace what is known.
            throw new CancellationException("the check of %s was stopped".formatted(tool.name()));
        }
        if (!installed.getAsBoolean()) {
            // A check that needs a file of the program has crashed, and says nothing about the tool.
            return new Examined(
                    store.mergeInMemory(diagnosis),
                    diagnosis.leftOut(),
                    Optional.of("Did not save the report on %s: Lamplighter was upgraded or removed during the check."
                            .formatted(tool.name())));
        }
        try {
            Report saved = store.merge(diagnosis);
            record(tool, saved);
            return new Examined(saved, diagnosis.leftOut(), Optional.empty());
        } catch (IOException e) {
            return new Examined(
                    store.mergeInMemory(diagnosis),
                    diagnosis.leftOut(),
                    Optional.of("Could not save the report on %s: %s".formatted(tool.name(), FileProblem.why(e))));
        }
    }

    /// Adds the state to the history, in which a state that cannot be written is missing like one between two checks.
    private void record(Manifest tool, Report saved) {
        Instant now = clock.instant();
        boolean upgrading = history.isUpgrading(tool.name().value());
        SeenState.of(ToolStatus.of(Optional.of(saved), Optional.empty(), upgrading, now, trust())
                        .state())
                .ifPresent(seen -> {
                    try {
                        states.record(tool.name(), seen, now);
                    } catch (IOException _) {
                        // The report was saved, and says more.
                    }
                });
    }

    /// Whether the checks of a service with findings saw a state in between: it was started, stopped or upgraded while
    /// they ran. States that change together must be read together.
    private boolean changedMeanwhile(DiagnoseTool.Moment before, Manifest tool, Report report) {
        boolean isInDoubt = report.isBeingUpgraded()
                || report.findings().stream()
                        .anyMatch(finding -> DiagnoseTool.isOfTheService(finding.id())
                                && finding.severity().weight() >= Severity.UNKNOWN.weight());
        return isInDoubt && !before.equals(doctor.moment(tool));
    }

    /// A partial run keeps the time of the last full run.
    private DiagnoseTool.Diagnosis dated(DiagnoseTool.Diagnosis diagnosis, Manifest tool, DiagnoseTool.Scope scope) {
        return scope == DiagnoseTool.Scope.SERVICE
                ? store.last(tool.name())
                        .map(earlier -> new DiagnoseTool.Diagnosis(
                                diagnosis.report().at(earlier.reportedAt()), diagnosis.leftOut()))
                        .orElse(diagnosis)
                : diagnosis;
    }

    /// Repeats the checks that a service command may affect. A tool that was never checked gets all checks
    /// except those of the network, so that a partial report never looks like a full one.
    ///
    /// @return the new report, merged with earlier answers
    public Optional<Report> recheckService(Manifest tool) {
        boolean known = store.last(tool.name()).isPresent();
        return run(List.of(tool), known ? DiagnoseTool.Scope.SERVICE : DiagnoseTool.Scope.OFFLINE).reports().stream()
                .findFirst();
    }

    /// Saves what the sources of tools have just said, as if the doctor had asked. A tool that was never checked gets
    /// the checks of an offline run with it.
    ///
    /// @return a sentence for each report that could not be saved
    public List<String> remember(Map<Manifest, Verdict> verdicts) {
        List<String> problems = new ArrayList<>();
        List<Report> reports = new ArrayList<>();
        verdicts.forEach((tool, verdict) -> {
            Optional<Report> earlier = store.last(tool.name());
            DiagnoseTool knowing = doctor.knowing(verdict);
            DiagnoseTool.Diagnosis diagnosis = earlier.map(report -> {
                        DiagnoseTool.Diagnosis source = knowing.examine(tool, DiagnoseTool.Scope.SOURCE);
                        return new DiagnoseTool.Diagnosis(
                                source.report().with(report.facts()).at(report.reportedAt()), source.leftOut());
                    })
                    .orElseGet(() -> knowing.examine(tool, DiagnoseTool.Scope.OFFLINE));
            try {
                // A check that needs a file of a program that is being removed says nothing about the tool.
                reports.add(installed.getAsBoolean() ? store.merge(diagnosis) : store.mergeInMemory(diagnosis));
            } catch (IOException e) {
                problems.add("Could not save the report on %s: %s".formatted(tool.name(), FileProblem.why(e)));
            }
        });
        refreshGlance(List.copyOf(verdicts.keySet()), reports).ifPresent(problems::add);
        return problems;
    }

    /// Checks the files of tools that aren't managed; the reports are not saved.
    public List<Report> found(List<Manifest> tools) {
        return tools.stream()
                .map(tool -> doctor.examine(tool, DiagnoseTool.Scope.DISK).report())
                .toList();
    }

    /// Removes what is known of a tool that is no longer managed.
    public void forget(ToolName tool) {
        try {
            store.forget(tool);
            states.forget(tool);
        } catch (IOException _) {
            // It shows nowhere, as long as the tool is not managed.
        }
        Optional<String> _ = refreshGlance();
    }

    /// Rewrites the glance from the last reports.
    ///
    /// @return why it could not be written
    public Optional<String> refreshGlance() {
        return refreshGlance(List.of(), List.of());
    }

    /// @param known manifests that were already read; the others are read from disk
    /// @param fresh new reports; the others are read from disk
    private Optional<String> refreshGlance(List<Manifest> known, List<Report> fresh) {
        List<ManifestEntry> entries = managed.apply(known);
        List<ManifestEntry.Broken> unreadable = entries.stream()
                .flatMap(entry -> entry instanceof ManifestEntry.Broken broken ? Stream.of(broken) : Stream.empty())
                .toList();
        try {
            glance.write(Glance.of(tools(entries, fresh), unreadable, history, clock.instant(), trust()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("Could not update the tray icon's state: " + FileProblem.why(e));
        }
    }

    /// Whether the user ignores a finding of a check that was not run now.
    ///
    /// @param report the tool's last one
    public boolean isIgnored(Report report, String id, Severity severity, String title) {
        return store.isSetAside(report, id, severity, title);
    }

    /// All managed tools with their last reports.
    public List<ManagedTool> tools() {
        return tools(managed.apply(List.of()), List.of());
    }

    private List<ManagedTool> tools(List<ManifestEntry> entries, List<Report> fresh) {
        Map<String, Report> reports = new HashMap<>();
        fresh.forEach(report -> reports.put(report.name(), report));
        Stream<Manifest> readable = entries.stream()
                .flatMap(entry ->
                        entry instanceof ManifestEntry.Readable found ? Stream.of(found.manifest()) : Stream.empty());
        return Stream.concat(lamplighter.get().stream(), readable)
                .map(manifest -> new ManagedTool(
                        manifest,
                        unit.apply(manifest),
                        Optional.ofNullable(reports.get(manifest.name().value()))
                                .or(() -> store.last(manifest.name()))))
                .toList();
    }

    /// The states of a tool over the last days.
    public StateDays days(ToolName tool, ZoneId zone) {
        return states.days(tool, clock.instant(), zone);
    }

    /// The upgrades of all tools.
    public UpgradeHistory history() {
        return history;
    }

    /// The age up to which a report is trusted.
    public Duration trust() {
        return interval.get().multipliedBy(2);
    }
}
