package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.ProvenanceJson;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.status.UserTools;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.tool.ToolCatalog;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `list`: managed tools, and other tools found on this computer.
@Command(
        name = "list",
        header = "List managed tools and other tools found on this computer",
        footer = "lamplighter list")
public final class ListCommand extends ReportingCommand {

    private final ToolCatalog toolCatalog;
    private final Function<String, Optional<Provenance>> lastSeen;
    private final AppDirectories directories;

    /// @param lastSeen the installation in a tool's last report, by the tool's name
    public ListCommand(
            ToolCatalog toolCatalog,
            Function<String, Optional<Provenance>> lastSeen,
            AppDirectories directories,
            Console console) {
        super("list", console);
        this.toolCatalog = toolCatalog;
        this.lastSeen = lastSeen;
        this.directories = directories;
    }

    @Override
    CommandResult run() {
        List<Tool> tools = toolCatalog.tools();
        List<Problem> problems = new ArrayList<>();
        for (Tool tool : tools) {
            broken(tool)
                    .ifPresent(manifest -> problems.add(new Problem(
                            "manifest-unreadable",
                            ManifestText.unreadable(manifest, directories.display(manifest.file())))));
        }
        toolCatalog
                .unreadableFolders()
                .forEach((folder, installer) -> problems.add(new Problem(
                        "folder-unreadable",
                        "Could not read %s, so tools installed there with %s are missing from this list. To see its owner, run `ls -ld %s`."
                                .formatted(
                                        directories.display(folder),
                                        installer.word(),
                                        io.github.lamplighter.process.Command.quoted(folder.toString())))));
        return new CommandResult(ExitCode.OK, () -> json(tools), problems, console -> print(tools, problems, console));
    }

    private void print(List<Tool> tools, List<Problem> problems, Console console) {
        problems.forEach(problem -> console.warn(problem.message()));
        List<Tool> users = UserTools.of(tools, Tool::id);
        List<Tool> managed = users.stream().filter(Tool::managed).toList();
        if (managed.isEmpty()) {
            console.out().println("No tools are managed yet.");
        }
        table(managed, console);
        List<Tool> found = users.stream().filter(tool -> !tool.managed()).toList();
        if (!found.isEmpty()) {
            console.out().println();
            console.out().println("Not managed (add with `lamplighter add NAME`):");
            table(found, console);
        }
        List<Tool> itself =
                tools.stream().filter(tool -> !UserTools.isOne(tool.id())).toList();
        if (!itself.isEmpty()) {
            console.out().println();
            console.out().println("This program:");
            table(itself, console);
        }
    }

    private void table(List<Tool> tools, Console console) {
        TextTable table = new TextTable();
        tools.forEach(tool -> table.row(
                tool.name(),
                version(tool).orElse("-"),
                installer(tool).map(InstallerKind::word).orElse("?"),
                place(tool)));
        table.lines().forEach(line -> console.out().println("  " + line));
    }

    /// The source and the command of a tool, or what is missing.
    private String place(Tool tool) {
        return tool.provenance()
                .map(found -> (npmRegistry(found) ? "" : source(found.origin()) + ", ")
                        + directories.display(found.program())
                        + missing(found.runtime()))
                .orElseGet(() -> tool.manifest().map(this::missing).orElse("unreadable manifest"));
    }

    private static Optional<InstallerKind> installer(Tool tool) {
        return tool.provenance()
                .map(Provenance::installer)
                .or(() -> tool.manifest().map(manifest -> manifest.install().installer()));
    }

    private static Optional<ManifestEntry.Broken> broken(Tool tool) {
        return tool.entry().filter(ManifestEntry.Broken.class::isInstance).map(ManifestEntry.Broken.class::cast);
    }

    private static String missing(Provenance.Runtime runtime) {
        return runtime.name().equals("java") || Files.exists(runtime.program())
                ? ""
                : ", %s is missing".formatted((named(runtime) + " " + runtime.version()).strip());
    }

    private static String named(Provenance.Runtime runtime) {
        return runtime.name().equals("node") ? "Node" : "Python";
    }

    /// A tool may disappear together with its Node or Python, so what was last there is named.
    private String missing(Manifest manifest) {
        String place = "missing from " + directories.display(manifest.install().program());
        return lastSeen.apply(manifest.name().value())
                .map(seen -> "%s, last seen %s under %s %s"
                        .formatted(
                                place,
                                seen.version(),
                                named(seen.runtime()),
                                seen.runtime().version()))
                .orElse(place);
    }

    private static Optional<String> version(Tool tool) {
        return tool.provenance().map(Provenance::version).filter(text -> !text.isEmpty());
    }

    /// npm does not record whether a package came from the registry.
    private static boolean npmRegistry(Provenance found) {
        return found.installer() == InstallerKind.NPM && found.origin() instanceof Origin.Index;
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
            case Origin.SystemPackage(var manager, var _) -> manager;
            case Origin.ReleaseFeed(var url, var _, var _, var _) -> "releases at " + url;
            case Origin.Unknown _ -> "unknown source";
        };
    }

    private Optional<Provenance> lastSeen(Tool tool) {
        return tool.manifest()
                .flatMap(manifest -> lastSeen.apply(manifest.name().value()));
    }

    private ObjectNode json(List<Tool> tools) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        ArrayNode array = data.putArray("tools");
        tools.forEach(tool -> array.add(json(tool)));
        return data;
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
        put(json, "installer", installer(tool).map(InstallerKind::word));
        put(json, "version", version(tool));
        found.ifPresentOrElse(
                provenance -> json.set("origin", ProvenanceJson.origin(provenance.origin())),
                () -> json.putNull("origin"));
        put(
                json,
                "program",
                found.map(Provenance::program)
                        .or(() -> tool.manifest().map(m -> m.install().program())));
        json.put("lookedAfter", tool.managed());
        json.put("expected", tool.expected().word());
        json.put("source", tool.source());
        broken(tool)
                .ifPresent(manifest -> json.putObject("broken")
                        .put("file", manifest.file().toString())
                        .put("line", manifest.line())
                        .put("column", manifest.column())
                        .put("why", manifest.message()));
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
