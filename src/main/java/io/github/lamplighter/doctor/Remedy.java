package io.github.lamplighter.doctor;

import java.util.List;
import java.util.Optional;

/// What can be done about a finding.
public sealed interface Remedy {

    /// Verb and object: what a button says.
    String text();

    /// A command of Lamplighter; a front end starts `argv` (which begins with `lamplighter`) as it is.
    ///
    /// @param action its id: the name of the command
    /// @param interrupts what it interrupts, as a phrase: `2 sessions are open`; empty where it interrupts
    ///     nothing, or only what the verb itself says
    record Action(String action, List<String> argv, String text, Optional<String> interrupts) implements Remedy {
        public Action(String action, List<String> argv, String text) {
            this(action, argv, text, Optional.empty());
        }
    }

    /// A command to copy; no front end runs it.
    record CopyCommand(String command, String text) implements Remedy {}

    /// A file or URL to open; a file with `~` for the home folder.
    record Open(String target, String text) implements Remedy {}

    /// Something to do that no command does, or nothing: it is checked again automatically.
    record Wait(String text) implements Remedy {

        /// Whether its text only says that no action is needed.
        public boolean asksForNothing() {
            return text.equals(Messages.text("remedy.nothing")) || text.equals(Messages.text("remedy.wait"));
        }
    }
}
