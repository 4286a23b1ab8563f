package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Progress;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.doctor.TrayPanel;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ResourceUsage;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceStatus;
import io.github.lamplighter.status.StateDays;
import io.github.lamplighter.status.ToolStatus.LiveService;
import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Prepared tools, services, logs and histories; reports come from a real store.
final class FakeWindowData implements WindowData {

    final List<String> called = Collections.synchronizedList(new ArrayList<>());
    final List<Tool> tools = new ArrayList<>();
    final Map<String, LiveService> live = new HashMap<>();
    final Map<String, Use> uses = new HashMap<>();
    final Map<String, String> how = new HashMap<>();
    final Set<String> upgrading = new HashSet<>();
    final Map<String, UpgradeHistory.Upgraded> upgraded = new HashMap<>();
    News news = News.NONE;
    Resident resident = new Resident(
            true, Optional.of(TrayPanel.shown("XFCE")), Optional.of(Instant.parse("2026-11-23T18:10:00Z")));
    final Map<String, ServiceStatus> services = new HashMap<>();
    final Map<String, ServiceSetup> setups = new HashMap<>();
    final Map<String, ServiceControl.Difference> differences = new HashMap<>();
    final Map<String, ResourceUsage> usage = new HashMap<>();
    final List<KeptVersion> kept = new ArrayList<>();
    final Map<String, StateDays> days = new HashMap<>();
    final List<UpgradeOutcome> history = new ArrayList<>();
    LogReading log = new LogReading(List.of(), Optional.empty(), Optional.empty());
    /// What happens during a check.
    volatile Consumer<Progress> checking = _ -> {};
    volatile Runnable serviceChanged = () -> {};
    volatile Consumer<LogLine> followed = _ -> {};
    private final ReportStore store;

    FakeWindowData(ReportStore store, List<Tool> tools) {
        this.store = store;
        this.tools.addAll(tools);
    }

    @Override
    public List<Tool> tools() {
        called.add("tools");
        return List.copyOf(tools);
    }

    @Override
    public List<KnownTool> known(List<Tool> asked) {
        return asked.stream()
                .map(tool -> new KnownTool(
                        tool,
                        tool.managed() ? report(tool.id()) : Optional.empty(),
                        Optional.ofNullable(live.get(tool.id())),
                        upgrading.contains(tool.id()),
                        Optional.ofNullable(upgraded.get(tool.id()))))
                .toList();
    }

    @Override
    public List<FoundTool> found(List<Tool> asked) {
        return asked.stream()
                .map(tool -> new FoundTool(
                        tool, uses.getOrDefault(tool.id(), Use.COMMAND), Optional.ofNullable(how.get(tool.id()))))
                .toList();
    }

    @Override
    public Resident resident() {
        return resident;
    }

    @Override
    public long keptBytes() {
        return kept.stream().mapToLong(KeptVersion::bytes).sum();
    }

    @Override
    public AutoCloseable watchServices(List<Tool> asked, Runnable changed) {
        serviceChanged = changed;
        return () -> {};
    }

    @Override
    public Optional<Report> report(String tool) {
        return ToolName.of(tool).flatMap(store::last);
    }

    @Override
    public Optional<String> check(String tool, Progress progress) {
        called.add("check " + tool);
        checking.accept(progress);
        return Optional.empty();
    }

    @Override
    public Optional<ServiceStatus> service(String tool) {
        called.add("service " + tool);
        return Optional.ofNullable(services.get(tool));
    }

    @Override
    public Optional<ServiceSetup> serviceSetup(String tool) {
        return Optional.ofNullable(setups.get(tool));
    }

    @Override
    public Optional<ServiceControl.Difference> serviceDifference(String tool) {
        called.add("difference " + tool);
        return Optional.ofNullable(differences.get(tool));
    }

    @Override
    public Optional<ResourceUsage> usage(String tool) {
        return Optional.ofNullable(usage.get(tool));
    }

    @Override
    public List<KeptVersion> keptVersions(String tool) {
        return List.copyOf(kept);
    }

    @Override
    public LogReading log(String tool, int lines, Optional<Instant> since) {
        called.add("log " + tool + " " + lines + since.map(at -> " since " + at).orElse(""));
        return log;
    }

    @Override
    public Following followLog(String tool, int lines, Consumer<LogLine> line) {
        called.add("follow " + tool);
        followed = line;
        return () -> called.add("end of following " + tool);
    }

    @Override
    public News news(String tool) {
        called.add("news " + tool);
        return news;
    }

    @Override
    public Map<String, StateDays> days(List<String> asked) {
        return days.entrySet().stream()
                .filter(entry -> asked.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public List<UpgradeOutcome> history(String tool) {
        called.add("history " + tool);
        return history.stream().filter(past -> past.name().equals(tool)).toList();
    }
}
