package io.github.lamplighter.installer.npm;

import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The prefixes of `npm install -g`, found on disk, because npm takes a second to start.
final class NpmPrefixes {

    /// Folders with one Node, and so one prefix, in each sub-folder: nvm, fnm, mise, asdf, nodenv; volta has one a
    /// package.
    private static final List<String> VERSIONED = List.of(
            ".nvm/versions/node",
            ".config/nvm/versions/node",
            ".local/share/fnm/node-versions/*/installation",
            ".fnm/node-versions/*/installation",
            "Library/Application Support/fnm/node-versions/*/installation",
            ".local/share/mise/installs/node",
            ".asdf/installs/nodejs",
            ".nodenv/versions",
            ".volta/tools/image/packages");

    /// The same, below a folder from an environment variable.
    private static final List<Map.Entry<String, String>> BY_VARIABLE = List.of(
            Map.entry("NVM_DIR", "versions/node"),
            Map.entry("XDG_CONFIG_HOME", "nvm/versions/node"),
            Map.entry("FNM_DIR", "node-versions/*/installation"),
            Map.entry("XDG_DATA_HOME", "fnm/node-versions/*/installation"),
            Map.entry("MISE_DATA_DIR", "installs/node"),
            Map.entry("XDG_DATA_HOME", "mise/installs/node"),
            Map.entry("ASDF_DATA_DIR", "installs/nodejs"),
            Map.entry("NODENV_ROOT", "versions"),
            Map.entry("VOLTA_HOME", "tools/image/packages"));

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\??}");

    private final Map<String, String> environment;
    private final Path home;

    NpmPrefixes(Map<String, String> environment, Path home) {
        this.environment = environment;
        this.home = home;
    }

    /// Each prefix with packages once, by the real path of their folder; the configured one first.
    List<Path> all() {
        List<Path> candidates = new ArrayList<>();
        configured().ifPresent(candidates::add);
        for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
            path(folder).map(Path::getParent).ifPresent(candidates::add);
            // The packages of a Node are next to its real path, not next to a link on PATH.
            path(folder)
                    .map(bin -> bin.resolve("node"))
                    .flatMap(NpmPrefixes::beside)
                    .ifPresent(candidates::add);
        }
        for (String pattern : VERSIONED) {
            candidates.addAll(below(home, pattern));
        }
        for (Map.Entry<String, String> place : BY_VARIABLE) {
            path(environment.getOrDefault(place.getKey(), ""))
                    .ifPresent(folder -> candidates.addAll(below(folder, place.getValue())));
        }
        Map<Path, Path> prefixes = new LinkedHashMap<>();
        for (Path candidate : candidates) {
            try {
                prefixes.putIfAbsent(candidate.resolve("lib/node_modules").toRealPath(), candidate);
            } catch (IOException e) {
                // Most folders of PATH have no packages.
            }
        }
        return List.copyOf(prefixes.values());
    }

    /// The prefix in npm's configuration: the variable wins over the file, as in npm.
    Optional<Path> configured() {
        return environment.entrySet().stream()
                .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).equals("npm_config_prefix"))
                .map(Map.Entry::getValue)
                .findFirst()
                .or(this::inUserFile)
                .flatMap(NpmPrefixes::path);
    }

    private Optional<String> inUserFile() {
        Path file = environment.entrySet().stream()
                .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).equals("npm_config_userconfig"))
                .map(Map.Entry::getValue)
                .findFirst()
                .flatMap(NpmPrefixes::path)
                .orElse(home.resolve(".npmrc"));
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> line.matches("prefix\\s*=.*"))
                    .map(line -> line.substring(line.indexOf('=') + 1).strip().replaceAll("^[\"']|[\"']$", ""))
                    .map(this::withVariables)
                    .map(value -> value.startsWith("~/") ? home + value.substring(1) : value)
                    .reduce((_, last) -> last);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// npm replaces `${NAME}`, and leaves it as it is if there is no such variable (npmrc(5)).
    private String withVariables(String value) {
        return VARIABLE.matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(environment.getOrDefault(
                        found.group(1), found.group(1).equals("HOME") ? home.toString() : found.group())));
    }

    private static Optional<Path> beside(Path node) {
        try {
            return Optional.ofNullable(node.toRealPath().getParent()).map(Path::getParent);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The Node of a package that volta installed, from `tools/user/packages/NAME.json`.
    ///
    /// @param prefix `VOLTA/tools/image/packages/NAME`
    Optional<Path> nodeOfVolta(Path prefix) {
        for (Path above = prefix.getParent(); above != null; above = above.getParent()) {
            Path volta = above.resolve("../../..").normalize();
            if (!above.endsWith("tools/image/packages")) {
                continue;
            }
            Path record = volta.resolve("tools/user/packages").resolve(above.relativize(prefix) + ".json");
            return JsonFile.read(record) instanceof JsonFile.Content.Present(JsonNode json)
                    ? Optional.of(json.path("platform").path("node").asString(""))
                            .filter(version -> version.matches("[0-9.]+"))
                            .map(version -> volta.resolve("tools/image/node")
                                    .resolve(version)
                                    .resolve("bin/node"))
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private static List<Path> below(Path base, String pattern) {
        int star = pattern.indexOf("/*/");
        List<Path> found = star < 0
                ? folders(base.resolve(pattern))
                : folders(base.resolve(pattern.substring(0, star))).stream()
                        .map(folder -> folder.resolve(pattern.substring(star + 3)))
                        .toList();
        // volta keeps `@scope/name` in two folders.
        return found.stream()
                .flatMap(folder -> String.valueOf(folder.getFileName()).startsWith("@")
                        ? folders(folder).stream()
                        : Stream.of(folder))
                .toList();
    }

    static List<Path> folders(Path folder) {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(folders::add);
        } catch (IOException e) {
            return List.of();
        }
        folders.sort(null);
        return folders;
    }

    private static Optional<Path> path(String text) {
        try {
            return text.startsWith("/") ? Optional.of(Path.of(text).normalize()) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
