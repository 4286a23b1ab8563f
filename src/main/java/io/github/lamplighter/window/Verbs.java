package io.github.lamplighter.window;

import java.util.List;

/// The port to the verbs of the command line: the only way in which the window asks and changes anything. Both
/// methods block; the window calls them in the background.
public interface Verbs {

    /// Runs `lamplighter ARGUMENTS --json` and gives back its envelope; when there is none, one that says why.
    Envelope run(List<String> arguments);

    /// Runs `lamplighter ARGUMENTS` for a verb that prints lines (a log).
    Lines lines(List<String> arguments);

    /// @param problem a sentence, empty when the verb ended well
    record Lines(List<String> lines, String problem) {
        public Lines {
            lines = List.copyOf(lines);
        }
    }
}
