package io.github.lamplighter.client;

import java.util.List;
import java.util.function.Consumer;

/// Port to Lamplighter's own commands: the only way in which the window and the tray change anything. The
/// methods block; both call them in the background.
public interface CliClient {

    /// Runs `lamplighter ARGUMENTS --json`, and returns its envelope, or one with the reason for its absence.
    Envelope run(List<String> arguments);

    /// Runs a command that prints lines, for example a log.
    Lines lines(List<String> arguments);

    /// Runs a command that keeps printing lines, and returns at once. `line` is called in some thread.
    Following follow(List<String> arguments, Consumer<String> line);

    /// Stops following when it is closed.
    interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /// @param problem the error message; empty if the command succeeded
    record Lines(List<String> lines, String problem) {
        public Lines {
            lines = List.copyOf(lines);
        }
    }
}
