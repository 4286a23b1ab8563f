package io.github.lamplighter.installer.python;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Checks that the files a Python tool starts with and its unconditional dependencies are on disk. Compares
/// records with folders; nothing is imported.
public final class PythonIntegrity {

    private PythonIntegrity() {}

    public static MissingParts of(Provenance install, AppDirectories directories) {
        VirtualEnvironment environment = new VirtualEnvironment(install.environment());
        List<Distribution> owners = environment.named(install.packageName());
        // A checkout is elsewhere; with two distributions it is unknown which one is in use.
        if (owners.size() != 1 || environment.usesSystemPackages()) {
            return MissingParts.NOTHING;
        }
        Distribution tool = owners.getFirst();
        List<Evidence> files = install.origin() instanceof Origin.Editable
                ? List.of()
                : tool.code(String.valueOf(install.program().getFileName())).stream()
                        .filter(Files::notExists)
                        .map(file -> new Evidence(directories.display(file), "listed in RECORD, but missing"))
                        .toList();
        Set<String> there = new HashSet<>();
        for (Path folder : folders(environment)) {
            there.addAll(names(folder));
        }
        String metadata = directories.display(tool.folder().resolve("METADATA"));
        List<Evidence> packages = tool.requires().stream()
                .filter(name -> !there.contains(name))
                .map(name -> new Evidence(metadata, "requires %s, which is not in the environment".formatted(name)))
                .toList();
        return new MissingParts(files, packages);
    }

    /// `site-packages` and the folders of its `.pth` files (pipx shares its pip that way).
    private static List<Path> folders(VirtualEnvironment environment) {
        List<Path> all = new ArrayList<>(environment.sitePackages());
        for (Path packages : environment.sitePackages()) {
            try (Stream<Path> entries = Files.list(packages)) {
                for (Path file : entries.filter(entry -> entry.toString().endsWith(".pth"))
                        .toList()) {
                    Files.readString(file)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("import"))
                            .flatMap(line -> folder(packages, line.strip()).stream())
                            .forEach(all::add);
                }
            } catch (IOException e) {
                // Unreadable folders are reported by other checks.
            }
        }
        return all;
    }

    private static Optional<Path> folder(Path packages, String line) {
        try {
            return Optional.of(packages.resolve(line)).filter(Files::isDirectory);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /// `NAME-VERSION.dist-info`, `NAME-VERSION-py3.11.egg-info`, `NAME.egg-link`.
    private static Set<String> names(Path folder) {
        Set<String> names = new HashSet<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name ->
                            name.endsWith(".dist-info") || name.endsWith(".egg-info") || name.endsWith(".egg-link"))
                    .forEach(name -> names.add(Distribution.normalised(
                            name.replaceFirst("\\.[a-z]+-[a-z]+$", "").replaceFirst("-\\d.*$", ""))));
        } catch (IOException e) {
            return Set.of();
        }
        return names;
    }
}
