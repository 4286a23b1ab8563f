package io.github.lamplighter.tool;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest.Expected;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Manifests from and to JSON. A known key with a value that makes no sense spoils the manifest: acting on a
/// half-read
/// wish of the user's would be worse than asking for it again. An unknown key is only complained about.
final class ManifestCodec {

    static final String SCHEMA = "lamplighter.tool/1";
    private static final int STOP_TIMEOUT_SECONDS = 10;
    private static final int READY_TIMEOUT_SECONDS = 30;

    private final Path home;

    /// @param home what `~` stands for
    ManifestCodec(Path home) {
        this.home = home;
    }

    /// A value that makes no sense; caught where the whole file becomes [ManifestEntry.Broken].
    static final class Senseless extends Exception {
        private static final long serialVersionUID = 1L;
        final String pointer;
        final String phrase;

        Senseless(String pointer, String phrase) {
            super(phrase);
            this.pointer = pointer;
            this.phrase = phrase;
        }
    }

    /// @param fileName the tool's name according to the file
    Manifest read(JsonNode json, String fileName) throws Senseless {
        Level root = new Level(json, "");
        String schema = root.text("schema");
        if (!schema.equals(SCHEMA)) {
            throw new Senseless("/schema", "it is written for %s, and this version reads %s".formatted(schema, SCHEMA));
        }
        ToolName name = ToolName.of(root.text("name"))
                .orElseThrow(() -> new Senseless("/name", "a name has the letters a-z, digits, `.`, `_` and `-` only"));
        if (!name.value().equals(fileName)) {
            throw new Senseless("/name", "it says %s, and the file is called %s.json".formatted(name, fileName));
        }
        Manifest.Install install = install(root.level("install"), name);
        Optional<Level> service = root.maybeLevel("service");
        Optional<Level> endpoint = root.maybeLevel("endpoint");
        Expected usual = service.isPresent() || endpoint.isPresent() ? Expected.RUNNING : Expected.COMMAND;
        return new Manifest(
                name,
                expected(root, usual),
                install,
                root.maybeText("command")
                        .orElse(String.valueOf(install.program().getFileName())),
                service.isPresent() ? Optional.of(service(service.get())) : Optional.empty(),
                endpoint.isPresent() ? Optional.of(endpoint(endpoint.get())) : Optional.empty(),
                requires(root.maybeLevel("requires")),
                root.paths("settings"),
                root.paths("data"),
                root.texts("smoke"));
    }

    private static Expected expected(Level root, Expected usual) throws Senseless {
        Optional<String> word = root.maybeText("expected");
        if (word.isEmpty()) {
            return usual;
        }
        return Arrays.stream(Expected.values())
                .filter(value -> value.word().equals(word.get()))
                .findFirst()
                .orElseThrow(() -> new Senseless("/expected", "it is one of running, on-demand and command"));
    }

    private static Manifest.Install install(Level level, ToolName name) throws Senseless {
        String installer = level.text("installer");
        return new Manifest.Install(
                InstallerKind.of(installer)
                        .orElseThrow(() ->
                                new Senseless(level.pointer("installer"), "it is one of uv, pipx, npm, venv and self")),
                level.maybeText("package").orElse(name.value()),
                level.path("environment"),
                level.path("program"),
                level.maybePath("manager"),
                level.textMap("variables"));
    }

    private static Manifest.Service service(Level level) throws Senseless {
        return new Manifest.Service(
                level.texts("arguments"),
                level.textMap("environment"),
                level.texts("inherit"),
                level.maybeText("killMode"),
                level.number("stopTimeoutSeconds", STOP_TIMEOUT_SECONDS),
                level.maybePath("workingDirectory"),
                level.maybePath("environmentFile"),
                level.maybeText("unit"));
    }

    private static Manifest.Endpoint endpoint(Level level) throws Senseless {
        Optional<Level> version = level.maybeLevel("version");
        Optional<Level> identity = level.maybeLevel("identity");
        return new Manifest.Endpoint(
                level.text("url"),
                level.numbers("expect"),
                version.isPresent()
                        ? Optional.of(new Manifest.JsonAnswer(
                                version.get().text("path"), version.get().text("pointer")))
                        : Optional.empty(),
                identity.isPresent()
                        ? Optional.of(new Manifest.Identity(
                                identity.get().text("path"),
                                identity.get().text("pointer"),
                                identity.get().path("file"),
                                identity.get().text("filePointer")))
                        : Optional.empty(),
                level.flag("proxied"),
                level.number("readyTimeoutSeconds", READY_TIMEOUT_SECONDS));
    }

