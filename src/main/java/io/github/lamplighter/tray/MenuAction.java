package io.github.lamplighter.tray;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The effect of a menu item: a closed set, so that nothing read from a file is ever run.
sealed interface MenuAction {

    /// Opens the overview or a tool's page, or a dialog in front of it.
    ///
    /// @param tool whose page; empty for the overview
    /// @param ask the dialog or tab to open there, as `window --ask` calls it
    /// @param check whether to check the tool now
    record OpenWindow(Optional<String> tool, Optional<String> ask, boolean check) implements MenuAction {

        static OpenWindow overview() {
            return new OpenWindow(Optional.empty(), Optional.empty(), false);
        }

        static OpenWindow of(String tool) {
            return new OpenWindow(Optional.of(tool), Optional.empty(), false);
        }

        static OpenWindow checking(String tool) {
            return new OpenWindow(Optional.of(tool), Optional.empty(), true);
        }

        /// Opens a dialog or a tab, which asks before it changes anything: a menu has no room for what an action
        /// interrupts.
        static OpenWindow asking(String what, String tool) {
            return new OpenWindow(Optional.of(tool), Optional.of(what), false);
        }

        /// The same on the overview.
        static OpenWindow asking(String what) {
            return new OpenWindow(Optional.empty(), Optional.of(what), false);
        }

        /// After `window` on the command line.
        List<String> arguments() {
            return Stream.of(
                            tool.stream(),
                            ask.stream().flatMap(what -> Stream.of("--ask", what)),
                            Stream.of("--check").filter(_ -> check))
                    .flatMap(words -> words)
                    .toList();
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
