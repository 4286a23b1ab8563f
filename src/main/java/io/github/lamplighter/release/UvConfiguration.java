package io.github.lamplighter.release;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.SearchOptions;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.VersionRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// uv's configuration for tools (uv documentation, "Configuration files", "Package indexes"): variables, then the
/// receipt, then the user's and the system's `uv.toml`; never a project's file. The first one counts, except that
/// indexes and `find-links` add up.
final class UvConfiguration {

    private static final TomlMapper TOML = new TomlMapper();

    private final AppDirectories directories;
    private final Clock clock;

    UvConfiguration(AppDirectories directories, Clock clock) {
        this.directories = directories;
        this.clock = clock;
    }

    /// @param name the package, normalised
    /// @param version the version of uv, asked only if the settings require one
    PythonIndexes.Resolution feeds(
            Map<String, String> environment,
            InstallRequest installRequest,
            String name,
            Supplier<Optional<String>> version) {
        SearchOptions search = installRequest.search();
        List<JsonNode> files = new ArrayList<>();
        for (Path file : files(environment)) {
            try {
                files.add(TOML.readTree(Files.readString(file)));
            } catch (IOException e) {
                return new PythonIndexes.Resolution.Ambiguous(
                        "Could not read %s.".formatted(directories.display(file)));
            } catch (JacksonException e) {
                return new PythonIndexes.Resolution.Ambiguous("%s is not valid TOML (line %d)."
                        .formatted(
                                directories.display(file),
                                e.getLocation() == null ? 1 : e.getLocation().getLineNr()));
            }
        }
        if (isOn(environment, "UV_OFFLINE")
                || files.stream().anyMatch(file -> file.path("offline").asBoolean(false))) {
            return new PythonIndexes.Resolution.Ambiguous("uv is set to `offline`.");
        }
        Optional<String> other = first(files, "required-version").flatMap(range -> unmet(range, version));
        if (other.isPresent()) {
            return new PythonIndexes.Resolution.Ambiguous(other.get());
        }
        boolean noIndex = isOn(environment, "UV_NO_INDEX")
                || search.noIndex()
                || files.stream().anyMatch(file -> file.path("no-index").asBoolean(false));
        Optional<String> cutOff = search.excludeNewerPackage()
                .or(() -> ofPackage(files, name))
                .or(() -> value(environment, "UV_EXCLUDE_NEWER"))
                .or(search::excludeNewer)
                .or(() -> first(files, "exclude-newer"));
        String preReleases = value(environment, "UV_PRERELEASE")
                .or(() -> first(files, "prerelease"))
                .orElse("");
        String word = value(environment, "UV_INDEX_STRATEGY")
                .or(search::indexStrategy)
                .or(() -> first(files, "index-strategy"))
                .orElse("first-index");
        Optional<PythonIndexes.Strategy> strategy = PythonIndexes.Strategy.of(word);
        if (strategy.isEmpty()) {
            return new PythonIndexes.Resolution.Ambiguous(
                    "uv's index strategy is not supported (%s).".formatted(UntrustedText.quotation(word)));
        }
        return PythonIndexes.of(
                "uv",
                noIndex ? List.of() : indexes(environment, search, files),
                findLinks(environment, search, files),
                strategy.get(),
                PythonIndexes.moment(cutOff, clock),
                preReleases.equals("allow"),
                NetworkSettings.of(environment)
                        .withCaBundle(value(environment, "SSL_CERT_FILE").flatMap(NetworkSettings::file)));
    }

    /// uv stops with an error before it does anything.
    private static Optional<String> unmet(String range, Supplier<Optional<String>> version) {
        return VersionRange.pep440(range)
                .flatMap(wanted ->
                        version.get().filter(running -> !wanted.accepts(Version.parse(Version.Scheme.PEP440, running))))
                .map(running -> "uv is set to require version %s, but %s is installed."
                        .formatted(UntrustedText.quotation(range), running));
    }

