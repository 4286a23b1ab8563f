package io.github.lamplighter.service;

import java.util.List;

/// What lives beside the main process of a running service, where its manager holds processes together, and what
/// becomes of it when the service is stopped.
///
/// @param killMode systemd's word (systemd.kill(5)), as the manager resolved it, drop-ins included; empty where the
///     manager has none
/// @param guests processes that are no part of the service's own work: they left its session, or outlived the
///     process that started them, as a terminal multiplexer's server or a person's shell does
/// @param replaceable whether the file on its own decides that word, so that a new file changes it
public record CoResidentProcesses(String killMode, List<CoResident> processes, boolean replaceable) {

    public static final CoResidentProcesses NONE = new CoResidentProcesses("", List.of(), true);

    public CoResidentProcesses {
        processes = List.copyOf(processes);
    }

    /// @param command its argument list, for people
    public record CoResident(long pid, String command) {}

    /// Whether a stop with this word ends what lives beside the main process (systemd.kill(5), `KillMode=`).
    public static boolean killsCoResidents(String killMode) {
        return !killMode.equals("process") && !killMode.equals("none");
    }
}
