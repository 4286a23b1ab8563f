package io.github.lamplighter.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `self install|uninstall`: Lamplighter's own installation.
@Command(
        name = "self",
        header = "Install or remove Lamplighter itself",
        customSynopsis = "lamplighter self COMMAND [OPTIONS]",
        description = "To upgrade Lamplighter, use `lamplighter upgrade lamplighter`.",
        footer = {"bin/lamplighter self install     # in the unpacked package", "lamplighter self uninstall --dry-run"})
public final class SelfCommand {

    private final List<Object> commands;

    public SelfCommand(Object... commands) {
        this.commands = List.of(commands);
    }

    /// This command with its subcommands.
    public CommandLine commandLine() {
        CommandLine line = new CommandLine(this);
        commands.forEach(line::addSubcommand);
        return line;
    }
}
