package io.github.lamplighter.tool;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.text.SecretDetector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The manifests folder, one file per managed tool. The files belong to the user: unknown keys are kept, and an
/// invalid file is never overwritten.
public final class ManifestStore {

    private static final String SUFFIX = ".json";

    private static final String MANIFEST = "description";

    /// The origin of a value that the user wrote or changed in the manifest.
    static final String USER = "your file";

    private final Path folder;
    private final AppDirectories directories;
    private final ManifestCodec codec;

    public ManifestStore(AppDirectories directories) {
        this.folder = directories.manifests();
        this.directories = directories;
        this.codec = new ManifestCodec(directories.home());
    }

    /// The result of a change.
    public sealed interface Change {
        record Done(Path file) implements Change {}

        /// Nothing changed; `why` is a sentence.
        record Refused(Path file, String why) implements Change {}
    }

    /// All manifests, by name. Hidden files and files without `.json` are ignored.
    public List<ManifestEntry> entries() {
        return entries(List.of());
    }

    /// All valid manifests, by name.
    public List<Manifest> manifests() {
        return entries().stream()
                .flatMap(entry -> entry instanceof ManifestEntry.Readable readable
                        ? Stream.of(readable.manifest())
                        : Stream.empty())
                .toList();
    }

    /// All manifests, without reading the known ones again if their files exist.
    public List<ManifestEntry> entries(List<Manifest> known) {
        Map<String, Manifest> read = new HashMap<>();
        known.forEach(manifest -> read.put(manifest.name().value(), manifest));
        List<ManifestEntry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String fileName = String.valueOf(file.getFileName());
                String name = fileName.substring(0, fileName.length() - SUFFIX.length());
                if (read.containsKey(name)) {
                    entries.add(new ManifestEntry.Readable(read.get(name), file));
                } else if (!fileName.startsWith(".")) {
                    read(file, name).ifPresent(entries::add);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            return List.of(new ManifestEntry.Broken(
                    "tools", folder, 0, 0, "could not read the folder: " + FileProblem.why(e)));
        }
        entries.sort(Comparator.comparing(ManifestEntry::name));
        return entries;
    }

    /// The manifest of a tool, if it is managed.
    public Optional<ManifestEntry> entry(ToolName name) {
        return read(file(name), name.value());
    }

    /// The path of a tool's manifest, whether it exists or not.
    public Path file(ToolName name) {
        return folder.resolve(name.value() + SUFFIX);
    }

    /// A path with `~` for the home folder.
    public String display(Path file) {
        return directories.display(file);
    }

    /// Reads any file as the manifest of `name`.
    public Optional<ManifestEntry> read(Path file, String name) {
        return switch (JsonFile.read(file)) {
            case JsonFile.Content.Absent() -> Optional.empty();
            case JsonFile.Content.Damaged(int line, int column, String message) ->
                Optional.of(new ManifestEntry.Broken(name, file, line, column, firstLine(message)));
            case JsonFile.Content.Present(JsonNode json) -> Optional.of(understand(file, name, json));
        };
    }

    /// Writes `manifest` and keeps unknown keys of the existing file.
    ///
    /// @param source the base of the manifest (`recipe`, `detected`, …)
    public Change save(Manifest manifest, String source) {
        Path file = file(manifest.name());
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        ObjectNode written = codec.write(manifest);
        json.set("schema", written.get("schema"));
        json.put("source", source);
        written.properties().forEach(entry -> json.set(entry.getKey(), entry.getValue()));
        switch (JsonFile.read(file)) {
            case JsonFile.Content.Absent() -> {}
            case JsonFile.Content.Damaged(int line, int column, String message) -> {
                return new Change.Refused(file, unreadable(line, column, firstLine(message)));
            }
            case JsonFile.Content.Present(JsonNode before) -> {
                if (!(before instanceof ObjectNode earlier)) {
                    return new Change.Refused(file, unreadable(1, 1, "must be an object `{…}`"));
                }
                keepUnknownKeys(earlier, json, ManifestKeys.ROOT);
            }
        }
        try {
            JsonFile.write(AtomicFile.throughLink(file), json);
            return new Change.Done(file);
        } catch (IOException e) {
            return new Change.Refused(
                    file, "Could not write %s: %s.".formatted(directories.display(file), AtomicFile.why(file, e)));
        }
    }

    /// The manifest as text of a file.
    public String text(Manifest manifest) {
        return JsonFile.MAPPER.writeValueAsString(codec.write(manifest));
    }

