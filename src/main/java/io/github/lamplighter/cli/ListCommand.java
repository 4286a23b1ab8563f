package io.github.lamplighter.cli;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.tool.ToolCatalog;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `list`: what is looked after, and what was found but is not.
@Command(name = "list", description = "Show the tools that are looked after, and those that were found.")
public final class ListCommand implements Callable<Integer> {

    private final ToolCatalog toolCatalog;
    private final Function<String, Optional<Provenance>> lastSeen;
    private final AppDirectories directories;
    private final Console console;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /// @param lastSeen what the last report says of a tool, by its name
    public ListCommand(
            ToolCatalog toolCatalog,
            Function<String, Optional<Provenance>> lastSeen,
            AppDirectories directories,
            Console console) {
        this.toolCatalog = toolCatalog;
        this.lastSeen = lastSeen;
        this.directories = directories;
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Tool> tools = toolCatalog.tools();
        List<Console.Problem> problems = new ArrayList<>();
        for (Tool tool : tools) {
            tool.entry()
                    .filter(ManifestEntry.Broken.class::isInstance)
                    .map(ManifestEntry.Broken.class::cast)
                    .ifPresent(broken -> problems.add(new Console.Problem(
                            "manifest-unreadable",
                            ManifestText.unreadable(broken, directories.display(broken.file())))));
        }
        toolCatalog
                .closed()
                .forEach((folder, installer) -> problems.add(new Console.Problem(
                        "folder-unreadable",
                        "%s cannot be looked into: what %s installed there is not in this list. `ls -ld %s` shows whose it is."
                                .formatted(directories.display(folder), installer.word(), folder))));
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            ArrayNode array = data.putArray("tools");
            tools.forEach(tool -> array.add(json(tool)));
            return console.envelope("list", ExitCode.OK, data, problems);
        }
        problems.forEach(problem -> console.err().println("lamplighter: " + problem.message()));
        print("", tools.stream().filter(Tool::lookedAfter).toList());
        List<Tool> found = tools.stream().filter(tool -> !tool.lookedAfter()).toList();
        if (!found.isEmpty()) {
            console.out().println();
            print("Found, not looked after (`lamplighter add NAME` begins it):", found);
        }
        return ExitCode.OK;
    }

    private void print(String title, List<Tool> tools) {
        if (!title.isEmpty()) {
            console.out().println(title);
        }
        int name = tools.stream().mapToInt(tool -> tool.name().length()).max().orElse(0);
        int version =
                tools.stream().mapToInt(tool -> version(tool).length()).max().orElse(0);
        for (Tool tool : tools) {
            console.out()
                    .println("  %s  %s  %-5s  %s"
                            .formatted(
                                    padded(tool.name(), name),
                                    padded(version(tool), version),
                                    tool.provenance()
                                            .map(Provenance::installer)
                                            .or(() -> tool.manifest()
                                                    .map(manifest ->
                                                            manifest.install().installer()))
                                            .map(InstallerKind::word)
                                            .orElse("?"),
                                    tool.provenance()
                                            .map(found -> source(found.origin()) + ", "
                                                    + directories.display(found.program()) + gone(found.runtime()))
                                            .orElseGet(() -> tool.manifest()
                                                    .map(this::gone)
                                                    .orElse("its description cannot be read"))));
        }
    }

    private static String gone(Provenance.Runtime runtime) {
        return runtime.name().equals("java") || Files.exists(runtime.program())
                ? ""
                : ", its %s is gone".formatted((named(runtime) + " " + runtime.version()).strip());
    }

    private static String named(Provenance.Runtime runtime) {
        return runtime.name().equals("node") ? "Node" : "Python";
    }

    /// Its Node or Python may have gone and taken it along: what was there is what one would want back.
    private String gone(Manifest manifest) {
        String place = "gone from " + directories.display(manifest.install().program());
        return lastSeen.apply(manifest.name().value())
                .map(seen -> "%s, last seen %s under %s %s"
                        .formatted(
                                place,
                                seen.version(),
                                named(seen.runtime()),
                                seen.runtime().version()))
                .orElse(place);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String version(Tool tool) {
        return tool.provenance()
                .map(Provenance::version)
                .filter(text -> !text.isEmpty())
                .orElse("-");
    }

    private String source(Origin origin) {
        return switch (origin) {
            case Origin.Index _ -> "index";
            case Origin.Git git ->
                "git " + directories.display(git.url())
                        + git.requestedRevision().map(name -> "@" + name).orElse("");
            case Origin.Editable(var directory) -> "editable " + directories.display(directory);
            case Origin.LocalDirectory(var directory) -> "folder " + directories.display(directory);
            case Origin.Archive(var url) -> "archive " + directories.display(url);
            case Origin.Linked(var directory) -> "link to " + directories.display(directory);
            case Origin.Unknown _ -> "source could not be told";
        };
    }

    private Optional<Provenance> lastSeen(Tool tool) {
        return tool.manifest()
                .flatMap(manifest -> lastSeen.apply(manifest.name().value()));
    }

    private ObjectNode json(Tool tool) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("id", tool.id());
        json.put("name", tool.name());
        Optional<Provenance> found = tool.provenance().map(now -> now.withKnownRevision(() -> lastSeen(tool)));
        put(
                json,
                "environment",
                found.map(Provenance::environment)
                        .or(() -> tool.manifest().map(m -> m.install().environment())));
        put(
                json,
                "installer",
                found.map(Provenance::installer)
                        .or(() -> tool.manifest()
                                .map(manifest -> manifest.install().installer()))
                        .map(InstallerKind::word));
        put(json, "version", found.map(Provenance::version).filter(text -> !text.isEmpty()));
        found.ifPresentOrElse(
                provenance -> json.set("origin", ProvenanceJson.origin(provenance.origin())),
                () -> json.putNull("origin"));
        put(
                json,
                "program",
                found.map(Provenance::program)
                        .or(() -> tool.manifest().map(m -> m.install().program())));
        json.put("lookedAfter", tool.lookedAfter());
        json.put("expected", tool.expected().word());
        json.put("source", tool.source());
        if (found.isEmpty()) {
            lastSeen(tool)
                    .ifPresent(seen -> json.putObject("lastSeen")
                            .put("version", seen.version())
                            .put(
                                    "runtime",
                                    (named(seen.runtime()) + " "
                                                    + seen.runtime().version())
                                            .strip()));
        }
        return json;
    }

    private static void put(ObjectNode json, String key, Optional<?> value) {
        value.ifPresentOrElse(present -> json.put(key, present.toString()), () -> json.putNull(key));
    }
}
