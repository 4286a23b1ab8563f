package io.github.lamplighter.installer.pipx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The folders of pipx: those of its variables first, then the default folders of all its versions (pipx
/// documentation, "How pipx works", and its change log). pipx is not started.
final class PipxHomes {

    private final Map<String, String> environment;
    private final Path home;
    private final Path dataHome;

    PipxHomes(Map<String, String> environment, Path home, Path dataHome) {
        this.environment = environment;
        this.home = home;
        this.dataHome = dataHome;
    }

    /// Each folder of environments once, as a real path.
    List<Path> venvs() {
        Set<Path> found = new LinkedHashSet<>();
        Stream.of(
                        variable("PIPX_HOME"),
                        Optional.of(home.resolve(".local/pipx")),
                        Optional.of(dataHome.resolve("pipx")),
                        Optional.of(home.resolve(".local/share/pipx")),
                        Optional.of(home.resolve("Library/Application Support/pipx")),
                        variable("PIPX_GLOBAL_HOME").or(() -> Optional.of(Path.of("/opt/pipx"))))
                .flatMap(Optional::stream)
                .forEach(folder -> real(folder.resolve("venvs")).ifPresent(found::add));
        return List.copyOf(found);
    }

    /// The folders of the links to programs.
    List<Path> bins() {
        return Stream.of(
                        variable("PIPX_BIN_DIR"),
                        Optional.of(home.resolve(".local/bin")),
                        variable("PIPX_GLOBAL_BIN_DIR").or(() -> Optional.of(Path.of("/usr/local/bin"))))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private Optional<Path> variable(String name) {
        String value = environment.getOrDefault(name, "");
        String expanded = value.startsWith("~/") ? home + value.substring(1) : value;
        try {
            return expanded.startsWith("/") ? Optional.of(Path.of(expanded).normalize()) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> real(Path folder) {
        try {
            return Files.isDirectory(folder) ? Optional.of(folder.toRealPath()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
