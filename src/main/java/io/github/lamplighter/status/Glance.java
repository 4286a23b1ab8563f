package io.github.lamplighter.status;

import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.tool.ManifestEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The content of `glance.json`: what the tray icon needs of the reports. The doctor writes it after each run.
/// The tray reads no other report; it queries the service manager for the rest.
///
/// @param staleAfter from then on every state is unknown
public record Glance(Instant writtenAt, Instant staleAfter, List<ToolGlance> tools) {

    public Glance {
        tools = List.copyOf(tools);
    }

    /// The doctor's look at a service, of which the report may be older and the glance newer.
    ///
    /// @param foundProblemOfRun whether all problems of the tool are about how the service ran
    public record ServiceLook(Instant at, boolean foundProblemOfRun) {}

    /// One managed tool, with a component for each key of its entry in `glance.json`.
    ///
    /// @param version installed; empty if it could not be read
    /// @param expectedRunning whether its service should be running
    /// @param unit the service to watch
    /// @param endpoint the URL to probe, if it should be running
    /// @param ignoredChecks the checks of its last report that the user ignores
    /// @param rolledBack the offered version that was tried and rolled back
    /// @param upgraded the upgrade that installed the present version
    /// @param timedOut whether a check did not finish in time, so that it is tried again soon
    /// @param look of the doctor at its service
    public record ToolGlance(
            String name,
            ToolStatus.State state,
            String headline,
            String version,
            Optional<ToolStatus.Update> update,
            boolean expectedRunning,
            Optional<String> unit,
            Optional<String> endpoint,
            Set<String> ignoredChecks,
            Optional<Report.RolledBack> rolledBack,
            Optional<UpgradeHistory.Upgraded> upgraded,
            boolean timedOut,
            Optional<ServiceLook> look) {
        public ToolGlance {
            ignoredChecks = Set.copyOf(ignoredChecks);
        }

        /// When the doctor looked at its service, if all its problems are about how that ran.
        public Optional<Instant> problemOfRun() {
            return look.filter(ServiceLook::foundProblemOfRun).map(ServiceLook::at);
        }

        /// A tool that was never upgraded.
        public ToolGlance(
                String name,
                ToolStatus.State state,
                String headline,
                String version,
                Optional<ToolStatus.Update> update,
                boolean expectedRunning,
                Optional<String> unit,
                Optional<String> endpoint,
                Set<String> ignoredChecks) {
            this(
                    name,
                    state,
                    headline,
                    version,
                    update,
                    expectedRunning,
                    unit,
                    endpoint,
                    ignoredChecks,
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    Optional.empty());
        }
    }

    /// @param unreadable tools whose manifest cannot be read
    /// @param trust the age up to which a report is trusted
    static Glance of(
            List<ManagedTool> tools,
            List<ManifestEntry.Broken> unreadable,
            UpgradeHistory history,
            Instant now,
            Duration trust) {
        Instant oldest = tools.stream()
                .flatMap(tool -> tool.report().stream())
                .filter(report -> !ToolStatus.isOld(report, now, trust))
                .map(Report::reportedAt)
                .min(Comparator.naturalOrder())
                .orElse(now);
        return new Glance(
                now,
                oldest.plus(trust),
                Stream.concat(
                                tools.stream().map(tool -> glance(tool, history, now, trust)),
                                unreadable.stream().map(Glance::glance))
                        .toList());
    }

    private static ToolGlance glance(ManifestEntry.Broken broken) {
        ToolStatus status = ToolStatus.of(broken);
        return new ToolGlance(
                broken.name(),
                status.state(),
                status.headline(),
                "",
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Set.of());
    }

    private static ToolGlance glance(ManagedTool tool, UpgradeHistory history, Instant now, Duration trust) {
        String name = tool.manifest().name().value();
        ToolStatus status = ToolStatus.of(tool.report(), Optional.empty(), history.isUpgrading(name), now, trust);
        boolean expected = tool.manifest().expected() == Expected.RUNNING;
        return new ToolGlance(
                name,
                status.state(),
                status.headline(),
                tool.report()
                        .flatMap(Report::provenance)
                        .map(Provenance::version)
                        .orElse(""),
                status.update(),
                expected,
                tool.isService() ? Optional.of(tool.unit()) : Optional.empty(),
                expected ? tool.manifest().endpoint().map(Manifest.Endpoint::url) : Optional.empty(),
                tool.report().map(Glance::ignoredChecks).orElse(Set.of()),
                tool.report().flatMap(Report::rolledBack),
                history.last(name),
                tool.report().filter(report -> !report.timedOut().isEmpty()).isPresent(),
                tool.report()
                        .filter(_ -> tool.isService())
                        .map(report -> new ServiceLook(
                                report.facts().running().checkedAt(),
                                ToolStatus.problemOfRun(report).isPresent())));
    }

    private static Set<String> ignoredChecks(Report report) {
        return report.findings().stream()
                .filter(Finding::ignored)
                .map(Finding::id)
                .collect(Collectors.toSet());
    }
}
