package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.setup.InstallPackage;
import io.github.lamplighter.setup.UninstallLamplighter;
import io.github.lamplighter.setup.UninstallLamplighter.ServiceResult;
import io.github.lamplighter.setup.UninstallPlan;
import io.github.lamplighter.setup.UninstallPlan.Removal;
import io.github.lamplighter.setup.UninstallPlan.ToolService;
import io.github.lamplighter.upgrade.Journals;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `self uninstall`: removes Lamplighter from the user's home.
@Command(
        name = "uninstall",
        header = "Remove Lamplighter with all its files from your home",
        description = {
            "Ends the tray icon and the window, and deletes settings, manifests, history, previous versions of tools"
                    + " and the program. Your tools stay installed. Their services keep running without Lamplighter.",
            "A package of the system stays; Lamplighter shows the command that removes it."
        },
        footer = {
            "lamplighter self uninstall --dry-run",
            "lamplighter self uninstall --services     # also stop and remove the services"
        },
        exitCodeList = {
            "0:removed, or nothing to remove",
            "1:something could not be removed; run it again",
            "3:refused or needs confirmation",
            "4:an interrupted upgrade needs manual repair first",
            "5:an upgrade is running"
        })
public final class SelfUninstallCommand extends ReportingCommand {

    private static final String NAME = "lamplighter";

    private final UninstallLamplighter uninstallLamplighter;
    private final Journals journals;
    private final Supplier<List<UpgradeOutcome>> recover;
    private final AppDirectories directories;

    @Option(names = "--services", description = "Also stop, disable and remove the services of your tools")
    private boolean services;

    @Option(names = "--dry-run", description = "Show what would be removed; change nothing")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompt")
    private boolean yes;

    /// @param recover finishes or rolls back interrupted upgrades
    public SelfUninstallCommand(
            UninstallLamplighter uninstallLamplighter,
            Journals journals,
            Supplier<List<UpgradeOutcome>> recover,
            AppDirectories directories,
            Console console) {
        super("self uninstall", console);
        this.uninstallLamplighter = uninstallLamplighter;
        this.journals = journals;
        this.recover = recover;
        this.directories = directories;
    }

    @Override
    CommandResult run() {
        UninstallPlan plan = plan();
        if (plan.isEmpty()) {
            return result(plan, "already", "Nothing of Lamplighter is left to remove here.", List.of(), List.of());
        }
        if (dryRun || !yes) {
            lines(plan).forEach(this::progress);
        }
        if (dryRun) {
            return result(plan, "ready", "Nothing was changed (--dry-run).", List.of(), List.of());
        }
        return unlessConfirmed(
                        yes,
                        services && !plan.services().isEmpty()
                                ? "Remove Lamplighter and the services of your tools?"
                                : "Remove Lamplighter?",
                        "Preview with `--dry-run`, confirm with `--yes`.")
                .or(this::unfinishedUpgrade)
                .orElseGet(this::remove);
    }

