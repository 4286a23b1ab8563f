package io.github.lamplighter.tool;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.SecretDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/// Begins to look after a tool: finds out what it is, proposes a manifest, and saves it once the user agreed
/// to it.
public final class AddTool {

    /// What decides where a package manager installs to and from. Anything else in the environment of the
    /// moment (npm exports its whole configuration to scripts) is not the user's wish.
    private static final Set<String> NPM_VARIABLES = Set.of(
            "npm_config_prefix",
            "npm_config_registry",
            "npm_config_userconfig",
            "npm_config_globalconfig",
            "npm_config_cache",
            "npm_config_cafile",
            "npm_config_proxy",
            "npm_config_https_proxy",
            "npm_config_noproxy");

    private static final Set<String> PIP_VARIABLES = Set.of(
            "pip_index_url",
            "pip_extra_index_url",
            "pip_find_links",
            "pip_no_index",
            "pip_config_file",
            "pip_cert",
            "pip_trusted_host",
            "pip_constraint",
            "pip_cache_dir",
            "pip_proxy");

    /// uv reads none of pip's; where it keeps its environments follows from the program.
    private static final Set<String> UV_VARIABLES = Set.of(
            "uv_default_index",
            "uv_index",
            "uv_index_url",
            "uv_extra_index_url",
            "uv_find_links",
            "uv_index_strategy",
            "uv_no_index",
            "uv_config_file",
            "uv_cache_dir",
            "uv_constraint",
            "uv_override",
            "uv_exclude_newer",
            "uv_system_certs",
            "uv_native_tls",
            "uv_python_preference",
            "uv_python_downloads");

    private final ToolCatalog toolCatalog;
    private final ManifestStore store;
    private final ManifestBases manifestBases;
    private final UsageDetector usageDetector;
    private final ProcessRunner runner;
    private final ManifestCodec codec;
    private final Map<String, String> environment;
    private final AppDirectories directories;

    public AddTool(
            ToolCatalog toolCatalog,
            ManifestStore store,
            Recipes recipes,
            UsageDetector usageDetector,
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories) {
        this.toolCatalog = toolCatalog;
        this.store = store;
        this.manifestBases = new ManifestBases(recipes, directories);
        this.usageDetector = usageDetector;
        this.runner = runner;
        this.environment = Map.copyOf(environment);
        this.directories = directories;
        this.codec = new ManifestCodec(directories.home());
    }

    /// What the user asks for.
    ///
    /// @param nameOrPath a tool's or package's name, a program on `PATH`, or a path
    /// @param installer who must have installed it, if that matters
    /// @param program the launcher to use instead of the one found
    /// @param origin the address that it must have come from
    /// @param arguments what the service is started with; empty leaves it to the recipe
    /// @param directory where the service runs
    /// @param url where it answers
    /// @param as its name here
    public record Request(
            String nameOrPath,
            Optional<InstallerKind> installer,
            Optional<Path> program,
            Optional<String> origin,
            List<String> arguments,
            Optional<Path> directory,
            Optional<String> url,
            Optional<String> as) {
        public Request {
            arguments = List.copyOf(arguments);
        }

        /// What of it nobody can do, whatever is installed; as a sentence.
        public Optional<String> mistake() {
            if (as.isPresent() && ToolName.of(as.get()).isEmpty()) {
                return Optional.of(
                        "--as takes at most 64 of the letters a-z, digits, `.`, `_` and `-`; %s is no such name."
                                .formatted(as.get()));
            }
            if (url.filter(address -> !ManifestCodec.isUrl(address)).isPresent()) {
                return Optional.of(
                        "--url takes an address such as `http://127.0.0.1:8080/`, `tcp:HOST:PORT` or `unix:/PATH`, with no user in it; %s is none."
                                .formatted(withoutCredentials(url.get())));
            }
            if (origin.filter(address -> !ManifestCodec.isOrigin(address)).isPresent()) {
                return Optional.of("--origin takes an address such as `git+https://HOST/PATH`; %s is none."
                        .formatted(withoutCredentials(origin.get())));
            }
            return Optional.empty();
        }

        public Request cameFrom(Optional<String> address) {
            return new Request(nameOrPath, installer, program, address, arguments, directory, url, as);
        }

        Request by(Optional<InstallerKind> kind) {
            return new Request(nameOrPath, kind, program, origin, arguments, directory, url, as);
        }

        public Request startedWith(List<String> words) {
            return new Request(nameOrPath, installer, program, origin, words, directory, url, as);
        }

        public Request answeringAt(Optional<String> address) {
            return new Request(nameOrPath, installer, program, origin, arguments, directory, address, as);
        }
    }

