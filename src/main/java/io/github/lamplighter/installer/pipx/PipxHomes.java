package io.github.lamplighter.installer.pipx;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Where pipx keeps environments and links: the variables first, then every place that some version of it used
/// (pipx documentation, "How pipx works", and its change log). pipx itself is not started for it.
final class PipxHomes {

    private final Map<String, String> environment;
    private final Path home;
    private final Path dataHome;

    PipxHomes(Map<String, String> environment, Path home, Path dataHome) {
        this.environment = environment;
        this.home = home;
        this.dataHome = dataHome;
    }

    /// Each folder that holds environments, as a real path, once.
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

    /// The environments in all of them: folders, whose names do not begin with a dot.
    List<Path> environments() {
        List<Path> found = new ArrayList<>();
        for (Path venvs : venvs()) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(venvs)) {
                for (Path folder : folders) {
                    if (!folder.getFileName().toString().startsWith(".") && Files.isDirectory(folder)) {
                        found.add(folder);
                    }
                }
            } catch (IOException e) {
                // It may not be read, or went away: what is in the others is still found.
            }
        }
        found.sort(null);
        return found;
    }

    /// Where the links to programs lie.
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
