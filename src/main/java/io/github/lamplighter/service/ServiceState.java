package io.github.lamplighter.service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The state of a service, as its manager reports it at one moment. Every component is printed or decides
/// something, and all are read in one query, so they stay together.
///
/// @param unit the manager's name of it (`lamplighter-x.service`)
/// @param load whether the service manager can use its file
/// @param atLogin whether it starts at login
/// @param pid of the main process
/// @param since when it entered this phase
/// @param restarts how often the manager has restarted it since its last start
/// @param lastExit how it ended; empty if it has not exited yet
/// @param file its service file
/// @param owner who wrote that file
/// @param words the manager's own words (`active/running`), or the sentence why it could not be queried
/// @param controlGroup the control group (path) of its processes, if it is running
/// @param invocation the manager's id of this run, which tells a restart from a long run
/// @param sentence what the phase does not say, and what to do; empty if the phase says it all
/// @param startedBy the active units that start it, such as a socket or a timer; only while it has no process
public record ServiceState(
        String unit,
        Phase phase,
        Load load,
        AtLogin atLogin,
        Optional<Long> pid,
        Optional<Instant> since,
        int restarts,
        Optional<LastExit> lastExit,
        Optional<Path> file,
        Owner owner,
        String words,
        Optional<String> controlGroup,
        Optional<String> invocation,
        Optional<String> sentence,
        List<String> startedBy) {

    public ServiceState {
        startedBy = List.copyOf(startedBy);
    }

    /// The state of a service that no other unit starts.
    public ServiceState(
            String unit,
            Phase phase,
            Load load,
            AtLogin atLogin,
            Optional<Long> pid,
            Optional<Instant> since,
            int restarts,
            Optional<LastExit> lastExit,
            Optional<Path> file,
            Owner owner,
            String words,
            Optional<String> controlGroup,
            Optional<String> invocation,
            Optional<String> sentence) {
        this(
                unit,
                phase,
                load,
                atLogin,
                pid,
                since,
                restarts,
                lastExit,
                file,
                owner,
                words,
                controlGroup,
                invocation,
                sentence,
                List.of());
    }

    public ServiceState withStartedBy(List<String> units) {
        return new ServiceState(
                unit,
                phase,
                load,
                atLogin,
                pid,
                since,
                restarts,
                lastExit,
                file,
                owner,
                words,
                controlGroup,
                invocation,
                sentence,
                units);
    }

    /// The state of a service whose manager could not be queried.
    ///
    /// @param why a sentence
    public static ServiceState unknown(String unit, String why) {
        return new ServiceState(
                unit,
                Phase.UNKNOWN,
                Load.USABLE,
                new AtLogin.Unknown(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Owner.FOREIGN,
                why,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

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

    public enum Load {
        USABLE,
        /// The user or the system forbade every start (systemd.unit(5)).
        MASKED,
        /// The manager understands the file not at all, or refuses a setting.
        UNUSABLE
    }

    public enum Owner {
        /// Written by Lamplighter, under a name of its own.
        OURS,
        /// Written by Lamplighter, under the name that the service had before.
        ADOPTED,
        /// Not created by Lamplighter.
        FOREIGN;

        public String word() {
            return switch (this) {
                case OURS -> "ours";
                case ADOPTED -> "adopted";
                case FOREIGN -> "foreign";
            };
        }
    }

    public boolean masked() {
        return load == Load.MASKED;
    }

    /// Whether it starts at login; empty if that is not known.
    public Optional<Boolean> enabled() {
        return atLogin.starts();
    }

    /// Whether it has a process now.
    public boolean isRunning() {
        return phase == Phase.RUNNING || pid.isPresent();
    }

    /// Whether the manager itself listens for it (socket activation): the next connection starts it, also one that
    /// only looks whether it responds.
    public boolean startsOnConnection() {
        return startedBy.stream().anyMatch(starter -> starter.endsWith(".socket"));
    }

    /// Whether the manager could not start its program at all.
    public boolean isNeverStarted() {
        return load == Load.UNUSABLE || lastExit.filter(LastExit::isNotStarted).isPresent();
    }

    /// The control group of its processes. If the manager did not respond, the end of its path: the kernel still tells
    /// in which group a process is.
    public Optional<String> presumedControlGroup() {
        return phase == Phase.UNKNOWN ? Optional.of("/" + ForeignUnit.plain(unit)) : controlGroup;
    }

    public boolean isInstalled() {
        return phase != Phase.NOT_INSTALLED && phase != Phase.UNKNOWN;
    }
}
