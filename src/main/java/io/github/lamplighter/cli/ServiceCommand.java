package io.github.lamplighter.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `service COMMAND NAME`: the background service of one tool. The parent of the `Service…Command` classes.
@Command(
        name = "service",
        header = "Manage a tool's background service",
        customSynopsis = "lamplighter service COMMAND NAME [OPTIONS]",
        description = "A service is a systemd user unit, or a launchd agent on macOS.",
        footer = {
            "lamplighter service install http-server",
            "lamplighter service enable http-server --linger",
            "lamplighter service logs http-server -f"
        })
public final class ServiceCommand implements HelpLayout.Grouped {

    private static final List<HelpLayout.Group> GROUPS = List.of(
            HelpLayout.Group.of("Set up", "install", "uninstall", "adopt", "diff"),
            HelpLayout.Group.of("Run", "start", "stop", "restart", "status", "logs"),
            HelpLayout.Group.of("Start at login", "enable", "disable"));

    private final ServiceContext context;

    public ServiceCommand(ServiceContext context) {
        this.context = context;
    }

    @Override
    public List<HelpLayout.Group> groups() {
        return GROUPS;
    }

    // Also available without `service`.

    public Object start() {
        return new ServiceVerbCommand.Start(context);
    }

    public Object stop() {
        return new ServiceVerbCommand.Stop(context);
    }

    public Object restart() {
        return new ServiceVerbCommand.Restart(context);
    }

    public Object logs() {
        return new ServiceLogsCommand(context);
    }

    /// This command with its subcommands.
    public CommandLine commandLine() {
        CommandLine line = new CommandLine(this);
        List.of(
                        new ServiceInstallCommand(context),
                        new ServiceUninstallCommand(context),
                        start(),
                        stop(),
                        restart(),
                        new ServiceVerbCommand.Enable(context),
                        new ServiceVerbCommand.Disable(context),
                        new ServiceStatusCommand(context),
                        new ServiceDiffCommand(context),
                        new ServiceAdoptCommand(context),
                        logs())
                .forEach(line::addSubcommand);
        return line;
    }
}
