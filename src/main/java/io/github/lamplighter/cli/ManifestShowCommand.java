package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.tool.LintFinding;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `manifest show NAME`
@Command(
        name = "show",
        header = "Show the effective manifest and the source of each value",
        description = "A value comes from the tool's author, a recipe, detection, or your own file.",
        footer = "lamplighter manifest show n8n")
final class ManifestShowCommand extends ReportingCommand {

    private final ManifestContext context;

    @Parameters(paramLabel = "NAME", description = "Managed tool")
    private String name = "";

    ManifestShowCommand(ManifestContext context) {
        super("manifest show", context.console());
        this.context = context;
    }

    @Override
    CommandResult run() {
        Optional<ManifestEntry> entry = ToolName.of(name).flatMap(context.store()::entry);
        if (entry.isEmpty()) {
            return CommandResult.failed(ExitCode.USAGE, context.noManifest(name));
        }
        return switch (entry.get()) {
            case ManifestEntry.Broken broken -> context.unreadable(broken);
            case ManifestEntry.Readable readable -> {
                List<ManifestStore.Layer> layers = context.store().layers(readable.manifest());
                List<LintFinding> findings =
                        context.store().lint(readable.file()).orElse(List.of());
                List<String> changes = context.updateManifest()
                        .propose(readable)
                        .map(updated -> updated.changes())
                        .orElse(List.of());
                yield CommandResult.ok(() -> data(readable, layers, findings, changes), console -> {
                    print(layers, console);
                    context.text(readable.file(), findings).forEach(console.err()::println);
                    printSuggestions(changes, console);
                });
            }
        };
    }

    private ObjectNode data(
            ManifestEntry.Readable readable,
            List<ManifestStore.Layer> layers,
            List<LintFinding> findings,
            List<String> changes) {
        ManifestStore store = context.store();
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.put("name", readable.name());
        data.put("file", readable.file().toString());
        data.put("source", store.source(readable.file()));
        data.set("manifest", JsonFile.MAPPER.readTree(ManifestText.masked(store.text(readable.manifest()))));
        ObjectNode origins = data.putObject("origins");
        layers.forEach(layer -> origins.put(layer.pointer(), layer.from()));
        ArrayNode complaints = data.putArray("complaints");
        findings.forEach(finding -> complaints.add(ManifestContext.json(finding)));
        ArrayNode suggested = data.putArray("suggestedChanges");
        changes.forEach(suggested::add);
        return data;
    }

    private static void print(List<ManifestStore.Layer> layers, Console console) {
        int width = layers.stream()
                .mapToInt(layer -> key(layer.pointer()).length())
                .max()
                .orElse(0);
        layers.forEach(layer -> console.out()
                .println("  %s  %s   (%s)"
                        .formatted(
                                TextTable.padded(key(layer.pointer()), width),
                                ManifestText.masked(String.valueOf(layer.value())),
                                layer.from())));
    }

    private void printSuggestions(List<String> changes, Console console) {
        if (!changes.isEmpty()) {
            console.err().println("The suggested settings have changed since you added it:");
            changes.forEach(change -> console.err().println("  " + change));
            console.err().println("To apply them, run `lamplighter add %s`.".formatted(name));
        }
    }

    private static String key(String pointer) {
        return pointer.substring(1).replace('/', '.').replace("~1", "/").replace("~0", "~");
    }
}
