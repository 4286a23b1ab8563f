package io.github.lamplighter.tool;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.SecretDetector;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Builds the manifest of an installation from its base (the author's file or a recipe), from what is running, and
/// from the options of the command line; later layers win.
public final class ManifestBuilder {

    private final ToolCatalog toolCatalog;
    private final ManifestBases manifestBases;
    private final UsageDetector usageDetector;
    private final ProcessRunner runner;
    private final ManifestCodec codec;
    private final InstallVariables installVariables;
    private final Map<String, String> terminal;
    private final AppDirectories directories;

    public ManifestBuilder(
            ToolCatalog toolCatalog,
            Recipes recipes,
            UsageDetector usageDetector,
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories) {
        this.toolCatalog = toolCatalog;
        this.manifestBases = new ManifestBases(recipes, directories);
        this.usageDetector = usageDetector;
        this.runner = runner;
        this.codec = new ManifestCodec(directories.home());
        this.installVariables = new InstallVariables(environment);
        this.terminal = Map.copyOf(environment);
        this.directories = directories;
    }

    ManifestBases bases() {
        return manifestBases;
    }

    ManifestCodec codec() {
        return codec;
    }

    /// The manifest with its evidence, ready to accept; refused if the result would be invalid.
    AddTool.Proposal build(AddTool.Request request, Provenance provenance, ToolName name, ManifestBases.Found found) {
        List<Evidence> evidence = new ArrayList<>(provenance.evidence());
        evidence.addAll(found.evidence());
        ObjectNode json = found.manifestBase()
                .map(manifestBase -> localized(manifestBase, provenance, evidence))
                .orElseGet(JsonFile.MAPPER::createObjectNode);
        Origins origins = new Origins(json);
        found.manifestBase()
                .ifPresent(manifestBase -> origins.attribute(manifestBase.from().word()));
        Path program = request.program().isPresent() ? provenance.program() : launcher(json, provenance);
        json.put("schema", ManifestCodec.SCHEMA);
        json.put("name", name.value());
        ObjectNode install = install(provenance, program);
        if (provenance.installer() == InstallerKind.NPM) {
            request.origin()
                    .map(InstallVariables::withoutCredentials)
                    .ifPresent(origin -> install.put("origin", origin));
        }
        json.set("install", install);
        json.put("command", String.valueOf(program.getFileName()));
        origins.attribute("detected");
        JsonNode ofTheBase = json.path("service").deepCopy();
        boolean hadData = json.has("data");
        Optional<String> unit = applyRunningState(request, provenance, json, evidence, origins);
        Optional<String> address = address(request, json);
        if (address.isEmpty() && !request.arguments().isEmpty()) {
            // The address of the base belongs to the arguments of the base.
            json.remove("endpoint");
        }
        applyOptions(request, json, address);
        Optional<Map<String, String>> variables = variables(name, unit, json);
        variables.ifPresent(known -> evidence.addAll(onlyInTerminal(json, known)));
        applyData(json, ofTheBase, Optional.of(texts(ofTheBase.path("environment"))), variables);
        if (hadData && !json.has("data")) {
            evidence.add(new Evidence(
                    "data",
                    "unknown with these arguments, variables or this folder, so upgrades don't back it up. Add `data`"
                            + " to the manifest."));
        }
        origins.attribute("you");
        return switch (codec.read(json, name.value())) {
            case ManifestCodec.Reading.Valid(Manifest manifest) ->
                new AddTool.Proposal.Ready(
                        manifest,
                        found.manifestBase()
                                .map(manifestBase -> manifestBase.from().word())
                                .orElse("detected"),
                        manifest.install().withDeclaredOrigin(provenance),
                        evidence,
                        new AcceptedProposal(found.manifestBase(), codec.write(manifest), origins.known));
            case ManifestCodec.Reading.Invalid(List<ManifestCodec.Problem> problems) ->
                new AddTool.Proposal.Refused(invalid(problems));
        };
    }

    static String invalid(List<ManifestCodec.Problem> problems) {
        return "The manifest would be invalid (%s: %s)."
                .formatted(problems.getFirst().pointer(), problems.getFirst().phrase());
    }

    /// Where each value of the manifest came from.
    private static final class Origins {
        private final ObjectNode json;
        private final Map<String, String> known = new TreeMap<>();
        private final Map<String, JsonNode> seen = new TreeMap<>();

        Origins(ObjectNode json) {
            this.json = json;
        }

        /// Attributes every value that is new or changed since the last call to `from`.
        void attribute(String from) {
            Map<String, JsonNode> now = JsonLeaves.of(json);
            known.keySet().retainAll(now.keySet());
            now.forEach((pointer, value) -> {
                if (!value.equals(seen.get(pointer))) {
                    known.put(pointer, from);
                }
            });
            seen.clear();
            seen.putAll(now);
        }
    }

    /// A base adapted to this machine: `~/` at the start of an argument or a value becomes the home folder, and the
    /// first word of a command becomes the program on `PATH`, except for the tool's own program.
    ObjectNode localized(ManifestBase manifestBase, Provenance provenance, List<Evidence> evidence) {
        ObjectNode json = manifestBase.json().deepCopy();
        json.remove(List.of("$schema", "source", "install", "schema", "name"));
        if (json.get("service") instanceof ObjectNode service) {
            if (service.get("arguments") instanceof ArrayNode arguments) {
                for (int i = 0; i < arguments.size(); i++) {
                    arguments.set(i, atHome(arguments.get(i)));
                }
            }
            if (service.get("environment") instanceof ObjectNode variables) {
                variables.propertyNames().forEach(name -> variables.set(name, atHome(variables.get(name))));
            }
        }
        for (String key : List.of("sessions", "doctor")) {
            if (json.path(key).get("command") instanceof ArrayNode command && !command.isEmpty()) {
                String word = command.get(0).asString("");
                if (word.equals(json.path("command").asString(""))
                        || word.equals(String.valueOf(launcher(json, provenance).getFileName()))) {
                    continue; // the program of this installation, whatever is first on PATH
                }
                runner.find(word)
                        .ifPresentOrElse(
                                path -> command.set(0, path.toString()),
                                () -> evidence.add(new Evidence(
                                        manifestBase.place(),
                                        "`%s` from `%s.command` is not on PATH".formatted(word, key))));
            }
        }
        return json;
    }

    private JsonNode atHome(JsonNode value) {
        // Anything else stays as it is, for the codec to object to.
        return value.isString() ? StringNode.valueOf(atHome(value.stringValue())) : value;
    }

    /// The text with a leading `~/` replaced by the home folder.
    String atHome(String text) {
        return text.startsWith("~/")
                ? directories.home().resolve(text.substring(2)).toString()
                : text;
    }

    /// The launcher named by the key `command`, since a package may install several programs.
    private static Path launcher(ObjectNode json, Provenance provenance) {
        String command = json.path("command").asString("");
        Path sibling = provenance.program().resolveSibling(command.isEmpty() || command.contains("/") ? "." : command);
        return !command.isEmpty() && !command.contains("/") && Files.isExecutable(sibling)
                ? sibling
                : provenance.program();
    }

    /// The key `install` of an installation.
    ObjectNode install(Provenance provenance, Path program) {
        ObjectNode install = JsonFile.MAPPER.createObjectNode();
        install.put("installer", provenance.installer().word());
        install.put("package", provenance.packageName());
        install.put("environment", provenance.environment().toString());
        install.put("program", program.toString());
        toolCatalog
                .installer(provenance.installer())
                .flatMap(installer -> installer.manager(provenance))
                .ifPresent(manager -> install.put("manager", manager.toString()));
        Map<String, String> variables = installVariables.of(provenance.installer());
        if (!variables.isEmpty()) {
            ObjectNode node = install.putObject("variables");
            variables.forEach(node::put);
        }
        return install;
    }

    /// Applies what is in use already: an existing unit, else a process that listens. A unit is used as it is, so its
    /// arguments replace those of the base; a process only fills in what the base leaves open. Both are listed as
    /// evidence in any case.
    ///
    /// @return the unit, if there is one
    private Optional<String> applyRunningState(
            AddTool.Request request, Provenance provenance, ObjectNode json, List<Evidence> evidence, Origins origins) {
        List<UsageDetector.Unit> units = usageDetector.units(provenance);
        for (UsageDetector.Unit unit : units) {
            evidence.add(new Evidence(
                    directories.display(unit.file()),
                    "starts %s".formatted(commandLine(provenance, unit.arguments()))));
        }
        ObjectNode suggested = JsonFile.MAPPER.createObjectNode();
        Optional<String> ofItsArguments = Optional.empty();
        if (!units.isEmpty()) {
            UsageDetector.Unit unit = units.getFirst();
            ObjectNode service = json.withObjectProperty("service");
            // Lamplighter only shows system units, so their name is not recorded.
            if (!service.has("unit") && !unit.name().contains("/")) {
                service.put("unit", unit.name());
            }
            if (service.has("workingDirectory")) {
                service.remove("workingDirectory");
                unit.directory().ifPresent(folder -> service.put("workingDirectory", folder.toString()));
            }
            List<String> ofTheBase = arguments(service);
            if (!ofTheBase.equals(unit.arguments()) && request.arguments().isEmpty()) {
                service.remove(List.of("arguments", "workingDirectory"));
                if (SecretDetector.inArguments(unit.arguments()).isEmpty()) {
                    put(service, unit.arguments(), unit.directory());
                }
                if (json.remove("endpoint") instanceof ObjectNode endpoint) {
                    suggested.setAll(endpoint);
                    ofItsArguments =
                            AddressInArguments.of(endpoint.path("url").asString(""), ofTheBase, unit.arguments());
                }
            }
            origins.attribute(unit.name());
        }
        for (UsageDetector.Running running : usageDetector.running(provenance)) {
            evidence.add(new Evidence("pid " + running.pid(), describe(provenance, running)));
            if (running.listens().isEmpty() || !running.knowsArguments()) {
                continue;
            }
            if (units.isEmpty() && !isIn(json.path("service"), running.directory())) {
                // Its data are there.
                json.remove("data");
            }
            // Behind a wrapper, only the process tells the arguments.
            boolean wrapped = !units.isEmpty() && units.getFirst().arguments().isEmpty();
            if ((!json.has("service")
                            || (wrapped
                                    && arguments(json.withObjectProperty("service"))
                                            .isEmpty()))
                    && request.arguments().isEmpty()
                    && SecretDetector.inArguments(running.arguments()).isEmpty()) {
                put(json.withObjectProperty("service"), running.arguments(), running.directory());
            }
            boolean isOfUnit = units.isEmpty()
                    || wrapped
                    || running.arguments().equals(units.getFirst().arguments());
            if (!json.has("endpoint")
                    && isOfUnit
                    && request.url().isEmpty()
                    && request.arguments().isEmpty()) {
                json.withObjectProperty("endpoint")
                        .setAll(suggested)
                        .put("url", address(running, suggested.path("url").asString("")));
            }
            origins.attribute("pid " + running.pid());
        }
        if (!json.has("endpoint") && suggested.has("url")) {
            ofItsArguments.ifPresent(
                    url -> json.withObjectProperty("endpoint").setAll(suggested).put("url", url));
            if (request.url().isEmpty()) {
                evidence.add(new Evidence(
                        directories.display(units.getFirst().file()),
                        ofItsArguments
                                .map("its arguments set the address %s"::formatted)
                                .orElseGet(() -> "starts with other arguments, so it may not respond at %s"
                                        .formatted(suggested.path("url").asString("")))));
            }
            origins.attribute(units.getFirst().name());
        }
        return units.stream().map(UsageDetector.Unit::name).findFirst();
    }

    /// The environment variables of the service that may say where its data are. A unit has variables of its own.
    Optional<Map<String, String>> variables(ToolName name, Optional<String> unit, ObjectNode json) {
        Map<String, String> own = texts(json.path("service").path("environment"));
        Set<String> names = new TreeSet<>(own.keySet());
        json.path("dataSetBy").propertyNames().stream()
                .filter(key -> !key.startsWith("-"))
                .forEach(names::add);
        if (names.isEmpty() || !json.has("data")) {
            return Optional.of(own);
        }
        Optional<Map<String, String>> found = usageDetector.variables(name, unit, names);
        if (unit.isPresent()) {
            return found;
        }
        Map<String, String> all = new TreeMap<>(found.orElse(Map.of()));
        all.putAll(own);
        return Optional.of(all);
    }

    /// Variables that set where the data are in this terminal, but not for the service, which would start with no data.
    private List<Evidence> onlyInTerminal(ObjectNode json, Map<String, String> ofTheService) {
        return dataSetBy(json).entrySet().stream()
                .filter(one -> !one.getKey().startsWith("-") && !ofTheService.containsKey(one.getKey()))
                .filter(one -> {
                    String value = terminal.getOrDefault(one.getKey(), "");
                    return !value.isBlank()
                            && one.getValue()
                                    .filter(usual -> usual.toString().equals(value))
                                    .isEmpty();
                })
                .map(one -> new Evidence(
                        one.getKey(),
                        "set in this terminal, but not for the service. To use it there, too, add it to"
                                + " `service.inherit`."))
                .toList();
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString("")));
        return texts;
    }

    private Map<String, Optional<Path>> dataSetBy(ObjectNode json) {
        Map<String, Optional<Path>> setBy = new TreeMap<>();
        json.path("dataSetBy")
                .properties()
                .forEach(entry -> setBy.put(
                        entry.getKey(),
                        paths(JsonFile.MAPPER.createArrayNode().add(entry.getValue()))
                                .filter(Path::isAbsolute)
                                .findFirst()));
        return setBy;
    }

    private List<Path> data(ObjectNode json) {
        return paths(json.path("data")).toList();
    }

    private Stream<Path> paths(JsonNode values) {
        return values.valueStream().flatMap(value -> {
            try {
                String text = value.asString("");
                return Stream.of(text.equals("~") ? directories.home() : Path.of(atHome(text)));
            } catch (InvalidPathException e) {
                return Stream.empty(); // for the codec to object to
            }
        });
    }

    /// Whether a process runs in the folder of a service that names one.
    private boolean isIn(JsonNode service, Optional<Path> running) {
        return folder(service)
                .filter(folder -> !running.equals(Optional.of(folder)))
                .isEmpty();
    }

    private Optional<Path> folder(JsonNode service) {
        return Optional.of(service.path("workingDirectory").asString(""))
                .filter(text -> !text.isEmpty())
                .map(text -> Path.of(atHome(text)));
    }

    /// Other arguments, other variables and another working directory may put the data elsewhere. If they do not tell
    /// where, that is unknown.
    ///
    /// @param before the service that the data were declared for
    void applyData(
            ObjectNode json,
            JsonNode before,
            Optional<Map<String, String>> variablesBefore,
            Optional<Map<String, String>> variables) {
        if (!json.has("data")) {
            return;
        }
        List<Path> data = data(json);
        put(json, moved(json, data, before, variablesBefore, json.path("service"), variables));
        Optional<Path> folder = folder(before);
        // `service install` creates a folder among the data. With the data elsewhere, this one would never exist.
        if (folder.equals(folder(json.path("service")))
                && folder.filter(data::contains)
                        .filter(path -> !data(json).contains(path) && Files.notExists(path))
                        .isPresent()) {
            json.withObjectProperty("service").remove("workingDirectory");
        }
    }

    /// The same for a manifest that has been changed before: what an option set is no longer the default. As
    /// long as the data are where the base puts them, it also puts them where they are now.
    void applyDeclaredData(
            ObjectNode json, JsonNode before, Optional<Map<String, String>> variables, Optional<ManifestBase> base) {
        Optional<List<Path>> data = json.has("data") ? Optional.of(data(json)) : Optional.empty();
        Optional<ObjectNode> source = base.map(ManifestBase::json)
                .filter(from -> from.has("data")
                        && ofTheBase(json, from, before, variables).equals(data));
        if (source.isPresent()) {
            put(json, ofTheBase(json, source.get(), json.path("service"), variables));
        } else {
            applyData(json, before, variables, variables);
        }
    }

    /// Where the base of a manifest puts the data of a service.
    private Optional<List<Path>> ofTheBase(
            ObjectNode json, ObjectNode base, JsonNode service, Optional<Map<String, String>> variables) {
        JsonNode own = base.path("service");
        return moved(json, data(base), own, Optional.of(texts(own.path("environment"))), service, variables);
    }

    /// The data of a service, from those of another one; empty if that is unknown.
    private Optional<List<Path>> moved(
            ObjectNode json,
            List<Path> data,
            JsonNode before,
            Optional<Map<String, String>> variablesBefore,
            JsonNode now,
            Optional<Map<String, String>> variablesNow) {
        Optional<Path> folder = folder(before);
        Optional<Path> folderNow = folder(now);
        return folder.filter(data::contains).isPresent() && !folderNow.equals(folder)
                ? Optional.empty()
                : new DataPlaces(dataSetBy(json), directories.home())
                        .of(
                                data,
                                new DataPlaces.Start(arguments(before), variablesBefore, folder),
                                new DataPlaces.Start(arguments(now), variablesNow, folderNow));
    }

    private void put(ObjectNode json, Optional<List<Path>> data) {
        if (data.isEmpty()) {
            json.remove("data");
        } else if (!json.has("data") || !data.get().equals(data(json))) {
            ArrayNode array = json.putArray("data");
            data.get().forEach(path -> array.add(directories.display(path)));
        }
    }

    /// The URL of a process: the suggested one if the process listens on its port.
    private String address(UsageDetector.Running running, String suggested) {
        UsageDetector.Address first = running.listens().getFirst();
        boolean matches = running.listens().stream()
                .anyMatch(address -> suggested.matches(
                        "[a-z]+:(?://)?(?:localhost|127\\.0\\.0\\.1|\\[::1]):%d(?:/.*)?".formatted(address.port())));
        String http = matches ? suggested : "http://%s/".formatted(first);
        return matches || usageDetector.speaksHttp(http) ? http : "tcp:" + first;
    }

    private static List<String> arguments(JsonNode service) {
        return service.path("arguments")
                .valueStream()
                .map(word -> word.asString(""))
                .toList();
    }

    private String describe(Provenance provenance, UsageDetector.Running running) {
        String listens = running.listens().isEmpty()
                ? ""
                : ", listens on "
                        + running.listens().stream()
                                .map(UsageDetector.Address::toString)
                                .collect(Collectors.joining(", "));
        return "running: %s%s%s"
                .formatted(
                        running.knowsArguments()
                                ? commandLine(provenance, running.arguments())
                                : provenance.program().getFileName() + " (it hides its arguments)",
                        listens,
                        running.directory()
                                .map(directory -> ", in " + directories.display(directory))
                                .orElse(""));
    }

    private static String commandLine(Provenance provenance, List<String> arguments) {
        return SecretDetector.inArguments(arguments).isEmpty()
                ? (provenance.program().getFileName() + " " + String.join(" ", arguments)).strip()
                : provenance.program().getFileName() + " (arguments not copied: one looks like a secret)";
    }

    private static void put(ObjectNode service, List<String> arguments, Optional<Path> directory) {
        ArrayNode array = service.putArray("arguments");
        arguments.forEach(array::add);
        directory
                .filter(path -> path.getNameCount() > 0)
                .ifPresent(path -> service.put("workingDirectory", path.toString()));
    }

    /// The address with the options of the command line: `--url`, else what the arguments tell; empty if they do not.
    static Optional<String> address(AddTool.Request request, ObjectNode json) {
        Optional<String> written =
                Optional.of(json.path("endpoint").path("url").asString("")).filter(url -> !url.isEmpty());
        if (request.url().isPresent() || request.arguments().isEmpty()) {
            return request.url().or(() -> written);
        }
        return written.flatMap(url -> AddressInArguments.of(url, arguments(json.path("service")), request.arguments()));
    }

    /// The options of the command line win over every other layer.
    ///
    /// @param address the address with these options; without one, the endpoint stays as it is
    static void applyOptions(AddTool.Request request, ObjectNode json, Optional<String> address) {
        if (!request.arguments().isEmpty()) {
            ArrayNode arguments = json.withObjectProperty("service").putArray("arguments");
            request.arguments().forEach(arguments::add);
        }
        request.directory()
                .ifPresent(directory -> json.withObjectProperty("service")
                        .put(
                                "workingDirectory",
                                directory.toAbsolutePath().normalize().toString()));
        if (request.url().isPresent()) {
            json.withObjectProperty("service");
        }
        address.ifPresent(url -> json.withObjectProperty("endpoint").put("url", url));
    }
}
