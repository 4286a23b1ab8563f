package io.github.lamplighter.cli;

import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.readiness.SamePort;
import io.github.lamplighter.service.ProcessesOutsideService;
import io.github.lamplighter.service.ProcessesOutsideService.UnmanagedProcess;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `service install`: writes the service file, starts the service and enables it; a process of the tool that runs
/// outside a service is replaced.
@Command(
        name = "install",
        header = "Create the service; start it now and at login",
        description = "If the tool already runs outside of a service, Lamplighter offers to replace that process.",
        footer = "lamplighter service install http-server")
final class ServiceInstallCommand extends ServiceChangeCommand {

    @Option(
            names = {"-y", "--yes"},
            description = "Overwrite manual changes and close open sessions")
    private boolean yes;

    @Option(
            names = {"--kept", "--restore"},
            paramLabel = "N",
            description = "Restore service file number N (see `lamplighter activity`)")
    private Optional<Integer> kept = Optional.empty();

    ServiceInstallCommand(ServiceContext context) {
        super("service install", context);
    }

    @Override
    CommandResult run(Manifest manifest) {
        return kept.isPresent() ? restore(manifest, kept.get()) : install(manifest);
    }

    private CommandResult install(Manifest manifest) {
        ProcessesOutsideService processes = context().processesOutsideService();
        Optional<UnmanagedProcess> process =
                context().control().another(manifest).isPresent()
                        ? Optional.empty()
                        : processes.copies(manifest, context().control().unit(manifest)).stream()
                                .findFirst();
        Optional<String> obstacle = process.flatMap(found -> processes.obstacle(manifest, found));
        if (obstacle.isPresent()) {
            return result(manifest, new ServiceOutcome.Refused(obstacle.get()));
        }
        Optional<String> offer = process.map(found -> processes.offer(manifest, found));
        String done = process.map(found -> "ended process %d and set up the service of "
                                .formatted(found.running().pid()))
                        .orElse("set up the service of ")
                + "%s";
        return unlessHarmful(
                manifest,
                yes,
                yes ? Optional.empty() : joined(offer, impact(manifest)),
                () -> change(
                        manifest,
                        "Setting up the service of",
                        done,
                        "service uninstall",
                        () -> withSamePort(
                                manifest,
                                process.isPresent()
                                        ? takeOver(manifest, process.get())
                                        : context().control().install(manifest, yes))));
    }

    /// A service that starts now may find its port in use later, or the other tool does.
    private ServiceOutcome withSamePort(Manifest manifest, ServiceOutcome outcome) {
        return SamePort.of(manifest, context().manifests().manifests())
                .map(same -> outcome.and(same.sentence()))
                .orElse(outcome);
    }

    private ServiceOutcome takeOver(Manifest manifest, UnmanagedProcess process) {
        return switch (context().processesOutsideService().take(manifest, process)) {
            case ProcessesOutsideService.TakeOver.TakenOver(Manifest then) ->
                context().control().install(then, yes);
            case ProcessesOutsideService.TakeOver.NotTakenOver(String why) -> new ServiceOutcome.Failed(why, List.of());
        };
    }

    /// Manual changes that are lost, and what a restart interrupts; only a changed file restarts a running service.
    private Optional<String> impact(Manifest manifest) {
        Optional<String> interrupted = context()
                .control()
                .restartedFor(manifest)
                .flatMap(now -> context()
                        .stopImpact()
                        .of(
                                manifest,
                                context().control().unit(manifest),
                                now.killMode().or(() -> Optional.of("control-group"))));
        return joined(context().control().lostByInstall(manifest), interrupted);
    }

    private CommandResult restore(Manifest manifest, int number) {
        Optional<String> text;
        try {
            text = context().operation().copies().text(manifest.name().value(), number, ServiceOperation.FILE);
        } catch (IOException e) {
            return result(
                    manifest, new ServiceOutcome.Failed("Could not read the backup: " + FileProblem.why(e), List.of()));
        }
        if (text.isEmpty()) {
            return result(
                    manifest,
                    new ServiceOutcome.Refused(
                            "There is no backup %d of this service file. To see all backups, run `lamplighter activity`."
                                    .formatted(number)));
        }
        return unlessHarmful(
                manifest,
                yes,
                yes ? Optional.empty() : joined(context().control().lostByInstall(manifest), stopImpact(manifest)),
                () -> change(
                        manifest,
                        "Restoring the service file of",
                        "restored an earlier service file of %s",
                        "service uninstall",
                        () -> context().control().putBack(manifest, text.get())));
    }
}
