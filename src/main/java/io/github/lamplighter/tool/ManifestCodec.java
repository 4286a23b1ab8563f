package io.github.lamplighter.tool;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.version.VersionRange;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes manifests as JSON. An invalid value of a known key makes the manifest invalid, because
/// acting on half of the user's settings would be worse. Unknown keys are ignored here. It is long because
/// reading and writing each key stand side by side.
///
/// `tool-manifest-1.json` has the same rules for other programs; ManifestSchemaTest compares them.
final class ManifestCodec {

    static final String SCHEMA = "lamplighter.tool/1";
    private static final int STOP_TIMEOUT_SECONDS = 10;
    private static final int READY_TIMEOUT_SECONDS = 30;

    private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)*");
    private static final String POINTER_FORM = "a JSON pointer is empty or begins with `/`";
    private static final Pattern REQUEST_PATH = Pattern.compile("/\\S*");
    private static final String REQUEST_PATH_FORM = "a path begins with `/`";
    private static final String VARIABLE_FORM = "a variable name can only contain letters, digits and `_`";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern OPTION_OR_VARIABLE = Pattern.compile("-\\S+( \\S+)?|" + VARIABLE.pattern());

    /// In place of the folder of an option with which the place of the data is unknown.
    private static final String UNKNOWN = "unknown";

    private static final Pattern ORIGIN = Pattern.compile("(git\\+)?(https?|ssh|git|file)://\\S+");
    private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9:_.@\\\\-]+\\.service");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final String PORT =
            ":([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    private static final String HOST = "(\\[[^\\]/\\s]+\\]|[^/\\s?#@:\\[\\]]+)";
    private static final Pattern URL =
            Pattern.compile("https?://" + HOST + "(" + PORT + ")?([/?#]\\S*)?|tcp:(//)?" + HOST + PORT + "|unix:/\\S+");
    private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+@-]*");
    private static final String PROGRAM_FORM =
            "a program name can only contain letters, digits, `.`, `_`, `+`, `@` and `-`";
    private static final List<String> KILL_MODES = List.of("control-group", "mixed", "process", "none");

    private final Path home;

    /// @param home the folder for `~`
    ManifestCodec(Path home) {
        this.home = home;
    }

    static boolean isUrl(String text) {
        return URL.matcher(text).matches();
    }

    static boolean isOrigin(String text) {
        return ORIGIN.matcher(text).matches();
    }

    /// The kind of manifest, which decides the required keys.
    enum Form {
        /// A tool of this user: the paths are required, and the file has the tool's name.
        INSTALLED,
        /// An author's file or a recipe: the paths differ from machine to machine.
        BASE
    }

    /// An invalid value.
    ///
    /// @param pointer an RFC 6901 JSON pointer
    /// @param phrase what is wrong, without the position
    record Problem(String pointer, String phrase) {}

    sealed interface Reading {

        record Valid(Manifest manifest) implements Reading {}

        /// @param problems in the order of the keys, at least one
        record Invalid(List<Problem> problems) implements Reading {}
    }

    /// @param fileName the tool's name according to the file name
    Reading read(JsonNode json, String fileName) {
        return read(json, Form.INSTALLED, Optional.of(fileName));
    }

    /// @param fileName the tool's name according to the file name name, if that is known
    Reading read(JsonNode json, Form form, Optional<String> fileName) {
        List<Problem> problems = new ArrayList<>();
        Manifest manifest = manifest(new JsonObjectReader(json, "", problems), form, fileName);
        return problems.isEmpty() ? new Reading.Valid(manifest) : new Reading.Invalid(List.copyOf(problems));
    }

    private Manifest manifest(JsonObjectReader root, Form form, Optional<String> fileName) {
        root.maybeText("$schema");
        root.maybeText("source");
        String schema = root.text("schema");
        if (root.has("schema") && !schema.equals(SCHEMA)) {
            root.problem("schema", "unsupported schema %s; this version supports %s".formatted(schema, SCHEMA));
        }
        String written = root.text("name");
        Optional<ToolName> name = ToolName.of(written);
        if (root.has("name") && name.isEmpty()) {
            root.problem(
                    "name", "a name has at most 64 of a-z, 0-9, `.`, `_` and `-`, and begins with a letter or digit");
        }
        if (name.isPresent() && fileName.filter(file -> !file.equals(written)).isPresent()) {
            root.problem("name", "the name is %s, but the file is called %s.json".formatted(written, fileName.get()));
        }
        Manifest.Install install = install(root.level("install"), written, form);
        Optional<JsonObjectReader> service = root.maybeLevel("service");
        Optional<JsonObjectReader> endpoint = root.maybeLevel("endpoint");
        Expected usual = service.isPresent() || endpoint.isPresent() ? Expected.RUNNING : Expected.COMMAND;
        String command = root.maybeText("command")
                .orElse(String.valueOf(install.program().getFileName()));
        UnaryOperator<List<String>> own = words -> form == Form.INSTALLED ? ofThisCopy(words, command, install) : words;
        return new Manifest(
                name.orElse(new ToolName("unnamed")),
                root.word("expected", Expected.values(), Expected::word).orElse(usual),
                install,
                command,
                service.map(ManifestCodec::service),
                endpoint.map(ManifestCodec::endpoint),
                requires(root.maybeLevel("requires"), install.installer()),
                root.paths("settings"),
                root.has("data") ? Optional.of(root.ownPaths("data")) : Optional.empty(),
                root.places("dataSetBy"),
                root.texts("smoke"),
                root.maybeLevel("tls").map(tls -> new Manifest.Tls(tls.path("certificate"))),
                root.levels("auth").stream().map(ManifestCodec::auth).toList(),
                root.maybeLevel("sessions").map(jsonObjectReader -> sessions(jsonObjectReader, own)),
                root.maybeLevel("doctor").map(jsonObjectReader -> doctor(jsonObjectReader, own)));
    }

    /// The tool's own name as the first word means the program of this installation, whatever is first on
    /// `PATH`.
    private static List<String> ofThisCopy(List<String> words, String command, Manifest.Install install) {
        String first = words.isEmpty() ? "" : words.getFirst();
        boolean own = first.equals(command)
                || first.equals(String.valueOf(install.program().getFileName()));
        return own ? with(install.program().toString(), words) : words;
    }

    /// The command as a user writes it, which stays valid if the installation moves.
    private static List<String> asWritten(List<String> words, Manifest.Install install) {
        return !words.isEmpty() && words.getFirst().equals(install.program().toString())
                ? with(String.valueOf(install.program().getFileName()), words)
                : words;
    }

    private static List<String> with(String first, List<String> words) {
        return Stream.concat(Stream.of(first), words.stream().skip(1)).toList();
    }

    private Manifest.Install install(JsonObjectReader jsonObjectReader, String name, Form form) {
        Optional<InstallerKind> installer = InstallerKind.of(jsonObjectReader.text("installer"));
        if (jsonObjectReader.has("installer") && installer.isEmpty()) {
            jsonObjectReader.problem("installer", "must be one of uv, pipx, npm, venv and self");
        }
        boolean here = form == Form.INSTALLED || jsonObjectReader.has("environment") || jsonObjectReader.has("program");
        return new Manifest.Install(
                installer.orElse(InstallerKind.VENV),
                jsonObjectReader.maybeText("package").orElse(name),
                here ? jsonObjectReader.path("environment") : home,
                here
                        ? jsonObjectReader.path("program")
                        : home.resolve(name.replace('/', '-').replace('\0', '-')),
                jsonObjectReader.maybePath("manager"),
                jsonObjectReader.variables("variables"),
                jsonObjectReader.maybeMatching("origin", ORIGIN, "must be a URL such as `git+https://HOST/PATH`"));
    }

    private static Manifest.Service service(JsonObjectReader jsonObjectReader) {
        Optional<String> killMode = jsonObjectReader.maybeText("killMode");
        if (killMode.filter(mode -> !KILL_MODES.contains(mode)).isPresent()) {
            jsonObjectReader.problem("killMode", "must be one of control-group, mixed, process and none");
        }
        return new Manifest.Service(
                jsonObjectReader.texts("arguments"),
                jsonObjectReader.variables("environment"),
                jsonObjectReader.allMatching("inherit", VARIABLE, VARIABLE_FORM),
                killMode,
                jsonObjectReader.number("stopTimeoutSeconds", STOP_TIMEOUT_SECONDS, 0, Integer.MAX_VALUE),
                jsonObjectReader.maybePath("workingDirectory"),
                jsonObjectReader.maybePath("environmentFile"),
                jsonObjectReader.maybeMatching("unit", UNIT, "must be a unit name such as `NAME.service`"),
                jsonObjectReader.maybeMatching(
                        "label", LABEL, "a label can only contain letters, digits, `.`, `_` and `-`"),
                jsonObjectReader.texts("refresh"));
    }

    private static Manifest.Endpoint endpoint(JsonObjectReader jsonObjectReader) {
        String url = jsonObjectReader.matching(
                "url",
                URL,
                "a URL is `http://`, `https://`, `tcp:HOST:PORT` or `unix:/`, without a user, with a port from 1 to"
                        + " 65535");
        Optional<Manifest.PortSetting> port = jsonObjectReader
                .maybeLevel("port")
                .map(setting -> new Manifest.PortSetting(
                        setting.path("file"), setting.matching("pointer", POINTER, POINTER_FORM), url));
        return new Manifest.Endpoint(
                port.flatMap(ManifestCodec::withPort).orElse(url),
                jsonObjectReader.numbers("expect", 100, 599),
                jsonObjectReader
                        .maybeLevel("version")
                        .map(version -> new Manifest.JsonAnswer(
                                version.matching("path", REQUEST_PATH, REQUEST_PATH_FORM),
                                version.matching("pointer", POINTER, POINTER_FORM))),
                jsonObjectReader
                        .maybeLevel("identity")
                        .map(identity -> new Manifest.Identity(
                                identity.matching("path", REQUEST_PATH, REQUEST_PATH_FORM),
                                identity.matching("pointer", POINTER, POINTER_FORM),
                                identity.path("file"),
                                identity.matching("filePointer", POINTER, POINTER_FORM))),
                jsonObjectReader.flag("proxied"),
                jsonObjectReader.number("readyTimeoutSeconds", READY_TIMEOUT_SECONDS, 0, Integer.MAX_VALUE),
                port);
    }

    /// The URL with the port from the tool's settings; empty if they cannot be read, which the settings check
    /// reports.
    private static Optional<String> withPort(Manifest.PortSetting setting) {
        if (!(JsonFile.read(setting.file(), JsonFile.Form.COMMENTED)
                instanceof JsonFile.Content.Present(JsonNode json))) {
            return Optional.empty();
        }
        try {
            int port = Integer.parseInt(json.at(setting.pointer()).asString(""));
            return port > 0 && port < 65536 ? Optional.of(withPort(setting.writtenUrl(), port)) : Optional.empty();
        } catch (NumberFormatException | JacksonException | URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String withPort(String url, int port) throws URISyntaxException {
        if (url.toLowerCase(Locale.ROOT).startsWith("http")) {
            URI uri = new URI(url);
            return new URI(uri.getScheme(), null, uri.getHost(), port, uri.getPath(), uri.getQuery(), uri.getFragment())
                    .toString();
        }
        return url.startsWith("tcp:") ? url.replaceFirst(":[0-9]+$", ":" + port) : url;
    }

    private static Manifest.Requires requires(Optional<JsonObjectReader> jsonObjectReader, InstallerKind installer) {
        List<Manifest.RequiredProgram> programs = new ArrayList<>();
        for (JsonObjectReader program :
                jsonObjectReader.map(requires -> requires.levels("programs")).orElse(List.of())) {
            programs.add(new Manifest.RequiredProgram(
                    program.matching("name", PROGRAM, PROGRAM_FORM),
                    program.maybeRange(
                            "version", range -> VersionRange.numeric(range).isPresent()),
                    program.texts("versionArguments"),
                    program.textMap("hints")));
        }
        Predicate<String> isRange = installer == InstallerKind.NPM
                ? range -> VersionRange.engines(range).isPresent()
                : range -> VersionRange.pep440(range).isPresent();
        return new Manifest.Requires(
                jsonObjectReader.flatMap(requires -> requires.maybeRange("runtime", isRange)), programs);
    }

    private static Manifest.Auth auth(JsonObjectReader jsonObjectReader) {
        if (jsonObjectReader.has("file") == jsonObjectReader.has("environment")) {
            jsonObjectReader.problem("must contain either `file` or `environment`");
        }
        return jsonObjectReader.has("environment")
                ? new Manifest.Auth.Variable(jsonObjectReader.matching("environment", VARIABLE, VARIABLE_FORM))
                : new Manifest.Auth.SecretFile(
                        jsonObjectReader.maybePath("file").orElse(Path.of("/")));
    }

    private static Manifest.Sessions sessions(JsonObjectReader jsonObjectReader, UnaryOperator<List<String>> own) {
        if (jsonObjectReader.has("command") == (jsonObjectReader.has("path") || jsonObjectReader.has("pointer"))) {
            jsonObjectReader.problem("must contain either `command`, or `path` and `pointer`");
        }
        if (!jsonObjectReader.has("command")) {
            return new Manifest.Sessions.FromEndpoint(
                    new Manifest.JsonAnswer(jsonObjectReader.text("path"), jsonObjectReader.text("pointer")));
        }
        return new Manifest.Sessions.FromCommand(
                own.apply(jsonObjectReader.command("command")),
                jsonObjectReader
                        .word("count", Manifest.Count.values(), Manifest.Count::word)
                        .orElse(Manifest.Count.LINES));
    }

    private static Manifest.ToolDoctor doctor(JsonObjectReader jsonObjectReader, UnaryOperator<List<String>> own) {
        return new Manifest.ToolDoctor(
                own.apply(jsonObjectReader.command("command")),
                jsonObjectReader
                        .word("format", Manifest.Format.values(), Manifest.Format::word)
                        .orElse(Manifest.Format.MARKS));
    }

    /// All keys that differ from their default.
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
        manifest.install().origin().ifPresent(origin -> install.put("origin", origin));
        root.put("command", manifest.command());
        manifest.service().ifPresent(service -> write(root.putObject("service"), service));
        manifest.endpoint().ifPresent(endpoint -> write(root.putObject("endpoint"), endpoint));
        write(root, manifest.requires());
        put(root, "settings", display(manifest.settings()));
        manifest.declaredData().ifPresent(data -> display(data).forEach(root.putArray("data")::add));
        if (!manifest.dataSetBy().isEmpty()) {
            ObjectNode setBy = root.putObject("dataSetBy");
            new TreeMap<>(manifest.dataSetBy())
                    .forEach((name, folder) ->
                            setBy.put(name, folder.map(this::display).orElse(UNKNOWN)));
        }
        manifest.tls().ifPresent(tls -> root.putObject("tls").put("certificate", display(tls.certificate())));
        if (!manifest.auth().isEmpty()) {
            ArrayNode ways = root.putArray("auth");
            for (Manifest.Auth auth : manifest.auth()) {
                switch (auth) {
                    case Manifest.Auth.SecretFile(Path file) -> ways.addObject().put("file", display(file));
                    case Manifest.Auth.Variable(String variable) ->
                        ways.addObject().put("environment", variable);
                }
            }
        }
        manifest.sessions().ifPresent(sessions -> {
            ObjectNode node = root.putObject("sessions");
            switch (sessions) {
                case Manifest.Sessions.FromCommand counted -> {
                    put(node, "command", asWritten(counted.command(), manifest.install()));
                    node.put("count", counted.count().word());
                }
                case Manifest.Sessions.FromEndpoint(Manifest.JsonAnswer answer) -> {
                    node.put("path", answer.path());
                    node.put("pointer", answer.pointer());
                }
            }
        });
        manifest.doctor().ifPresent(doctor -> {
            ObjectNode node = root.putObject("doctor");
            put(node, "command", asWritten(doctor.command(), manifest.install()));
            node.put("format", doctor.format().word());
        });
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
        service.label().ifPresent(label -> node.put("label", label));
        put(node, "refresh", service.refresh());
    }

    private void write(ObjectNode node, Manifest.Endpoint endpoint) {
        node.put("url", endpoint.port().map(Manifest.PortSetting::writtenUrl).orElse(endpoint.url()));
        endpoint.port()
                .ifPresent(port ->
                        node.putObject("port").put("file", display(port.file())).put("pointer", port.pointer()));
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

    private List<String> display(Collection<Path> paths) {
        return paths.stream().map(this::display).toList();
    }

    private String display(Path path) {
        if (path.equals(home)) {
            return "~";
        }
        return path.startsWith(home) ? "~/" + home.relativize(path) : path.toString();
    }

    /// Reads one object of the file. Invalid values are recorded and replaced by a placeholder, so that one
    /// pass finds all problems; the result of a file with problems is discarded.
    private final class JsonObjectReader {
        private static final Path NOWHERE = Path.of("/");

        private final JsonNode node;
        private final String pointer;
        private final List<Problem> problems;

        JsonObjectReader(JsonNode node, String pointer, List<Problem> problems) {
            this.node = node;
            this.pointer = pointer;
            this.problems = problems;
            if (!node.isObject()) {
                problem("must be an object `{…}`");
            }
        }

        void problem(String phrase) {
            problems.add(new Problem(pointer, phrase));
        }

        void problem(String key, String phrase) {
            problems.add(new Problem(pointer(key), phrase));
        }

        private void problemAt(String where, String phrase) {
            problems.add(new Problem(where, phrase));
        }

        private String pointer(String key) {
            return pointer + escaped(key);
        }

        private static String escaped(String key) {
            return "/" + key.replace("~", "~0").replace("/", "~1");
        }

        boolean has(String key) {
            return node.has(key);
        }

        private Optional<JsonNode> get(String key) {
            return Optional.ofNullable(node.get(key));
        }

        private <T> Optional<T> missing(String key) {
            if (node.isObject() && !has(key)) {
                problem("the key `%s` is missing".formatted(key));
            }
            return Optional.empty();
        }

        Optional<JsonObjectReader> maybeLevel(String key) {
            return get(key).map(value -> new JsonObjectReader(value, pointer(key), problems));
        }

        JsonObjectReader level(String key) {
            return maybeLevel(key)
                    .or(() -> missing(key))
                    .orElseGet(() ->
                            new JsonObjectReader(JsonFile.MAPPER.createObjectNode(), pointer(key), new ArrayList<>()));
        }

        Optional<String> maybeText(String key) {
            return get(key).map(value -> text(value, pointer(key)));
        }

        String text(String key) {
            return maybeText(key).or(() -> missing(key)).orElse("");
        }

        private String text(JsonNode value, String where) {
            if (!value.isString()) {
                problemAt(where, "must be a text in quotes");
                return "";
            }
            return value.stringValue();
        }

        String matching(String key, Pattern form, String otherwise) {
            return maybeMatching(key, form, otherwise).or(() -> missing(key)).orElse("");
        }

        Optional<String> maybeMatching(String key, Pattern form, String otherwise) {
            return get(key).map(value -> matching(value, pointer(key), form, otherwise));
        }

        List<String> allMatching(String key, Pattern form, String otherwise) {
            return elements(key, (value, where) -> matching(value, where, form, otherwise));
        }

        private String matching(JsonNode value, String where, Pattern form, String otherwise) {
            String text = text(value, where);
            if (value.isString() && !form.matcher(text).matches()) {
                problemAt(where, otherwise);
            }
            return text;
        }

        Optional<String> maybeRange(String key, Predicate<String> isRange) {
            Optional<String> text = maybeText(key);
            if (get(key).filter(JsonNode::isString).isPresent()
                    && text.filter(isRange).isEmpty()) {
                problem(key, "must be a version range such as `>=3.2`");
            }
            return text;
        }

        <T> Optional<T> word(String key, T[] values, Function<T, String> word) {
            Optional<String> text = maybeText(key);
            Optional<T> meant = Arrays.stream(values)
                    .filter(value -> text.filter(word.apply(value)::equals).isPresent())
                    .findFirst();
            if (get(key).filter(JsonNode::isString).isPresent() && meant.isEmpty()) {
                List<String> words = Arrays.stream(values).map(word).toList();
                problem(
                        key,
                        words.size() == 1
                                ? "must be " + words.getFirst()
                                : "must be one of %s and %s"
                                        .formatted(
                                                String.join(", ", words.subList(0, words.size() - 1)),
                                                words.getLast()));
            }
            return meant;
        }

        Optional<Path> maybePath(String key) {
            return get(key).map(value -> path(value, pointer(key)));
        }

        Path path(String key) {
            return maybePath(key).or(() -> missing(key)).orElse(NOWHERE);
        }

        private Path path(JsonNode value, String where) {
            String text = text(value, where);
            if (!value.isString()) {
                return NOWHERE;
            }
            try {
                if (text.equals("~")) {
                    return home;
                }
                Path path = text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
                if (path.isAbsolute()) {
                    return path.normalize();
                }
                problemAt(where, "a path must begin with `/` or `~/`");
            } catch (InvalidPathException e) {
                problemAt(where, "invalid path: " + e.getReason());
            }
            return NOWHERE;
        }

        List<String> texts(String key) {
            return elements(key, this::text);
        }

        /// An argument list that starts with a program.
        List<String> command(String key) {
            List<String> words = get(key).isPresent()
                    ? texts(key)
                    : this.<List<String>>missing(key).orElse(List.of());
            if (get(key).filter(JsonNode::isArray).isPresent()
                    && (words.isEmpty() || words.getFirst().isEmpty())) {
                problem(key, "a command must begin with a program");
            }
            return words;
        }

        List<Path> paths(String key) {
            return elements(key, this::path);
        }

        /// Paths that an upgrade backs up and restores: not the home folder, and no parent of it.
        List<Path> ownPaths(String key) {
            return elements(key, (value, where) -> {
                Path path = path(value, where);
                boolean understood =
                        problems.stream().noneMatch(problem -> problem.pointer().equals(where));
                if (understood && home.startsWith(path)) {
                    problemAt(
                            where,
                            "must be a file or folder of this tool alone, because an upgrade copies and restores it");
                }
                return path;
            });
        }

        List<JsonObjectReader> levels(String key) {
            return elements(key, (value, where) -> new JsonObjectReader(value, where, problems));
        }

        List<Integer> numbers(String key, int least, int most) {
            return elements(key, (value, where) -> number(value, where, least, most));
        }

        private <T> List<T> elements(String key, BiFunction<JsonNode, String, T> understand) {
            Optional<JsonNode> value = get(key);
            if (value.isEmpty()) {
                return List.of();
            }
            if (!value.get().isArray()) {
                problem(key, "must be a list `[…]`");
                return List.of();
            }
            List<T> elements = new ArrayList<>();
            for (JsonNode element : value.get().values()) {
                elements.add(understand.apply(element, pointer(key) + "/" + elements.size()));
            }
            return elements;
        }

        Map<String, String> textMap(String key) {
            Map<String, String> texts = new LinkedHashMap<>();
            maybeLevel(key)
                    .ifPresent(jsonObjectReader -> jsonObjectReader
                            .node
                            .properties()
                            .forEach(entry -> texts.put(
                                    entry.getKey(), text(entry.getValue(), jsonObjectReader.pointer(entry.getKey())))));
            return texts;
        }

        Map<String, String> variables(String key) {
            Map<String, String> variables = textMap(key);
            for (String name : variables.keySet()) {
                if (!VARIABLE.matcher(name).matches()) {
                    problemAt(pointer(key) + escaped(name), VARIABLE_FORM);
                }
            }
            return variables;
        }

        /// The folder that each option or variable names by default; empty for `unknown`.
        Map<String, Optional<Path>> places(String key) {
            Map<String, Optional<Path>> places = new LinkedHashMap<>();
            maybeLevel(key)
                    .ifPresent(level -> level.node.properties().forEach(entry -> {
                        String where = level.pointer(entry.getKey());
                        if (!OPTION_OR_VARIABLE.matcher(entry.getKey()).matches()) {
                            problemAt(where, "must be an option such as `--data`, or an environment variable");
                        }
                        places.put(
                                entry.getKey(),
                                entry.getValue().asString("").equals(UNKNOWN)
                                        ? Optional.empty()
                                        : Optional.of(path(entry.getValue(), where)));
                    }));
            return places;
        }

        int number(String key, int otherwise, int least, int most) {
            return get(key).map(value -> number(value, pointer(key), least, most))
                    .orElse(otherwise);
        }

        private int number(JsonNode value, String where, int least, int most) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                problemAt(where, "must be a whole number");
                return least;
            }
            if (value.intValue() < least || value.intValue() > most) {
                problemAt(
                        where,
                        most == Integer.MAX_VALUE
                                ? "must be at least %d".formatted(least)
                                : "must be between %d and %d".formatted(least, most));
                return least;
            }
            return value.intValue();
        }

        boolean flag(String key) {
            Optional<JsonNode> value = get(key);
            if (value.isPresent() && !value.get().isBoolean()) {
                problem(key, "must be true or false");
                return false;
            }
            return value.map(JsonNode::booleanValue).orElse(false);
        }
    }
}
