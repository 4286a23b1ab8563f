package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.self.VersionFolders;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.setup.HomeFile;
import io.github.lamplighter.setup.HomeFile.State;
import io.github.lamplighter.setup.HomeFiles;
import io.github.lamplighter.setup.InstallPackage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `self install`: installs the unpacked package that this program runs from.
@Command(
        name = "install",
        header = "Install this unpacked package in your home, without root",
        description = {
            "Copies the package to ~/.local/share/lamplighter, links the command to ~/.local/bin, and adds Lamplighter"
                    + " to the application menu. Then you can delete the unpacked folder.",
            "Run it again to repair the installation. `lamplighter self uninstall` removes it."
        },
        footer = {
            "bin/lamplighter self install     # in the unpacked package",
            "bin/lamplighter self install --yes --autostart"
        },
        exitCodeList = {
            "0:installed, or installed before",
            "1:failed",
            "3:refused or needs confirmation",
            "5:another installation is running"
        })
public final class SelfInstallCommand extends ReportingCommand {

    private final InstallPackage installPackage;
    private final HomeFiles homeFiles;
    private final VersionFolders folders;
    private final Autostart tray;
    private final ProcessRunner runner;
    private final AppDirectories directories;
    private final ActivityRecorder activityRecorder;

    @Option(names = "--autostart", description = "Also show the tray icon at every login")
    private boolean autostart;

    @Option(names = "--allow-downgrade", description = "Install this version even if a newer one is installed")
    private boolean downgrade;

    @Option(names = "--dry-run", description = "Show what would be installed; change nothing")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Skip the confirmation prompt")
    private boolean yes;

    /// @param tray starts the installed program at login
    public SelfInstallCommand(
            InstallPackage installPackage,
            HomeFiles homeFiles,
            VersionFolders folders,
            Autostart tray,
            ProcessRunner runner,
            AppDirectories directories,
            ActivityRecorder activityRecorder,
            Console console) {
        super("self install", console);
        this.installPackage = installPackage;
        this.homeFiles = homeFiles;
        this.folders = folders;
        this.tray = tray;
        this.runner = runner;
        this.directories = directories;
        this.activityRecorder = activityRecorder;
    }

    @Override
    CommandResult run() {
        return switch (installPackage.plan(downgrade)) {
            case InstallPackage.Plan.Refused(String code, String why) ->
                CommandResult.failed(ExitCode.REFUSED, code, why);
            case InstallPackage.Plan.Ready plan -> plan.isDone() ? already(plan) : install(plan);
        };
    }

    private CommandResult already(InstallPackage.Plan.Ready plan) {
        return dryRun
                ? result(plan, "already", "Lamplighter %s is already installed.".formatted(plan.version()))
                : withAutostart(plan, "already", "Lamplighter %s is already installed.".formatted(plan.version()));
    }

    private CommandResult install(InstallPackage.Plan.Ready plan) {
        boolean repair = plan.before().equals(Optional.of(plan.version()));
        if (dryRun || !yes) {
            progress("%s Lamplighter %s%s:"
                    .formatted(
                            repair ? "Repair" : "Install",
                            plan.version(),
                            repair
                                    ? ""
                                    : plan.before().map(" (now: %s)"::formatted).orElse("")));
            lines(plan).forEach(line -> progress("  " + line));
        }
        if (dryRun) {
            return result(plan, "ready", "Nothing was changed (--dry-run).");
        }
        String version = plan.version();
        return unlessConfirmed(
                        yes,
                        (repair ? "Repair Lamplighter %s?" : "Install Lamplighter %s?").formatted(version),
                        "Preview with `--dry-run`, confirm with `--yes`.")
                .orElseGet(() -> switch (installPackage.install(plan)) {
                    case InstallPackage.Outcome.Busy(String why) -> CommandResult.failed(ExitCode.BUSY, "busy", why);
                    case InstallPackage.Outcome.Failed(String why) ->
                        CommandResult.failed(ExitCode.FAILED, "not-installed", why);
                    case InstallPackage.Outcome.Done(var _) -> {
                        activityRecorder.add(
                                "lamplighter",
                                (repair ? "repaired Lamplighter %s" : "installed Lamplighter %s").formatted(version),
                                directories.display(directories.data()),
                                "lamplighter self install",
                                "lamplighter self uninstall");
                        yield withAutostart(
                                plan,
                                "done",
                                repair
                                        ? "Repaired Lamplighter %s.".formatted(version)
                                        : "Installed Lamplighter %s.%s"
                                                .formatted(
                                                        version,
                                                        plan.before()
                                                                .map(" Lamplighter %s is kept next to it."::formatted)
                                                                .orElse("")));
                    }
                });
    }

