package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.installer.StagePlan.LinkRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The links outside an environment that start what is in it.
final class LauncherLinks {

    private LauncherLinks() {}

    /// What every link concerned shall say after the switch; empty where it shall go.
    ///
    /// @param prepared what will take the environment's place
    static Map<Path, Optional<String>> wanted(LinkRule rule, Path prepared, Path environment) throws IOException {
        Map<Path, Optional<String>> wanted = new LinkedHashMap<>();
        switch (rule) {
            case LinkRule.None() -> {}
            case LinkRule.Mirror(Path staged, Path destination) -> {
                for (Path link : children(destination)) {
                    if (pointsInto(link, environment)) {
                        wanted.put(link, Optional.empty());
                    }
                }
                for (Path link : children(staged)) {
                    if (Files.isSymbolicLink(link)) {
                        wanted.put(
                                destination.resolve(link.getFileName()),
                                Optional.of(Files.readSymbolicLink(link).toString()));
                    }
                }
            }
            case LinkRule.Relocated(Path staged, Path destination) -> {
                for (Path link : children(destination)) {
                    if (pointsInto(link, environment) && !Files.exists(prepared.resolve(inside(link, environment)))) {
                        wanted.put(link, Optional.empty());
                    }
                }
                for (Path link : children(staged)) {
                    if (pointsInto(link, prepared)) {
                        wanted.put(
                                destination.resolve(link.getFileName()),
                                Optional.of(environment
                                        .resolve(inside(link, prepared))
                                        .toString()));
                    }
                }
            }
        }
        return wanted;
    }

    /// Files in the place of a launcher that are not ours to replace.
    static List<Path> strangers(Map<Path, Optional<String>> wanted, Path environment) throws IOException {
        return wanted.keySet().stream()
                .filter(link -> Files.exists(link, LinkOption.NOFOLLOW_LINKS))
                .filter(link -> !pointsInto(link, environment))
                .toList();
    }

    /// What the links say now.
    static Map<Path, Optional<String>> texts(Iterable<Path> links) throws IOException {
        Map<Path, Optional<String>> texts = new LinkedHashMap<>();
        for (Path link : links) {
            texts.put(
                    link,
                    Files.isSymbolicLink(link)
                            ? Optional.of(Files.readSymbolicLink(link).toString())
                            : Optional.empty());
        }
        return texts;
    }

    /// Makes the links say what they shall; doing it twice is the same as once.
    static void apply(Map<Path, Optional<String>> wanted) throws IOException {
        for (Map.Entry<Path, Optional<String>> entry : wanted.entrySet()) {
            Path link = entry.getKey();
            if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
                continue; // somebody put a file of their own there meanwhile
            }
            if (entry.getValue().isEmpty()) {
                Files.deleteIfExists(link);
            } else {
                Path temporary = link.resolveSibling("." + link.getFileName() + "." + UUID.randomUUID());
                Files.createSymbolicLink(temporary, Path.of(entry.getValue().get()));
                Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            AtomicFile.sync(AtomicFile.folderOf(link));
        }
    }

    private static boolean pointsInto(Path link, Path environment) {
        try {
            return Files.isSymbolicLink(link) && target(link).startsWith(environment);
        } catch (IOException e) {
            return false;
        }
    }

    /// Where in `environment` a link that points into it leads.
    private static Path inside(Path link, Path environment) throws IOException {
        return environment.relativize(target(link));
    }

    /// One step, with the folders on the way as they really are: what it leads to may be a link itself, or gone.
    private static Path target(Path link) throws IOException {
        Path text = AtomicFile.folderOf(link)
                .toRealPath()
                .resolve(Files.readSymbolicLink(link))
                .normalize();
        Path folder = text.getParent();
        Path name = text.getFileName();
        return folder != null && name != null && Files.isDirectory(folder)
                ? folder.toRealPath().resolve(name)
                : text;
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
