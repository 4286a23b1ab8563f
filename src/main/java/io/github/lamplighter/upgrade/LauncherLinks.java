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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// The launcher links outside of an environment that lead into it.
final class LauncherLinks {

    private LauncherLinks() {}

    /// The target of every link after the switch; empty to delete it.
    ///
    /// @param prepared the folder that will take the environment's place
    static Map<Path, Optional<String>> wanted(LinkRule rule, Path prepared, Path environment) throws IOException {
        Map<Path, Optional<String>> wanted = new LinkedHashMap<>();
        switch (rule) {
            case LinkRule.None() -> {}
            case LinkRule.Mirror(Path staged, Path destination, Set<String> made) -> {
                for (Path link : children(destination)) {
                    if (made.contains(String.valueOf(link.getFileName())) && pointsInto(link, environment)) {
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
                    if (pointsInto(link, environment)
                            && hasNameOfTarget(link, environment)
                            && !Files.exists(prepared.resolve(inside(link, environment)))) {
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

    /// Files at the path of a launcher that do not belong to the tool.
    static List<Path> strangers(Map<Path, Optional<String>> wanted, Path environment) throws IOException {
        return wanted.keySet().stream()
                .filter(link -> Files.exists(link, LinkOption.NOFOLLOW_LINKS))
                .filter(link -> !pointsInto(link, environment))
                .toList();
    }

    /// The current targets of links.
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

    /// Sets the links. Idempotent.
    static void apply(Map<Path, Optional<String>> wanted) throws IOException {
        for (Map.Entry<Path, Optional<String>> entry : wanted.entrySet()) {
            Path link = entry.getKey();
            if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
                continue; // a file of the user's, created in the meantime
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

    static boolean pointsInto(Path link, Path environment) {
        try {
            return Files.isSymbolicLink(link) && target(link).startsWith(environment);
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether a link with this target would lead into the environment.
    static boolean leadsInto(Path link, String text, Path environment) {
        try {
            return target(link, Path.of(text)).startsWith(environment);
        } catch (IOException e) {
            return false;
        }
    }

    /// Package managers name a launcher after its program, pipx also with a suffix. Other links are the user's.
    private static boolean hasNameOfTarget(Path link, Path environment) throws IOException {
        return link.getFileName()
                .toString()
                .startsWith(inside(link, environment).getFileName().toString());
    }

    /// The target of a link relative to the environment that it leads into.
    private static Path inside(Path link, Path environment) throws IOException {
        return environment.relativize(target(link));
    }

    /// The direct target, its folders resolved. The target itself may be a link or missing.
    private static Path target(Path link) throws IOException {
        return target(link, Files.readSymbolicLink(link));
    }

    private static Path target(Path link, Path wanted) throws IOException {
        Path text = AtomicFile.folderOf(link).toRealPath().resolve(wanted).normalize();
        // The environment may be missing for a moment; what is above it may still be a link.
        for (Path folder = text.getParent(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder)) {
                return folder.toRealPath().resolve(folder.relativize(text));
            }
        }
        return text;
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
