package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.file.Places;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.Nearest;
import io.github.lamplighter.tool.ToolName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `manifest lint|show NAME|FILE`: reads a description and says what it makes of it.
@Command(name = "manifest", description = "Show a tool's description, or check one: manifest show|lint NAME|FILE")
public final class ManifestCommand implements Callable<Integer> {

    private final ManifestStore store;
    private final Places places;
    private final Console console;

    private enum Verb {
        LINT,
        SHOW
    }

    @Parameters(index = "0", paramLabel = "show|lint")
    private Verb verb = Verb.SHOW;

    @Parameters(index = "1", paramLabel = "NAME|FILE", description = "A tool, or a file called NAME.json.")
    private String name = "";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    public ManifestCommand(ManifestStore store, Places places, Console console) {
        this.store = store;
        this.places = places;
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<ManifestEntry> entry = name.contains("/") || name.endsWith(".json")
                ? file(Path.of(name).toAbsolutePath().normalize())
                : ToolName.of(name).flatMap(store::entry);
        if (entry.isEmpty()) {
            String meant = Nearest.to(
                            name,
                            store.entries().stream().map(ManifestEntry::name).toList())
                    .map(" Did you mean %s?"::formatted)
                    .orElse("");
            return console.problem(
                    json,
                    "manifest",
                    ExitCode.USAGE,
                    new Problem("unknown-tool", "There is no description of %s.%s".formatted(name, meant)));
        }
        return switch (entry.get()) {
            case ManifestEntry.Broken broken ->
                console.problem(
                        json,
                        "manifest",
                        ExitCode.FAILED,
                        new Problem("manifest-unreadable", ManifestText.unreadable(broken, places)));
            case ManifestEntry.Readable readable -> answer(readable);
        };
    }

    private Optional<ManifestEntry> file(Path file) {
        return store.read(file, String.valueOf(file.getFileName()).replaceFirst("\\.json$", ""));
    }

    private int answer(ManifestEntry.Readable readable) {
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            data.put("name", readable.name());
            data.put("file", readable.file().toString());
            data.put("source", store.source(readable.file()));
            data.set("manifest", store.json(readable.manifest()));
            ArrayNode complaints = data.putArray("complaints");
            readable.complaints()
                    .forEach(complaint -> complaints
                            .addObject()
                            .put("pointer", complaint.pointer())
                            .put("line", complaint.line())
                            .put("column", complaint.column())
                            .put("message", complaint.message()));
            return console.envelope("manifest", ExitCode.OK, data, List.of());
        }
        if (verb == Verb.SHOW) {
            console.out().println(store.text(readable.manifest()));
        }
        readable.complaints()
                .forEach(complaint -> console.err().println(ManifestText.complaint(readable, complaint, places)));
        if (verb == Verb.LINT) {
            console.out()
                    .println(
                            readable.complaints().isEmpty()
                                    ? "Everything in it is understood."
                                    : "It is valid; what is not known was kept.");
        }
        return ExitCode.OK;
    }
}
