package io.github.lamplighter.cli;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.upgrade.KeptFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `forget NAME`: removes a tool's manifest. The tool and its data stay; its service stays, too, unless the user
/// agrees to remove it.
@Command(
        name = "forget",
        header = "Stop managing a tool (uninstalls nothing)",
        description =
                "The tool stays installed. Lamplighter asks whether to remove its service, too; with --yes the service"
                        + " is kept. `lamplighter activity` shows how to undo it.",
        footer = "lamplighter forget n8n")
public final class ForgetCommand extends ReportingCommand {

    private final ManifestStore store;
    private final AppDirectories directories;
    private final ServiceControl serviceControl;
    private final ServiceOperation operation;
    private final ActivityRecorder activityRecorder;
    private final Function<Manifest, Optional<Path>> keptVersions;
    private final Consumer<ToolName> forgotten;

    @Parameters(paramLabel = "NAME", description = "Managed tool")
    private String name = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompts; keep the service")
    private boolean yes;

    /// @param keptVersions the folder with the previous versions of a tool
    /// @param forgotten removes what is known of a tool
    public ForgetCommand(
            ManifestStore store,
            AppDirectories directories,
            ServiceControl serviceControl,
            ServiceOperation operation,
            ActivityRecorder activityRecorder,
            Function<Manifest, Optional<Path>> keptVersions,
            Consumer<ToolName> forgotten,
            Console console) {
        super("forget", console);
        this.store = store;
        this.directories = directories;
        this.serviceControl = serviceControl;
        this.operation = operation;
        this.activityRecorder = activityRecorder;
        this.keptVersions = keptVersions;
        this.forgotten = forgotten;
    }

    @Override
    CommandResult run() {
        Optional<ManifestEntry> entry = ToolName.of(name).flatMap(store::entry);
        return entry.isPresent()
                ? forget(entry.get())
                : ToolSelection.of(store, List.of(name)).problem();
    }

    private CommandResult forget(ManifestEntry entry) {
        String file = directories.display(entry.file());
        return unlessConfirmed(
                        yes,
                        "Stop managing %s? This removes %s; a backup is kept. The tool stays installed."
                                .formatted(name, file),
                        "To remove %s, add `--yes`.".formatted(file))
                .orElseGet(() -> withoutService(entry));
    }

    private CommandResult withoutService(ManifestEntry entry) {
        Optional<Manifest> manifest =
                entry instanceof ManifestEntry.Readable readable ? Optional.of(readable.manifest()) : Optional.empty();
        Optional<String> unit = manifest.flatMap(serviceControl::own);
        boolean removesService = unit.isPresent()
                && !yes
                && console().agrees("Its service %s keeps running. Stop and remove it, too?".formatted(unit.get()));
        Optional<CommandResult> obstacle =
                removesService ? removeService(manifest.orElseThrow(), unit.orElseThrow()) : Optional.empty();
        return obstacle.orElseGet(
                () -> removeManifest(new ToolName(name), unit, removesService, manifest.flatMap(keptVersions)));
    }

    private CommandResult removeManifest(
            ToolName toolName, Optional<String> unit, boolean serviceRemoved, Optional<Path> versions) {
        Optional<Integer> kept;
        try {
            kept = store.backUp(toolName);
        } catch (IOException e) {
            return CommandResult.failed(
                    ExitCode.REFUSED,
                    "not-removed",
                    "Could not back up the manifest, so it was not removed: %s.".formatted(FileProblem.why(e)));
        }
        return switch (store.remove(toolName)) {
            case ManifestStore.Change.Done(Path removed) -> {
                forgotten.accept(toolName);
                kept.ifPresent(number -> activityRecorder.add(
                        name,
                        "stopped managing " + name,
                        directories.display(removed),
                        "lamplighter forget " + name,
                        AddCommand.undo(name, number)));
                yield CommandResult.ok(
                        () -> data(removed, kept, unit, serviceRemoved),
                        console -> console.err().println(text(kept, unit, serviceRemoved, versions)));
            }
            case ManifestStore.Change.Refused(Path _, String why) ->
                CommandResult.failed(ExitCode.REFUSED, "not-removed", why);
        };
    }

    private ObjectNode data(Path removed, Optional<Integer> kept, Optional<String> unit, boolean serviceRemoved) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.put("name", name).put("file", removed.toString());
        data.put("unit", unit.orElse(null));
        data.put("serviceRemoved", serviceRemoved);
        data.put("kept", kept.orElse(null));
        return data;
    }

    private String text(
            Optional<Integer> kept, Optional<String> unit, boolean serviceRemoved, Optional<Path> versions) {
        List<String> sentences = new ArrayList<>();
        sentences.add("Lamplighter no longer manages %s. The tool itself is still installed.".formatted(name));
        unit.ifPresent(service -> sentences.add(
                serviceRemoved
                        ? "Its service was stopped and removed."
                        : "Its service %s keeps running. To remove it, undo this and run `lamplighter service uninstall %s`."
                                .formatted(service, name)));
        // A package manager does not know them, so an uninstallation leaves them.
        versions.ifPresent(
                folder -> sentences.add("Its previous versions (%d MB) stay in %s. If you don't need them, run `%s`."
                        .formatted(
                                KeptFolders.megabytes(folder),
                                directories.display(folder),
                                KeptFolders.deletion(folder))));
        kept.ifPresent(number -> sentences.add("To undo: `%s`".formatted(AddCommand.undo(name, number))));
        return String.join(" ", sentences);
    }

    /// The failure, if the service could not be removed: then the tool is still managed.
    private Optional<CommandResult> removeService(Manifest manifest, String unit) {
        ServiceOperation.Labels labels = new ServiceOperation.Labels(
                "Removing the service of", "removed the service of %s", "service uninstall", "service install");
        return switch (operation.runWithoutCheck(manifest, unit, labels, () -> serviceControl.uninstall(manifest))) {
            case ServiceOperation.Result.Busy(String why) ->
                Optional.of(CommandResult.failed(ExitCode.BUSY, "busy", why));
            case ServiceOperation.Result.Completed(ServiceOutcome outcome, var _) ->
                switch (outcome) {
                    case ServiceOutcome.Done _, ServiceOutcome.Already _ -> Optional.empty();
                    case ServiceOutcome.Refused _, ServiceOutcome.Failed _ ->
                        Optional.of(CommandResult.failed(
                                ExitCode.FAILED,
                                "service-" + outcome.word(),
                                "%s %s is still managed.".formatted(outcome.reason(), name)));
                };
        };
    }
}
