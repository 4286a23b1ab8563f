package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.ProvenanceJson;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportJson;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.status.CheckTools;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.status.UserTools;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.tool.ToolCatalog;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `outdated [NAME…]`: asks the source of each tool for newer versions. Changes nothing.
@Command(
        name = "outdated",
        header = "Check for newer versions",
        description = "Changes nothing. Each tool is compared with the source it was installed from.",
        footer = {"lamplighter outdated", "lamplighter outdated jupyterlab"})
public final class OutdatedCommand extends ReportingCommand {

    private final ToolCatalog toolCatalog;
    private final Releases releases;
    private final ReportStore reports;
    private final BiFunction<Manifest, UpgradeTarget, Optional<Report.RolledBack>> tried;
    private final CheckTools checkTools;
    private final InstantSource clock;
    private final ZoneId zone;
    private final AppDirectories directories;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Tools to check (default: all managed tools)")
    private List<String> names = List.of();

    /// @param reports earlier results, for sources that do not respond now
    /// @param tried the upgrade to a version that was rolled back
    /// @param checkTools saves the answers
    public OutdatedCommand(
            ToolCatalog toolCatalog,
            Releases releases,
            ReportStore reports,
            BiFunction<Manifest, UpgradeTarget, Optional<Report.RolledBack>> tried,
            CheckTools checkTools,
            InstantSource clock,
            ZoneId zone,
            AppDirectories directories,
            Console console) {
        super("outdated", console);
        this.toolCatalog = toolCatalog;
        this.releases = releases;
        this.reports = reports;
        this.tried = tried;
        this.checkTools = checkTools;
        this.clock = clock;
        this.zone = zone;
        this.directories = directories;
    }

    @Override
    CommandResult run() {
        List<Tool> tools = new ArrayList<>();
        if (names.isEmpty()) {
            tools.addAll(toolCatalog.managed());
        }
        for (String name : names) {
            List<Tool> meant = toolCatalog.matching(name);
            if (meant.isEmpty()) {
                return CommandResult.failed(
                        ExitCode.USAGE,
                        "unknown-tool",
                        "There is no tool %s.%s To see all tools, run `lamplighter list`."
                                .formatted(
                                        name,
                                        toolCatalog
                                                .suggestion(name)
                                                .map(" Did you mean %s?"::formatted)
                                                .orElse("")));
            }
            tools.addAll(meant);
        }
        Map<Tool, Verdict> verdicts = verdicts(tools);
        remember(verdicts);
        return CommandResult.ok(() -> json(verdicts), console -> print(verdicts, console));
    }

    /// The doctor, the tray icon and the window know the same answers then.
    private void remember(Map<Tool, Verdict> verdicts) {
        Map<Manifest, Verdict> managed = new LinkedHashMap<>();
        verdicts.forEach((tool, verdict) -> tool.manifest().ifPresent(manifest -> managed.put(manifest, verdict)));
        if (!managed.isEmpty()) {
            checkTools.remember(managed);
        }
    }

