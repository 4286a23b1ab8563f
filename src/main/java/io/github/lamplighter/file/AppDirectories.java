package io.github.lamplighter.file;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where this user's files lie: the XDG Base Directory Specification 0.8 on Linux (relative values are
/// ignored, as it says), Apple's conventions on macOS.
///
/// @param home the user's home, from `$HOME`
/// @param config the user's own settings and manifests; other programs' user units lie beside it
/// @param state reports, journals, history, activity, locks; internal
/// @param cache what can be fetched again
/// @param runtime sockets and what dies with the login; empty where there is none
/// @param configHome the folder of all programs' settings (`$XDG_CONFIG_HOME`)
/// @param dataHome the folder of all programs' data (`$XDG_DATA_HOME`)
public record AppDirectories(
        Path home, Path config, Path state, Path cache, Optional<Path> runtime, Path configHome, Path dataHome) {

    private static final String NAME = "lamplighter";

    /// The places that the environment of a process on Linux names.
    public static AppDirectories linux(Map<String, String> environment, Path home) {
        Path configHome = base(environment, "XDG_CONFIG_HOME", home.resolve(".config"));
        Path dataHome = base(environment, "XDG_DATA_HOME", home.resolve(".local/share"));
        return new AppDirectories(
                home,
                configHome.resolve(NAME),
                base(environment, "XDG_STATE_HOME", home.resolve(".local/state"))
                        .resolve(NAME),
                base(environment, "XDG_CACHE_HOME", home.resolve(".cache")).resolve(NAME),
                Optional.ofNullable(environment.get("XDG_RUNTIME_DIR"))
                        .map(Path::of)
                        .filter(Path::isAbsolute),
                configHome,
                dataHome);
    }

    /// The places on macOS (File System Programming Guide, "Where to put your app's files").
    public static AppDirectories macos(Map<String, String> environment, Path home) {
        Path support = home.resolve("Library/Application Support");
        return new AppDirectories(
                home,
                support.resolve("Lamplighter"),
                support.resolve("Lamplighter/state"),
                home.resolve("Library/Caches/Lamplighter"),
                Optional.ofNullable(environment.get("TMPDIR")).map(Path::of),
                support,
                support);
    }

    private static Path base(Map<String, String> environment, String name, Path otherwise) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(otherwise);
    }

    public Path settings() {
        return config.resolve("settings.json");
    }

    /// The manifests of the tools that are looked after: `NAME.json`.
    public Path manifests() {
        return config.resolve("tools");
    }

    /// The last report of each tool: `NAME.json`.
    public Path reports() {
        return state.resolve("reports");
    }

    /// One folder a tool, one file a transaction.
    public Path journals() {
        return state.resolve("journals");
    }

    public Path locks() {
        return state.resolve("locks");
    }

    /// The only file that the tray reads.
    public Path glance() {
        return state.resolve("glance.json");
    }

    /// Everything that Lamplighter changed, one JSON object a line.
    public Path activity() {
        return state.resolve("activity.jsonl");
    }

    /// `path` as a person writes it: the home as `~`.
    public String display(Path path) {
        if (path.equals(home)) {
            return "~";
        }
        return path.startsWith(home) ? "~/" + home.relativize(path) : path.toString();
    }

    /// `text` as a person reads it: wherever it names a place in the home (a command line, a `PATH`, a `file:`
    /// address), the home is `~`.
    public String display(String text) {
        String own = home.toString();
        return own.length() < 2 || !text.contains(own)
                ? text
                : Pattern.compile("(?<![\\p{L}\\p{N}_.~/-])(?:file://)?" + Pattern.quote(own)
                                + "(?![\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_-])")
                        .matcher(text)
                        .replaceAll("~");
    }
}
