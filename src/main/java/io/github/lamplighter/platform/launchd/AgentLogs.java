package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.file.AppDirectories;
import java.nio.file.Path;
import java.util.Optional;

/// Finds the log files of agents.
///
/// @param agents the agents' own files, which name their log files
record AgentLogs(AppDirectories directories, AgentPlists agents) {

    /// The log file that Lamplighter sets for a tool.
    Path fileOf(String name) {
        return directories.home().resolve("Library/Logs/Lamplighter").resolve(name + ".log");
    }

    /// The log that an agent's own file names, or the one that Lamplighter would set.
    LogFile of(String unit) {
        String prefix = LaunchdServiceManager.PREFIX;
        return new LogFile(plist(unit)
                .flatMap(list -> list.path("StandardErrorPath").or(() -> list.path("StandardOutPath")))
                .orElseGet(() -> fileOf(unit.startsWith(prefix) ? unit.substring(prefix.length()) : unit)));
    }

    /// Where output goes that is not in the log, as a sentence.
    Optional<String> elsewhere(String unit) {
        return plist(unit).flatMap(list -> {
            Optional<Path> out = list.path("StandardOutPath");
            Optional<Path> err = list.path("StandardErrorPath");
            if (out.isEmpty() && err.isEmpty()) {
                return Optional.of("%s has no log file, so macOS discards its output.".formatted(unit));
            }
            return out.isPresent() && err.isPresent() && !out.equals(err)
                    ? Optional.of("This is its standard error. Its standard output is in %s."
                            .formatted(directories.display(out.get())))
                    : Optional.empty();
        });
    }

    private Optional<PlistReader> plist(String unit) {
        return agents.file(unit).flatMap(PlistReader::read);
    }
}
