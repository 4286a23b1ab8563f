package io.github.lamplighter.installer.npm;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Origin;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The source that some versions of npm record for a package: `_resolved` in its `package.json` (npm 6), or an
/// entry of `node_modules/.package-lock.json`, which a global prefix usually lacks.
///
/// @param file that contains it
/// @param resolved the URL, without user and password
record NpmOriginRecord(Path file, String resolved) {

    private static final Pattern REPOSITORY = Pattern.compile("(?:git\\+|git:|git@|github:).*");
    private static final Pattern COMMIT = Pattern.compile(".*#([0-9a-f]{40})");

    static Optional<NpmOriginRecord> of(Path folder, Path modules, String name) {
        Path own = folder.resolve("package.json");
        Path lock = modules.resolve(".package-lock.json");
        return text(own, "", "_resolved")
                .map(resolved -> new NpmOriginRecord(own, resolved))
                .or(() -> text(lock, "node_modules/" + name, "resolved")
                        .map(resolved -> new NpmOriginRecord(lock, resolved)));
    }

    /// @param display the file with `~` for the home folder
    Origin origin(String display) {
        if (REPOSITORY.matcher(resolved).matches()) {
            Matcher commit = COMMIT.matcher(resolved);
            // An upgrade from there would leave no record, so that it would look like one from the registry.
            return new Origin.Unknown(
                    "According to %s it was installed from %s%s. npm doesn't check git repositories for updates."
                            .formatted(
                                    display,
                                    resolved.replaceFirst("^git\\+", "").replaceFirst("#.*$", ""),
                                    commit.matches()
                                            ? ", commit " + commit.group(1).substring(0, 7)
                                            : ""),
                    Origin.Unknown.Cause.NOT_FOLLOWED);
        }
        return resolved.startsWith("http") && resolved.contains("/-/")
                ? new Origin.Index()
                : new Origin.Archive(resolved);
    }

    private static Optional<String> text(Path file, String entry, String key) {
        if (!(JsonFile.read(file, JsonFile.Form.NPM) instanceof JsonFile.Content.Present(JsonNode json))) {
            return Optional.empty();
        }
        JsonNode value = (entry.isEmpty() ? json : json.path("packages").path(entry)).path(key);
        return value.isString() && !value.stringValue().isEmpty()
                ? Optional.of(value.stringValue().replaceFirst("(?<=://)(?!git@)[^/@]*@", ""))
                : Optional.empty();
    }
}
