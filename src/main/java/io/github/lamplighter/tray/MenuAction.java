package io.github.lamplighter.tray;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The effect of a menu item: a closed set, so that nothing read from a file is ever run.
sealed interface MenuAction {

    /// Opens the overview or a tool's page, or a dialog in front of it.
    ///
    /// @param arguments after `window`
    record OpenWindow(List<String> arguments) implements MenuAction {
        public OpenWindow {
            arguments = List.copyOf(arguments);
        }

        static OpenWindow overview() {
            return new OpenWindow(List.of());
        }

        static OpenWindow of(String tool) {
            return new OpenWindow(List.of(tool));
        }

        /// Opens a dialog or a tab, which asks before it changes anything: a menu has no room for what an action
        /// interrupts.
        static OpenWindow asking(String what, String... tool) {
            return new OpenWindow(
                    Stream.concat(Stream.of(tool), Stream.of("--ask", what)).toList());
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
