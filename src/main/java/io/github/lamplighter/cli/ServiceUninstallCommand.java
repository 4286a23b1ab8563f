package io.github.lamplighter.cli;

import io.github.lamplighter.tool.Manifest;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `service uninstall`
@Command(
        name = "uninstall",
        header = "Stop the service and delete its file",
        footer = "lamplighter service uninstall http-server")
final class ServiceUninstallCommand extends ServiceChangeCommand {

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompt")
    private boolean yes;

    ServiceUninstallCommand(ServiceContext context) {
        super("service uninstall", context);
    }

    @Override
    CommandResult run(Manifest manifest) {
        Optional<String> impact = yes ? Optional.empty() : stopImpact(manifest);
        String also = impact.map(" "::concat).orElse("");
        return unlessConfirmed(
                        yes,
                        "Stop %s and remove its service?%s".formatted(manifest.name(), also),
                        "This stops %s and removes its service.%s To confirm, add `--yes`."
                                .formatted(manifest.name(), also))
                .orElseGet(() -> change(
                        manifest,
                        "Removing the service of",
                        "removed the service of %s",
                        "service install",
                        () -> context().control().uninstall(manifest)));
    }
}