    /// What would be done.
    public sealed interface Proposal {

        /// @param source what the manifest was made from
        /// @param evidence what each part of it rests on
        /// @param basis what is remembered of it once it was agreed to
        record Ready(
                Manifest manifest,
                String source,
                Provenance provenance,
                List<Evidence> evidence,
                AcceptedProposal acceptedProposal)
                implements Proposal {
            public Ready {
                evidence = List.copyOf(evidence);
            }
        }

        /// It is looked after already, and what its author or a recipe suggests has changed since that was
        /// agreed to. Values that the user changed stay as they are.
        ///
        /// @param ready with the new values
        /// @param changes sentences, one for each value that would change; none where only values changed that
        ///     the user has decided
        record Updated(Ready ready, List<String> changes) implements Proposal {
            public Updated {
                changes = List.copyOf(changes);
            }
        }

        /// It is looked after already, but where it was it is no longer meant: another copy takes its place, under
        /// the same description.
        ///
        /// @param sentence what is so, for people
        record Moved(Ready ready, String sentence) implements Proposal {}

        /// It is looked after already, and its description is to say where it came from.
        ///
        /// @param sentence what is so, for people
        record OriginDeclared(Ready ready, String sentence) implements Proposal {}

        /// It is looked after already.
        ///
        /// @param others the launchers of other copies that are not looked after
        record Already(ManifestEntry entry, List<Path> others) implements Proposal {
            public Already {
                others = List.copyOf(others);
            }
        }

        /// No tool is meant by it; `why` is a sentence.
        record NotFound(String why) implements Proposal {}

        /// It cannot be looked after so; `why` is a sentence.
        record Refused(String why) implements Proposal {}
    }

    public Proposal propose(Request request) {
        List<Provenance> found = find(request);
        if (found.isEmpty()) {
            return notFound(request);
        }
        if (found.size() > 1) {
            return new Proposal.Refused("There are %d copies of %s: %s. Name the one that you mean by its path."
                    .formatted(found.size(), request.nameOrPath(), programs(found)));
        }
        Provenance provenance = found.getFirst();
        Optional<String> objection = refusal(request, provenance);
        if (objection.isPresent()) {
            return new Proposal.Refused(objection.get());
        }
        Optional<ToolName> name = request.as().isPresent()
                ? ToolName.of(request.as().get())
                : ToolName.forPackage(provenance.packageName());
        if (name.isEmpty()) {
            return new Proposal.Refused(
                    "A name has the letters a-z, digits, `.`, `_` and `-` only; `--as` gives it another one.");
        }
        Optional<ManifestEntry> entry = request.as().isPresent()
                ? store.entry(name.get())
                : describing(provenance).or(() -> store.entry(name.get()));
        if (entry.isEmpty()) {
            return unclear(request, provenance)
                    .<Proposal>map(Proposal.Refused::new)
                    .orElseGet(() -> proposal(request, provenance, name.get(), manifestBases.find(provenance)));
        }
        if (entry.get() instanceof ManifestEntry.Readable readable) {
            return isOf(readable.manifest(), provenance)
                    ? declared(request, readable, provenance)
                            .or(() -> renewal(readable, provenance))
                            .orElseGet(() -> new Proposal.Already(readable, others(provenance)))
                    : moved(readable, provenance).orElseGet(() -> new Proposal.Refused(taken(readable, provenance)));
        }
        return new Proposal.Already(entry.get(), List.of());
    }

    /// A second entry is asked for under a name that more than one copy has: more likely it is for the one that has
    /// none yet.
    private Optional<String> unclear(Request request, Provenance provenance) {
        List<Path> others = others(provenance);
        return request.nameOrPath().contains("/") || others.isEmpty()
                ? Optional.empty()
                : describing(provenance)
                        .map(entry ->
                                "%s is the copy that is looked after as %s. Name the one that you mean by its path: %s."
                                        .formatted(
                                                directories.display(provenance.program()),
                                                entry.name(),
                                                others.stream()
                                                        .map(directories::display)
                                                        .collect(Collectors.joining(", "))));
    }

    /// The description of this very install, whatever it is called.
    private Optional<ManifestEntry> describing(Provenance provenance) {
        return store.entries().stream()
                .filter(entry ->
                        entry instanceof ManifestEntry.Readable readable && isOf(readable.manifest(), provenance))
                .findFirst();
    }

    private static boolean isOf(Manifest manifest, Provenance provenance) {
        return manifest.install().environment().equals(provenance.environment())
                && manifest.install().packageName().equals(provenance.packageName());
    }

