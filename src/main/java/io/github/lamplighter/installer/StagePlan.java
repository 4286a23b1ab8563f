package io.github.lamplighter.installer;

import io.github.lamplighter.process.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How to install a new version next to the old one and switch to it.
///
/// @param copyTo where the environment is copied before the commands run; empty if the stage starts empty (npm)
/// @param files written into the stage after the copy and before the commands: path and text
/// @param commands the installer's ordinary commands, working on the stage only
/// @param prepared the folder in the stage that replaces the environment by a rename
/// @param environment the final path
/// @param rewritePaths whether paths of the stage in text files of `prepared` must be changed to the final path
/// @param programsFolder the folder of the prepared programs, to test them there (`STAGE/bin`)
/// @param links the launchers outside the environment to create, change or remove at the switch
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

    /// A stage without additional files.
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
        /// Launchers are inside the environment (a plain virtual environment).
        record None() implements LinkRule {}

        /// Each link in `stagedFolder` is created in `finalFolder` with the same target; a link there that
        /// the package manager made, points into the environment and is not in the stage is removed; any other
        /// file of that name is refused.
        ///
        /// @param made the names of the links that the package manager made for the installed version
        record Mirror(Path stagedFolder, Path finalFolder, Set<String> made) implements LinkRule {
            public Mirror {
                made = Set.copyOf(made);
            }
        }

        /// Each link in `stagedFolder` into the prepared environment is created in `finalFolder` with a
        /// target in the final one; a link there that has the name of its target and would become
        /// broken is removed (links of other packages and of the user stay); any other file of that
        /// name is refused. Paths of `stagedFolder` in text files become `finalFolder`.
        record Relocated(Path stagedFolder, Path finalFolder) implements LinkRule {}
    }
}
