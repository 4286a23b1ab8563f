package io.github.lamplighter.harness;

import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What a transaction does up to the switch, without one: the copy, the stage's files, its commands.
public final class StagedBy {

    private StagedBy() {}

    /// @param environment what the package manager inherits
    /// @return what the installer reads in the stage
    public static Provenance the(
            Installer installer,
            ProcessRunner runner,
            Map<String, String> environment,
            Provenance from,
            UpgradeTarget upgradeTarget) {
        Path folder = installer.stageRoot(from).resolve("stages/1");
        StagePlan stagePlan = installer.stage(from, upgradeTarget, folder);
        try {
            Files.createDirectories(folder);
            if (stagePlan.copyTo().isPresent()) {
                Files.createDirectories(stagePlan.copyTo().get().getParent());
                well(
                        runner,
                        Command.of(
                                Duration.ofMinutes(1),
                                "cp",
                                "-a",
                                from.environment().toString(),
                                stagePlan.copyTo().get().toString()));
            }
            for (Map.Entry<Path, String> file : stagePlan.files().entrySet()) {
                Files.writeString(file.getKey(), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stagePlan
                .commands()
                .forEach(command -> well(runner, command.withAll(environment).changing(command.environment())));
        return installer
                .owner(stagePlan.programsFolder().resolve(from.program().getFileName()))
                .orElseThrow(() -> new AssertionError("there is nothing in the stage"));
    }

    private static void well(ProcessRunner runner, Command command) {
        ProcessResult result = runner.run(command);
        if (!(result instanceof ProcessResult.Exited(int status, var _, var _, var _)) || status != 0) {
            throw new AssertionError(command.line() + ": " + result);
        }
    }
}
