package io.github.lamplighter.doctor;

import java.util.List;
import java.util.Optional;

/// What can be done about a finding.
public sealed interface Remedy {

    /// Verb and object: what a button says.
    String text();

    /// An action of Lamplighter's catalogue; a face starts `argv` (which begins with `lamplighter`) as it is.
    ///
    /// @param action the catalogued id: the verb's name
    /// @param interrupts what it interrupts, as a phrase: `2 sessions are open`; empty where it interrupts
    ///     nothing, or only what the verb itself says
    record Action(String action, List<String> argv, String text, Optional<String> interrupts) implements Remedy {
        public Action(String action, List<String> argv, String text) {
            this(action, argv, text, Optional.empty());
        }
    }

    /// A command to copy; no face ever runs it.
    record CopyCommand(String command, String text) implements Remedy {}

    /// A file or address to open; a file as people write it, with `~` for their home.
    record Open(String target, String text) implements Remedy {}

    /// Nothing is needed; it is checked again by itself.
    record Wait(String text) implements Remedy {}
}
