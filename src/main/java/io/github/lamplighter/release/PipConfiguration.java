package io.github.lamplighter.release;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.SearchOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// pip's configuration (pip documentation, "Configuration"): its files from the global one to the
/// environment's, then its variables, then the options recorded with the installation.
final class PipConfiguration {

    private final AppDirectories directories;
    private final Clock clock;

    PipConfiguration(AppDirectories directories, Clock clock) {
        this.directories = directories;
        this.clock = clock;
    }

    /// @param environment of this process, including the recorded variables
    /// @param venv the virtual environment, which may contain a `pip.conf`
    PythonIndexes.Resolution feeds(Map<String, String> environment, Path venv, InstallRequest installRequest) {
        Map<String, String> options = options(environment, venv);
        SearchOptions search = installRequest.search();
        String configured = options.getOrDefault("index-url", PythonIndexes.STANDARD);
        List<String> more = words(options.getOrDefault("extra-index-url", ""));
        // An option of the command line replaces the index, and is one more of the others.
        List<String> indexes = new ArrayList<>();
        if (!isOn(options, "no-index") && !search.noIndex()) {
            indexes.add(search.defaultIndex().orElse(configured));
            indexes.addAll(more);
            indexes.addAll(search.indexes());
        }
        List<String> findLinks = new ArrayList<>(words(options.getOrDefault("find-links", "")));
        findLinks.addAll(search.findLinks());
        NetworkSettings networkSettings = NetworkSettings.of(environment)
                .withCaBundle(Optional.ofNullable(environment.get("REQUESTS_CA_BUNDLE"))
                        .or(() -> Optional.ofNullable(environment.get("SSL_CERT_FILE")))
                        .flatMap(NetworkSettings::file))
                .withCaBundle(Optional.ofNullable(options.get("cert")).flatMap(NetworkSettings::file));
        Optional<URI> proxy = Optional.ofNullable(options.get("proxy")).flatMap(NetworkSettings::address);
        return PythonIndexes.of(
                "pip",
                PythonIndexes.once(
                        indexes,
                        Stream.concat(Stream.of(configured), more.stream()).toList()),
                findLinks,
                PythonIndexes.Strategy.ALL,
                PythonIndexes.moment(search.excludeNewer(), clock),
                isOn(options, "pre"),
                networkSettings.withProxy("http", proxy).withProxy("https", proxy));
    }

    private Map<String, String> options(Map<String, String> environment, Path venv) {
        Map<String, String> options = new LinkedHashMap<>();
        Optional<String> own = Optional.ofNullable(environment.get("PIP_CONFIG_FILE"));
        if (own.filter("/dev/null"::equals).isEmpty()) {
            for (Path file : files(environment, venv)) {
                take(options, IniFile.read(file));
            }
            own.flatMap(NetworkSettings::file).ifPresent(file -> take(options, IniFile.read(file)));
        }
        environment.forEach((name, value) -> {
            if (name.startsWith("PIP_") && !value.isBlank()) {
                options.put(name.substring(4).toLowerCase(Locale.ROOT).replace('_', '-'), value.strip());
            }
        });
        return options;
    }

    private List<Path> files(Map<String, String> environment, Path venv) {
        List<Path> files = new ArrayList<>();
        files.add(Path.of("/Library/Application Support/pip/pip.conf"));
        String shared = Optional.ofNullable(environment.get("XDG_CONFIG_DIRS"))
                .filter(value -> !value.isBlank())
                .orElse("/etc/xdg");
        for (String folder : shared.split(":", -1)) {
            NetworkSettings.file(folder).ifPresent(path -> files.add(path.resolve("pip/pip.conf")));
        }
        files.add(Path.of("/etc/pip.conf"));
        files.add(directories.home().resolve(".pip/pip.conf"));
        Path mac = directories.home().resolve("Library/Application Support/pip");
        files.add(
                Files.isDirectory(mac)
                        ? mac.resolve("pip.conf")
                        : Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
                                .flatMap(NetworkSettings::file)
                                .orElseGet(() -> directories.home().resolve(".config"))
                                .resolve("pip/pip.conf"));
        files.add(venv.resolve("pip.conf"));
        return files;
    }

    private static void take(Map<String, String> options, IniFile file) {
        for (String section : List.of("global", "install")) {
            file.section(section)
                    .forEach((key, value) -> options.put(
                            key.replaceFirst("^--", "").toLowerCase(Locale.ROOT).replace('_', '-'), value));
        }
    }

    private static boolean isOn(Map<String, String> options, String key) {
        return List.of("1", "true", "yes", "on")
                .contains(options.getOrDefault(key, "").toLowerCase(Locale.ROOT));
    }

    static List<String> words(String list) {
        return List.of(list.strip().split("\\s+", -1)).stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
