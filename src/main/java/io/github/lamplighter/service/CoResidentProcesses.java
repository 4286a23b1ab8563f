package io.github.lamplighter.service;

import java.util.List;

/// The processes in a service's control group or process group that are not its own workers, and whether a
/// stop kills them (`KillMode=`, systemd.kill(5)).
///
/// @param killMode the effective value, drop-ins included; empty for a manager without it
/// @param processes those that left the session of the service, or outlived the process that started them,
///     such as a terminal multiplexer's server or a user's shell
/// @param replaceable whether the service file alone sets `killMode`, so that a new file changes it
public record CoResidentProcesses(String killMode, List<CoResident> processes, boolean replaceable) {

    public static final CoResidentProcesses NONE = new CoResidentProcesses("", List.of(), true);

    public CoResidentProcesses {
        processes = List.copyOf(processes);
    }

    /// @param command its command line, for display
    public record CoResident(long pid, String command) {}

    /// Whether a stop with this `KillMode=` kills other processes than the main one.
    public static boolean killsCoResidents(String killMode) {
        return !killMode.equals("process") && !killMode.equals("none");
    }
}
