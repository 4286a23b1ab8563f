package io.github.lamplighter.tool;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What Lamplighter knows about well-known tools: manifests without the places of this machine. A recipe is a
/// proposal,
/// shown before it counts; its `source` names the documentation that it was taken from.
public final class Recipes {

    /// Resources cannot be listed once they lie in a jar, so each is named here; a test compares.
    static final List<String> NAMES =
            List.of("code-server", "http-server", "jupyterlab", "n8n", "node-red", "verdaccio");

    /// The recipe for a package; a Python tool's is the same whichever manager made its environment.
    Optional<ObjectNode> find(InstallerKind installer, String packageName) {
        return NAMES.stream()
                .map(Recipes::read)
                .filter(recipe ->
                        recipe.path("install").path("package").asString("").equals(packageName))
                .filter(recipe -> isPython(installer)
                        == InstallerKind.of(
                                        recipe.path("install").path("installer").asString(""))
                                .filter(Recipes::isPython)
                                .isPresent())
                .findFirst();
    }

    static ObjectNode read(String name) {
        try (InputStream in = Recipes.class.getResourceAsStream("recipes/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the recipe " + name + " is missing from this build");
            }
            JsonNode json = JsonFile.MAPPER.readTree(in);
            return (ObjectNode) json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isPython(InstallerKind kind) {
        return switch (kind) {
            case UV, PIPX, VENV -> true;
            case NPM, SELF -> false;
        };
    }
}
