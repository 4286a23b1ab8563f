package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.service.ProcessesOutsideService.UnmanagedProcess;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.service.ServiceStatus;
import io.github.lamplighter.tool.Manifest;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `service status`
@Command(
        name = "status",
        header = "Show the current state of the service",
        footer = "lamplighter service status http-server")
final class ServiceStatusCommand extends ServiceSubcommand {

    /// From this number of restarts on, a running service counts as unstable.
    private static final int MANY_RESTARTS = 3;

    private static final int LAST_LINES = 3;

    ServiceStatusCommand(ServiceContext context) {
        super("service status", context);
    }

    @Override
    CommandResult run(Manifest manifest) {
        ServiceStatus status = context().control().status(manifest);
        ServiceState state = status.state();
        if (state.phase() == Phase.UNKNOWN) {
            return new CommandResult(
                    ExitCode.FAILED,
                    () -> json(status, List.of(), List.of()),
                    List.of(new Problem("no-service-manager", state.words())),
                    console -> console.warn(state.words()));
        }
        List<UnmanagedProcess> unmanaged = context().processesOutsideService().copies(manifest, state.unit());
        List<String> lastOutput = lastOutput(manifest, state);
        return CommandResult.ok(() -> json(status, lastOutput, unmanaged), console -> {
            ServiceStatusText text = context().statusText();
            text.lines(status, lastOutput).forEach(console.out()::println);
            unmanaged.forEach(process -> console.out().println(text.unmanaged(process)));
        });
    }

    private ObjectNode json(ServiceStatus status, List<String> lastOutput, List<UnmanagedProcess> unmanaged) {
        ObjectNode data = context().statusText().data(status, lastOutput);
        ArrayNode array = data.putArray("outside");
        unmanaged.forEach(process -> array.addObject()
                .put("pid", process.running().pid())
                .put("startedBy", process.processOrigin().words()));
        return data;
    }

    /// The last log lines of a service that does not stay up.
    private List<String> lastOutput(Manifest manifest, ServiceState state) {
        boolean unstable = switch (state.phase()) {
            case FAILED, RESTARTING -> true;
            case RUNNING, STARTING -> state.restarts() >= MANY_RESTARTS;
            case STOPPED, NOT_INSTALLED, UNKNOWN -> false;
        };
        return unstable ? context().control().lastLogLines(manifest, LAST_LINES) : List.of();
    }
}
