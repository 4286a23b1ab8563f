package io.github.lamplighter.installer.npm;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Checks that the required dependencies of an npm package are where Node searches for them. A missing file of
/// its launcher is already reported.
final class NpmIntegrity {

    private NpmIntegrity() {}

    static MissingParts of(Provenance install, AppDirectories directories) {
        Path file = install.environment().resolve("package.json");
        if (!(JsonFile.read(file, JsonFile.Form.NPM) instanceof JsonFile.Content.Present(JsonNode json))
                || looksElsewhere(install.environment())) {
            return MissingParts.NOTHING;
        }
        JsonNode optional = json.path("optionalDependencies");
        List<Evidence> packages = json.path("dependencies").propertyNames().stream()
                .filter(name -> !optional.has(name) && !isThere(install.environment(), name))
                .map(name ->
                        new Evidence(directories.display(file), "requires %s, which is not installed".formatted(name)))
                .toList();
        return new MissingParts(List.of(), packages);
    }

    /// In `node_modules` of the package or of a folder above it, by real path (nodejs.org, "Loading from
    /// node_modules folders").
    private static boolean isThere(Path folder, String name) {
        for (Path at = real(folder); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("node_modules").resolve(name))
                    || (at.endsWith("node_modules") && Files.exists(at.resolve(name)))) {
                return true;
            }
        }
        return false;
    }

    /// Yarn's Plug'n'Play has no such folders.
    private static boolean looksElsewhere(Path folder) {
        for (Path at = real(folder); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".pnp.cjs"))) {
                return true;
            }
        }
        return false;
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder;
        }
    }
}