    private List<Path> others(Provenance provenance) {
        return toolCatalog.tools().stream()
                .filter(tool -> !tool.lookedAfter())
                .flatMap(tool -> tool.provenance().stream())
                .filter(other -> other.packageName().equals(provenance.packageName()))
                .map(Provenance::program)
                .toList();
    }

    /// The name belongs to another copy.
    private String taken(ManifestEntry.Readable entry, Provenance provenance) {
        String name = entry.name();
        Path other = entry.manifest().install().program();
        String start = "The name %s belongs to %s".formatted(name, directories.display(other));
        if (!Files.exists(entry.manifest().install().environment())) {
            return "%s, which is gone: after `lamplighter forget %s` this one can have it.".formatted(start, name);
        }
        int number = 2;
        while (ToolName.of(name + "-" + number).flatMap(store::entry).isPresent()) {
            number++;
        }
        return "%s. `lamplighter add %s --as %s-%d` adds this one under another."
                .formatted(start, provenance.program(), name, number);
    }

    /// The copy that was looked after is gone (its Node was removed), and another one of the same package is there.
    private Optional<Proposal> moved(ManifestEntry.Readable entry, Provenance provenance) {
        Manifest mine = entry.manifest();
        Manifest.Install before = mine.install();
        if (before.environment().equals(provenance.environment())
                || before.installer() != provenance.installer()
                || !before.packageName().equals(provenance.packageName())
                || Files.exists(before.environment())) {
            return Optional.empty();
        }
        Path same = provenance
                .program()
                .resolveSibling(String.valueOf(before.program().getFileName()));
        ObjectNode json = codec.write(mine);
        json.set("install", install(provenance, Files.isExecutable(same) ? same : provenance.program()));
        if (!(codec.read(json, mine.name().value()) instanceof ManifestCodec.Reading.Valid(Manifest manifest))) {
            return Optional.empty();
        }
        AcceptedProposal acceptedProposal = manifestBases
                .accepted(mine.name())
                .map(accepted ->
                        new AcceptedProposal(accepted.manifestBase(), codec.write(manifest), accepted.origins()))
                .orElseGet(() -> new AcceptedProposal(Optional.empty(), codec.write(manifest), Map.of()));
        return Optional.of(new Proposal.Moved(
                new Proposal.Ready(
                        manifest, store.source(entry.file()), provenance, provenance.evidence(), acceptedProposal),
                "%s is looked after in %s, which is gone; the copy in %s would take its place."
                        .formatted(
                                mine.name(),
                                directories.display(before.environment()),
                                directories.display(provenance.environment()))));
    }

    /// Where a tool that is looked after came from, which its package manager keeps no record of.
    private Optional<Proposal> declared(Request request, ManifestEntry.Readable entry, Provenance provenance) {
        Manifest mine = entry.manifest();
        if (request.origin().isEmpty() || !isUnrecorded(provenance)) {
            return Optional.empty();
        }
        String origin = withoutCredentials(request.origin().get());
        ObjectNode json = codec.write(mine);
        ((ObjectNode) json.get("install")).put("origin", origin);
        if (!(codec.read(json, mine.name().value()) instanceof ManifestCodec.Reading.Valid(Manifest manifest))) {
            return Optional.empty();
        }
        AcceptedProposal acceptedProposal = manifestBases
                .accepted(mine.name())
                .orElseGet(() -> new AcceptedProposal(Optional.empty(), json, Map.of()));
        return Optional.of(new Proposal.OriginDeclared(
                new Proposal.Ready(
                        manifest,
                        store.source(entry.file()),
                        manifest.install().declared(provenance),
                        manifest.install().declared(provenance).evidence(),
                        acceptedProposal),
                "%s is looked after already; its description would say that it came from %s."
                        .formatted(mine.name(), origin)));
    }

    /// What the author or a recipe suggests now for a tool that is looked after, if that has changed since the
    /// user agreed to it. It is never taken over by itself.
    public Optional<Proposal.Updated> renewal(ManifestEntry.Readable entry) {
        return toolCatalog.meant(entry.name()).stream()
                .findFirst()
                .flatMap(Tool::provenance)
                .flatMap(provenance -> renewal(entry, provenance))
                .flatMap(proposal ->
                        proposal instanceof Proposal.Updated updated ? Optional.of(updated) : Optional.empty());
    }

