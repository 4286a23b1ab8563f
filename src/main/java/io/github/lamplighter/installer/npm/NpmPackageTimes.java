package io.github.lamplighter.installer.npm;

import io.github.lamplighter.installer.DatedPackage;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// When an npm package and its dependencies were put in place. Unpacking sets the times of files; but npm creates the
/// folder of a package for each version (statx(2), `stx_btime`).
final class NpmPackageTimes {

    private static final List<String> DEPENDENCIES =
            List.of("dependencies", "optionalDependencies", "peerDependencies");

    private NpmPackageTimes() {}

    static List<DatedPackage> after(Provenance install, Instant moment) {
        Path root = install.environment();
        if (packages(root, root).noneMatch(folder -> isAfter(folder, moment))) {
            return List.of(); // the usual case, in which nothing has to be read
        }
        return required(root).stream()
                .filter(folder -> isAfter(folder, moment))
                .sorted(Comparator.comparing((Path folder) -> !folder.equals(root)))
                .flatMap(folder -> dated(folder).stream())
                .toList();
    }

    /// The package and all packages below it.
    private static Stream<Path> packages(Path root, Path folder) {
        Stream<Path> below = isPartOf(root, folder) ? NpmAdditions.modules(folder).stream() : Stream.empty();
        return Stream.concat(Stream.of(folder), below.flatMap(module -> packages(root, module)));
    }

    /// What `npm link` put there is a checkout with dependencies of its own; two such ones may link each other.
    private static boolean isPartOf(Path root, Path folder) {
        return folder.equals(root) || !Files.isSymbolicLink(folder);
    }

    /// The package and all that it depends on, directly or not. What only its development needs is not started.
    private static Set<Path> required(Path root) {
        Set<Path> found = new LinkedHashSet<>();
        Deque<Path> next = new ArrayDeque<>(List.of(root));
        while (!next.isEmpty()) {
            Path folder = next.remove();
            if (found.add(folder) && isPartOf(root, folder)) {
                NpmAdditions.packageJson(folder).stream()
                        .flatMap(
                                json -> DEPENDENCIES.stream().flatMap(kind -> json.path(kind).propertyNames().stream()))
                        .flatMap(name -> nearest(root, folder, name).stream())
                        .forEach(next::add);
            }
        }
        return found;
    }

    /// Where Node finds it, without leaving the package.
    private static Optional<Path> nearest(Path root, Path from, String name) {
        for (Path at = from; at != null && at.startsWith(root); at = at.getParent()) {
            Path module = at.resolve("node_modules").resolve(name);
            if (!at.endsWith("node_modules") && Files.isDirectory(module)) {
                return Optional.of(module);
            }
        }
        return Optional.empty();
    }

    private static Optional<DatedPackage> dated(Path folder) {
        Optional<JsonNode> json = NpmAdditions.packageJson(folder);
        return createdAt(folder)
                .map(at -> new DatedPackage(
                        text(json, "name").orElse(String.valueOf(folder.getFileName())),
                        text(json, "version").orElse(""),
                        at));
    }

    private static Optional<String> text(Optional<JsonNode> json, String key) {
        return json.map(found -> found.path(key).asString(""))
                .map(UntrustedText::visible)
                .filter(value -> !value.isEmpty());
    }

    private static boolean isAfter(Path folder, Instant moment) {
        return createdAt(folder).filter(moment::isBefore).isPresent();
    }

    private static Optional<Instant> createdAt(Path folder) {
        try {
            return Optional.of(Files.readAttributes(folder, BasicFileAttributes.class)
                    .creationTime()
                    .toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
