package io.github.lamplighter.status;

import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.Progress;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Examines tools, keeps what was found, and leaves the glance for the tray. Every face that checks goes
/// through here.
public final class ExamineTools {

    /// So many tools at the same time: each starts programs of its own.
    private static final int AT_ONCE = 4;

    private final DiagnoseTool doctor;
    private final ReportStore store;
    private final GlanceFile glance;
    private final Supplier<Optional<Manifest>> itself;
    private final Function<List<Manifest>, List<ManifestEntry>> lookedAfter;
    private final Function<Manifest, String> unit;
    private final Supplier<Duration> interval;
    private final InstantSource clock;

    /// @param itself Lamplighter, which is watched like the tools that it looks after
    /// @param lookedAfter every tool, readable or not, given those that were just read
    /// @param unit the service of a tool
    /// @param interval between full runs (`doctor.interval`)
    public ExamineTools(
            DiagnoseTool doctor,
            ReportStore store,
            GlanceFile glance,
            Supplier<Optional<Manifest>> itself,
            Function<List<Manifest>, List<ManifestEntry>> lookedAfter,
            Function<Manifest, String> unit,
            Supplier<Duration> interval,
            InstantSource clock) {
        this.doctor = doctor;
        this.store = store;
        this.glance = glance;
        this.itself = itself;
        this.lookedAfter = lookedAfter;
        this.unit = unit;
        this.interval = interval;
        this.clock = clock;
    }

    /// @param reports in the order of the tools that were asked for
    /// @param problems sentences about what could not be written down
    /// @param leftOut the ids of the checks that were not asked, in the order of the catalogue
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

    /// @param progress is told how far it is
    public Outcome run(List<Manifest> tools, DiagnoseTool.Scope scope, Progress progress) {
        List<Report> reports = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> leftOut = new HashSet<>();
        DiagnoseTool now = doctor.asOfNow(tools);
        try (ExecutorService threads = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofVirtual().name("tool").factory())) {
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

    /// @param report together with what is known from before
    /// @param problem why it could not be written down, as a sentence
    private record Examined(Report report, Set<String> leftOut, Optional<String> problem) {}

    private Examined examined(DiagnoseTool now, Manifest tool, DiagnoseTool.Scope scope, Progress progress) {
        DiagnoseTool.Diagnosis diagnosis = dated(now.examine(tool, scope, progress), tool, scope);
        try {
            return new Examined(store.merge(diagnosis), diagnosis.leftOut(), Optional.empty());
        } catch (IOException e) {
            return new Examined(
                    store.mergeInMemory(diagnosis),
                    diagnosis.leftOut(),
                    Optional.of("The report on %s could not be kept: %s".formatted(tool.name(), e.getMessage())));
        }
    }

    /// A report is as old as its last run over everything.
    private DiagnoseTool.Diagnosis dated(DiagnoseTool.Diagnosis diagnosis, Manifest tool, DiagnoseTool.Scope scope) {
        return scope == DiagnoseTool.Scope.SERVICE
                ? store.last(tool.name())
                        .map(earlier -> new DiagnoseTool.Diagnosis(
                                diagnosis.report().at(earlier.reportedAt()), diagnosis.leftOut()))
                        .orElse(diagnosis)
                : diagnosis;
    }

    /// Asks again what a service verb may have changed. A tool that was never examined is examined whole (but for
    /// the network): a report on a part must not look like one on everything.
    ///
    /// @return what is known now, earlier answers included
    public Optional<Report> recheckService(Manifest tool) {
        boolean known = store.last(tool.name()).isPresent();
        return run(List.of(tool), known ? DiagnoseTool.Scope.SERVICE : DiagnoseTool.Scope.OFFLINE).reports().stream()
                .findFirst();
    }

    /// Tools that nobody looks after, as far as their files tell; nothing of it is kept.
    public List<Report> found(List<Manifest> tools) {
        return tools.stream()
                .map(tool -> doctor.examine(tool, DiagnoseTool.Scope.DISK).report())
                .toList();
    }

    /// Writes the glance anew from the last reports.
    ///
    /// @return a sentence when it could not be written
    public Optional<String> refreshGlance() {
        return refreshGlance(List.of(), List.of());
    }

    /// @param known manifests that were just read; the others are read
    /// @param fresh reports that were just made; the others are read
    private Optional<String> refreshGlance(List<Manifest> known, List<Report> fresh) {
        List<ManifestEntry> entries = lookedAfter.apply(known);
        List<ManifestEntry.Broken> unreadable = entries.stream()
                .flatMap(entry -> entry instanceof ManifestEntry.Broken broken ? Stream.of(broken) : Stream.empty())
                .toList();
        try {
            glance.write(ToolStatus.of(watched(entries, fresh), unreadable, clock.instant(), interval.get()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("What the icon shows could not be written: " + e.getMessage());
        }
    }

    /// Whether the user does not want to hear of what a check would say now.
    ///
    /// @param report the last one of the tool
    public boolean isSetAside(Report report, String id, Severity severity, String title) {
        return store.isSetAside(report, id, severity, title);
    }

    /// Every tool that is looked after, with its last report.
    public List<ToolStatus.Watched> watched() {
        return watched(lookedAfter.apply(List.of()), List.of());
    }

    private List<ToolStatus.Watched> watched(List<ManifestEntry> entries, List<Report> fresh) {
        Map<String, Report> reports = new HashMap<>();
        fresh.forEach(report -> reports.put(report.name(), report));
        Stream<Manifest> readable = entries.stream()
                .flatMap(entry ->
                        entry instanceof ManifestEntry.Readable found ? Stream.of(found.manifest()) : Stream.empty());
        return Stream.concat(itself.get().stream(), readable)
                .map(manifest -> new ToolStatus.Watched(
                        manifest,
                        unit.apply(manifest),
                        Optional.ofNullable(reports.get(manifest.name().value()))
                                .or(() -> store.last(manifest.name()))))
                .toList();
    }

    /// What is older is not believed.
    public Duration trust() {
        return interval.get().multipliedBy(2);
    }
}
