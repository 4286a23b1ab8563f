package io.github.lamplighter.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a background service shall be, independent of the service manager.
///
/// @param name the tool's name; the file is `lamplighter-NAME.service` or `io.github.lamplighter.NAME.plist`
/// @param description one line for the manager's listings
/// @param argv the stable launcher (absolute) and its arguments
/// @param environment variables besides `PATH`; never secrets
/// @param path the cleaned `PATH` of the user's login shell
/// @param workingDirectory where it runs
/// @param environmentFile a file of secrets (0600, the user's) that the manager reads itself
/// @param killMode systemd's `KillMode` word, if the manifest says one
/// @param stopTimeoutSeconds how long stopping may take before it is killed
public record ServiceDefinition(
        String name,
        String description,
        List<String> argv,
        Map<String, String> environment,
        String path,
        Path workingDirectory,
        Optional<Path> environmentFile,
        Optional<String> killMode,
        int stopTimeoutSeconds) {

    public ServiceDefinition {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }
}
