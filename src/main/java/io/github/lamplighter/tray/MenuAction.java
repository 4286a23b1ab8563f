package io.github.lamplighter.tray;

import java.util.List;
import java.util.Optional;

/// What choosing an item of the menu does: a closed catalogue, so that nothing read from a file is ever run.
sealed interface MenuAction {

    /// The overview, or a tool's page.
    ///
    /// @param arguments after `window`
    record OpenWindow(List<String> arguments) implements MenuAction {
        public OpenWindow {
            arguments = List.copyOf(arguments);
        }
    }

    /// A verb of the command line.
    ///
    /// @param arguments after the launcher
    /// @param tool whom it is about
    record RunVerb(List<String> arguments, Optional<String> tool) implements MenuAction {
        public RunVerb {
            arguments = List.copyOf(arguments);
        }

        static RunVerb about(String tool, String... arguments) {
            return new RunVerb(List.of(arguments), Optional.of(tool));
        }
    }

    /// The doctor, now.
    record CheckNow() implements MenuAction {}

    /// The tray ends; the tools do not.
    record Quit() implements MenuAction {}
}
