package io.github.lamplighter.installer.python;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.ProjectLinks;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.Shebang;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A Python virtual environment (PEP 405) on disk.
///
/// @param root the folder with `pyvenv.cfg`
public record VirtualEnvironment(Path root) {

    private static final int MOST_HOPS = 20;

    /// Finds the environment of a program by its links, then by the interpreter in its first line.
    public static Optional<Owned> owning(Path program) {
        Path hop = program.toAbsolutePath().normalize();
        for (int i = 0; i < MOST_HOPS; i++) {
            Optional<VirtualEnvironment> environment = around(hop);
            if (environment.isPresent()) {
                return Optional.of(new Owned(environment.get(), String.valueOf(hop.getFileName())));
            }
            try {
                Path next = Files.readSymbolicLink(hop);
                Path parent = hop.getParent();
                hop = parent == null ? next : parent.resolve(next).normalize();
            } catch (IOException | UnsupportedOperationException e) {
                break;
            }
        }
        String name = String.valueOf(hop.getFileName());
        return Shebang.of(hop)
                .interpreter()
                .filter(python -> String.valueOf(python.getFileName()).startsWith("python"))
                .flatMap(VirtualEnvironment::around)
                .map(found -> new Owned(found, name));
    }

    /// @param script the launcher's name inside the environment
    public record Owned(VirtualEnvironment environment, String script) {}

    private static Optional<VirtualEnvironment> around(Path program) {
        Path bin = program.getParent();
        Path root = bin == null ? null : bin.getParent();
        return root != null && Files.isRegularFile(root.resolve("pyvenv.cfg"))
                ? Optional.of(new VirtualEnvironment(root))
                : Optional.empty();
    }

    /// `pyvenv.cfg`: keys in lower case.
    public Map<String, String> configuration() {
        Map<String, String> values = new HashMap<>();
        try (Stream<String> lines = Files.lines(root.resolve("pyvenv.cfg"))) {
            lines.map(line -> line.split("=", 2))
                    .filter(parts -> parts.length == 2)
                    .forEach(parts -> values.put(parts[0].strip().toLowerCase(Locale.ROOT), parts[1].strip()));
        } catch (IOException | UncheckedIOException e) {
            return Map.of();
        }
        return values;
    }

    /// Whether it also uses packages of the system and of the user (`--system-site-packages`).
    public boolean usesSystemPackages() {
        return configuration()
                .getOrDefault("include-system-site-packages", "false")
                .equalsIgnoreCase("true");
    }

    /// The distributions that own a launcher; more than one is a damaged environment.
    public List<Distribution> owners(String launcher) {
        return distributions().stream()
                .filter(distribution -> distribution.owns(launcher))
                .toList();
    }

    /// The distributions of a name; more than one is a damaged environment (a broken upgrade leaves two).
    ///
    /// @param name normalised
    public List<Distribution> named(String name) {
        return distributions().stream()
                .filter(distribution -> distribution.name().equals(name))
                .toList();
    }

    /// The pages of the project that is installed there.
    public static ProjectLinks links(Provenance install) {
        return new VirtualEnvironment(install.environment())
                .named(Distribution.normalised(install.packageName())).stream()
                        .findFirst()
                        .map(Distribution::links)
                        .orElse(ProjectLinks.NONE);
    }

    public List<Distribution> distributions() {
        Set<Path> found = new LinkedHashSet<>();
        for (Path packages : sitePackages()) {
            for (Path info : list(packages, "*.dist-info")) {
                try {
                    found.add(info.toRealPath());
                } catch (IOException e) {
                    // Just removed.
                }
            }
        }
        return found.stream().map(Distribution::new).toList();
    }

