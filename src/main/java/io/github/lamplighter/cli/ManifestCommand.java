package io.github.lamplighter.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `manifest init|lint|try|show|schema`: commands for authors of manifests.
@Command(
        name = "manifest",
        header = "Create, validate, test or show a tool's manifest",
        customSynopsis = "lamplighter manifest COMMAND [OPTIONS]",
        footer = {"lamplighter manifest show n8n", "lamplighter manifest lint ~/.config/lamplighter/tools/n8n.json"})
public final class ManifestCommand {

    private final ManifestContext context;

    public ManifestCommand(ManifestContext context) {
        this.context = context;
    }

    /// This command with its subcommands.
    public CommandLine commandLine() {
        CommandLine line = new CommandLine(this);
        List.of(
                        new ManifestShowCommand(context),
                        new ManifestLintCommand(context),
                        new ManifestTryCommand(context),
                        new ManifestInitCommand(context),
                        new ManifestSchemaCommand(context))
                .forEach(line::addSubcommand);
        return line;
    }
}
