package io.github.lamplighter.cli;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.service.AdoptService;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.tool.Manifest;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

/// `service diff`
@Command(
        name = "diff",
        header = "Show what `service install` would change",
        description = "For a service that Lamplighter did not create: what `service adopt` would change.",
        footer = "lamplighter service diff http-server")
final class ServiceDiffCommand extends ServiceSubcommand {

    ServiceDiffCommand(ServiceContext context) {
        super("service diff", context);
    }

    @Override
    CommandResult run(Manifest manifest) {
        return switch (context().control().diff(manifest)) {
            case ServiceControl.Difference.Impossible(String why) -> impossible(why);
            case ServiceControl.Difference.None _ -> difference(manifest, List.of());
            case ServiceControl.Difference.Lines(List<String> lines) -> difference(manifest, lines);
            case ServiceControl.Difference.Foreign _ ->
                switch (context().adoption().plan(manifest)) {
                    case AdoptService.Plan.Refused(String why) -> impossible(why);
                    case AdoptService.Plan.Already(String why) -> impossible(why);
                    case AdoptService.Plan.Ready ready -> adoption(manifest, ready);
                };
        };
    }

    private static CommandResult impossible(String why) {
        return CommandResult.failed(ExitCode.REFUSED, "no-difference", why);
    }

    private static CommandResult difference(Manifest manifest, List<String> lines) {
        return CommandResult.ok(
                () -> {
                    ObjectNode data = JsonFile.MAPPER.createObjectNode();
                    data.put("name", manifest.name().value());
                    data.put("drift", !lines.isEmpty());
                    lines.forEach(data.putArray("lines")::add);
                    return data;
                },
                console -> {
                    if (lines.isEmpty()) {
                        console.out().println(manifest.name() + ": The service file is up to date.");
                    }
                    lines.forEach(console.out()::println);
                });
    }

    /// Shows what adopting a file would change. Such a file is not out of date, so it has no drift.
    private CommandResult adoption(Manifest manifest, AdoptService.Plan.Ready ready) {
        return CommandResult.ok(
                () -> {
                    ObjectNode data = JsonFile.MAPPER.createObjectNode();
                    data.put("name", manifest.name().value()).putNull("drift");
                    ServiceAdoptCommand.putChanges(data, ready);
                    return data;
                },
                console -> {
                    ServiceAdoptCommand.print(ready, context(), console);
                    console.out()
                            .println(
                                    "Lamplighter did not create this file. To apply these changes, run `lamplighter service adopt %s`."
                                            .formatted(manifest.name()));
                });
    }
}
