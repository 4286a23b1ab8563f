package io.github.lamplighter.installer;

import io.github.lamplighter.process.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a new version is made beside the old one and put in its place.
///
/// @param copyTo where the environment is copied before the commands run; empty when the stage starts fresh
/// (npm)
/// @param files written into the stage after the copy and before the commands: path and text
/// @param commands the installer's ordinary commands, working on the stage only
/// @param prepared the folder in the stage that will take the environment's place by rename
/// @param environment the final path
/// @param rewritePaths whether text files in `prepared` name the stage and have to name the final path instead
/// @param programsFolder the folder of the prepared programs, to try them where they lie (`STAGE/bin`)
/// @param links the launchers outside the environment that must be made, changed or removed at the switch
public record StagePlan(
        Optional<Path> copyTo,
        Map<Path, String> files,
        List<Command> commands,
        Path prepared,
        Path environment,
        boolean rewritePaths,
        Path programsFolder,
        LinkRule links) {

    public StagePlan {
        files = Map.copyOf(files);
        commands = List.copyOf(commands);
    }

    /// A stage that needs no files of its own.
    public StagePlan(
            Optional<Path> copyTo,
            List<Command> commands,
            Path prepared,
            Path environment,
            boolean rewritePaths,
            Path programsFolder,
            LinkRule links) {
        this(copyTo, Map.of(), commands, prepared, environment, rewritePaths, programsFolder, links);
    }

    /// Which links belong to the environment.
    public sealed interface LinkRule {
        /// Launchers lie inside the environment (a plain virtual environment).
        record None() implements LinkRule {}

        /// Each link in `stagedFolder` is made in `finalFolder` with the same text; a link there that
        /// points into the environment and is not in the stage goes; any other file of that name is not
        /// ours: refused.
        record Mirror(Path stagedFolder, Path finalFolder) implements LinkRule {}

        /// Each link in `stagedFolder` that leads into the prepared environment is made in `finalFolder`
        /// and leads there into the final one; a link there that leads into the environment and would lead
        /// nowhere goes (one of another package in it stays); any other file of that name is not ours:
        /// refused. Text files that name `stagedFolder` name `finalFolder` instead.
        record Relocated(Path stagedFolder, Path finalFolder) implements LinkRule {}
    }
}
