package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.List;

/// The real command line, without running a command.
public final class CommandSyntax {

    private CommandSyntax() {}

    /// Fails if a command does not take these arguments.
    public static void check(List<String> arguments) {
        assertThatCode(() -> new CompositionRoot(TestHost.at(Path.of("/nonexistent")))
                        .commandLine(arguments)
                        .parseArgs(arguments.toArray(String[]::new)))
                .as("lamplighter " + String.join(" ", arguments))
                .doesNotThrowAnyException();
    }
}
