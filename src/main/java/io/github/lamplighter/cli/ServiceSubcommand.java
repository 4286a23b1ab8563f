package io.github.lamplighter.cli;

import io.github.lamplighter.tool.Manifest;
import picocli.CommandLine.Parameters;

/// `service COMMAND NAME`
abstract class ServiceSubcommand extends ReportingCommand {

    private final ServiceContext context;

    @Parameters(paramLabel = "NAME", description = "Managed tool")
    private String tool = "";

    ServiceSubcommand(String name, ServiceContext context) {
        super(name, context.console());
        this.context = context;
    }

    abstract CommandResult run(Manifest manifest);

    @Override
    final CommandResult run() {
        return withTool(context.manifests(), tool, this::run);
    }

    final ServiceContext context() {
        return context;
    }
}