    /// A template for an author's file: the keys that are the same on every machine.
    public ObjectNode authorTemplate(Manifest manifest) {
        ObjectNode json = codec.write(manifest);
        if (json.get("install") instanceof ObjectNode install) {
            install.retain("installer", "package");
        }
        if (json.get("service") instanceof ObjectNode service) {
            service.remove(List.of("unit", "label", "workingDirectory", "environmentFile"));
        }
        return json;
    }

    /// The JSON Schema of manifests, for editors and other validators.
    public String schema() {
        return schemaText();
    }

    static String schemaText() {
        try (InputStream in = ManifestStore.class.getResourceAsStream("tool-manifest-1.json")) {
            if (in == null) {
                throw new IllegalStateException("the schema is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As JSON, for `--json`.
    public ObjectNode json(Manifest manifest) {
        return codec.write(manifest);
    }

    /// Backs up a manifest and its accepted proposal before they are changed or deleted.
    ///
    /// @return its number in the [BackupStore]; empty if there is no manifest
    public Optional<Integer> backUp(ToolName name) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, Path> part : parts(name).entrySet()) {
            if (Files.exists(part.getValue())) {
                texts.put(part.getKey(), Files.readString(part.getValue()));
            }
        }
        return texts.containsKey(MANIFEST)
                ? Optional.of(new BackupStore(directories).keep(name.value(), texts))
                : Optional.empty();
    }

    /// Deletes a backup if the manifest is still the same.
    ///
    /// @return whether it was deleted
    public boolean dropUnchanged(ToolName name, int number) {
        try {
            boolean same =
                    Files.exists(file(name)) && backup(name, number).equals(Optional.of(Files.readString(file(name))));
            if (same) {
                new BackupStore(directories).drop(name.value(), number);
            }
            return same;
        } catch (IOException e) {
            return false;
        }
    }

    /// The text of a backed up manifest.
    public Optional<String> backup(ToolName name, int number) throws IOException {
        return new BackupStore(directories).text(name.value(), number, MANIFEST);
    }

    /// Replaces the manifest with a backup.
    public Change restore(ToolName name, int number) {
        BackupStore copies = new BackupStore(directories);
        try {
            if (backup(name, number).isEmpty()) {
                return new Change.Refused(
                        file(name), "There is no backup %2$d of the manifest of %1$s.".formatted(name, number));
            }
            for (Map.Entry<String, Path> part : parts(name).entrySet()) {
                Optional<String> text = copies.text(name.value(), number, part.getKey());
                if (text.isPresent()) {
                    AtomicFile.write(AtomicFile.throughLink(part.getValue()), text.get());
                } else {
                    Files.deleteIfExists(part.getValue());
                }
            }
            return new Change.Done(file(name));
        } catch (IOException e) {
            return new Change.Refused(file(name), "Could not restore the manifest: %s.".formatted(FileProblem.why(e)));
        }
    }

    private Map<String, Path> parts(ToolName name) {
        return Map.of(MANIFEST, file(name), "basis", ManifestBases.file(directories, name));
    }

    /// Deletes a manifest, including an invalid one.
    public Change remove(ToolName name) {
        Path file = file(name);
        try {
            Files.deleteIfExists(ManifestBases.file(directories, name));
            return Files.deleteIfExists(file)
                    ? new Change.Done(file)
                    : new Change.Refused(file, "%s is not managed.".formatted(name));
        } catch (IOException e) {
            return new Change.Refused(file, "Could not delete the manifest: %s.".formatted(FileProblem.why(e)));
        }
    }

    /// A value of a manifest with its origin.
    ///
    /// @param pointer an RFC 6901 JSON pointer
    /// @param value as JSON
    /// @param from `author`, `recipe`, `detected`, a unit, a process, `you` for an option of `add`, or `your
    ///     file` for a value that the user wrote or changed in the file
    public record Layer(String pointer, JsonNode value, String from) {}

    /// The values of a manifest with their origins: the user's changes over the accepted proposal.
    public List<Layer> layers(Manifest manifest) {
        Optional<AcceptedProposal> acceptedProposal =
                new ManifestBases(new Recipes(), directories).accepted(manifest.name());
        Map<String, JsonNode> agreed = acceptedProposal
                .<Map<String, JsonNode>>map(known -> JsonLeaves.of(known.proposed()))
                .orElse(Map.of());
        List<Layer> layers = new ArrayList<>();
        JsonLeaves.of(codec.write(manifest)).forEach((pointer, value) -> {
            if (!pointer.equals("/schema")) {
                String from = value.equals(agreed.get(pointer))
                        ? acceptedProposal
                                .map(known -> known.origins().get(pointer))
                                .orElse("detected")
                        : USER;
                layers.add(new Layer(pointer, value, from));
            }
        });
        return layers;
    }

    /// The `source` of a valid manifest, or `manifest` if the user wrote it.
    public String source(Path file) {
        return JsonFile.read(file) instanceof JsonFile.Content.Present(JsonNode json)
                        && json.get("source") instanceof JsonNode source
                        && source.isString()
                ? source.stringValue()
                : "manifest";
    }

    /// All problems of a file with their positions, in order. A file in this folder needs the paths of the
    /// installation; others are read as an author's file.
    ///
    /// @return empty if the file does not exist
    public Optional<List<LintFinding>> lint(Path file) {
        return switch (JsonFile.read(file)) {
            case JsonFile.Content.Absent() -> Optional.empty();
            case JsonFile.Content.Damaged(int line, int column, String message) ->
                Optional.of(List.of(new LintFinding("", line, column, firstLine(message))));
            case JsonFile.Content.Present(JsonNode json) -> Optional.of(lint(file, json));
        };
    }

    private List<LintFinding> lint(Path file, JsonNode json) {
        JsonLocations places;
        try {
            places = JsonLocations.of(Files.readString(file));
        } catch (IOException e) {
            return List.of(new LintFinding("", 0, 0, "could not read it: " + FileProblem.why(e)));
        }
        boolean ours = folder.equals(file.getParent());
        String fileName = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
        List<LintFinding> all = new ArrayList<>(complaints(json, places));
        if (codec.read(
                        json,
                        ours ? ManifestCodec.Form.INSTALLED : ManifestCodec.Form.BASE,
                        ours ? Optional.of(fileName) : Optional.empty())
                instanceof ManifestCodec.Reading.Invalid(List<ManifestCodec.Problem> problems)) {
            problems.forEach(problem -> all.add(complaint(problem, places)));
        }
        all.sort(ManifestStore::byPlace);
        return all;
    }

    private ManifestEntry understand(Path file, String name, JsonNode json) {
        return switch (codec.read(json, name)) {
            case ManifestCodec.Reading.Valid(Manifest manifest) -> new ManifestEntry.Readable(manifest, file);
            case ManifestCodec.Reading.Invalid(List<ManifestCodec.Problem> problems) ->
                broken(file, name, problems.getFirst());
        };
    }

    private static ManifestEntry broken(Path file, String name, ManifestCodec.Problem problem) {
        try {
            LintFinding first = complaint(problem, JsonLocations.of(Files.readString(file)));
            return new ManifestEntry.Broken(name, file, first.line(), first.column(), first.message());
        } catch (IOException e) {
            return new ManifestEntry.Broken(name, file, 0, 0, "could not read it: " + FileProblem.why(e));
        }
    }

    private static LintFinding complaint(ManifestCodec.Problem problem, JsonLocations places) {
        JsonLocations.JsonLocation jsonLocation = places.at(problem.pointer());
        String where = problem.pointer().isEmpty()
                ? ""
                : "`%s`: ".formatted(problem.pointer().substring(1).replace('/', '.'));
        return new LintFinding(problem.pointer(), jsonLocation.line(), jsonLocation.column(), where + problem.phrase());
    }

    /// Unknown keys, duplicate keys and secrets, in the order of the file.
    private static List<LintFinding> complaints(JsonNode json, JsonLocations places) {
        List<LintFinding> complaints = new ArrayList<>();
        complain(json, "", ManifestKeys.ROOT, places, complaints);
        places.repeated()
                .forEach((pointer, jsonLocation) -> complaints.add(new LintFinding(
                        pointer, jsonLocation.line(), jsonLocation.column(), "Duplicate key; the last one wins.")));
        secrets(json).forEach((pointer, what) -> {
            JsonLocations.JsonLocation jsonLocation = places.at(pointer);
            complaints.add(new LintFinding(
                    pointer,
                    jsonLocation.line(),
                    jsonLocation.column(),
                    "%s looks like a secret. Move it to an environment file (mode 0600) and set `service.environmentFile`."
                            .formatted(what)));
        });
        complaints.sort(ManifestStore::byPlace);
        return complaints;
    }

    /// Values that look like secrets: their names by JSON pointer.
    private static Map<String, String> secrets(JsonNode json) {
        Map<String, String> found = new TreeMap<>();
        secretTexts(json, "", found);
        JsonNode service = json.path("service");
        for (String name : service.path("environment").propertyNames()) {
            if (SecretDetector.isSecret(name)) {
                found.put("/service/environment/" + escaped(name), name);
            }
        }
        List<String> arguments = service.path("arguments").values().stream()
                .map(argument -> argument.asString(""))
                .toList();
        SecretDetector.argument(arguments)
                .ifPresent(argument ->
                        found.put("/service/arguments/" + argument.index(), "The value of " + argument.option()));
        return found;
    }

    private static void secretTexts(JsonNode node, String pointer, Map<String, String> found) {
        if (node.isString() && SecretDetector.looksLikeOne(node.stringValue())) {
            found.put(pointer, "This value");
        }
        node.properties()
                .forEach(entry -> secretTexts(entry.getValue(), pointer + "/" + escaped(entry.getKey()), found));
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                secretTexts(node.get(i), pointer + "/" + i, found);
            }
        }
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static void complain(
            JsonNode node, String pointer, ManifestKeys shape, JsonLocations places, List<LintFinding> complaints) {
        switch (shape) {
            case ManifestKeys.Leaf() -> {}
            case ManifestKeys.Each(ManifestKeys.Keys element) -> {
                int i = 0;
                for (JsonNode value : node.values()) {
                    complain(value, pointer + "/" + i++, element, places, complaints);
                }
            }
            case ManifestKeys.Keys(Map<String, ManifestKeys> keys) -> {
                for (Map.Entry<String, JsonNode> entry : node.properties()) {
                    String key = entry.getKey();
                    String below = pointer + "/" + escaped(key);
                    ManifestKeys known = keys.get(key);
                    if (known != null) {
                        complain(entry.getValue(), below, known, places, complaints);
                    } else if (!isComment(key)) {
                        JsonLocations.JsonLocation jsonLocation = places.at(below);
                        String meant = SpellingSuggestion.to(key, keys.keySet())
                                .map(" Did you mean `%s`?"::formatted)
                                .orElse("");
                        complaints.add(new LintFinding(
                                below,
                                jsonLocation.line(),
                                jsonLocation.column(),
                                "Unknown key `%s`.%s".formatted(key, meant)));
                    }
                }
            }
        }
    }

    /// Copies unknown keys and `$schema` from `earlier`. A known key that is missing in `json` was removed on
    /// purpose.
    private static void keepUnknownKeys(ObjectNode earlier, ObjectNode json, ManifestKeys.Keys shape) {
        for (Map.Entry<String, JsonNode> entry : earlier.properties()) {
            String key = entry.getKey();
            ManifestKeys known = shape.keys().get(key);
            if (known == null || key.equals("$schema")) {
                json.set(key, entry.getValue());
            } else if (known instanceof ManifestKeys.Keys keys
                    && json.get(key) instanceof ObjectNode below
                    && entry.getValue() instanceof ObjectNode earlierBelow) {
                keepUnknownKeys(earlierBelow, below, keys);
            } else if (known instanceof ManifestKeys.Each(ManifestKeys.Keys element)
                    && json.get(key) instanceof ArrayNode below
                    && entry.getValue() instanceof ArrayNode earlierBelow) {
                keepEach(earlierBelow, below, element);
            }
        }
    }

    /// Elements have no names: the earlier element with the same known keys is used.
    private static void keepEach(ArrayNode earlier, ArrayNode json, ManifestKeys.Keys element) {
        for (JsonNode now : json.values()) {
            for (JsonNode before : earlier.values()) {
                if (now instanceof ObjectNode object
                        && before instanceof ObjectNode whole
                        && whole.deepCopy().retain(element.keys().keySet()).equals(object)) {
                    keepUnknownKeys(whole, object, element);
                }
            }
        }
    }

    private static boolean isComment(String key) {
        return key.startsWith("//");
    }

    private static String unreadable(int line, int column, String message) {
        return "Its manifest has a syntax error (line %d, column %d: %s), so it was not changed."
                .formatted(line, column, message);
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("could not read it");
    }

    private static int byPlace(LintFinding one, LintFinding other) {
        int byLine = Integer.compare(one.line(), other.line());
        return byLine == 0 ? Integer.compare(one.column(), other.column()) : byLine;
    }
}