    private static Manifest.Requires requires(Optional<Level> level) throws Senseless {
        if (level.isEmpty()) {
            return new Manifest.Requires(Optional.empty(), List.of());
        }
        List<Manifest.RequiredProgram> programs = new ArrayList<>();
        for (Level program : level.get().levels("programs")) {
            programs.add(new Manifest.RequiredProgram(
                    program.text("name"),
                    program.maybeText("version"),
                    program.texts("versionArguments"),
                    program.textMap("hints")));
        }
        return new Manifest.Requires(level.get().maybeText("runtime"), programs);
    }

    /// All keys that the manifest says something for; what equals the default is left out.
    ObjectNode write(Manifest manifest) {
        ObjectNode root = JsonFile.MAPPER.createObjectNode();
        root.put("schema", SCHEMA);
        root.put("name", manifest.name().value());
        root.put("expected", manifest.expected().word());
        ObjectNode install = root.putObject("install");
        install.put("installer", manifest.install().installer().word());
        install.put("package", manifest.install().packageName());
        install.put("environment", display(manifest.install().environment()));
        install.put("program", display(manifest.install().program()));
        manifest.install().manager().ifPresent(manager -> install.put("manager", display(manager)));
        put(install, "variables", manifest.install().variables());
        root.put("command", manifest.command());
        manifest.service().ifPresent(service -> write(root.putObject("service"), service));
        manifest.endpoint().ifPresent(endpoint -> write(root.putObject("endpoint"), endpoint));
        write(root, manifest.requires());
        put(root, "settings", manifest.settings().stream().map(this::display).toList());
        put(root, "data", manifest.data().stream().map(this::display).toList());
        put(root, "smoke", manifest.smoke());
        return root;
    }

    private void write(ObjectNode node, Manifest.Service service) {
        put(node, "arguments", service.arguments());
        put(node, "environment", service.environment());
        put(node, "inherit", service.inherit());
        service.killMode().ifPresent(mode -> node.put("killMode", mode));
        if (service.stopTimeoutSeconds() != STOP_TIMEOUT_SECONDS) {
            node.put("stopTimeoutSeconds", service.stopTimeoutSeconds());
        }
        service.workingDirectory().ifPresent(path -> node.put("workingDirectory", display(path)));
        service.environmentFile().ifPresent(path -> node.put("environmentFile", display(path)));
        service.unit().ifPresent(unit -> node.put("unit", unit));
    }

    private void write(ObjectNode node, Manifest.Endpoint endpoint) {
        node.put("url", endpoint.url());
        endpoint.version()
                .ifPresent(answer ->
                        node.putObject("version").put("path", answer.path()).put("pointer", answer.pointer()));
        endpoint.identity()
                .ifPresent(identity -> node.putObject("identity")
                        .put("path", identity.path())
                        .put("pointer", identity.pointer())
                        .put("file", display(identity.file()))
                        .put("filePointer", identity.filePointer()));
        if (!endpoint.expect().isEmpty()) {
            ArrayNode statuses = node.putArray("expect");
            endpoint.expect().forEach(statuses::add);
        }
        if (endpoint.proxied()) {
            node.put("proxied", true);
        }
        if (endpoint.readyTimeoutSeconds() != READY_TIMEOUT_SECONDS) {
            node.put("readyTimeoutSeconds", endpoint.readyTimeoutSeconds());
        }
    }

    private static void write(ObjectNode root, Manifest.Requires requires) {
        if (requires.runtime().isEmpty() && requires.programs().isEmpty()) {
            return;
        }
        ObjectNode node = root.putObject("requires");
        requires.runtime().ifPresent(range -> node.put("runtime", range));
        if (!requires.programs().isEmpty()) {
            ArrayNode programs = node.putArray("programs");
            for (Manifest.RequiredProgram program : requires.programs()) {
                ObjectNode element = programs.addObject().put("name", program.name());
                program.version().ifPresent(version -> element.put("version", version));
                put(element, "versionArguments", program.versionArguments());
                put(element, "hints", program.hints());
            }
        }
    }