    private ObjectNode json(Map<Tool, Verdict> verdicts) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode array = data.putArray("tools");
        verdicts.forEach((tool, verdict) -> {
            ObjectNode entry = array.addObject();
            entry.put("name", tool.name());
            tool.provenance()
                    .map(Provenance::version)
                    .filter(text -> !text.isEmpty())
                    .ifPresentOrElse(version -> entry.put("version", version), () -> entry.putNull("version"));
            entry.set("verdict", ProvenanceJson.verdict(verdict));
            rolledBack(tool, verdict).ifPresent(before -> entry.set("rolledBack", ReportJson.rolledBack(before, zone)));
        });
        return data;
    }

    private void print(Map<Tool, Verdict> verdicts, Console console) {
        Map<Tool, Verdict> itself = new LinkedHashMap<>(verdicts);
        itself.keySet().removeIf(tool -> UserTools.isOne(tool.id()));
        Map<Tool, Verdict> users = new LinkedHashMap<>(verdicts);
        users.keySet().removeAll(itself.keySet());
        if (users.isEmpty() && names.isEmpty()) {
            console.out().println("No tools are managed yet.");
        }
        table(users, console);
        if (!itself.isEmpty() && names.isEmpty()) {
            console.out().println();
            console.out().println("This program:");
        }
        table(itself, console);
    }

    private void table(Map<Tool, Verdict> verdicts, Console console) {
        TextTable table = new TextTable();
        verdicts.forEach((tool, verdict) -> table.row(
                mark(tool, verdict) + " " + tool.name()
                        + tool.provenance().map(found -> " " + found.version()).orElse(""),
                directories.display(sentence(verdict) + before(tool, verdict) + again(tool, verdict))));
        table.lines().forEach(line -> console.out().println("  " + line));
    }

    /// Asks all sources at the same time; each request has its own limit.
    private Map<Tool, Verdict> verdicts(List<Tool> tools) {
        Map<Tool, Verdict> verdicts = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<Tool, Future<Verdict>> asked = new LinkedHashMap<>();
            tools.forEach(tool -> asked.put(tool, threads.submit(() -> verdict(tool))));
            for (Map.Entry<Tool, Future<Verdict>> question : asked.entrySet()) {
                verdicts.put(question.getKey(), question.getValue().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            tools.forEach(tool -> verdicts.putIfAbsent(
                    tool,
                    new Verdict.NotCheckable(Verdict.UncheckableReason.INTERRUPTED, "The check was interrupted.")));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return verdicts;
    }

    private Verdict verdict(Tool tool) {
        return tool.provenance()
                .map(found -> releases.verdict(found, variables(tool)))
                .orElseGet(() -> new Verdict.NotCheckable(
                        Verdict.UncheckableReason.NOT_FOUND,
                        tool.entry()
                                        .filter(ManifestEntry.Broken.class::isInstance)
                                        .isPresent()
                                ? "Its manifest cannot be read. For details, run `lamplighter manifest lint %s`."
                                        .formatted(tool.name())
                                : "%s is not installed where its manifest says.".formatted(tool.name())));
    }

    /// The package manager's environment variables when the tool was added.
    private static Map<String, String> variables(Tool tool) {
        return tool.manifest().map(manifest -> manifest.install().variables()).orElse(Map.of());
    }

    /// The upgrade to the offered version that was tried before and undone.
    private Optional<Report.RolledBack> rolledBack(Tool tool, Verdict verdict) {
        return verdict instanceof Verdict.Outdated outdated
                ? tool.manifest().flatMap(manifest -> tried.apply(manifest, outdated.upgradeTarget()))
                : Optional.empty();
    }

    private String again(Tool tool, Verdict verdict) {
        return rolledBack(tool, verdict)
                .map(before -> ", but was rolled back %s ago. To try it again, run `lamplighter upgrade %s --to %s`."
                        .formatted(
                                HumanTime.age(Duration.between(before.at(), clock.instant())),
                                tool.name(),
                                before.version()))
                .orElse("");
    }

    private String mark(Tool tool, Verdict verdict) {
        return rolledBack(tool, verdict).isPresent() ? "i" : mark(verdict);
    }

    private static String mark(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Current _, Verdict.Ahead _ -> "✓";
            case Verdict.Outdated _ -> "↑";
            case Verdict.Pinned _ -> "i";
            case Verdict.NotCheckable not -> not.uncheckableReason().isHowItIs() ? "i" : "?";
        };
    }

    /// The update that was available when the source last responded.
    private String before(Tool tool, Verdict verdict) {
        if (!(verdict instanceof Verdict.NotCheckable not)
                || !not.uncheckableReason().isSilence()) {
            return "";
        }
        return tool.manifest()
                .flatMap(manifest -> reports.last(manifest.name()))
                .filter(report -> report.provenance()
                        .map(Provenance::version)
                        .equals(tool.provenance().map(Provenance::version)))
                .flatMap(report -> ToolStatus.updateTo(report)
                        .flatMap(version -> report.askedAt()
                                .map(at -> " %s was available %s ago."
                                        .formatted(version, HumanTime.age(Duration.between(at, clock.instant()))))))
                .orElse("");
    }

    /// Why the newest version is not offered.
    private static String newer(Verdict verdict) {
        return verdict.notTaken().stream()
                .map(one -> "; " + one.title())
                .findFirst()
                .orElse("");
    }

    /// The verdict and why no newer version is offered, in one line.
    static String sentence(Verdict verdict) {
        String newer = newer(verdict);
        String text = text(verdict);
        return newer.isEmpty() ? text : text.replaceFirst("\\.$", "") + newer;
    }

    private static String text(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Current current ->
                current.notTaken().isEmpty() ? "up to date" : "up to date with what this installation can take";
            case Verdict.Outdated outdated -> outdated.upgradeTarget().label() + " is available";
            case Verdict.Ahead(String newest) -> "newer than %s, the newest version of its source".formatted(newest);
            case Verdict.Pinned pinned -> "pinned: " + pinned.why();
            case Verdict.NotCheckable not ->
                // With a command, there is something to do, or to turn on.
                not.uncheckableReason().isHowItIs() && not.command().isEmpty()
                        ? "no updates: " + not.why()
                        : not.sentence();
        };
    }
}
