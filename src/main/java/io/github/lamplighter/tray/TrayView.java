package io.github.lamplighter.tray;

import io.github.lamplighter.status.ToolStatus.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Everything that the panel shows.
///
/// @param title the first line of the tooltip
/// @param details one line for each tool that isn't OK
/// @param tools the current state of each tool, for the notifications
record TrayView(State state, String title, List<String> details, List<TrayMenuItem> menu, List<ToolView> tools) {

    TrayView {
        details = List.copyOf(details);
        menu = List.copyOf(menu);
        tools = List.copyOf(tools);
    }

    /// @param problem what the tray itself observed after the doctor's report
    /// @param isServiceKnown whether the state of its service is known, even if other checks are not
    /// @param isResponseKnown whether the present run of its service was probed
    record ToolView(
            String name,
            State state,
            String headline,
            Optional<LiveProblem> problem,
            boolean isServiceKnown,
            boolean isResponseKnown) {

        /// Of a tool whose service is known unless its state is unknown.
        ToolView(String name, State state, String headline, Optional<LiveProblem> problem) {
            this(name, state, headline, problem, state != State.UNKNOWN, state != State.UNKNOWN);
        }
    }

    /// @param detail the message of the service manager or of the failed probe
    record LiveProblem(Kind kind, Instant since, String detail) {
        enum Kind {
            STOPPED,
            KEEPS_CRASHING,
            NOT_RESPONDING
        }
    }
}
