package io.github.lamplighter.installer.python;

import io.github.lamplighter.installer.ProjectLinks;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An installed Python package: a `NAME-VERSION.dist-info` folder ("Recording installed projects"). Its
/// `METADATA` wins over the folder's name.
///
/// @param folder the `.dist-info` folder
public record Distribution(Path folder) {

    private static final String REQUIRES = "Requires-Dist:";

    private static final Pattern EXTRA = Pattern.compile("extra\\s*==\\s*['\"]([^'\"]+)['\"]");

    private static final Pattern PAGE = Pattern.compile("(?i)(?:project-url:(?<label>[^,]*),|home-page:)(?<url>.*)");

    /// The normalized name of a package (PEP 503): lower case, with one `-` for runs of `-`, `_` and `.`.
    public static String normalised(String name) {
        return name.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
    }

    /// The normalized name, from the folder if the metadata has none.
    public String name() {
        return normalised(Optional.ofNullable(metadata().get("name")).orElseGet(this::nameOfFolder));
    }

    /// The part before the last `-`: names are written with `_`, and by some with dots and capitals.
    private String nameOfFolder() {
        String text = String.valueOf(folder.getFileName()).replaceFirst("\\.dist-info$", "");
        int dash = text.lastIndexOf('-');
        return UntrustedText.visible(dash > 0 ? text.substring(0, dash) : text);
    }

    /// The version as written, or empty.
    public String version() {
        return metadata().getOrDefault("version", "");
    }

    /// The required Python (`>=3.11`), or empty.
    public String requiresPython() {
        return metadata().getOrDefault("requires-python", "");
    }

    /// The unconditional dependencies, normalized (`Requires-Dist` without a marker).
    List<String> requires() {
        return dependencies()
                .filter(line -> line.indexOf(';') < 0)
                .flatMap(line -> Requirement.parse(line).name().stream())
                .toList();
    }

    /// The dependencies with these extras, whatever else their markers ask for.
    ///
    /// @param extras normalized
    List<Requirement> requires(Set<String> extras) {
        return dependencies()
                .filter(line -> {
                    int marker = line.indexOf(';');
                    List<String> needed = marker < 0
                            ? List.of()
                            : EXTRA.matcher(line.substring(marker))
                                    .results()
                                    .map(found -> normalised(found.group(1)))
                                    .toList();
                    return needed.isEmpty() || needed.stream().anyMatch(extras::contains);
                })
                .map(Requirement::parse)
                .toList();
    }

    private Stream<String> dependencies() {
        return lines(folder.resolve("METADATA")).stream()
                .takeWhile(line -> !line.isBlank())
                .filter(line -> line.regionMatches(true, 0, REQUIRES, 0, REQUIRES.length()))
                .map(line -> line.substring(REQUIRES.length()));
    }

    /// The pages of the project (`Project-URL: LABEL, URL`, and the older `Home-page`).
    public ProjectLinks links() {
        Map<String, String> urls = new LinkedHashMap<>();
        for (String line : lines(folder.resolve("METADATA"))) {
            if (line.isBlank()) {
                break;
            }
            Matcher found = PAGE.matcher(line);
            if (found.matches()) {
                String label = Optional.ofNullable(found.group("label")).orElse("homepage");
                urls.putIfAbsent(label.strip(), UntrustedText.visible(found.group("url")));
            }
        }
        return ProjectLinks.python(urls);
    }

    /// The file that a launcher starts, if it is in the list of files.
    List<Path> code(String launcher) {
        Optional<String> module = Optional.empty();
        for (String line : lines(folder.resolve("entry_points.txt"))) {
            String[] parts = line.split("=", 2);
            if (parts.length == 2 && parts[0].strip().equals(launcher)) {
                module = Optional.of(
                        parts[1].replaceFirst("[:\\[].*$", "").strip().replace('.', '/'));
                break;
            }
        }
        return module.stream()
                .flatMap(name -> recorded().stream()
                        .filter(path -> path.equals(name + ".py") || path.equals(name + "/__init__.py")))
                .map(folder::resolveSibling)
                .toList();
    }

    /// The program that installed it: `pip`, `uv`.
    public Optional<String> installer() {
        try {
            return Optional.of(UntrustedText.visible(Files.readString(folder.resolve("INSTALLER"))))
                    .filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public Path directUrlFile() {
        return folder.resolve("direct_url.json");
    }

    /// Whether it owns a launcher of the environment: by its entry points, else by its list of files.
    public boolean owns(String launcher) {
        return entryPoints().contains(launcher) || records(launcher);
    }

    /// The launchers of its entry points.
    public Set<String> entryPoints() {
        Set<String> names = new LinkedHashSet<>();
        String group = "";
        for (String line : lines(folder.resolve("entry_points.txt"))) {
            String text = line.strip();
            if (text.startsWith("[") && text.endsWith("]")) {
                group = text.substring(1, text.length() - 1).strip();
            } else if (text.contains("=") && (group.equals("console_scripts") || group.equals("gui_scripts"))) {
                names.add(text.substring(0, text.indexOf('=')).strip());
            }
        }
        return names;
    }

    private boolean records(String launcher) {
        String end = "/bin/" + launcher;
        return recorded().stream().anyMatch(path -> path.startsWith("../") && path.endsWith(end));
    }

    /// The installed files, relative to the folder with the `.dist-info` folder.
    public List<String> recorded() {
        return lines(folder.resolve("RECORD")).stream()
                .map(line -> line.startsWith("\"")
                        ? line.substring(1, Math.max(1, line.indexOf('"', 1)))
                        : line.split(",", 2)[0])
                .toList();
    }

    /// The headers of `METADATA` (RFC 822 form, up to the first empty line); the first of each name.
    private Map<String, String> metadata() {
        Map<String, String> headers = new HashMap<>();
        for (String line : lines(folder.resolve("METADATA"))) {
            if (line.isBlank()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
                headers.putIfAbsent(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        UntrustedText.visible(line.substring(colon + 1)));
            }
        }
        return headers;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