    /// Offers the start at login at a terminal; without one, only `--autostart` turns it on.
    private CommandResult withAutostart(InstallPackage.Plan.Ready plan, String outcome, String sentence) {
        boolean wanted = autostart
                || (!yes
                        && !json()
                        && outcome.equals("done")
                        && !tray.state().on()
                        && console().agrees("Show the tray icon at every login?"));
        if (!wanted) {
            return result(plan, outcome, sentence);
        }
        Autostart.Change change = tray.on();
        if (change instanceof Autostart.Change.Refused || change instanceof Autostart.Change.Failed) {
            return new CommandResult(
                    ExitCode.FAILED,
                    () -> data(plan, outcome, sentence),
                    List.of(new Problem("autostart-not-changed", change.reason())),
                    console -> {
                        print(plan, sentence, console);
                        console.warn(change.reason());
                    });
        }
        return result(plan, outcome, "%s %s".formatted(sentence, change.reason()));
    }

    private CommandResult result(InstallPackage.Plan.Ready plan, String outcome, String sentence) {
        return CommandResult.ok(() -> data(plan, outcome, sentence), console -> print(plan, sentence, console));
    }

    private void print(InstallPackage.Plan.Ready plan, String sentence, Console console) {
        console.out().println(sentence);
        hints(plan).forEach(hint -> console.err().println("! " + hint));
    }

    /// What the user has to know or do, as sentences.
    private List<String> hints(InstallPackage.Plan.Ready plan) {
        List<String> hints = new ArrayList<>();
        for (HomeFiles.Compared compared : plan.files()) {
            if (compared.state() == State.FOREIGN) {
                hints.add("%s was not created by Lamplighter, so it was not changed (%s)."
                        .formatted(
                                directories.display(compared.file().path()),
                                compared.file().what()));
            }
        }
        if (dryRun) {
            return hints;
        }
        Path command = homeFiles.command();
        Optional<Path> found = runner.find("lamplighter");
        if (found.isEmpty()) {
            hints.add("%s is not in your PATH. Log in again, or add it to your PATH. Until then, run `%s`."
                    .formatted(directories.display(String.valueOf(command.getParent())), directories.display(command)));
        } else if (!found.get().equals(command)) {
            hints.add("`lamplighter` in your PATH is another installation: %s. This one is %s."
                    .formatted(directories.display(found.get()), directories.display(folders.launcher())));
        }
        return hints;
    }

    private List<String> lines(InstallPackage.Plan.Ready plan) {
        TextTable table = new TextTable();
        if (plan.copies()) {
            table.row(
                    "program (%d MB)".formatted(InstallPackage.megabytes(plan.bytes())),
                    directories.display(folders.folder(plan.version()))
                            + (plan.replaces() ? ", replaces another build" : ""));
        }
        if (!plan.before().equals(Optional.of(plan.version()))) {
            table.row("version in use", directories.display(folders.current()));
        }
        Map<String, List<HomeFile>> byPurpose = new LinkedHashMap<>();
        plan.files().stream()
                .filter(compared -> compared.state() == State.MISSING || compared.state() == State.OURS)
                .map(HomeFiles.Compared::file)
                .forEach(file -> byPurpose
                        .computeIfAbsent(file.what(), _ -> new ArrayList<>())
                        .add(file));
        byPurpose.forEach((what, files) -> table.row(
                what, SelfText.place(files.stream().map(HomeFile::path).toList(), directories)));
        return table.lines();
    }

    private ObjectNode data(InstallPackage.Plan.Ready plan, String outcome, String sentence) {
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.put("name", "lamplighter").put("outcome", outcome).put("reason", sentence);
        data.put("version", plan.version()).put("previous", plan.before().orElse(null));
        data.put("folder", folders.folder(plan.version()).toString());
        data.put("launcher", folders.launcher().toString());
        data.put("megabytes", InstallPackage.megabytes(plan.bytes()));
        data.put("autostart", tray.state().on());
        ArrayNode files = data.putArray("files");
        plan.files()
                .forEach(compared -> files.addObject()
                        .put("path", compared.file().path().toString())
                        .put("purpose", compared.file().what())
                        .put("before", compared.state().name().toLowerCase(Locale.ROOT)));
        hints(plan).forEach(data.putArray("warnings")::add);
        return data;
    }
}
