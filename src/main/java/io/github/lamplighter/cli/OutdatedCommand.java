package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.release.Releases;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.status.ToolStatus;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.tool.ToolCatalog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `outdated [NAME…]`: whether each tool is the newest that its own source offers. Changes nothing.
@Command(name = "outdated", description = "Ask each tool's source whether there is something newer.")
public final class OutdatedCommand implements Callable<Integer> {

    private final ToolCatalog toolCatalog;
    private final Releases releases;
    private final ReportStore reports;
    private final InstantSource clock;
    private final AppDirectories directories;
    private final Console console;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Tools; without one, all that are looked after.")
    private List<String> names = List.of();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /// @param reports what was said before by sources that say nothing now
    public OutdatedCommand(
            ToolCatalog toolCatalog,
            Releases releases,
            ReportStore reports,
            InstantSource clock,
            AppDirectories directories,
            Console console) {
        this.toolCatalog = toolCatalog;
        this.releases = releases;
        this.reports = reports;
        this.clock = clock;
        this.directories = directories;
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Tool> tools = new ArrayList<>();
        if (names.isEmpty()) {
            tools.addAll(toolCatalog.lookedAfter());
        }
        for (String name : names) {
            List<Tool> meant = toolCatalog.meant(name);
            if (meant.isEmpty()) {
                String nearest = toolCatalog
                        .nearest(name)
                        .map(" Did you mean %s?"::formatted)
                        .orElse("");
                return console.problem(
                        json,
                        "outdated",
                        ExitCode.USAGE,
                        new Problem(
                                "unknown-tool",
                                "There is no tool %s.%s `lamplighter list` shows what there is."
                                        .formatted(name, nearest)));
            }
            tools.addAll(meant);
        }
        Map<Tool, Verdict> verdicts = verdicts(tools);
        if (json) {
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
            });
            return console.envelope("outdated", ExitCode.OK, data, List.of());
        }
        int width = verdicts.keySet().stream()
                .mapToInt(tool -> label(tool).length())
                .max()
                .orElse(0);
        verdicts.forEach((tool, verdict) -> console.out()
                .println("  %s %s  %s"
                        .formatted(
                                mark(verdict),
                                label(tool) + " ".repeat(width - label(tool).length()),
                                directories.display(whole(verdict) + before(tool, verdict)))));
        return ExitCode.OK;
    }

    /// All sources are asked at the same time: each question has its own limit.
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
                    tool, new Verdict.NotCheckable(Verdict.UncheckableReason.INTERRUPTED, "It was interrupted.")));
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
                                ? "Its description cannot be read; `lamplighter manifest lint %s` says where."
                                        .formatted(tool.name())
                                : "It is not where its description says."));
    }

    /// The package manager's variables, as they were when the tool was added.
    private static Map<String, String> variables(Tool tool) {
        return tool.manifest().map(manifest -> manifest.install().variables()).orElse(Map.of());
    }

    private static String label(Tool tool) {
        return tool.name()
                + tool.provenance().map(found -> " " + found.version()).orElse("");
    }

    private static String mark(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Current _, Verdict.Ahead _ -> "✓";
            case Verdict.Outdated _ -> "↑";
            case Verdict.Pinned _ -> "i";
            case Verdict.NotCheckable not -> not.uncheckableReason().isHowItIs() ? "i" : "?";
        };
    }

    /// What was ready when its source last answered.
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
                                .map(at -> " %s was ready when it was asked %s ago."
                                        .formatted(version, ToolStatus.ago(Duration.between(at, clock.instant()))))))
                .orElse("");
    }

    /// Why the newest of all is not the one that is offered.
    private static String newer(Verdict verdict) {
        return verdict.notTaken().stream()
                .map(one -> "; " + one.title())
                .findFirst()
                .orElse("");
    }

    /// What is so and why nothing newer is offered, as one line.
    static String whole(Verdict verdict) {
        String newer = newer(verdict);
        String text = text(verdict);
        return newer.isEmpty() ? text : text.replaceFirst("\\.$", "") + newer;
    }

    private static String text(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Current current ->
                current.notTaken().isEmpty() ? "the newest" : "the newest that this copy can take";
            case Verdict.Outdated outdated -> outdated.upgradeTarget().label() + " is ready";
            case Verdict.Ahead(String newest) -> "newer than %s, the newest of its source".formatted(newest);
            case Verdict.Pinned pinned -> "held: " + pinned.why();
            case Verdict.NotCheckable not ->
                not.uncheckableReason().isHowItIs()
                        ? "nothing to compare with: " + not.why()
                        : "could not check: " + not.sentence();
        };
    }
}
