package io.github.lamplighter.file;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The folders of this user: the XDG Base Directory Specification 0.8 on Linux (which ignores relative values),
/// Apple's conventions on macOS.
///
/// @param home the user's home, from `$HOME`
/// @param config the user's settings and manifests; next to other programs' user units
/// @param state reports, journals, history, activity, locks; internal
/// @param cache what can be downloaded again
/// @param runtime sockets, deleted at logout; empty where there is no such folder
/// @param configHome the folder of all programs' settings (`$XDG_CONFIG_HOME`)
/// @param dataHome the folder of all programs' data (`$XDG_DATA_HOME`)
public record AppDirectories(
        Path home, Path config, Path state, Path cache, Optional<Path> runtime, Path configHome, Path dataHome) {

    private static final String NAME = "lamplighter";

    /// The folders on Linux, from environment variables.
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

    /// The folders on macOS (File System Programming Guide, "Where to put your app's files").
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

    /// The versions of Lamplighter that were not installed by the system's package manager.
    public Path data() {
        return dataHome.resolve(config.getFileName());
    }

    public Path settings() {
        return config.resolve("settings.json");
    }

    /// The manifests of the managed tools: `NAME.json`.
    public Path manifests() {
        return config.resolve("tools");
    }

    /// The last report of each tool: `NAME.json`.
    public Path reports() {
        return state.resolve("reports");
    }

    /// The states that each tool was seen in: `NAME.jsonl`.
    public Path states() {
        return state.resolve("states");
    }

    /// The journals of upgrades: a folder for each tool, a file for each transaction.
    public Path journals() {
        return state.resolve("journals");
    }

    public Path locks() {
        return state.resolve("locks");
    }

    /// What the tray icon needs of all reports.
    public Path glance() {
        return state.resolve("glance.json");
    }

    /// The log of everything that Lamplighter changed, one JSON object on each line.
    public Path activity() {
        return state.resolve("activity.jsonl");
    }

    /// `path` with `~` for the home.
    public String display(Path path) {
        if (path.equals(home)) {
            return "~";
        }
        return path.startsWith(home) ? "~/" + home.relativize(path) : path.toString();
    }

    /// `text` with `~` for the home, wherever it contains a path in it (a command line, a `PATH`, a `file:` URL).
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
