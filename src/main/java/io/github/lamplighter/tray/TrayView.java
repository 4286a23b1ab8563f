package io.github.lamplighter.tray;

import io.github.lamplighter.status.Glance.State;
import java.util.List;

/// All that the panel shows.
///
/// @param title the first line of the overview
/// @param details one line a tool that is not well
/// @param tools each tool's state as it is now, for what is worth a notification
record TrayView(State state, String title, List<String> details, List<TrayMenuItem> menu, List<ToolView> tools) {

    TrayView {
        details = List.copyOf(details);
        menu = List.copyOf(menu);
        tools = List.copyOf(tools);
    }

    /// @param headline a phrase that follows the tool's name
    /// @param trouble what the tray itself saw, if it did: more recent than the doctor's report
    /// @param isSeen whether it is known how its service is, whatever else is not known of the tool
    record ToolView(String name, State state, String headline, java.util.Optional<Trouble> trouble, boolean isSeen) {

        /// Of a tool whose state says all.
        ToolView(String name, State state, String headline, java.util.Optional<Trouble> trouble) {
            this(name, state, headline, trouble, state != State.UNKNOWN);
        }
    }

    /// @param since when it began
    /// @param detail what the service manager or the socket said
    record Trouble(Kind kind, java.time.Instant since, String detail) {
        enum Kind {
            STOPPED,
            RESTARTING,
            SILENT
        }
    }
}