    private static void put(ObjectNode node, String key, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode array = node.putArray(key);
            texts.forEach(array::add);
        }
    }

    private static void put(ObjectNode node, String key, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            ObjectNode object = node.putObject(key);
            new TreeMap<>(texts).forEach(object::put);
        }
    }

    private String display(Path path) {
        if (path.equals(home)) {
            return "~";
        }
        return path.startsWith(home) ? "~/" + home.relativize(path) : path.toString();
    }

    /// One object of the file and where it stands.
    private final class Level {
        private final JsonNode node;
        private final String pointer;

        Level(JsonNode node, String pointer) throws Senseless {
            if (!node.isObject()) {
                throw new Senseless(pointer, "an object `{…}` belongs here");
            }
            this.node = node;
            this.pointer = pointer;
        }

        String pointer(String key) {
            return pointer + "/" + key;
        }

        private Optional<JsonNode> get(String key) {
            return Optional.ofNullable(node.get(key)).filter(value -> !value.isNull());
        }

        Optional<Level> maybeLevel(String key) throws Senseless {
            Optional<JsonNode> value = get(key);
            return value.isEmpty() ? Optional.empty() : Optional.of(new Level(value.get(), pointer(key)));
        }

        Level level(String key) throws Senseless {
            return maybeLevel(key).orElseThrow(() -> new Senseless(pointer, "the key `%s` is missing".formatted(key)));
        }

        Optional<String> maybeText(String key) throws Senseless {
            Optional<JsonNode> value = get(key);
            return value.isEmpty() ? Optional.empty() : Optional.of(text(value.get(), pointer(key)));
        }

        String text(String key) throws Senseless {
            return maybeText(key).orElseThrow(() -> new Senseless(pointer, "the key `%s` is missing".formatted(key)));
        }

        private String text(JsonNode value, String where) throws Senseless {
            if (!value.isString()) {
                throw new Senseless(where, "a text in quotes belongs here");
            }
            return value.stringValue();
        }

        Optional<Path> maybePath(String key) throws Senseless {
            Optional<String> text = maybeText(key);
            return text.isEmpty() ? Optional.empty() : Optional.of(path(text.get(), pointer(key)));
        }

        Path path(String key) throws Senseless {
            return path(text(key), pointer(key));
        }

        private Path path(String text, String where) throws Senseless {
            try {
                if (text.equals("~")) {
                    return home;
                }
                Path path = text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
                if (path.isAbsolute()) {
                    return path.normalize();
                }
            } catch (InvalidPathException e) {
                throw new Senseless(where, "it cannot be a path here: " + e.getReason());
            }
            throw new Senseless(where, "a path begins with `/` or `~/`");
        }

        List<String> texts(String key) throws Senseless {
            List<String> texts = new ArrayList<>();
            List<JsonNode> elements = elements(key);
            for (int i = 0; i < elements.size(); i++) {
                texts.add(text(elements.get(i), pointer(key) + "/" + i));
            }
            return texts;
        }

        List<Path> paths(String key) throws Senseless {
            List<Path> paths = new ArrayList<>();
            List<String> texts = texts(key);
            for (int i = 0; i < texts.size(); i++) {
                paths.add(path(texts.get(i), pointer(key) + "/" + i));
            }
            return paths;
        }

        List<Level> levels(String key) throws Senseless {
            List<Level> levels = new ArrayList<>();
            List<JsonNode> elements = elements(key);
            for (int i = 0; i < elements.size(); i++) {
                levels.add(new Level(elements.get(i), pointer(key) + "/" + i));
            }
            return levels;
        }

        List<Integer> numbers(String key) throws Senseless {
            List<Integer> numbers = new ArrayList<>();
            List<JsonNode> elements = elements(key);
            for (int i = 0; i < elements.size(); i++) {
                numbers.add(number(elements.get(i), pointer(key) + "/" + i));
            }
            return numbers;
        }

        private List<JsonNode> elements(String key) throws Senseless {
            Optional<JsonNode> value = get(key);
            if (value.isEmpty()) {
                return List.of();
            }
            if (!value.get().isArray()) {
                throw new Senseless(pointer(key), "a list `[…]` belongs here");
            }
            return List.copyOf(value.get().values());
        }

        Map<String, String> textMap(String key) throws Senseless {
            Map<String, String> texts = new LinkedHashMap<>();
            Optional<Level> level = maybeLevel(key);
            if (level.isPresent()) {
                for (Map.Entry<String, JsonNode> entry : level.get().node.properties()) {
                    texts.put(entry.getKey(), text(entry.getValue(), level.get().pointer(entry.getKey())));
                }
            }
            return texts;
        }

        int number(String key, int otherwise) throws Senseless {
            Optional<JsonNode> value = get(key);
            return value.isEmpty() ? otherwise : number(value.get(), pointer(key));
        }

        private int number(JsonNode value, String where) throws Senseless {
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
                throw new Senseless(where, "a whole number belongs here");
            }
            return value.intValue();
        }

        boolean flag(String key) throws Senseless {
            Optional<JsonNode> value = get(key);
            if (value.isPresent() && !value.get().isBoolean()) {
                throw new Senseless(pointer(key), "true or false belongs here");
            }
            return value.map(JsonNode::booleanValue).orElse(false);
        }
    }
}
