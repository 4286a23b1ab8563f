package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.SpellingSuggestion;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `forget NAME`: stops looking after a tool. Its program and its data stay as they are; so does a service of ours,
/// unless the person wants it to go too.
@Command(
        name = "forget",
        header = "Stop managing a tool (uninstalls nothing)",
        description =
                "The tool stays installed. Lamplighter asks whether to remove its service, too; with --yes the service"
                        + " is kept. `lamplighter activity` shows how to undo it.",
        footer = "lamplighter forget n8n")
public final class ForgetCommand implements Callable<Integer> {

    private final ManifestStore store;
    private final AppDirectories directories;
    private final ServiceControl serviceControl;
    private final ServiceOperation change;
    private final ActivityRecorder activityRecorder;
    private final Console console;

    @Parameters(paramLabel = "NAME", description = "Managed tool")
    private String name = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompts; keep the service")
    private boolean yes;

    @Option(names = "--json", description = "Print the result as JSON")
    private boolean json;

    public ForgetCommand(
            ManifestStore store,
            AppDirectories directories,
            ServiceControl serviceControl,
            ServiceOperation change,
            ActivityRecorder activityRecorder,
            Console console) {
        this.store = store;
        this.directories = directories;
        this.serviceControl = serviceControl;
        this.change = change;
        this.activityRecorder = activityRecorder;
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<ToolName> toolName = ToolName.of(name);
        Optional<ManifestEntry> entry = toolName.flatMap(store::entry);
        if (toolName.isEmpty() || entry.isEmpty()) {
            String meant = SpellingSuggestion.to(
                            name,
                            store.entries().stream().map(ManifestEntry::name).toList())
                    .map(" Did you mean %s?"::formatted)
                    .orElse("");
            return problem(
                    ExitCode.USAGE,
                    "unknown-tool",
                    "%s is not looked after.%s `lamplighter list` shows what is.".formatted(name, meant));
        }
        String file = directories.display(entry.get().file());
        if (!yes && console.ask().isEmpty()) {
            return problem(
                    ExitCode.REFUSED,
                    "needs-consent",
                    "It would remove %s; without a terminal, `--yes` agrees.".formatted(file));
        }
        if (!yes
                && !console.agrees(
                        "Stop looking after %s? Removes %s and nothing else; a copy is kept.".formatted(name, file))) {
            return problem(ExitCode.REFUSED, "not-agreed", "Nothing was changed.");
        }
        Optional<Manifest> manifest = entry.get() instanceof ManifestEntry.Readable readable
                ? Optional.of(readable.manifest())
                : Optional.empty();
        Optional<String> unit = manifest.flatMap(serviceControl::own);
        boolean takesAway = unit.isPresent()
                && !yes
                && console.agrees(
                        "Its service %s goes on by itself. Stop it and take it away as well?".formatted(unit.get()));
        if (takesAway) {
            Optional<Integer> obstacle = takeAway(manifest.orElseThrow(), unit.orElseThrow());
            if (obstacle.isPresent()) {
                return obstacle.get();
            }
        }
        Optional<Integer> kept;
        try {
            kept = store.backUp(toolName.get());
        } catch (IOException e) {
            return problem(
                    ExitCode.REFUSED,
                    "not-removed",
                    "Its description could not be kept for a way back, so it stays: %s.".formatted(e.getMessage()));
        }
        return switch (store.remove(toolName.get())) {
            case ManifestStore.Change.Done(Path removed) -> {
                kept.ifPresent(number -> activityRecorder.add(
                        name,
                        "stopped looking after " + name,
                        directories.display(removed),
                        "lamplighter forget " + name,
                        AddCommand.wayBack(name, number)));
                yield forgotten(removed, kept, unit, takesAway);
            }
            case ManifestStore.Change.Refused(Path _, String why) -> problem(ExitCode.REFUSED, "not-removed", why);
        };
    }

    private int forgotten(Path removed, Optional<Integer> kept, Optional<String> unit, boolean takenAway) {
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            data.put("name", name).put("file", removed.toString());
            unit.ifPresentOrElse(present -> data.put("unit", present), () -> data.putNull("unit"));
            data.put("serviceRemoved", takenAway);
            kept.ifPresentOrElse(number -> data.put("kept", number), () -> data.putNull("kept"));
            return console.envelope("forget", ExitCode.OK, data, List.of());
        }
        String service = unit.isEmpty()
                ? ""
                : takenAway
                        ? " Its service was stopped and taken away."
                        : " Its service %s goes on by itself; once it is looked after again, `lamplighter service uninstall %s` takes it away."
                                .formatted(unit.get(), name);
        String back = kept.map(number ->
                        " `%s` takes it up again as it was described.".formatted(AddCommand.wayBack(name, number)))
                .orElse("");
        console.err().println("%s is not looked after any more. Its program stays.%s%s".formatted(name, service, back));
        return ExitCode.OK;
    }

    /// @return how the verb ends when that did not go well: the tool is then still looked after
    private Optional<Integer> takeAway(Manifest manifest, String unit) {
        ServiceOperation.Labels labels = new ServiceOperation.Labels(
                "Removing the service of", "removed the service of %s", "service uninstall", "service install");
        return switch (change.runWithoutCheck(manifest, unit, labels, () -> serviceControl.uninstall(manifest))) {
            case ServiceOperation.Result.Busy(String why) -> Optional.of(problem(ExitCode.BUSY, "busy", why));
            case ServiceOperation.Result.Completed(ServiceOutcome outcome, var _) ->
                switch (outcome) {
                    case ServiceOutcome.Done _, ServiceOutcome.Already _ -> Optional.empty();
                    case ServiceOutcome.Refused _, ServiceOutcome.Failed _ ->
                        Optional.of(problem(
                                ExitCode.FAILED,
                                "service-" + outcome.word(),
                                "%s %s is still looked after.".formatted(outcome.reason(), name)));
                };
        };
    }

    private int problem(int code, String id, String sentence) {
        return console.problem(json, "forget", code, new Problem(id, sentence));
    }
}
