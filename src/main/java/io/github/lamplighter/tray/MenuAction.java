package io.github.lamplighter.tray;

import java.util.List;
import java.util.Optional;

/// The effect of a menu item: a closed set, so that nothing read from a file is ever run.
sealed interface MenuAction {

    /// Opens the overview or a tool's page.
    ///
    /// @param arguments after `window`
    record OpenWindow(List<String> arguments) implements MenuAction {
        public OpenWindow {
            arguments = List.copyOf(arguments);
        }
    }

    /// Runs a command of Lamplighter's.
    ///
    /// @param arguments after the launcher
    /// @param tool the tool that it is about
    record RunCommand(List<String> arguments, Optional<String> tool) implements MenuAction {
        public RunCommand {
            arguments = List.copyOf(arguments);
        }

        static RunCommand about(String tool, String... arguments) {
            return new RunCommand(List.of(arguments), Optional.of(tool));
        }
    }

    /// Runs the doctor now.
    record CheckNow() implements MenuAction {}

    /// Ends the tray; the tools keep running.
    record Quit() implements MenuAction {}
}