    private UninstallPlan plan() {
        try {
            return uninstallLamplighter.plan(services);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Refuses while an upgrade is running, and ends an interrupted one: the previous version may be the one that
    /// works.
    private Optional<CommandResult> unfinishedUpgrade() {
        List<Journals.Transaction> open = journals.open();
        Optional<Journals.Transaction> running =
                open.stream().filter(Journals.Transaction::isAtWork).findFirst();
        if (running.isPresent()) {
            return Optional.of(CommandResult.failed(
                    ExitCode.BUSY,
                    "busy",
                    "An upgrade of %s is in progress. Try again when it has finished."
                            .formatted(running.get().name())));
        }
        List<UpgradeOutcome> outcomes = open.isEmpty() ? List.of() : recover.get();
        outcomes.forEach(outcome -> progress(UpgradeText.sentence(outcome)));
        return outcomes.stream()
                .filter(outcome -> outcome.result() == UpgradeOutcome.Result.NEEDS_ATTENTION)
                .findFirst()
                .map(outcome -> CommandResult.failed(
                        ExitCode.NEEDS_ATTENTION,
                        "needs-attention",
                        "%s Nothing was removed. Its previous version is needed for the repair."
                                .formatted(UpgradeText.sentence(outcome))));
    }

    private CommandResult remove() {
        // A recovery may have changed what there is.
        UninstallPlan plan = plan();
        return switch (uninstallLamplighter.run(plan)) {
            case UninstallLamplighter.Outcome.Busy(String why) -> CommandResult.failed(ExitCode.BUSY, "busy", why);
            case UninstallLamplighter.Outcome.Failed(List<ServiceResult> results, List<String> problems) ->
                result(
                        plan,
                        "failed",
                        "Lamplighter was not removed completely. To continue, run `lamplighter self uninstall` again.",
                        results,
                        problems);
            case UninstallLamplighter.Outcome.Done(List<ServiceResult> results) ->
                result(
                        plan,
                        "done",
                        plan.next().isPresent()
                                ? "Removed Lamplighter from your home."
                                : "Removed Lamplighter%s.".formatted(size(plan)),
                        results,
                        List.of());
        };
    }

    private CommandResult result(
            UninstallPlan plan, String outcome, String sentence, List<ServiceResult> results, List<String> problems) {
        return new CommandResult(
                problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED,
                () -> data(plan, outcome, sentence, results),
                problems.stream()
                        .map(problem -> new Problem("not-removed", problem))
                        .toList(),
                console -> {
                    problems.forEach(console::warn);
                    results.forEach(result -> console.out()
                            .println("%s: %s"
                                    .formatted(result.unit(), result.outcome().reason())));
                    if (problems.isEmpty()) {
                        console.out().println(sentence);
                        after(plan, outcome).forEach(console.out()::println);
                    } else {
                        console.warn(sentence);
                    }
                });
    }

    /// What is left, and how to remove it.
    private List<String> after(UninstallPlan plan, String outcome) {
        List<String> lines = new ArrayList<>();
        if (outcome.equals("done")) {
            lines.addAll(remaining(plan));
        }
        plan.next().ifPresent(command -> lines.add("To remove the package, run `%s`.".formatted(command)));
        return lines;
    }

    // --- the plan as text ---

    private List<String> lines(UninstallPlan plan) {
        TextTable table = new TextTable();
        plan.processes()
                .forEach(resident -> table.row(
                        "  end " + resident.role().words(),
                        "PID " + resident.process().pid()));
        if (services) {
            plan.services().forEach(service -> table.row(fate(service), service.unit() + impact(service)));
        }
        for (Removal removal : plan.removals()) {
            String purpose = "  " + removal.kind().words();
            switch (removal.kind()) {
                case AUTOSTART, RECOVERY, DEMO, VERSIONS, CACHE, SETTINGS, MANIFESTS, PROGRAM ->
                    removal.paths().forEach(path -> table.row(purpose, directories.display(path)));
                case TIMER, DESKTOP, STATE -> table.row(purpose, SelfText.place(removal.paths(), directories));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("This removes Lamplighter%s:".formatted(size(plan)));
        lines.addAll(table.lines());
        lines.addAll(remaining(plan));
        if (!services && !plan.services().isEmpty()) {
            lines.add("To also remove the services, add `--services`.");
        }
        plan.next().ifPresent(command -> lines.add("The package stays until you run `%s`.".formatted(command)));
        return lines;
    }

    private static String fate(ToolService service) {
        return service.adopted().isPresent()
                ? "  restore adopted service"
                : service.running() ? "  stop and remove service" : "  remove service";
    }

    private static String impact(ToolService service) {
        return service.impact().map(". "::concat).orElse("");
    }

    private List<String> remaining(UninstallPlan plan) {
        TextTable table = new TextTable();
        if (!services) {
            plan.services()
                    .forEach(service -> table.row(
                            "  " + service.unit(),
                            service.depends()
                                    ? "service of a tool; needs Lamplighter and stops working"
                                    : service.running() ? "service of a tool; keeps running" : "service of a tool"));
        }
        plan.remaining().forEach(stays -> table.row("  " + directories.display(stays.path()), stays.why()));
        List<String> lines = new ArrayList<>(table.lines());
        if (!lines.isEmpty()) {
            lines.addFirst("Not removed:");
        }
        return lines;
    }

    // --- JSON ---

    private ObjectNode data(UninstallPlan plan, String outcome, String sentence, List<ServiceResult> results) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.put("name", NAME).put("outcome", outcome).put("reason", sentence);
        ArrayNode processes = data.putArray("processes");
        plan.processes()
                .forEach(resident -> processes
                        .addObject()
                        .put("pid", resident.process().pid())
                        .put("role", resident.role().words()));
        ArrayNode units = data.putArray("services");
        plan.services().forEach(service -> {
            Optional<ServiceResult> result = results.stream()
                    .filter(done -> done.unit().equals(service.unit()))
                    .findFirst();
            units.addObject()
                    .put("unit", service.unit())
                    .put("removed", services)
                    .put("needsLamplighter", service.depends())
                    .put("impact", service.impact().orElse(null))
                    .put("outcome", result.map(done -> done.outcome().word()).orElse(null))
                    .put("reason", result.map(done -> done.outcome().reason()).orElse(null));
        });
        ArrayNode removals = data.putArray("removed");
        plan.removals()
                .forEach(removal -> removal.paths()
                        .forEach(path -> removals.addObject()
                                .put("path", path.toString())
                                .put("purpose", removal.kind().words())));
        ArrayNode stays = data.putArray("remaining");
        plan.remaining()
                .forEach(remaining -> stays.addObject()
                        .put("path", remaining.path().toString())
                        .put("reason", remaining.why()));
        data.put("megabytes", megabytes(plan));
        data.put("next", plan.next().orElse(null));
        return data;
    }

    private static String size(UninstallPlan plan) {
        return megabytes(plan) < 2 ? "" : " (%d MB)".formatted(megabytes(plan));
    }

    private static long megabytes(UninstallPlan plan) {
        return InstallPackage.megabytes(
                plan.removals().stream().mapToLong(Removal::bytes).sum());
    }
}
