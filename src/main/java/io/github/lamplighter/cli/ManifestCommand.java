package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.AddTool.Proposal;
import io.github.lamplighter.tool.LintFinding;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.SpellingSuggestion;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.tool.TryManifest;
import io.github.lamplighter.tool.UpdateManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `manifest init|lint|try|show|schema`: commands for authors of manifests.
@Command(
        name = "manifest",
        header = "Create, validate, test or show a tool's manifest",
        customSynopsis = "lamplighter manifest COMMAND [OPTIONS]",
        footer = {"lamplighter manifest show n8n", "lamplighter manifest lint ~/.config/lamplighter/tools/n8n.json"})
public final class ManifestCommand {

    private final ManifestStore store;
    private final AddTool addTool;
    private final UpdateManifest updateManifest;
    private final TryManifest tryManifest;
    private final DiagnoseTool doctor;
    private final AppDirectories directories;
    private final Console console;
    private final ZoneId zone;
    private final InstantSource clock;

    public ManifestCommand(
            ManifestStore store,
            AddTool addTool,
            UpdateManifest updateManifest,
            TryManifest tryManifest,
            DiagnoseTool doctor,
            AppDirectories directories,
            Console console,
            ZoneId zone,
            InstantSource clock) {
        this.store = store;
        this.addTool = addTool;
        this.updateManifest = updateManifest;
        this.tryManifest = tryManifest;
        this.doctor = doctor;
        this.directories = directories;
        this.console = console;
        this.zone = zone;
        this.clock = clock;
    }

