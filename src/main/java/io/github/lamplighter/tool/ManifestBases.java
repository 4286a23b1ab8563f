package io.github.lamplighter.tool;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Finds the base of a manifest in the package or among the recipes, and stores accepted proposals.
final class ManifestBases {

    /// An author's file is small.
    private static final int MOST_BYTES = 64 * 1024;

    private static final int LONGEST_TEXT = 1000;

    private final Recipes recipes;
    private final AppDirectories directories;
    private final ManifestCodec codec;

    ManifestBases(Recipes recipes, AppDirectories directories) {
        this.recipes = recipes;
        this.directories = directories;
        this.codec = new ManifestCodec(directories.home());
    }

    /// @param evidence where it was found, or why an author's file is ignored
    record Found(Optional<ManifestBase> manifestBase, List<Evidence> evidence) {}

    /// The author's file, else the recipe.
    Found find(Provenance provenance) {
        List<Evidence> evidence = new ArrayList<>();
        Optional<ManifestBase> author = authorsFile(provenance).flatMap(file -> authors(file, provenance, evidence));
        if (author.isPresent()) {
            return new Found(author, evidence);
        }
        Optional<ManifestBase> recipe = recipes.find(provenance.installer(), provenance.packageName())
                .map(json -> new ManifestBase(
                        ManifestBase.From.RECIPE, "recipe " + json.path("name").asString(""), json));
        recipe.ifPresent(manifestBase -> evidence.add(new Evidence(
                manifestBase.place(), manifestBase.json().path("source").asString(""))));
        return new Found(recipe, evidence);
    }

    private Optional<ManifestBase> authors(Path file, Provenance provenance, List<Evidence> evidence) {
        String place = directories.display(file);
        if (!(JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json))) {
            evidence.add(new Evidence(place, "the author's file cannot be read and is ignored"));
            return Optional.empty();
        }
        JsonNode clean = cleaned(json);
        return switch (codec.read(clean, ManifestCodec.Form.BASE, Optional.empty())) {
            case ManifestCodec.Reading.Invalid(List<ManifestCodec.Problem> problems) -> {
                evidence.add(new Evidence(
                        place,
                        "the author's file is invalid (%s: %s) and is ignored"
                                .formatted(
                                        problems.getFirst().pointer(),
                                        problems.getFirst().phrase())));
                yield Optional.empty();
            }
            case ManifestCodec.Reading.Valid(Manifest manifest) -> {
                evidence.add(
                        new Evidence(place, "recommended by the author of %s".formatted(provenance.packageName())));
                commands(manifest)
                        .forEach(command ->
                                evidence.add(new Evidence(place, "checks run this command: `%s`".formatted(command))));
                yield Optional.of(new ManifestBase(ManifestBase.From.AUTHOR, place, (ObjectNode) clean));
            }
        };
    }

    private static List<String> commands(Manifest manifest) {
        List<String> commands = new ArrayList<>();
        manifest.sessions().ifPresent(sessions -> {
            switch (sessions) {
                case Manifest.Sessions.FromCommand counted -> commands.add(String.join(" ", counted.command()));
                case Manifest.Sessions.FromEndpoint _ -> {}
            }
        });
        manifest.doctor().ifPresent(doctor -> commands.add(String.join(" ", doctor.command())));
        return commands;
    }

    /// `share/lamplighter/NAME.json` in a Python environment (wheel data), `lamplighter.json` in an npm package.
    private static Optional<Path> authorsFile(Provenance provenance) {
        Path environment = provenance.environment();
        return switch (provenance.installer()) {
            case NPM -> plain(environment.resolve("lamplighter.json"), environment);
            case UV, PIPX, VENV -> {
                try (DirectoryStream<Path> files =
                        Files.newDirectoryStream(environment.resolve("share/lamplighter"), "*.json")) {
                    for (Path file : files) {
                        Optional<Path> plain =
                                plain(file, environment).filter(candidate -> speaksOf(candidate, provenance));
                        if (plain.isPresent()) {
                            yield plain;
                        }
                    }
                } catch (IOException e) {
                    // Most packages have no such folder.
                }
                yield Optional.empty();
            }
            case SELF -> Optional.empty();
        };
    }

    /// Several packages can share an environment, each with its own file.
    private static boolean speaksOf(Path file, Provenance provenance) {
        String fileName = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
        String said = JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json)
                ? json.path("install").path("package").asString(fileName)
                : fileName;
        return Recipes.samePackage(provenance.installer(), said, provenance.packageName());
    }

    /// The file if it is really inside the environment, links resolved, and not too large.
    private static Optional<Path> plain(Path file, Path environment) {
        try {
            Path real = file.toRealPath();
            return real.startsWith(environment.toRealPath())
                            && Files.isRegularFile(real)
                            && Files.size(real) <= MOST_BYTES
                    ? Optional.of(file)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Cleans the untrusted texts of an author's file.
    private static JsonNode cleaned(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode clean = JsonFile.MAPPER.createObjectNode();
                object.properties().forEach(entry -> clean.set(cleaned(entry.getKey()), cleaned(entry.getValue())));
                yield clean;
            }
            case ArrayNode array -> {
                ArrayNode clean = JsonFile.MAPPER.createArrayNode();
                array.values().forEach(value -> clean.add(cleaned(value)));
                yield clean;
            }
            case StringNode text -> StringNode.valueOf(cleaned(text.stringValue()));
            default -> node;
        };
    }

    private static String cleaned(String text) {
        // Whitespace at the ends belongs to the value.
        return text.codePoints()
                .filter(point -> !Character.isISOControl(point) && Character.getType(point) != Character.FORMAT)
                .limit(LONGEST_TEXT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// The proposal accepted when the tool was added; empty if the user wrote the manifest.
    Optional<AcceptedProposal> accepted(ToolName name) {
        if (!(JsonFile.read(file(directories, name)) instanceof JsonFile.Content.Present(ObjectNode json))
                || !(json.get("proposed") instanceof ObjectNode proposed)) {
            return Optional.empty();
        }
        Map<String, String> origins = new TreeMap<>();
        json.path("origins")
                .properties()
                .forEach(entry -> origins.put(entry.getKey(), entry.getValue().asString("")));
        Optional<ManifestBase> manifestBase = json.get("base") instanceof ObjectNode kept
                        && kept.get("json") instanceof ObjectNode whole
                ? Arrays.stream(ManifestBase.From.values())
                        .filter(from -> from.word().equals(kept.path("from").asString("")))
                        .findFirst()
                        .map(from -> new ManifestBase(from, kept.path("place").asString(""), whole))
                : Optional.empty();
        return Optional.of(new AcceptedProposal(manifestBase, proposed, origins));
    }

    void accept(ToolName name, AcceptedProposal acceptedProposal) throws IOException {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("schema", "lamplighter.basis/1");
        acceptedProposal.manifestBase().ifPresent(manifestBase -> {
            ObjectNode kept = json.putObject("base");
            kept.put("from", manifestBase.from().word()).put("place", manifestBase.place());
            kept.set("json", manifestBase.json());
        });
        json.set("proposed", acceptedProposal.proposed());
        ObjectNode origins = json.putObject("origins");
        new TreeMap<>(acceptedProposal.origins()).forEach(origins::put);
        JsonFile.write(file(directories, name), json);
    }

    static Path file(AppDirectories directories, ToolName name) {
        return directories.state().resolve("bases").resolve(name.value() + ".json");
    }
}
