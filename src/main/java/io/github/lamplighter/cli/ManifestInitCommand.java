package io.github.lamplighter.cli;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.AddTool;
import io.github.lamplighter.tool.AddTool.Proposal;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `manifest init NAME|PATH`
@Command(
        name = "init",
        header = "Create a manifest to ship with your package",
        description = "Starts from what is detected of an installed tool. The file is lamplighter.json for npm, or"
                + " share/lamplighter/NAME.json for Python.",
        footer = "lamplighter manifest init mytool")
final class ManifestInitCommand extends ReportingCommand {

    private final ManifestContext context;

    @Parameters(paramLabel = "NAME|PATH", description = "Tool, command, or path to one")
    private String name = "";

    @Option(names = "--output", paramLabel = "FILE", description = "File to write (default: by package manager)")
    private Optional<Path> output = Optional.empty();

    ManifestInitCommand(ManifestContext context) {
        super("manifest init", context.console());
        this.context = context;
    }

    @Override
    CommandResult run() {
        return switch (context.addTool().propose(AddTool.Request.of(name))) {
            case Proposal.Ready ready -> write(ready.manifest());
            case Proposal.Updated updated -> write(updated.ready().manifest());
            case Proposal.Declared declared -> write(declared.ready().manifest());
            case Proposal.Moved moved -> write(moved.ready().manifest());
            case Proposal.Already(ManifestEntry.Readable readable, List<Path> _) -> write(readable.manifest());
            case Proposal.Already(ManifestEntry.Broken broken, List<Path> _) -> context.unreadable(broken);
            case Proposal.NotFound(String why) -> CommandResult.failed(ExitCode.USAGE, "unknown-tool", why);
            case Proposal.Refused(String why) -> refused(why);
        };
    }

    private static CommandResult refused(String why) {
        return CommandResult.failed(ExitCode.REFUSED, "not-written", why);
    }

    private CommandResult write(Manifest manifest) {
        Path file =
                output.orElseGet(() -> defaultFile(manifest)).toAbsolutePath().normalize();
        String shown = context.directories().display(file);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return refused("%s already exists. To write another file, add `--output FILE`.".formatted(shown));
        }
        ObjectNode template = context.store().authorTemplate(manifest);
        try {
            String text = JsonFile.MAPPER.writeValueAsString(template) + "\n";
            // Readable by everyone: it is shipped with a package.
            AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        } catch (IOException e) {
            return refused("Could not write %s: %s.".formatted(shown, FileProblem.why(e)));
        }
        return CommandResult.ok(() -> data(manifest, file, template), console -> {
            console.out().println(shown);
            console.err()
                    .println(
                            "To validate it, run `lamplighter manifest lint %1$s`. To test it, run `lamplighter manifest try %1$s`."
                                    .formatted(shown));
        });
    }

    private static ObjectNode data(Manifest manifest, Path file, ObjectNode template) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.put("name", manifest.name().value()).put("file", file.toString());
        data.set("manifest", template);
        return data;
    }

    private static Path defaultFile(Manifest manifest) {
        return manifest.install().installer() == InstallerKind.NPM
                ? Path.of("lamplighter.json")
                : Path.of("share/lamplighter", manifest.name() + ".json");
    }
}
