package io.github.lamplighter.installer.npm;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Packages in a package's own `node_modules` that none of the packages there depends on: somebody ran `npm
/// install` in its folder. npm does not know them.
final class NpmAdditions {

    private static final List<String> DEPENDENCIES =
            List.of("dependencies", "optionalDependencies", "peerDependencies", "devDependencies");

    private final Set<String> required = new HashSet<>();

    private NpmAdditions() {}

    /// `is-odd 3.0.1`, in order.
    static List<String> of(Path folder) {
        NpmAdditions additions = new NpmAdditions();
        Optional<JsonNode> own = packageJson(folder);
        if (own.isEmpty()) {
            return List.of();
        }
        additions.require(own.get());
        // A package that is published with its modules brings some that its own record does not name.
        boolean isBundled = own.get().path("bundleDependencies").isContainer()
                || own.get().path("bundledDependencies").isContainer();
        if (isBundled) {
            return List.of();
        }
        List<Path> modules = modules(folder);
        modules.forEach(additions::requireAll);
        return modules.stream()
                .filter(module -> !additions.required.contains(name(folder, module)))
                .map(module -> UntrustedText.visible(name(folder, module)
                        + packageJson(module)
                                .map(json -> " " + json.path("version").asString(""))
                                .orElse("")))
                .sorted()
                .toList();
    }

    private void requireAll(Path module) {
        packageJson(module).ifPresent(this::require);
        modules(module).forEach(this::requireAll);
    }

    private void require(JsonNode json) {
        for (String kind : DEPENDENCIES) {
            json.path(kind).propertyNames().forEach(required::add);
        }
    }

    private static String name(Path folder, Path module) {
        return folder.resolve("node_modules").relativize(module).toString();
    }

    static Optional<JsonNode> packageJson(Path folder) {
        return JsonFile.read(folder.resolve("package.json"), JsonFile.Form.NPM)
                        instanceof JsonFile.Content.Present(JsonNode json)
                ? Optional.of(json)
                : Optional.empty();
    }

    /// `node_modules/NAME` and `node_modules/@SCOPE/NAME`.
    static List<Path> modules(Path folder) {
        List<Path> modules = new ArrayList<>();
        for (Path module : children(folder.resolve("node_modules"))) {
            String name = String.valueOf(module.getFileName());
            if (name.startsWith("@")) {
                modules.addAll(children(module));
            } else if (!name.startsWith(".")) {
                modules.add(module);
            }
        }
        return modules;
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
