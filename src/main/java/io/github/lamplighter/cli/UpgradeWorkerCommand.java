package io.github.lamplighter.cli;

import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.upgrade.CancellationToken;
import io.github.lamplighter.upgrade.PlanUpgrade.UpgradeOptions;
import io.github.lamplighter.upgrade.Snapshot;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeWorker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The worker process of one upgrade or rollback. It writes a journal and prints nothing; SIGTERM cancels it.
@Command(name = "upgrade-worker", hidden = true, header = "Carry out one upgrade (started by `upgrade`)")
public final class UpgradeWorkerCommand implements Callable<Integer> {

    private final ManifestStore manifests;
    private final Supplier<Optional<Manifest>> itself;
    private final UpgradeWorker tool;
    private final Consumer<Runnable> interruptions;
    private final Consumer<String> afterwards;
    private final Console console;

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Option(names = "--transaction", paramLabel = "ID", required = true)
    private String id = "";

    @Option(names = "--consent", paramLabel = "HASH")
    private Optional<String> consent = Optional.empty();

    @Option(names = "--to", paramLabel = "VERSION")
    private Optional<String> to = Optional.empty();

    @Option(names = "--force")
    private boolean force;

    @Option(names = "--all")
    private boolean all;

    @Option(names = "--snapshot", paramLabel = "ID")
    private Optional<String> snapshot = Optional.empty();

    /// @param itself Lamplighter
    /// @param afterwards checks the tool with this name, since its last report is about the version before
    public UpgradeWorkerCommand(
            ManifestStore manifests,
            Supplier<Optional<Manifest>> itself,
            UpgradeWorker tool,
            Consumer<Runnable> interruptions,
            Consumer<String> afterwards,
            Console console) {
        this.manifests = manifests;
        this.itself = itself;
        this.tool = tool;
        this.interruptions = interruptions;
        this.afterwards = afterwards;
        this.console = console;
    }

    @Override
    public Integer call() {
        ToolSelection found = ToolSelection.of(manifests, itself.get(), List.of(name));
        if (found.tools().isEmpty()) {
            return console.print("upgrade-worker", found.problem(), false);
        }
        Manifest manifest = found.tools().getFirst();
        CancellationToken cancellationToken = new CancellationToken();
        interruptions.accept(cancellationToken::request);
        int code = carryOut(manifest, cancellationToken);
        // The journal has ended, so the process that follows it already has the outcome.
        afterwards.accept(name);
        return code;
    }

    private int carryOut(Manifest manifest, CancellationToken cancellationToken) {
        if (snapshot.isEmpty()) {
            UpgradeOutcome outcome =
                    tool.upgrade(manifest, new UpgradeOptions(to, force, all), id, consent, cancellationToken);
            return UpgradeText.exitCode(outcome);
        }
        Optional<Snapshot> kept = tool.kept(manifest).stream()
                .filter(candidate -> candidate.id().equals(snapshot.get()))
                .findFirst();
        return kept.map(chosen -> UpgradeText.exitCode(tool.rollBack(manifest, chosen, id, consent, cancellationToken)))
                .orElse(ExitCode.USAGE);
    }
}
