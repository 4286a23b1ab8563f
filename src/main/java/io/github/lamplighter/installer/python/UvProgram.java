package io.github.lamplighter.installer.python;

import io.github.lamplighter.process.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// The `uv` of this machine.
public record UvProgram(ProcessRunner runner, Path home) {

    /// On `PATH`, else where its installers put it, because the `PATH` of a service lacks the user's folders.
    public Optional<Path> find() {
        return runner.find("uv")
                .or(() -> Stream.of(
                                home.resolve(".local/bin"),
                                home.resolve(".cargo/bin"),
                                Path.of("/opt/homebrew/bin"),
                                Path.of("/usr/local/bin"),
                                Path.of("/snap/bin"))
                        .map(folder -> folder.resolve("uv"))
                        .filter(Files::isExecutable)
                        .findFirst());
    }
}
