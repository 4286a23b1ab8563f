package io.github.lamplighter.tool;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Built-in manifests of well-known tools, without paths. A recipe is proposed to the user before it applies;
/// its `source` is the documentation it is based on.
public final class Recipes {

    /// Whether there is a recipe for an installed package.
    public boolean knows(InstallerKind installer, String packageName) {
        return find(installer, packageName).isPresent();
    }

    /// The recipe of a package, the same for all Python package managers. Its file has the name of the package.
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

    /// Whether two package managers install the same packages.
    static boolean sharesPackages(InstallerKind one, InstallerKind other) {
        return folder(one).equals(folder(other));
    }

    private static Optional<String> fileName(String folder, String packageName) {
        return ToolName.forPackage(folder.equals("python") ? normalised(packageName) : packageName)
                .map(ToolName::value);
    }

    /// Whether two names mean the same package; Python names are compared normalized (PEP 503).
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