    private static Optional<String> ofPackage(List<JsonNode> files, String name) {
        return files.stream()
                .flatMap(file -> file.path("exclude-newer-package").properties().stream())
                .filter(entry -> PythonIndex.normalised(entry.getKey()).equals(name))
                .map(entry -> entry.getValue().asString(""))
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    private static List<String> findLinks(Map<String, String> environment, SearchOptions search, List<JsonNode> files) {
        List<String> all = new ArrayList<>(
                Stream.of(environment.getOrDefault("UV_FIND_LINKS", "").split("[,\\s]+"))
                        .filter(text -> !text.isEmpty())
                        .toList());
        all.addAll(search.findLinks());
        files.forEach(file -> file.path("find-links").values().forEach(link -> all.add(link.asString(""))));
        return all.stream().filter(text -> !text.isEmpty()).distinct().toList();
    }

    /// Other indexes come before the default one, and the first one with the package wins.
    private static List<String> indexes(Map<String, String> environment, SearchOptions search, List<JsonNode> files) {
        List<String> more = new ArrayList<>();
        List<String> configured = new ArrayList<>();
        PipConfiguration.words(environment.getOrDefault("UV_INDEX", "")).stream()
                .map(UvConfiguration::unnamed)
                .forEach(more::add);
        more.addAll(PipConfiguration.words(environment.getOrDefault("UV_EXTRA_INDEX_URL", "")));
        List<String> standard = new ArrayList<>();
        value(environment, "UV_DEFAULT_INDEX").map(UvConfiguration::unnamed).ifPresent(standard::add);
        value(environment, "UV_INDEX_URL").ifPresent(standard::add);
        configured.addAll(more);
        configured.addAll(standard);
        more.addAll(search.indexes());
        search.defaultIndex().ifPresent(standard::add);
        for (JsonNode file : files) {
            for (JsonNode index : file.path("index").values()) {
                String url = index.path("url").asString("");
                configured.add(url);
                if (index.path("default").asBoolean(false)) {
                    standard.add(url);
                } else if (!index.path("explicit").asBoolean(false)) {
                    more.add(url);
                }
            }
            file.path("extra-index-url").values().forEach(url -> more.add(url.asString("")));
            file.path("extra-index-url").values().forEach(url -> configured.add(url.asString("")));
            Releases.nonEmpty(file.path("index-url").asString("")).ifPresent(url -> {
                standard.add(url);
                configured.add(url);
            });
        }
        more.add(standard.isEmpty() ? PythonIndexes.STANDARD : standard.getFirst());
        return PythonIndexes.once(more, configured);
    }

    private List<Path> files(Map<String, String> environment) {
        if (isOn(environment, "UV_NO_CONFIG")) {
            return List.of();
        }
        Optional<Path> own = value(environment, "UV_CONFIG_FILE").flatMap(NetworkSettings::file);
        if (own.isPresent()) {
            return List.of(own.get());
        }
        List<Path> files = new ArrayList<>();
        files.add(value(environment, "XDG_CONFIG_HOME")
                .flatMap(NetworkSettings::file)
                .orElseGet(() -> directories.home().resolve(".config"))
                .resolve("uv/uv.toml"));
        for (String folder :
                value(environment, "XDG_CONFIG_DIRS").orElse("/etc/xdg").split(":", -1)) {
            NetworkSettings.file(folder).ifPresent(path -> files.add(path.resolve("uv/uv.toml")));
        }
        files.add(Path.of("/etc/uv/uv.toml"));
        return files.stream().filter(Files::isRegularFile).toList();
    }

    /// `name=https://…`.
    private static String unnamed(String index) {
        return index.replaceFirst("^[A-Za-z0-9._-]+=(?=[a-z]+:)", "");
    }

    private static Optional<String> first(List<JsonNode> files, String key) {
        return files.stream()
                .map(file -> file.path(key).asString(""))
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static boolean isOn(Map<String, String> environment, String name) {
        return value(environment, name)
                .filter(text -> List.of("1", "true", "yes", "on").contains(text.toLowerCase(Locale.ROOT)))
                .isPresent();
    }
}
