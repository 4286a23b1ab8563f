package io.github.lamplighter.tool;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.file.Places;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.Programs;
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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Begins to look after a tool: finds out what it is, proposes a manifest, and saves it once the user agreed
/// to it.
public final class AddTool {

    /// What decides where a package manager installs to and from. Anything else in the environment of the
    /// moment (npm
    /// exports its whole configuration to scripts) is not the user's wish.
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

    private final Catalogue catalogue;
    private final ManifestStore store;
    private final Recipes recipes;
    private final Programs programs;
    private final Map<String, String> environment;
    private final Places places;

    public AddTool(
            Catalogue catalogue,
            ManifestStore store,
            Recipes recipes,
            Programs programs,
            Map<String, String> environment,
            Places places) {
        this.catalogue = catalogue;
        this.store = store;
        this.recipes = recipes;
        this.programs = programs;
        this.environment = Map.copyOf(environment);
        this.places = places;
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
    }

    /// What would be done.
    public sealed interface Proposal {

        /// @param source what the manifest was made from
        /// @param evidence what each part of it rests on
        record Ready(Manifest manifest, String source, Provenance provenance, List<Evidence> evidence)
                implements Proposal {
            public Ready {
                evidence = List.copyOf(evidence);
            }
        }

        /// It is looked after already.
        record Already(ManifestEntry entry) implements Proposal {}

        /// No tool is meant by it; `why` is a sentence.
        record NotFound(String why) implements Proposal {}

        /// It cannot be looked after so; `why` is a sentence.
        record Refused(String why) implements Proposal {}
    }

    public Proposal propose(Request request) {
        Optional<Provenance> found = find(request);
        if (found.isEmpty()) {
            return notFound(request);
        }
        Provenance provenance = found.get();
        Optional<String> objection = objection(request, provenance);
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
        Optional<ManifestEntry> entry = store.entry(name.get());
        if (entry.isPresent()) {
            return new Proposal.Already(entry.get());
        }
        return proposal(request, provenance, name.get());
    }

    /// Saves what was proposed and agreed to.
    public ManifestStore.Change accept(Proposal.Ready proposal) {
        return store.save(proposal.manifest(), proposal.source());
    }

    private Proposal proposal(Request request, Provenance provenance, ToolName name) {
        List<Evidence> evidence = new ArrayList<>(provenance.evidence());
        Optional<ObjectNode> recipe = recipes.find(provenance.installer(), provenance.packageName());
        ObjectNode json = recipe.map(ObjectNode::deepCopy).orElseGet(JsonFile.MAPPER::createObjectNode);
        recipe.ifPresent(known -> evidence.add(new Evidence(
                "recipe " + known.path("name").asString(""),
                known.path("source").asString(""))));
        json.remove("source");
        json.put("schema", ManifestCodec.SCHEMA);
        json.put("name", name.value());
        json.set("install", install(provenance));
        json.put("command", String.valueOf(provenance.program().getFileName()));
        wishes(request, json);
        return switch (new ManifestCodec(places.home()).read(json, name.value())) {
            case ManifestCodec.Reading.Understood(Manifest manifest) ->
                new Proposal.Ready(manifest, recipe.isPresent() ? "recipe" : "detected", provenance, evidence);
            case ManifestCodec.Reading.Senseless(List<ManifestCodec.Problem> problems) ->
                new Proposal.Refused("The manifest for it would make no sense (%s: %s)."
                        .formatted(
                                problems.getFirst().pointer(),
                                problems.getFirst().phrase()));
        };
    }

    private ObjectNode install(Provenance provenance) {
        ObjectNode install = JsonFile.MAPPER.createObjectNode();
        install.put("installer", provenance.installer().word());
        install.put("package", provenance.packageName());
        install.put("environment", provenance.environment().toString());
        install.put("program", provenance.program().toString());
        catalogue
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
    private static void wishes(Request request, ObjectNode json) {
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
                kept.put(name, value.replaceAll("://[^/@\\s]*@", "://"));
            }
        });
        return kept;
    }

    private Optional<Provenance> find(Request request) {
        if (request.program().isPresent()) {
            return owning(request.program().get(), request);
        }
        String wanted = request.nameOrPath();
        if (wanted.contains("/") && !wanted.startsWith("@")) {
            try {
                return owning(Path.of(wanted), request);
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        }
        return catalogue
                .find(wanted)
                .flatMap(Tool::provenance)
                .filter(provenance -> isWanted(provenance, request))
                .or(() -> programs.find(wanted).flatMap(program -> owning(program, request)));
    }

    private Optional<Provenance> owning(Path program, Request request) {
        Path absolute = program.toAbsolutePath().normalize();
        return request.installer()
                .map(kind -> catalogue.installer(kind).flatMap(installer -> installer.owning(absolute)))
                .orElseGet(() -> catalogue.owning(absolute));
    }

    private static boolean isWanted(Provenance provenance, Request request) {
        return request.installer().isEmpty() || request.installer().get() == provenance.installer();
    }

    private Proposal notFound(Request request) {
        String wanted = request.nameOrPath();
        Optional<Path> program = request.program()
                .or(() -> wanted.contains("/") ? Optional.of(Path.of(wanted)) : programs.find(wanted))
                .filter(Files::exists);
        if (program.isPresent()) {
            return new Proposal.Refused(
                    "%s is a program, but none of uv, pipx, npm and a virtual environment says that it installed it."
                            .formatted(places.display(
                                    program.get().toAbsolutePath().normalize())));
        }
        return new Proposal.NotFound(catalogue
                .nearest(wanted)
                .map(meant -> "There is no tool %s. Did you mean %s?".formatted(wanted, meant))
                .orElseGet(() -> "There is no tool %s here: not installed with uv, pipx or npm -g, not on PATH."
                        .formatted(wanted)));
    }

    private static Optional<String> objection(Request request, Provenance provenance) {
        Optional<String> from =
                provenance.origin() instanceof Origin.Git git ? Optional.of(git.url()) : Optional.empty();
        if (request.origin().isPresent() && !request.origin().equals(from)) {
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
