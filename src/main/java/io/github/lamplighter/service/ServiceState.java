package io.github.lamplighter.service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// A service as its manager sees it, asked live.
///
/// @param unit the manager's name of it (`lamplighter-x.service`)
/// @param phase the contract's word
/// @param enabled whether it starts at login; empty when there is no such service or it could not be told
/// @param pid of the main process
/// @param since when it entered this phase
/// @param restarts how often the manager restarted it by itself since the last start
/// @param lastExit in words (`exit status 1`, `killed by SIGKILL`), if it ever ended
/// @param file its definition on disk
/// @param owner who wrote that file
/// @param words the manager's own (`active/running`), or the sentence why it could not be asked
/// @param controlGroup where its processes live (cgroup path), if running
/// @param invocation the manager's id of this run, to tell a restart from a long life
/// @param sentence what a person has to know beyond the phase, and what can be done; empty where the phase
/// says it all
public record ServiceState(
        String unit,
        Phase phase,
        Optional<Boolean> enabled,
        Optional<Long> pid,
        Optional<Instant> since,
        int restarts,
        Optional<String> lastExit,
        Optional<Path> file,
        Owner owner,
        String words,
        Optional<String> controlGroup,
        Optional<String> invocation,
        Optional<String> sentence) {

    public enum Phase {
        RUNNING,
        STARTING,
        STOPPED,
        FAILED,
        RESTARTING,
        NOT_INSTALLED,
        UNKNOWN;

        public String word() {
            return switch (this) {
                case RUNNING -> "running";
                case STARTING -> "starting";
                case STOPPED -> "stopped";
                case FAILED -> "failed";
                case RESTARTING -> "restarting";
                case NOT_INSTALLED -> "not-installed";
                case UNKNOWN -> "unknown";
            };
        }
    }

    public enum Owner {
        OURS,
        ADOPTED,
        FOREIGN;

        public String word() {
            return switch (this) {
                case OURS -> "ours";
                case ADOPTED -> "adopted";
                case FOREIGN -> "foreign";
            };
        }
    }

    /// systemd.unit(5): a masked unit cannot be started by anybody.
    public boolean isMasked() {
        return words.startsWith("masked");
    }

    public boolean isInstalled() {
        return phase != Phase.NOT_INSTALLED && phase != Phase.UNKNOWN;
    }
}
