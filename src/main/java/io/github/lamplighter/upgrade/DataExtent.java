package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a backup of a tool's data has to contain: the declared paths, the other files of a database among them, and
/// whatever links in them lead to. A link is followed because the tool follows it, to another disk for example.
///
/// @param paths to copy without following links, whether they exist or not; none lies inside another
/// @param bytes the size of their files
/// @param uncovered what is not backed up, a sentence for each: what links lead to, and folders that are not declared
/// @param problem why a backup is impossible, as a sentence
record DataExtent(List<Path> paths, long bytes, List<String> uncovered, Optional<String> problem) {

    DataExtent {
        paths = List.copyOf(paths);
        uncovered = List.copyOf(uncovered);
    }

    /// @param environment of the tool, which the switch keeps
    static DataExtent of(Collection<Path> declared, Path environment, AppDirectories directories) throws IOException {
        return new Survey(environment, directories).of(declared);
    }

    /// @param more what is not backed up either, a sentence each
    DataExtent without(List<String> more) {
        return new DataExtent(
                paths, bytes, Stream.concat(uncovered.stream(), more.stream()).toList(), problem);
    }

    /// What links in backups of these data lead to. The new version may have changed the links themselves.
    static Set<Path> linkedFrom(List<DataCopy> copies, Collection<Path> data) throws IOException {
        Set<Path> known = new LinkedHashSet<>(data);
        Set<Path> linked = new LinkedHashSet<>();
        // A link may lead to what was backed up because of it, where there are more links.
        for (int before = -1; before < linked.size(); ) {
            before = linked.size();
            for (DataCopy one : copies) {
                if (known.contains(one.path()) && one.copy().isPresent()) {
                    linked.addAll(targets(one.copy().get(), one.path()));
                }
            }
            known.addAll(linked);
        }
        return linked;
    }

    /// The targets of the links in a copy, seen from where it was made.
    private static Set<Path> targets(Path copy, Path origin) throws IOException {
        Set<Path> targets = new LinkedHashSet<>();
        if (!Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
            return targets;
        }
        Files.walkFileTree(copy, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isSymbolicLink()) {
                    Path place = file.equals(copy) ? origin : origin.resolve(copy.relativize(file));
                    targets.add(Survey.real(AtomicFile.folderOf(place)
                            .resolve(Files.readSymbolicLink(file))
                            .normalize()));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return targets;
    }

    private static final class Survey {

        /// A tree of another user in which nothing of this user is found for so long is no data of a tool.
        private static final int MOST_VISITED = 20_000;

        private final Path environment;
        private final Path home;
        private final AppDirectories directories;
        private final Map<Path, Long> sizes = new LinkedHashMap<>();
        private final Deque<Path> next = new ArrayDeque<>();
        private final Set<String> uncovered = new LinkedHashSet<>();
        private Optional<String> problem = Optional.empty();

        Survey(Path environment, AppDirectories directories) {
            this.environment = real(environment);
            this.home = real(directories.home());
            this.directories = directories;
        }

        DataExtent of(Collection<Path> declared) throws IOException {
            for (Path path : declared) {
                add(path, true);
            }
            while (!next.isEmpty()) {
                add(next.remove(), false);
            }
            List<Path> paths = sizes.keySet().stream()
                    .filter(path ->
                            sizes.keySet().stream().noneMatch(outer -> !outer.equals(path) && path.startsWith(outer)))
                    .toList();
            long bytes = paths.stream().mapToLong(sizes::get).sum();
            return new DataExtent(paths, bytes, List.copyOf(uncovered), problem);
        }

        private void add(Path path, boolean isDeclared) throws IOException {
            Path root =
                    real(AtomicFile.folderOf(path.toAbsolutePath().normalize())).resolve(path.getFileName());
            if (sizes.containsKey(root)) {
                return;
            }
            sizes.put(root, 0L);
            if (environment.startsWith(root)) {
                problem = problem.or(() -> Optional.of(
                        "Could not back up the data: %s contains the installation itself. Change `data` in the manifest."
                                .formatted(directories.display(root))));
                return;
            }
            if (Files.isSymbolicLink(root)) {
                follow(root, root, isDeclared);
                return;
            }
            if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
                walk(root);
            }
            // In a folder they are copied with it.
            if (SqliteDatabase.isPossible(root)) {
                for (Path companion : SqliteDatabase.companions(root)) {
                    if (sizes.putIfAbsent(companion, 0L) == null
                            && Files.exists(companion, LinkOption.NOFOLLOW_LINKS)) {
                        walk(companion);
                    }
                }
            }
        }

        private void walk(Path root) throws IOException {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isSymbolicLink()) {
                        follow(file, root, false);
                    } else if (attributes.isRegularFile()) {
                        sizes.merge(root, attributes.size(), Long::sum);
                        if (!Files.isReadable(file)) {
                            unreadable(file);
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    if (!(e instanceof NoSuchFileException)) {
                        unreadable(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        }

        private void unreadable(Path file) {
            problem = problem.or(() -> Optional.of(
                    "Could not back up the data: no permission to read %s. Change its permissions, or change `data` in the manifest."
                            .formatted(directories.display(file))));
        }

        private void follow(Path link, Path root, boolean isDeclared) {
            Path target;
            try {
                target = link.toRealPath();
            } catch (AccessDeniedException e) {
                uncover(link);
                return;
            } catch (IOException e) {
                if (isDeclared) {
                    problem = problem.or(() -> Optional.of(
                            "Could not back up the data: %s is a link to %s, which can't be found. Possible cause: a disk that is not mounted."
                                    .formatted(directories.display(link), directories.display(text(link)))));
                }
                return;
            }
            boolean isInside = target.startsWith(environment) || (!link.equals(root) && target.startsWith(root));
            if (isInside || !(Files.isRegularFile(target) || Files.isDirectory(target))) {
                return;
            }
            if (home.startsWith(target) || environment.startsWith(target) || root.startsWith(target)) {
                uncover(link);
            } else if (Files.isWritable(target)) {
                next.add(target);
            } else if (canChangeBelow(target)) {
                uncover(link);
            }
        }

        private void uncover(Path link) {
            uncovered.add("Not backed up: %s, to which %s is a link."
                    .formatted(directories.display(text(link)), directories.display(link)));
        }

        /// Whether this user, and so the tool, can change something in a tree that is not writable itself.
        private static boolean canChangeBelow(Path tree) {
            boolean[] found = {false};
            int[] visited = {0};
            try {
                Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                        return visit(folder);
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        return attributes.isRegularFile() ? visit(file) : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }

                    private FileVisitResult visit(Path path) {
                        found[0] = Files.isWritable(path) || ++visited[0] > MOST_VISITED;
                        return found[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                return true;
            }
            return found[0];
        }

        private static Path text(Path link) {
            try {
                return AtomicFile.folderOf(link)
                        .resolve(Files.readSymbolicLink(link))
                        .normalize();
            } catch (IOException e) {
                return link;
            }
        }

        /// The path without links, as far as it exists.
        private static Path real(Path path) {
            try {
                return path.toRealPath();
            } catch (FileSystemException e) {
                Path folder = path.getParent();
                Path name = path.getFileName();
                return folder == null || name == null ? path : real(folder).resolve(name);
            } catch (IOException e) {
                return path;
            }
        }
    }
}
