package io.github.lamplighter.window;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a tool's service starts, and where it looks for programs.
///
/// @param command the program and its arguments
/// @param variables environment variables besides `PATH`, without secrets
/// @param unavailable why there is no command, as a sentence
/// @param shellPath the folders of the login shell's `PATH`; empty if the shell was not asked yet
/// @param servicePath the folders of the service's `PATH`; empty without a service
/// @param dropIns further files that change the service
/// @param manifest the file to edit
public record ServiceSetup(
        List<String> command,
        Optional<Path> directory,
        Map<String, String> variables,
        Optional<Path> environmentFile,
        Optional<String> unavailable,
        List<String> shellPath,
        List<String> servicePath,
        List<Path> dropIns,
        Path manifest) {

    public ServiceSetup {
        command = List.copyOf(command);
        variables = Map.copyOf(variables);
        shellPath = List.copyOf(shellPath);
        servicePath = List.copyOf(servicePath);
        dropIns = List.copyOf(dropIns);
    }
}
