package io.github.lamplighter.doctor;

import java.util.List;

/// What can be done about a finding.
public sealed interface Remedy {

    /// Verb and object: what a button says.
    String text();

    /// An action of Lamplighter's catalogue; a face starts `argv` (which begins with `lamplighter`) as it is.
    ///
    /// @param action the catalogued id: the verb's name
    record Action(String action, List<String> argv, String text) implements Remedy {}

    /// A command to copy; no face ever runs it.
    record CopyCommand(String command, String text) implements Remedy {}

    /// A file or address to open.
    record Open(String target, String text) implements Remedy {}

    /// Nothing is needed; it is checked again by itself.
    record Wait(String text) implements Remedy {}
}
