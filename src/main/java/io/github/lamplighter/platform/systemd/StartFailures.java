package io.github.lamplighter.platform.systemd;

import java.util.Map;
import java.util.Optional;

/// The exit statuses of systemd itself (systemd.exec(5), "Process Exit Codes"): it could not prepare the process,
/// so the program was never started.
final class StartFailures {

    /// @param setting what could not be applied, as systemd calls it
    /// @param phrase what that means for the program
    /// @param advice a sentence; empty if the phrase says it all
    record StartFailure(String setting, String phrase, String advice) {}

    private static final Map<Integer, StartFailure> KNOWN = Map.ofEntries(
            failure(
                    200,
                    "CHDIR",
                    "its working directory cannot be entered",
                    "Create that folder, or correct `WorkingDirectory=`."),
            failure(
                    203,
                    "EXEC",
                    "its program could not be executed",
                    "Check the path in `ExecStart=`, and the program in the first line of that file (`#!`)."),
            failure(208, "STDIN", "its standard input could not be opened", ""),
            failure(
                    209,
                    "STDOUT",
                    "its output could not be connected",
                    "Check `StandardOutput=` and the folder of that file."),
            failure(
                    216,
                    "GROUP",
                    "its group could not be set",
                    "A service of yours always has your groups. Remove `User=`, `Group=` and `SupplementaryGroups=`"
                            + " from its file."),
            failure(
                    217,
                    "USER",
                    "its user could not be set",
                    "A service of yours always runs as you. Remove `User=` from its file."),
            failure(218, "CAPABILITIES", "its capabilities could not be set", "Only root's services can have those."),
            failure(219, "CGROUP", "its control group could not be set up", ""),
            failure(
                    222,
                    "STDERR",
                    "its error output could not be connected",
                    "Check `StandardError=` and the folder of that file."),
            failure(
                    225,
                    "NETWORK",
                    "its network namespace could not be set up",
                    "Your system does not allow that for a service of yours."),
            failure(
                    226,
                    "NAMESPACE",
                    "its mount namespace could not be set up",
                    "Check that every path in `BindPaths=`, `ReadWritePaths=` and similar settings exists and is"
                            + " allowed."),
            failure(228, "SECCOMP", "its system call filter could not be applied", ""),
            failure(233, "RUNTIME_DIRECTORY", "its `RuntimeDirectory=` could not be created", ""),
            failure(238, "STATE_DIRECTORY", "its `StateDirectory=` could not be created", ""),
            failure(239, "CACHE_DIRECTORY", "its `CacheDirectory=` could not be created", ""),
            failure(240, "LOGS_DIRECTORY", "its `LogsDirectory=` could not be created", ""),
            failure(241, "CONFIGURATION_DIRECTORY", "its `ConfigurationDirectory=` could not be created", ""),
            failure(
                    243,
                    "CREDENTIALS",
                    "its credentials could not be read",
                    "Check the files of `LoadCredential=` and `SetCredential=`."));

    private StartFailures() {}

    private static Map.Entry<Integer, StartFailure> failure(int status, String setting, String phrase, String advice) {
        return Map.entry(status, new StartFailure(setting, phrase, advice));
    }

    /// Empty for a status that is not systemd's. Programs may use these numbers too, so it is only certain for a
    /// process that ended at once.
    static Optional<StartFailure> of(int status) {
        return Optional.ofNullable(KNOWN.get(status))
                .or(() -> status >= 200 && status <= 245
                        ? Optional.of(new StartFailure("", "systemd could not apply a setting of its service file", ""))
                        : Optional.empty());
    }
}