    @Command(
            name = "lint",
            header = "Validate a manifest",
            description = "Reports problems with line and column.",
            footer = {"lamplighter manifest lint n8n", "lamplighter manifest lint share/lamplighter/mytool.json"},
            exitCodeList = {"0:valid", "2:problems found"})
    int lint(
            @Parameters(paramLabel = "NAME|FILE", arity = "1..*", description = "Managed tool or manifest file")
                    List<String> names,
            @Option(names = "--json", description = "Print the result as JSON") boolean json) {
        ArrayNode files = JsonFile.MAPPER.createArrayNode();
        List<Problem> problems = new ArrayList<>();
        int complaints = 0;
        for (String name : names) {
            Path file = file(name);
            Optional<List<LintFinding>> found = store.lint(file);
            if (found.isEmpty()) {
                problems.add(missing(name));
                continue;
            }
            complaints += found.get().size();
            ObjectNode entry = files.addObject().put("file", file.toString());
            ArrayNode array = entry.putArray("complaints");
            found.get().forEach(lintFinding -> array.add(json(lintFinding)));
            if (!json) {
                found.get()
                        .forEach(lintFinding ->
                                console.out().println(ManifestText.lintFinding(file, lintFinding, directories)));
                if (found.get().isEmpty()) {
                    console.out().println("%s: valid".formatted(directories.display(file)));
                }
            }
        }
        if (complaints > 0) {
            problems.add(
                    new Problem("not-well", complaints == 1 ? "1 problem found." : complaints + " problems found."));
        }
        int code = problems.isEmpty() ? ExitCode.OK : ExitCode.USAGE;
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            if (!files.isEmpty()) {
                data.set("files", files);
            }
            return console.envelope("manifest lint", code, data, problems);
        }
        problems.forEach(problem -> console.err().println("lamplighter: " + problem.message()));
        return code;
    }

    @Command(
            name = "show",
            header = "Show the effective manifest and the source of each value",
            description = "A value comes from the tool's author, a recipe, detection, or your own file.",
            footer = "lamplighter manifest show n8n")
    int show(
            @Parameters(paramLabel = "NAME", description = "Managed tool") String name,
            @Option(names = "--json", description = "Print the result as JSON") boolean json) {
        Optional<ManifestEntry> entry = ToolName.of(name).flatMap(store::entry);
        if (entry.isEmpty()) {
            return console.problem(json, "manifest show", ExitCode.USAGE, missing(name));
        }
        return switch (entry.get()) {
            case ManifestEntry.Broken broken ->
                console.problem(
                        json,
                        "manifest show",
                        ExitCode.FAILED,
                        new Problem(
                                "manifest-unreadable",
                                ManifestText.unreadable(broken, directories.display(broken.file()))));
            case ManifestEntry.Readable readable -> show(readable, json);
        };
    }

    private List<LintFinding> complaints(ManifestEntry.Readable readable) {
        return store.lint(readable.file()).orElse(List.of());
    }

    private int show(ManifestEntry.Readable readable, boolean json) {
        List<ManifestStore.Layer> layers = store.layers(readable.manifest());
        Optional<Proposal.Updated> updated = updateManifest.propose(readable);
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            data.put("name", readable.name());
            data.put("file", readable.file().toString());
            data.put("source", store.source(readable.file()));
            data.set("manifest", JsonFile.MAPPER.readTree(ManifestText.masked(store.text(readable.manifest()))));
            ObjectNode origins = data.putObject("origins");
            layers.forEach(layer -> origins.put(layer.pointer(), layer.from()));
            ArrayNode complaints = data.putArray("complaints");
            complaints(readable).forEach(lintFinding -> complaints.add(json(lintFinding)));
            ArrayNode changes = data.putArray("suggestedChanges");
            updated.ifPresent(renewal -> renewal.changes().forEach(changes::add));
            return console.envelope("manifest show", ExitCode.OK, data, List.of());
        }
        int width = layers.stream()
                .mapToInt(layer -> key(layer.pointer()).length())
                .max()
                .orElse(0);
        for (ManifestStore.Layer layer : layers) {
            String key = key(layer.pointer());
            console.out()
                    .println("  %s  %s   (%s)"
                            .formatted(
                                    key + " ".repeat(width - key.length()),
                                    ManifestText.masked(String.valueOf(layer.value())),
                                    layer.from()));
        }
        complaints(readable)
                .forEach(lintFinding ->
                        console.err().println(ManifestText.lintFinding(readable.file(), lintFinding, directories)));
        updated.filter(renewal -> !renewal.changes().isEmpty()).ifPresent(renewal -> {
            console.err().println("The suggested settings have changed since you added it:");
            renewal.changes().forEach(change -> console.err().println("  " + change));
            console.err().println("To apply them, run `lamplighter add %s`.".formatted(readable.name()));
        });
        return ExitCode.OK;
    }

    @Command(
            name = "try",
            header = "Run the doctor with a manifest without saving it",
            description = "Commands named in the manifest are executed.",
            footer = "lamplighter manifest try share/lamplighter/mytool.json")
    int tryOut(
            @Parameters(paramLabel = "FILE", description = "Manifest file") Path file,
            @Option(names = "--offline", description = "Skip checks that need the network") boolean offline,
            @Option(
                            names = {"-v", "--verbose"},
                            description = "Show details of passed checks, too")
                    boolean verbose,
            @Option(names = "--json", description = "Print the result as JSON") boolean json) {
        Path absolute = file.toAbsolutePath().normalize();
        Optional<List<LintFinding>> complaints = store.lint(absolute);
        if (complaints.isEmpty()) {
            return console.problem(json, "manifest try", ExitCode.USAGE, missing(file.toString()));
        }
        if (!json) {
            complaints
                    .get()
                    .forEach(lintFinding ->
                            console.err().println(ManifestText.lintFinding(absolute, lintFinding, directories)));
        }
        return switch (tryManifest.propose(absolute)) {
            case Proposal.Ready ready -> examine(ready, offline ? Scope.OFFLINE : Scope.FULL, verbose, json);
            case Proposal.NotFound(String why) ->
                console.problem(json, "manifest try", ExitCode.USAGE, new Problem("unknown-tool", why));
            case Proposal.Refused(String why) ->
                console.problem(json, "manifest try", ExitCode.USAGE, new Problem("not-well", why));
            case Proposal.Already _, Proposal.Updated _, Proposal.Moved _, Proposal.OriginDeclared _ ->
                throw new IllegalStateException("a manifest file is tried, not added");
        };
    }

    private int examine(Proposal.Ready ready, Scope scope, boolean verbose, boolean json) {
        Report report = doctor.examine(ready.manifest(), scope).report();
        int code = DoctorCommand.exitCode(List.of(report), false);
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            data.set("manifest", store.json(ready.manifest()));
            data.putArray("tools").add(ReportJson.report(report, zone));
            return console.envelope("manifest try", code, data, List.of());
        }
        for (Evidence proof : ready.evidence()) {
            console.err().println("  %s: %s".formatted(proof.source(), proof.detail()));
        }
        new ReportText(console.out(), console.colour(), zone, clock.instant()).print(report, verbose);
        return code;
    }

    @Command(
            name = "init",
            header = "Create a manifest to ship with your package",
            description = "Starts from what is detected of an installed tool. The file is lamplighter.json for npm, or"
                    + " share/lamplighter/NAME.json for Python.",
            footer = {"lamplighter manifest init mytool"})
    int init(
            @Parameters(paramLabel = "NAME|PATH", description = "Tool, command, or path to one") String name,
            @Option(
                            names = "--output",
                            paramLabel = "FILE",
                            description = "File to write (default: by package manager)")
                    @Nullable
                    Path output,
            @Option(names = "--json", description = "Print the result as JSON") boolean json) {
        return switch (addTool.propose(AddTool.Request.of(name))) {
            case Proposal.Ready ready -> write(ready.manifest(), output, json);
            case Proposal.Updated updated -> write(updated.ready().manifest(), output, json);
            case Proposal.OriginDeclared originDeclared ->
                write(originDeclared.ready().manifest(), output, json);
            case Proposal.Moved moved -> write(moved.ready().manifest(), output, json);
            case Proposal.Already(ManifestEntry.Readable readable, List<Path> _) ->
                write(readable.manifest(), output, json);
            case Proposal.Already(ManifestEntry.Broken broken, List<Path> _) ->
                console.problem(
                        json,
                        "manifest init",
                        ExitCode.FAILED,
                        new Problem(
                                "manifest-unreadable",
                                ManifestText.unreadable(broken, directories.display(broken.file()))));
            case Proposal.NotFound(String why) ->
                console.problem(json, "manifest init", ExitCode.USAGE, new Problem("unknown-tool", why));
            case Proposal.Refused(String why) ->
                console.problem(json, "manifest init", ExitCode.REFUSED, new Problem("not-written", why));
        };
    }

    private int write(Manifest manifest, @Nullable Path output, boolean json) {
        Path file = (output != null ? output : usual(manifest)).toAbsolutePath().normalize();
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return console.problem(
                    json,
                    "manifest init",
                    ExitCode.REFUSED,
                    new Problem(
                            "not-written",
                            "%s already exists. To write another file, add `--output FILE`."
                                    .formatted(directories.display(file))));
        }
        ObjectNode start = store.authorTemplate(manifest);
        try {
            String text = JsonFile.MAPPER.writeValueAsString(start) + "\n";
            // Readable by everyone: it is shipped with a package.
            AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        } catch (IOException e) {
            return console.problem(
                    json,
                    "manifest init",
                    ExitCode.REFUSED,
                    new Problem(
                            "not-written",
                            "Could not write %s: %s.".formatted(directories.display(file), e.getMessage())));
        }
        if (json) {
            ObjectNode data = JsonFile.MAPPER.createObjectNode();
            data.put("name", manifest.name().value()).put("file", file.toString());
            data.set("manifest", start);
            return console.envelope("manifest init", ExitCode.OK, data, List.of());
        }
        console.out().println(directories.display(file));
        console.err()
                .println(
                        "To validate it, run `lamplighter manifest lint %1$s`. To test it, run `lamplighter manifest try %1$s`."
                                .formatted(directories.display(file)));
        return ExitCode.OK;
    }

    private static Path usual(Manifest manifest) {
        return manifest.install().installer() == InstallerKind.NPM
                ? Path.of("lamplighter.json")
                : Path.of("share/lamplighter", manifest.name() + ".json");
    }

    @Command(
            name = "schema",
            header = "Print the JSON Schema for manifests",
            footer = "lamplighter manifest schema > tool-manifest.json")
    int schema() {
        console.out().print(store.schema());
        return ExitCode.OK;
    }

    /// The manifest of a managed tool with this name, else the file.
    private Path file(String name) {
        Optional<ToolName> tool = name.contains("/") || name.endsWith(".json") ? Optional.empty() : ToolName.of(name);
        return tool.map(store::file)
                .filter(Files::exists)
                .orElseGet(() -> Path.of(name).toAbsolutePath().normalize());
    }

    private Problem missing(String name) {
        String meant = SpellingSuggestion.to(
                        name, store.entries().stream().map(ManifestEntry::name).toList())
                .map(" Did you mean %s?"::formatted)
                .orElse("");
        return new Problem("unknown-tool", "There is no manifest of %s.%s".formatted(name, meant));
    }

    private static String key(String pointer) {
        return pointer.substring(1).replace('/', '.').replace("~1", "/").replace("~0", "~");
    }

    private static ObjectNode json(LintFinding lintFinding) {
        return JsonFile.MAPPER
                .createObjectNode()
                .put("pointer", lintFinding.pointer())
                .put("line", lintFinding.line())
                .put("column", lintFinding.column())
                .put("message", lintFinding.message());
    }
}
