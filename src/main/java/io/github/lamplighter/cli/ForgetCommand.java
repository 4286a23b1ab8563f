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
import tools.jackson.databind.node.ObjectNode;

/// `forget NAME`: stops looking after a tool. Its program, its data and its service stay as they are.
@Command(name = "forget", description = "Stop looking after a tool. Uninstalls nothing; a service goes on as it is.")
public final class ForgetCommand implements Callable<Integer> {

    private final ManifestStore store;
    private final Places places;
    private final Console console;

    @Parameters(paramLabel = "NAME", description = "A tool that is looked after.")
    private String name = "";

    @Option(names = "--yes", description = "Agree to what would be asked.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    public ForgetCommand(ManifestStore store, Places places, Console console) {
        this.store = store;
        this.places = places;
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<ToolName> toolName = ToolName.of(name);
        Optional<ManifestEntry> entry = toolName.flatMap(store::entry);
        if (toolName.isEmpty() || entry.isEmpty()) {
            String meant = Nearest.to(
                            name,
                            store.entries().stream().map(ManifestEntry::name).toList())
                    .map(" Did you mean %s?"::formatted)
                    .orElse("");
            return problem(ExitCode.USAGE, "unknown-tool", "%s is not looked after.%s".formatted(name, meant));
        }
        String file = places.display(entry.get().file());
        if (!yes && console.ask().isEmpty()) {
            return problem(
                    ExitCode.REFUSED,
                    "needs-consent",
                    "It would remove %s; without a terminal, `--yes` agrees.".formatted(file));
        }
        if (!yes && !console.agrees("Stop looking after %s? Removes %s and nothing else.".formatted(name, file))) {
            return problem(ExitCode.REFUSED, "not-agreed", "Nothing was changed.");
        }
        return switch (store.remove(toolName.get())) {
            case ManifestStore.Change.Done(Path removed) -> {
                if (json) {
                    ObjectNode data = JsonFile.MAPPER.createObjectNode();
                    data.put("name", name).put("file", removed.toString());
                    yield console.envelope("forget", ExitCode.OK, data, List.of());
                }
                console.err()
                        .println("%s is not looked after any more. Its program stays, and so does a service of its."
                                .formatted(name));
                yield ExitCode.OK;
            }
            case ManifestStore.Change.Refused(Path _, String why) -> problem(ExitCode.REFUSED, "not-removed", why);
        };
    }

    private int problem(int code, String id, String sentence) {
        return console.problem(json, "forget", code, new Problem(id, sentence));
    }
}