    /// What a description that is still being written would make of the tool that it speaks of. Nothing is
    /// kept, and it does not matter whether the tool is looked after already.
    public Proposal tryOut(Path file) {
        JsonFile.Content content = JsonFile.read(file);
        if (content instanceof JsonFile.Content.Damaged(int line, int column, String message)) {
            return new Proposal.Refused("The description in %s cannot be read%s: %s."
                    .formatted(
                            directories.display(file),
                            line == 0 ? "" : " (line %d, column %d)".formatted(line, column),
                            message));
        }
        if (!(content instanceof JsonFile.Content.Present(ObjectNode json))) {
            return new Proposal.NotFound("There is no description in %s.".formatted(directories.display(file)));
        }
        String name = json.path("name").asString("");
        JsonNode install = json.path("install");
        String packageName = install.path("package").asString(name);
        Optional<ToolName> toolName = ToolName.of(name);
        Optional<InstallerKind> kind =
                InstallerKind.of(install.path("installer").asString(""));
        String where =
                place(install).map(path -> " in " + directories.display(path)).orElse("");
        List<Provenance> copies = kind.map(installer -> candidates(install, installer, packageName))
                .orElse(List.of());
        if (copies.isEmpty() || toolName.isEmpty()) {
            return new Proposal.NotFound("%s speaks of %s%s, which is not installed here."
                    .formatted(directories.display(file), packageName.isEmpty() ? "no tool" : packageName, where));
        }
        Optional<Provenance> first = copies.size() == 1
                ? Optional.of(copies.getFirst())
                : onPath(json.path("command").asString(name), copies);
        if (first.isEmpty()) {
            return new Proposal.Refused(
                    "%s speaks of %s, and there are %d copies of it: %s. Name the one that you mean as its `install.environment`."
                            .formatted(directories.display(file), packageName, copies.size(), programs(copies)));
        }
        Provenance copy = first.get();
        Request nothing = new Request(
                name,
                Optional.empty(),
                path(install, "program").map(_ -> copy.program()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        ManifestBase manifestBase = new ManifestBase(ManifestBase.From.AUTHOR, directories.display(file), json);
        Evidence examined = new Evidence(
                directories.display(copy.program()),
                "the copy that is examined, installed by %s%s%s"
                        .formatted(
                                copy.installer().word(),
                                kind.get() == copy.installer()
                                        ? ""
                                        : "; the file says " + kind.get().word(),
                                copies.size() == 1
                                        ? ""
                                        : "; your shell finds it before %d other%s"
                                                .formatted(copies.size() - 1, copies.size() == 2 ? "" : "s")));
        return proposal(
                nothing, copy, toolName.get(), new ManifestBases.Found(Optional.of(manifestBase), List.of(examined)));
    }

    /// The copies that a description can mean: the one in the place that it names; else those that its
    /// installer has; else those of a package manager of the same world, for which an author writes one file.
    private List<Provenance> candidates(JsonNode install, InstallerKind kind, String packageName) {
        List<Provenance> same = Stream.concat(
                        path(install, "program").flatMap(toolCatalog::owning).stream(),
                        toolCatalog.tools().stream().flatMap(tool -> tool.provenance().stream()))
                .filter(found -> Recipes.sameWorld(kind, found.installer())
                        && Recipes.samePackage(kind, packageName, found.packageName()))
                .distinct()
                .toList();
        if (place(install).isPresent()) {
            return same.stream()
                    .filter(found -> path(install, "environment")
                                    .map(found.environment()::equals)
                                    .orElse(true)
                            && path(install, "program")
                                    .map(program -> toolCatalog.owning(program).stream()
                                            .anyMatch(
                                                    owner -> owner.environment().equals(found.environment())))
                                    .orElse(true))
                    .limit(1)
                    .toList();
        }
        List<Provenance> exact =
                same.stream().filter(found -> found.installer() == kind).toList();
        return exact.isEmpty() ? same : exact;
    }

    /// Where a description says that its tool lies.
    private Optional<Path> place(JsonNode install) {
        return path(install, "environment").or(() -> path(install, "program"));
    }

    private Optional<Path> path(JsonNode install, String key) {
        try {
            return Optional.of(install.path(key).asString(""))
                    .map(text -> Path.of(atHome(StringNode.valueOf(text)).asString("")))
                    .filter(Path::isAbsolute);
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// The one of several copies that the shell runs under a name.
    private Optional<Provenance> onPath(String command, List<Provenance> copies) {
        return runner.find(command)
                .flatMap(toolCatalog::owning)
                .flatMap(owner -> copies.stream()
                        .filter(copy -> copy.environment().equals(owner.environment()))
                        .findFirst());
    }

    private String programs(List<Provenance> copies) {
        return copies.stream().map(copy -> directories.display(copy.program())).collect(Collectors.joining(", "));
    }

    /// Saves what was proposed and agreed to.
    public ManifestStore.Change accept(Proposal.Ready proposal) {
        ManifestStore.Change change = store.save(proposal.manifest(), proposal.source());
        if (change instanceof ManifestStore.Change.Done(Path file)) {
            try {
                manifestBases.accept(proposal.manifest().name(), proposal.acceptedProposal());
            } catch (IOException e) {
                return new ManifestStore.Change.Refused(
                        file, "What it is founded on cannot be remembered: %s.".formatted(e.getMessage()));
            }
        }
        return change;
    }

    private Optional<Proposal> renewal(ManifestEntry.Readable entry, Provenance provenance) {
        Manifest mine = entry.manifest();
        Optional<AcceptedProposal> accepted = manifestBases.accepted(mine.name());
        Optional<ManifestBase> before = accepted.flatMap(AcceptedProposal::manifestBase);
        ManifestBases.Found found = manifestBases.find(provenance);
        if (!mine.install().environment().equals(provenance.environment())
                || accepted.isEmpty()
                || found.manifestBase().isEmpty()
                || before.map(ManifestBase::hash).equals(found.manifestBase().map(ManifestBase::hash))) {
            return Optional.empty();
        }
        ObjectNode json = codec.write(mine);
        ObjectNode install = (ObjectNode) json.get("install");
        Map<String, JsonNode> current = JsonLeaves.of(json);
        Map<String, JsonNode> old = before.map(manifestBase -> suggested(manifestBase, install, mine, provenance))
                .orElse(Map.of());
        Map<String, JsonNode> fresh = suggested(found.manifestBase().get(), install, mine, provenance);
        Map<String, String> origins = new TreeMap<>(accepted.get().origins());
        Map<String, JsonNode> agreed = JsonLeaves.of(accepted.get().proposed());
        current.forEach((pointer, value) -> {
            if (!value.equals(agreed.get(pointer))) {
                origins.put(pointer, ManifestStore.BY_HAND);
            }
        });
        List<String> changes = new ArrayList<>();
        Set<String> pointers = new TreeSet<>(old.keySet());
        pointers.addAll(fresh.keySet());
        for (String pointer : pointers) {
            Optional<JsonNode> was = Optional.ofNullable(old.get(pointer));
            Optional<JsonNode> now = Optional.ofNullable(fresh.get(pointer));
            if (was.equals(now) || !was.equals(Optional.ofNullable(current.get(pointer)))) {
                continue;
            }
            String key = pointer.substring(1).replace('/', '.');
            if (now.isPresent()) {
                JsonLeaves.set(json, pointer, now.get());
                origins.put(pointer, found.manifestBase().get().from().word());
                changes.add(
                        was.isPresent()
                                ? "`%s` becomes %s; it is %s now.".formatted(key, shown(now.get()), shown(was.get()))
                                : "`%s` is new: %s.".formatted(key, shown(now.get())));
            } else {
                JsonLeaves.remove(json, pointer);
                origins.remove(pointer);
                changes.add("`%s` goes; it is %s now.".formatted(key, shown(was.orElseThrow())));
            }
        }
        return switch (codec.read(json, mine.name().value())) {
            case ManifestCodec.Reading.Valid(Manifest manifest) ->
                Optional.of(new Proposal.Updated(
                        new Proposal.Ready(
                                manifest,
                                found.manifestBase().get().from().word(),
                                provenance,
                                found.evidence(),
                                new AcceptedProposal(found.manifestBase(), codec.write(manifest), origins)),
                        changes));
            case ManifestCodec.Reading.Invalid _ -> Optional.empty();
        };
    }

    private static String shown(JsonNode value) {
        return value.toString();
    }

    /// What a base says for a tool of this machine, value by value.
    private Map<String, JsonNode> suggested(
            ManifestBase manifestBase, ObjectNode install, Manifest mine, Provenance provenance) {
        ObjectNode json = prepared(manifestBase, provenance, new ArrayList<>());
        json.put("schema", ManifestCodec.SCHEMA);
        json.put("name", mine.name().value());
        json.set("install", install);
        if (!(codec.read(json, mine.name().value()) instanceof ManifestCodec.Reading.Valid(Manifest manifest))) {
            return Map.of();
        }
        Map<String, JsonNode> leaves = new TreeMap<>(JsonLeaves.of(codec.write(manifest)));
        leaves.keySet().removeIf(AddTool::isOfThisMachine);
        return leaves;
    }

    private static boolean isOfThisMachine(String pointer) {
        return pointer.equals("/schema") || pointer.equals("/name") || pointer.startsWith("/install/");
    }

    /// A base as it is meant on this machine: `~/` at the beginning of an argument or a value is the home, and
    /// the first word of a command is the program that is found now, but for the tool's own.
    private ObjectNode prepared(ManifestBase manifestBase, Provenance provenance, List<Evidence> evidence) {
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
                    continue; // the program of this copy, whatever PATH finds
                }
                runner.find(word)
                        .ifPresentOrElse(
                                path -> command.set(0, path.toString()),
                                () -> evidence.add(new Evidence(
                                        manifestBase.place(),
                                        "`%s`, which `%s.command` names, is not on PATH".formatted(word, key))));
            }
        }
        return json;
    }

    private JsonNode atHome(JsonNode value) {
        String text = value.asString("");
        return text.startsWith("~/")
                ? StringNode.valueOf(
                        directories.home().resolve(text.substring(2)).toString())
                : value;
    }

    /// A package can bring several programs; its description says which one is the tool.
    private static Path launcher(ObjectNode json, Provenance provenance) {
        String command = json.path("command").asString("");
        Path beside = provenance.program().resolveSibling(command.isEmpty() || command.contains("/") ? "." : command);
        return !command.isEmpty() && !command.contains("/") && Files.isExecutable(beside)
                ? beside
                : provenance.program();
    }

    private Proposal proposal(Request request, Provenance provenance, ToolName name, ManifestBases.Found found) {
        List<Evidence> evidence = new ArrayList<>(provenance.evidence());
        evidence.addAll(found.evidence());
        ObjectNode json = found.manifestBase()
                .map(manifestBase -> prepared(manifestBase, provenance, evidence))
                .orElseGet(JsonFile.MAPPER::createObjectNode);
        Origins origins = new Origins(json);
        found.manifestBase()
                .ifPresent(manifestBase -> origins.rest(manifestBase.from().word()));
        Path program = request.program().isPresent() ? provenance.program() : launcher(json, provenance);
        json.put("schema", ManifestCodec.SCHEMA);
        json.put("name", name.value());
        ObjectNode install = install(provenance, program);
        if (provenance.installer() == InstallerKind.NPM) {
            request.origin().map(AddTool::withoutCredentials).ifPresent(origin -> install.put("origin", origin));
        }
        json.set("install", install);
        json.put("command", String.valueOf(program.getFileName()));
        origins.rest("detected");
        applyRunningState(request, provenance, json, evidence, origins);
        applyOptions(request, json);
        origins.rest("you");
        return switch (codec.read(json, name.value())) {
            case ManifestCodec.Reading.Valid(Manifest manifest) ->
                new Proposal.Ready(
                        manifest,
                        found.manifestBase()
                                .map(manifestBase -> manifestBase.from().word())
                                .orElse("detected"),
                        manifest.install().declared(provenance),
                        evidence,
                        new AcceptedProposal(found.manifestBase(), codec.write(manifest), origins.known));
            case ManifestCodec.Reading.Invalid(List<ManifestCodec.Problem> problems) ->
                new Proposal.Refused("The manifest for it would make no sense (%s: %s)."
                        .formatted(
                                problems.getFirst().pointer(),
                                problems.getFirst().phrase()));
        };
    }

    /// Where each value of a manifest in the making came from.
    private static final class Origins {
        private final ObjectNode json;
        private final Map<String, String> known = new TreeMap<>();
        private final Map<String, JsonNode> seen = new TreeMap<>();

        Origins(ObjectNode json) {
            this.json = json;
        }

        /// All that is new or different since the last call came from there.
        void rest(String from) {
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

    /// What need not be said because it is in use already: a unit that somebody wrote, else a process that
    /// listens. A unit is used as it is, so what it starts counts before what the author and the recipe would
    /// start; a process only fills what they leave open. Both are shown in any case.
    private void applyRunningState(
            Request request, Provenance provenance, ObjectNode json, List<Evidence> evidence, Origins origins) {
        List<UsageDetector.Unit> units = usageDetector.units(provenance);
        for (UsageDetector.Unit unit : units) {
            evidence.add(new Evidence(
                    directories.display(unit.file()), "starts it: %s".formatted(words(provenance, unit.arguments()))));
        }
        ObjectNode suggested = JsonFile.MAPPER.createObjectNode();
        if (!units.isEmpty()) {
            UsageDetector.Unit unit = units.getFirst();
            ObjectNode service = json.withObjectProperty("service");
            // One of the system can only be shown, so it is not the one to write down.
            if (!service.has("unit") && !unit.name().contains("/")) {
                service.put("unit", unit.name());
            }
            boolean same = arguments(service).equals(unit.arguments());
            if (!same && request.arguments().isEmpty()) {
                service.remove(List.of("arguments", "workingDirectory"));
                if (SecretDetector.inArguments(unit.arguments()).isEmpty()) {
                    put(service, unit.arguments(), unit.directory());
                }
                if (json.remove("endpoint") instanceof ObjectNode endpoint) {
                    suggested.setAll(endpoint);
                }
            }
            origins.rest(unit.name());
        }
        for (UsageDetector.Running running : usageDetector.running(provenance)) {
            evidence.add(new Evidence("pid " + running.pid(), said(provenance, running)));
            if (running.listens().isEmpty()) {
                continue;
            }
            if (!json.has("service")
                    && request.arguments().isEmpty()
                    && SecretDetector.inArguments(running.arguments()).isEmpty()) {
                put(json.withObjectProperty("service"), running.arguments(), running.directory());
            }
            boolean ofTheUnit = units.isEmpty()
                    || running.arguments().equals(units.getFirst().arguments());
            if (!json.has("endpoint")
                    && ofTheUnit
                    && request.url().isEmpty()
                    && request.arguments().isEmpty()) {
                json.withObjectProperty("endpoint")
                        .setAll(suggested)
                        .put("url", address(running, suggested.path("url").asString("")));
            }
            origins.rest("pid " + running.pid());
        }
        if (!json.has("endpoint") && suggested.has("url")) {
            evidence.add(new Evidence(
                    directories.display(units.getFirst().file()),
                    "it starts with other arguments, so whether it answers at %s is not known"
                            .formatted(suggested.path("url").asString(""))));
        }
    }

    /// Where a process can be asked: at the address that is suggested for it, if it listens there.
    private String address(UsageDetector.Running running, String suggested) {
        UsageDetector.Address first = running.listens().getFirst();
        boolean right = running.listens().stream()
                .anyMatch(address -> suggested.matches(
                        "[a-z]+:(?://)?(?:localhost|127\\.0\\.0\\.1|\\[::1]):%d(?:/.*)?".formatted(address.port())));
        String http = right ? suggested : "http://%s/".formatted(first);
        return right || usageDetector.speaksHttp(http) ? http : "tcp:" + first;
    }

    private static List<String> arguments(ObjectNode service) {
        return service.path("arguments")
                .valueStream()
                .map(word -> word.asString(""))
                .toList();
    }

    private String said(Provenance provenance, UsageDetector.Running running) {
        String listens = running.listens().isEmpty()
                ? ""
                : ", listens on "
                        + running.listens().stream()
                                .map(UsageDetector.Address::toString)
                                .collect(Collectors.joining(", "));
        return "runs now: %s%s%s"
                .formatted(
                        words(provenance, running.arguments()),
                        listens,
                        running.directory()
                                .map(directory -> ", in " + directories.display(directory))
                                .orElse(""));
    }

    private static String words(Provenance provenance, List<String> arguments) {
        return SecretDetector.inArguments(arguments).isEmpty()
                ? (provenance.program().getFileName() + " " + String.join(" ", arguments)).strip()
                : "arguments with what looks like a secret, which are not taken over";
    }

    private static void put(ObjectNode service, List<String> arguments, Optional<Path> directory) {
        ArrayNode array = service.putArray("arguments");
        arguments.forEach(array::add);
        directory
                .filter(path -> path.getNameCount() > 0)
                .ifPresent(path -> service.put("workingDirectory", path.toString()));
    }

    private ObjectNode install(Provenance provenance, Path program) {
        ObjectNode install = JsonFile.MAPPER.createObjectNode();
        install.put("installer", provenance.installer().word());
        install.put("package", provenance.packageName());
        install.put("environment", provenance.environment().toString());
        install.put("program", program.toString());
        toolCatalog
                .installer(provenance.installer())
                .flatMap(installer -> installer.manager(provenance))
                .ifPresent(manager -> install.put("manager", manager.toString()));
        Map<String, String> variables = variables(provenance.installer());
        if (!variables.isEmpty()) {
            ObjectNode node = install.putObject("variables");
            variables.forEach(node::put);
        }
        return install;
    }

    /// What the user said on the command line counts more than any recipe.
    private static void applyOptions(Request request, ObjectNode json) {
        if (!request.arguments().isEmpty()) {
            ArrayNode arguments = json.withObjectProperty("service").putArray("arguments");
            request.arguments().forEach(arguments::add);
            // The recipe's address belongs to the recipe's arguments.
            json.remove("endpoint");
        }
        request.directory()
                .ifPresent(directory -> json.withObjectProperty("service")
                        .put(
                                "workingDirectory",
                                directory.toAbsolutePath().normalize().toString()));
        request.url().ifPresent(url -> {
            json.withObjectProperty("service");
            json.withObjectProperty("endpoint").put("url", url);
        });
    }

    private Map<String, String> variables(InstallerKind installer) {
        Set<String> wanted = switch (installer) {
            case NPM -> NPM_VARIABLES;
            case UV -> UV_VARIABLES;
            case PIPX, VENV -> PIP_VARIABLES;
            case SELF -> Set.of();
        };
        Map<String, String> kept = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (wanted.contains(name.toLowerCase(Locale.ROOT)) && !value.isEmpty()) {
                kept.put(name, withoutCredentials(value));
            }
        });
        return kept;
    }

    private static String withoutCredentials(String address) {
        return address.replaceAll("://[^/@\\s]*@", "://");
    }

    /// What is meant; more than one where several copies have the name and the shell would run none of them.
    private List<Provenance> find(Request request) {
        if (request.program().isPresent()) {
            return owning(request.program().get(), request).stream().toList();
        }
        String wanted = request.nameOrPath();
        List<Provenance> copies = toolCatalog.meant(wanted).stream()
                .flatMap(tool -> tool.provenance().stream())
                .filter(provenance -> isWanted(provenance, request))
                .toList();
        if (copies.size() == 1) {
            return copies;
        }
        if (wanted.contains("/") && !wanted.startsWith("@")) {
            try {
                return owning(Path.of(wanted), request).stream().toList();
            } catch (InvalidPathException e) {
                return List.of();
            }
        }
        Optional<Provenance> first = runner.find(wanted).flatMap(program -> owning(program, request));
        boolean decides = first.isPresent()
                && (copies.isEmpty()
                        || copies.stream()
                                .anyMatch(copy ->
                                        copy.environment().equals(first.get().environment())));
        return decides ? List.of(first.get()) : copies;
    }

    private Optional<Provenance> owning(Path program, Request request) {
        Path absolute = program.toAbsolutePath().normalize();
        return request.installer()
                .map(kind -> toolCatalog.installer(kind).flatMap(installer -> installer.owning(absolute)))
                .orElseGet(() -> toolCatalog.owning(absolute));
    }

    private static boolean isWanted(Provenance provenance, Request request) {
        return request.installer().isEmpty() || request.installer().get() == provenance.installer();
    }

    private Proposal notFound(Request request) {
        String wanted = request.nameOrPath();
        Optional<Provenance> other = request.installer()
                .flatMap(_ -> find(request.by(Optional.empty())).stream().findFirst());
        if (other.isPresent()) {
            return new Proposal.Refused("%s was installed by %s, not by %s."
                    .formatted(
                            directories.display(other.get().program()),
                            other.get().installer().word(),
                            request.installer().orElseThrow().word()));
        }
        Optional<Path> program = request.program()
                .or(() -> wanted.contains("/") ? Optional.of(Path.of(wanted)) : runner.find(wanted))
                .filter(Files::exists);
        if (program.isPresent()) {
            return new Proposal.Refused(
                    "%s is a program, but none of uv, pipx, npm and a virtual environment says that it installed it."
                            .formatted(directories.display(
                                    program.get().toAbsolutePath().normalize())));
        }
        return new Proposal.NotFound(toolCatalog
                .nearest(wanted)
                .map(meant -> "There is no tool %s. Did you mean %s?".formatted(wanted, meant))
                .orElseGet(() ->
                        "There is no tool %s here: not installed with uv, pipx or npm -g, not on PATH. Of a virtual environment, give the path of its program."
                                .formatted(wanted)));
    }

    /// Whether its package manager left open where it came from, so that only the user can say it.
    public static boolean isUnrecorded(Provenance provenance) {
        return provenance.installer() == InstallerKind.NPM && provenance.origin() instanceof Origin.Index;
    }

    private static Optional<String> refusal(Request request, Provenance provenance) {
        Optional<String> from =
                provenance.origin() instanceof Origin.Git git ? Optional.of(git.url()) : Optional.empty();
        if (request.origin().isPresent()
                && !isUnrecorded(provenance)
                && !request.origin().equals(from)) {
            return Optional.of("It came from %s, not from %s; to change that, install it anew."
                    .formatted(
                            from.orElse("an index or a folder"),
                            request.origin().get()));
        }
        if (provenance.installer() == InstallerKind.SELF) {
            return Optional.of("Lamplighter looks after itself already.");
        }
        return Optional.empty();
    }
}
