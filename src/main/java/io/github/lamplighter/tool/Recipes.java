package io.github.lamplighter.tool;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What Lamplighter knows about well-known tools: manifests without the places of this machine. A recipe is a
/// proposal, shown before it counts; its `source` names the documentation that it was taken from.
public final class Recipes {

    /// The recipe for a package; a Python tool's is the same whichever manager made its environment. A recipe
    /// is called like its package, so that none has to be listed.
    Optional<ObjectNode> find(InstallerKind installer, String packageName) {
        return folder(installer)
                .flatMap(folder -> fileName(folder, packageName).map(name -> folder + "/" + name + ".json"))
                .flatMap(Recipes::read)
                .filter(recipe -> samePackage(
                        installer, recipe.path("install").path("package").asString(""), packageName));
    }

    private static Optional<ObjectNode> read(String name) {
        try (InputStream in = Recipes.class.getResourceAsStream("recipes/" + name)) {
            return in == null ? Optional.empty() : Optional.of((ObjectNode) JsonFile.MAPPER.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> folder(InstallerKind kind) {
        return switch (kind) {
            case UV, PIPX, VENV -> Optional.of("python");
            case NPM -> Optional.of("npm");
            case SELF -> Optional.empty();
        };
    }

    /// Whether two installers take their packages from the same world.
    static boolean sharesPackages(InstallerKind one, InstallerKind other) {
        return folder(one).equals(folder(other));
    }

    private static Optional<String> fileName(String folder, String packageName) {
        return ToolName.forPackage(folder.equals("python") ? normalised(packageName) : packageName)
                .map(ToolName::value);
    }

    /// Whether two spellings name one package: Python's names are compared normalised (PEP 503).
    static boolean samePackage(InstallerKind installer, String one, String other) {
        return switch (installer) {
            case UV, PIPX, VENV -> normalised(one).equals(normalised(other));
            case NPM, SELF -> one.equals(other);
        };
    }

    private static String normalised(String packageName) {
        return packageName.replaceAll("[-_.]+", "-").toLowerCase(java.util.Locale.ROOT);
    }
}
