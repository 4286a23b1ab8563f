package io.github.lamplighter.cli;

import io.github.lamplighter.service.AdoptService;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.tool.Manifest;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `service adopt`: replaces a service file that Lamplighter did not create, and with `--undo` restores it.
@Command(
        name = "adopt",
        header = "Let Lamplighter manage an existing service file",
        description = "Shows the changes and asks first. The service keeps its name.",
        footer = {"lamplighter service adopt n8n", "lamplighter service adopt n8n --undo"})
final class ServiceAdoptCommand extends ServiceChangeCommand {

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompt; restart it if it is running")
    private boolean yes;

    @Option(names = "--undo", description = "Restore the original service file")
    private boolean undo;

    ServiceAdoptCommand(ServiceContext context) {
        super("service adopt", context);
    }

    @Override
    CommandResult run(Manifest manifest) {
        if (undo) {
            return unlessHarmful(
                    manifest,
                    yes,
                    yes ? Optional.empty() : stopImpact(manifest),
                    () -> change(
                            manifest,
                            "Restoring the service of",
                            "restored the original service of %s",
                            "service adopt",
                            () -> context().adoption().undo(manifest)));
        }
        return switch (context().adoption().plan(manifest)) {
            case AdoptService.Plan.Refused(String why) -> result(manifest, new ServiceOutcome.Refused(why));
            case AdoptService.Plan.Already(String why) -> result(manifest, new ServiceOutcome.Already(why));
            case AdoptService.Plan.Ready ready -> adopt(manifest, ready);
        };
    }

    private CommandResult adopt(Manifest manifest, AdoptService.Plan.Ready ready) {
        if (!json()) {
            print(ready, context(), console());
        }
        Optional<String> interrupted = context()
                .stopImpact()
                .of(
                        manifest,
                        ready.unit().unit(),
                        ready.definition().killMode().or(() -> Optional.of("control-group")));
        String takeOver = "Lamplighter takes over %s and keeps a backup of the file. A running service is restarted."
                .formatted(ready.unit().unit());
        return unlessHarmful(
                manifest,
                yes,
                joined(Optional.of(takeOver), interrupted),
                data -> putChanges(data, ready),
                () -> change(
                        manifest,
                        "Adopting the service of",
                        "adopted the service of %s",
                        "service adopt --undo",
                        () -> context().adoption().adopt(manifest, ready)));
    }

    static void print(AdoptService.Plan.Ready ready, ServiceContext context, Console console) {
        console.out().println("- " + context.directories().display(ready.unit().file()) + " (current)");
        console.out().println("+ as Lamplighter would write it");
        ready.difference().forEach(console.out()::println);
        ready.notes().forEach(console.out()::println);
    }

    static void putChanges(ObjectNode data, AdoptService.Plan.Ready ready) {
        ready.difference().forEach(data.putArray("lines")::add);
        ready.notes().forEach(data.putArray("notes")::add);
    }
}
