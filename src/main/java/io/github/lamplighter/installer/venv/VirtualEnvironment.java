package io.github.lamplighter.installer.venv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Python virtual environment (PEP 405) as it lies on disk.
///
/// @param root the folder with `pyvenv.cfg`
record VirtualEnvironment(Path root) {

    /// pip writes the second form where the path is too long for the kernel or has a space in it.
    private static final Pattern SHEBANG =
            Pattern.compile("(?:#!\\s*|'''exec'\\s+)\"?(/[^\"\\n]*?)\"?(?:\\s+\"\\$0\".*)?");

    private static final int MOST_HOPS = 20;

    /// Follows links, then the interpreter that the script names, to the environment.
    static Optional<Owned> owning(Path program) {
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
        return interpreter(hop).flatMap(VirtualEnvironment::around).map(found -> new Owned(found, name));
    }

    /// @param script the launcher's name inside the environment
    record Owned(VirtualEnvironment environment, String script) {}

    private static Optional<VirtualEnvironment> around(Path program) {
        Path bin = program.getParent();
        Path root = bin == null ? null : bin.getParent();
        return root != null && Files.isRegularFile(root.resolve("pyvenv.cfg"))
                ? Optional.of(new VirtualEnvironment(root))
                : Optional.empty();
    }

    private static Optional<Path> interpreter(Path script) {
        if (!Files.isRegularFile(script)) {
            return Optional.empty();
        }
        // A binary has no lines: ISO 8859-1 reads any bytes.
        try (BufferedReader reader = Files.newBufferedReader(script, StandardCharsets.ISO_8859_1)) {
            char[] start = new char[4096];
            int length = reader.read(start);
            String text = length <= 0 ? "" : new String(start, 0, length);
            if (!text.startsWith("#!")) {
                return Optional.empty();
            }
            return text.lines()
                    .limit(3)
                    .map(SHEBANG::matcher)
                    .filter(Matcher::matches)
                    .map(matcher -> Path.of(matcher.group(1)))
                    .filter(path -> String.valueOf(path.getFileName()).startsWith("python"))
                    .findFirst();
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return Optional.empty();
        }
    }

    /// `pyvenv.cfg`: keys in lower case.
    Map<String, String> configuration() {
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

    /// The distributions that own a launcher: by their entry points, else by their list of files.
    List<Path> distributions(String script) {
        List<Path> owners = new ArrayList<>();
        for (Path distribution : distributions()) {
            if (entryPoints(distribution).contains(script) || records(distribution, script)) {
                owners.add(distribution);
            }
        }
        return owners;
    }

    private List<Path> distributions() {
        Set<Path> found = new LinkedHashSet<>();
        for (String lib : List.of("lib", "lib64")) {
            for (Path python : list(root.resolve(lib), "python*")) {
                for (Path info : list(python.resolve("site-packages"), "*.dist-info")) {
                    try {
                        found.add(info.toRealPath());
                    } catch (IOException e) {
                        // It went away just now.
                    }
                }
            }
        }
        return List.copyOf(found);
    }

    private static Set<String> entryPoints(Path distribution) {
        Set<String> names = new LinkedHashSet<>();
        String group = "";
        for (String line : lines(distribution.resolve("entry_points.txt"))) {
            String text = line.strip();
            if (text.startsWith("[") && text.endsWith("]")) {
                group = text.substring(1, text.length() - 1).strip();
            } else if (text.contains("=") && (group.equals("console_scripts") || group.equals("gui_scripts"))) {
                names.add(text.substring(0, text.indexOf('=')).strip());
            }
        }
        return names;
    }

    private static boolean records(Path distribution, String script) {
        String end = "/bin/" + script;
        return lines(distribution.resolve("RECORD")).stream()
                .map(line -> line.startsWith("\"")
                        ? line.substring(1, Math.max(1, line.indexOf('"', 1)))
                        : line.split(",", 2)[0])
                .anyMatch(path -> path.startsWith("../") && path.endsWith(end));
    }

    /// The headers of `METADATA` (RFC 822 form, up to the first empty line); the first of each name.
    static Map<String, String> metadata(Path distribution) {
        Map<String, String> headers = new HashMap<>();
        for (String line : lines(distribution.resolve("METADATA"))) {
            if (line.isBlank()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
                headers.putIfAbsent(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    boolean hasPip() {
        return Stream.of("lib", "lib64")
                .flatMap(lib -> list(root.resolve(lib), "python*").stream())
                .anyMatch(python -> Files.isDirectory(python.resolve("site-packages/pip")));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<Path> list(Path folder, String pattern) {
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
