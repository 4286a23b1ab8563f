package io.github.lamplighter.incident;

import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.Progress;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

/// Examines tools, keeps what was found, and leaves the glance for the tray. Every face that checks goes
/// through here.
public final class CheckUp {

    /// So many tools at the same time: each starts programs of its own.
    private static final int AT_ONCE = 4;

    private final DiagnoseTool doctor;
    private final ReportStore store;
    private final GlanceFile glance;
    private final Supplier<List<Manifest>> lookedAfter;
    private final Supplier<List<ManifestEntry.Broken>> unreadable;
    private final Function<Manifest, String> unit;
    private final Supplier<Duration> interval;
    private final InstantSource clock;

    /// @param lookedAfter every tool whose manifest can be read
    /// @param unreadable those whose manifest cannot
    /// @param unit the service of a tool
    /// @param interval between full runs (`doctor.interval`)
    public CheckUp(
            DiagnoseTool doctor,
            ReportStore store,
            GlanceFile glance,
            Supplier<List<Manifest>> lookedAfter,
            Supplier<List<ManifestEntry.Broken>> unreadable,
            Function<Manifest, String> unit,
            Supplier<Duration> interval,
            InstantSource clock) {
        this.doctor = doctor;
        this.store = store;
        this.glance = glance;
        this.lookedAfter = lookedAfter;
        this.unreadable = unreadable;
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
                AT_ONCE, Thread.ofVirtual().name("tool-", 0).factory())) {
            Map<Manifest, Future<DiagnoseTool.Diagnosis>> running = new LinkedHashMap<>();
            tools.forEach(tool -> running.put(tool, threads.submit(() -> now.examine(tool, scope, progress))));
            running.forEach((tool, future) -> {
                try {
                    DiagnoseTool.Diagnosis diagnosis = dated(future.get(), tool, scope);
                    leftOut.addAll(diagnosis.leftOut());
                    try {
                        reports.add(store.merge(diagnosis));
                    } catch (IOException e) {
                        problems.add("The report on %s could not be kept: %s".formatted(tool.name(), e.getMessage()));
                        reports.add(store.together(diagnosis));
                    }
                } catch (ExecutionException e) {
                    throw new IllegalStateException(
                            "examining " + tool.name(),
                            Optional.ofNullable(e.getCause()).orElse(e));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        refreshGlance().ifPresent(problems::add);
        return new Outcome(
                reports,
                problems,
                DiagnoseTool.ids().stream().filter(leftOut::contains).toList());
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
    public Optional<Report> after(Manifest tool) {
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
        try {
            glance.write(Overview.of(watched(), unreadable.get(), clock.instant(), interval.get()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("What the icon shows could not be written: " + e.getMessage());
        }
    }

    /// Every tool that is looked after, with its last report.
    public List<Overview.Watched> watched() {
        return lookedAfter.get().stream()
                .map(manifest -> new Overview.Watched(manifest, unit.apply(manifest), store.last(manifest.name())))
                .toList();
    }

    /// What is older is not believed.
    public Duration trust() {
        return interval.get().multipliedBy(2);
    }
}