    /// The distributions that were added besides what was asked for and what that depends on, without their own
    /// dependencies. Package managers differ in which distributions they mark as requested: uv marks all.
    public List<Distribution> addedTo(List<Requirement> asked) {
        Map<String, Distribution> rest = new TreeMap<>();
        distributions().forEach(distribution -> rest.put(distribution.name(), distribution));
        Map<String, Distribution> all = Map.copyOf(rest);
        rest.keySet().removeAll(withDependencies(all, asked));
        Set<String> needed = new HashSet<>();
        for (Map.Entry<String, Distribution> other : rest.entrySet()) {
            Set<String> its = withDependencies(all, other.getValue().requires(Set.of()));
            its.remove(other.getKey());
            // Of those that need each other, the first stays.
            if (!needed.contains(other.getKey())) {
                needed.addAll(its);
            }
        }
        return rest.entrySet().stream()
                .filter(other -> !needed.contains(other.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /// The distributions that were asked for, and those that they depend on, directly or not.
    List<Distribution> required(List<Requirement> asked) {
        Map<String, Distribution> all = new TreeMap<>();
        distributions().forEach(distribution -> all.put(distribution.name(), distribution));
        all.keySet().retainAll(withDependencies(Map.copyOf(all), asked));
        return List.copyOf(all.values());
    }

    /// The names of all that is required, directly or not.
    private static Set<String> withDependencies(Map<String, Distribution> all, List<Requirement> asked) {
        Map<String, Set<String>> extras = new HashMap<>();
        Deque<Requirement> next = new ArrayDeque<>(asked);
        while (!next.isEmpty()) {
            Requirement one = next.remove();
            String name = one.name().orElse("");
            boolean isNew = !extras.containsKey(name);
            Set<String> known = extras.computeIfAbsent(name, _ -> new HashSet<>());
            boolean hasMore = known.addAll(
                    one.extras().stream().map(Distribution::normalised).toList());
            Optional.ofNullable(all.get(name))
                    .filter(_ -> isNew || hasMore)
                    .ifPresent(found -> next.addAll(found.requires(known)));
        }
        return new HashSet<>(extras.keySet());
    }

    /// `lib/pythonX.Y/site-packages`, and the same in `lib64` if it is not a link.
    public List<Path> sitePackages() {
        Set<Path> folders = new LinkedHashSet<>();
        for (String lib : List.of("lib", "lib64")) {
            for (Path python : list(root.resolve(lib), "python*")) {
                try {
                    folders.add(python.resolve("site-packages").toRealPath());
                } catch (IOException e) {
                    // No such folder.
                }
            }
        }
        return List.copyOf(folders);
    }

    /// The Python of the environment; the program may be missing. The version is the one in `pyvenv.cfg`, even
    /// if the link points elsewhere now.
    ///
    /// @param requires the package's `Requires-Python`
    /// @param evidence an entry is added to it
    public Provenance.Runtime runtime(String requires, AppDirectories directories, List<Evidence> evidence) {
        Map<String, String> configuration = configuration();
        String version = Optional.ofNullable(configuration.get("version"))
                .or(() -> Optional.ofNullable(configuration.get("version_info")))
                .map(text -> text.replaceFirst("^(\\d+\\.\\d+\\.\\d+).*$", "$1"))
                .orElse("");
        String homeKey = configuration.getOrDefault("home", "");
        Path python = python(homeKey);
        evidence.add(new Evidence(
                directories.display(root.resolve("pyvenv.cfg")), "home %s, version %s".formatted(homeKey, version)));
        return new Provenance.Runtime("python", python, version, requires);
    }

    /// The Python of the environment; it may be missing.
    public Path interpreter() {
        return python(configuration().getOrDefault("home", ""));
    }

    /// The target of `bin/python` outside of the environment, which may be missing. A copied interpreter
    /// (macOS, `venv --copies`) still uses the library of its original.
    private Path python(String homeKey) {
        Path bin = root.resolve("bin");
        Path hop = Stream.of("python", "python3")
                .map(bin::resolve)
                .filter(python -> Files.exists(python, LinkOption.NOFOLLOW_LINKS))
                .findFirst()
                .orElse(bin.resolve("python"));
        for (int i = 0; i < MOST_HOPS && Files.isSymbolicLink(hop); i++) {
            boolean inside = hop.startsWith(bin);
            if (!inside && Files.exists(hop)) {
                return hop;
            }
            try {
                hop = hop.resolveSibling(Files.readSymbolicLink(hop)).normalize();
            } catch (IOException e) {
                return hop;
            }
        }
        if (!hop.startsWith(bin) || !Files.exists(hop) || !homeKey.startsWith("/")) {
            return hop;
        }
        Path home = Path.of(homeKey);
        Path python = home.resolve("python3");
        return Files.exists(python) || !Files.exists(home.resolve("python")) ? python : home.resolve("python");
    }

    public boolean hasPip() {
        return sitePackages().stream().anyMatch(packages -> Files.isDirectory(packages.resolve("pip")));
    }

    /// The matching entries of a folder, sorted; empty if it cannot be read.
    static List<Path> list(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
            stream.forEach(found::add);
        } catch (IOException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }
}
