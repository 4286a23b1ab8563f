package io.github.lamplighter.window;

import java.util.List;
import java.util.function.Consumer;

/// The port to the verbs of the command line: the only way in which the window asks and changes anything. What
/// gives an answer blocks; the window calls it in the background.
public interface CliClient {

    /// Runs `lamplighter ARGUMENTS --json` and gives back its envelope; when there is none, one that says why.
    Envelope run(List<String> arguments);

    /// Runs `lamplighter ARGUMENTS` for a verb that prints lines (a log).
    Lines lines(List<String> arguments);

    /// Runs `lamplighter ARGUMENTS` for a verb that goes on printing lines, and returns at once; each line is handed
    /// over in some thread.
    Following follow(List<String> arguments, Consumer<String> line);

    /// Ends what was followed.
    interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /// @param problem a sentence, empty when the verb ended well
    record Lines(List<String> lines, String problem) {
        public Lines {
            lines = List.copyOf(lines);
        }
    }
}
