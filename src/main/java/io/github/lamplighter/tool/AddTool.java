package io.github.lamplighter.tool;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Starts to manage a tool: finds its installation, proposes a manifest, and saves it after the user confirmed.
public final class AddTool {

    private final ToolCatalog toolCatalog;
    private final ManifestStore store;
    private final ManifestBuilder builder;
    private final UpdateManifest updateManifest;
    private final ProcessRunner runner;
    private final ManifestCodec codec;
    private final AppDirectories directories;

    public AddTool(
            ToolCatalog toolCatalog,
            ManifestStore store,
            ManifestBuilder builder,
            ProcessRunner runner,
            AppDirectories directories) {
        this.toolCatalog = toolCatalog;
        this.store = store;
        this.builder = builder;
        this.updateManifest = new UpdateManifest(toolCatalog, builder);
        this.runner = runner;
        this.codec = builder.codec();
        this.directories = directories;
    }

    /// The tool to add and the options of the command line.
    ///
    /// @param nameOrPath name of a tool or package, a program on `PATH`, or a path
    /// @param installer the package manager that must have installed it
    /// @param program the launcher to use instead of the one found
    /// @param origin the address it was installed from
    /// @param arguments arguments of the service; empty uses those of the recipe
    /// @param directory working directory of the service
    /// @param url the address of the service
    /// @param as the name of the manifest
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

        /// A request without options.
        public static Request of(String nameOrPath) {
            return new Request(
                    nameOrPath,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /// Why an option is invalid whatever is installed, as a sentence.
        public Optional<String> mistake() {
            if (as.isPresent() && ToolName.of(as.get()).isEmpty()) {
                return Optional.of(
                        "Invalid name for --as: %s. Use at most 64 of a-z, 0-9, `.`, `_` and `-`.".formatted(as.get()));
            }
            if (url.filter(address -> !ManifestCodec.isUrl(address)).isPresent()) {
                return Optional.of(
                        "Invalid address for --url: %s. Use `http://127.0.0.1:8080/`, `tcp:HOST:PORT` or `unix:/PATH`, without a user name."
                                .formatted(InstallVariables.withoutCredentials(url.get())));
            }
            if (origin.filter(address -> !ManifestCodec.isOrigin(address)).isPresent()) {
                return Optional.of("Invalid address for --origin: %s. Use an address such as `git+https://HOST/PATH`."
                        .formatted(InstallVariables.withoutCredentials(origin.get())));
            }
            return Optional.empty();
        }

        public Request withOrigin(Optional<String> address) {
            return new Request(nameOrPath, installer, program, address, arguments, directory, url, as);
        }

        Request withInstaller(Optional<InstallerKind> kind) {
            return new Request(nameOrPath, kind, program, origin, arguments, directory, url, as);
        }

        Request withProgram(Optional<Path> launcher) {
            return new Request(nameOrPath, installer, launcher, origin, arguments, directory, url, as);
        }

        public Request withArguments(List<String> words) {
            return new Request(nameOrPath, installer, program, origin, words, directory, url, as);
        }

        public Request withUrl(Optional<String> address) {
            return new Request(nameOrPath, installer, program, origin, arguments, directory, address, as);
        }
    }

    /// The result of a request, before anything is saved.
    public sealed interface Proposal {

        /// A manifest to accept.
        ///
        /// @param source what the manifest was made from
        /// @param evidence the source of each part of the manifest
        /// @param acceptedProposal saved with the manifest once the user accepted it
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

        /// The tool is managed, and its author's file or recipe has changed since the user accepted it. Values that
        /// the user changed stay.
        ///
        /// @param changes one sentence for each value that would change; empty if the user changed all of them
        record Updated(Ready ready, List<String> changes) implements Proposal {
            public Updated {
                changes = List.copyOf(changes);
            }
        }

        /// The managed installation is gone, and another one of the same package takes its place in the manifest.
        record Moved(Ready ready, String sentence) implements Proposal {}

        /// The tool is managed, and its manifest gets what the options of the command line say.
        ///
        /// @param changes one sentence for each value that changes, and for a URL that may not match any more
        record Declared(Ready ready, List<String> changes) implements Proposal {
            public Declared {
                changes = List.copyOf(changes);
            }
        }

        /// The tool is managed already.
        ///
        /// @param others the launchers of installations that are not managed
        record Already(ManifestEntry entry, List<Path> others) implements Proposal {
            public Already {
                others = List.copyOf(others);
            }
        }

        /// No such tool; `why` is a sentence.
        record NotFound(String why) implements Proposal {}

        /// The tool cannot be added; `why` is a sentence.
        record Refused(String why) implements Proposal {}
    }

    public Proposal propose(Request request) {
        List<Provenance> found = find(request);
        if (found.isEmpty()) {
            return notFound(request);
        }
        if (found.size() > 1) {
            return new Proposal.Refused("%s has %d installations: %s. Choose one by its path."
                    .formatted(
                            request.nameOrPath(),
                            found.size(),
                            displayed(found.stream().map(Provenance::program).toList())));
        }
        Provenance provenance = found.getFirst();
        Optional<String> refusal = refusal(request, provenance);
        if (refusal.isPresent()) {
            return new Proposal.Refused(refusal.get());
        }
        Optional<ToolName> name = request.as().isPresent()
                ? ToolName.of(request.as().get())
                : ToolName.forPackage(provenance.packageName());
        if (name.isEmpty()) {
            return new Proposal.Refused(
                    "Names can only contain a-z, 0-9, `.`, `_` and `-`. Choose another name with `--as`.");
        }
        Optional<ManifestEntry> entry = request.as().isPresent()
                ? store.entry(name.get())
                : entryOf(provenance).or(() -> store.entry(name.get()));
        if (entry.isEmpty()) {
            return ambiguous(request, provenance)
                    .<Proposal>map(Proposal.Refused::new)
                    .orElseGet(() -> builder.build(
                            request, provenance, name.get(), builder.bases().find(provenance)));
        }
        if (entry.get() instanceof ManifestEntry.Readable readable) {
            return describes(readable.manifest(), provenance)
                    ? declared(request, readable, provenance)
                            .or(() -> updateManifest.propose(readable, provenance))
                            .orElseGet(() -> new Proposal.Already(readable, unmanaged(provenance)))
                    : moved(request, readable, provenance)
                            .orElseGet(() -> new Proposal.Refused(nameTaken(readable, provenance)));
        }
        return new Proposal.Already(entry.get(), List.of());
    }

    /// Saves a proposal that the user accepted.
    public ManifestStore.Change accept(Proposal.Ready proposal) {
        ManifestStore.Change change = store.save(proposal.manifest(), proposal.source());
        if (change instanceof ManifestStore.Change.Done(Path file)) {
            try {
                builder.bases().accept(proposal.manifest().name(), proposal.acceptedProposal());
            } catch (IOException e) {
                return new ManifestStore.Change.Refused(
                        file, "Could not save the accepted proposal: %s.".formatted(FileProblem.why(e)));
            }
        }
        return change;
    }

    /// Whether the package manager does not record the origin, so that only the user can provide it.
    public static boolean isUnrecorded(Provenance provenance) {
        return provenance.installer() == InstallerKind.NPM && provenance.origin() instanceof Origin.Index;
    }

    /// A second manifest is requested by a name that several installations have: the user probably means one that has
    /// no manifest yet.
    private Optional<String> ambiguous(Request request, Provenance provenance) {
        List<Path> others = unmanaged(provenance);
        return request.nameOrPath().contains("/") || others.isEmpty()
                ? Optional.empty()
                : entryOf(provenance)
                        .map(entry -> "%s is already managed as %s. To add another installation, use its path: %s."
                                .formatted(directories.display(provenance.program()), entry.name(), displayed(others)));
    }

    /// The manifest of this installation, whatever its name.
    private Optional<ManifestEntry> entryOf(Provenance provenance) {
        return store.entries().stream()
                .filter(entry ->
                        entry instanceof ManifestEntry.Readable readable && describes(readable.manifest(), provenance))
                .findFirst();
    }

    private static boolean describes(Manifest manifest, Provenance provenance) {
        return manifest.install().environment().equals(provenance.environment())
                && manifest.install().packageName().equals(provenance.packageName());
    }

    /// The launchers of installations of the same package that are not managed.
    private List<Path> unmanaged(Provenance provenance) {
        return toolCatalog.tools().stream()
                .filter(tool -> !tool.managed())
                .flatMap(tool -> tool.provenance().stream())
                .filter(other -> other.packageName().equals(provenance.packageName()))
                .map(Provenance::program)
                .toList();
    }

    private String nameTaken(ManifestEntry.Readable entry, Provenance provenance) {
        String name = entry.name();
        Path other = entry.manifest().install().program();
        String start = "The name %s is used by %s".formatted(name, directories.display(other));
        if (!Files.exists(entry.manifest().install().environment())) {
            return "%s, which no longer exists. To free the name, run `lamplighter forget %s`.".formatted(start, name);
        }
        int number = 2;
        while (ToolName.of(name + "-" + number).flatMap(store::entry).isPresent()) {
            number++;
        }
        return "%s. To add this installation under another name, run `lamplighter add %s --as %s-%d`."
                .formatted(start, Command.quoted(provenance.program().toString()), name, number);
    }

    /// The managed installation is gone (for example with its Node version), and this one is of the same package; or
    /// the user names the tool and the program that it is to have from now on.
    private Optional<Proposal> moved(Request request, ManifestEntry.Readable entry, Provenance provenance) {
        Manifest manifest = entry.manifest();
        Manifest.Install before = manifest.install();
        boolean isNamed = request.program().isPresent() && request.nameOrPath().equals(entry.name());
        boolean isGone = Files.notExists(before.environment());
        if (before.environment().equals(provenance.environment())
                || !before.packageName().equals(provenance.packageName())
                || !(isNamed || (isGone && Recipes.sharesPackages(before.installer(), provenance.installer())))) {
            return Optional.empty();
        }
        Path same = provenance
                .program()
                .resolveSibling(String.valueOf(before.program().getFileName()));
        ObjectNode json = codec.write(manifest);
        json.set("install", builder.install(provenance, Files.isExecutable(same) ? same : provenance.program()));
        if (!(codec.read(json, entry.name()) instanceof ManifestCodec.Reading.Valid(Manifest moved))) {
            return Optional.empty();
        }
        AcceptedProposal acceptedProposal = builder.bases()
                .accepted(manifest.name())
                .map(accepted -> new AcceptedProposal(accepted.manifestBase(), codec.write(moved), accepted.origins()))
                .orElseGet(() -> new AcceptedProposal(Optional.empty(), codec.write(moved), Map.of()));
        return Optional.of(new Proposal.Moved(
                new Proposal.Ready(
                        moved, store.source(entry.file()), provenance, provenance.evidence(), acceptedProposal),
                (isGone
                                ? "%s was managed in %s, which no longer exists. The installation in %s would replace"
                                        + " it."
                                : "%s is managed in %s. The installation in %s would replace that in its manifest.")
                        .formatted(
                                manifest.name(),
                                directories.display(before.environment()),
                                directories.display(provenance.environment()))));
    }

    /// The manifest of a managed tool with the options of the command line; empty if that changes nothing.
    private Optional<Proposal> declared(Request request, ManifestEntry.Readable entry, Provenance provenance) {
        Manifest manifest = entry.manifest();
        ObjectNode json = codec.write(manifest);
        if (request.origin().isPresent() && isUnrecorded(provenance)) {
            ((ObjectNode) json.get("install"))
                    .put(
                            "origin",
                            InstallVariables.withoutCredentials(request.origin().get()));
        }
        Optional<String> address = ManifestBuilder.address(request, json);
        JsonNode before = json.path("service").deepCopy();
        ManifestBuilder.applyOptions(request, json, address);
        Optional<Map<String, String>> variables =
                builder.variables(manifest.name(), manifest.service().flatMap(Manifest.Service::unit), json);
        builder.applyDeclaredData(
                json,
                before,
                variables,
                builder.bases().accepted(manifest.name()).flatMap(AcceptedProposal::manifestBase));
        if (manifest.expected() == Manifest.Expected.COMMAND && json.has("service")) {
            json.remove("expected");
        }
        List<String> changes = new ArrayList<>(JsonLeaves.changes(codec.write(manifest), json));
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        if (address.isEmpty()) {
            manifest.endpoint()
                    .map(endpoint -> "Its URL stays %s. To change it, use `--url`.".formatted(endpoint.url()))
                    .ifPresent(changes::add);
        }
        return Optional.of(
                switch (codec.read(json, entry.name())) {
                    case ManifestCodec.Reading.Valid(Manifest declared) -> {
                        Provenance withOrigin = declared.install().withDeclaredOrigin(provenance);
                        AcceptedProposal acceptedProposal = builder.bases()
                                .accepted(manifest.name())
                                .orElseGet(() -> new AcceptedProposal(Optional.empty(), json, Map.of()));
                        yield new Proposal.Declared(
                                new Proposal.Ready(
                                        declared,
                                        store.source(entry.file()),
                                        withOrigin,
                                        withOrigin.evidence(),
                                        acceptedProposal),
                                changes);
                    }
                    case ManifestCodec.Reading.Invalid(List<ManifestCodec.Problem> problems) ->
                        new Proposal.Refused(ManifestBuilder.invalid(problems));
                });
    }

    private String displayed(List<Path> paths) {
        return paths.stream().map(directories::display).collect(Collectors.joining(", "));
    }

    /// The matching installations: several if the name matches several and the shell would run none of them.
    private List<Provenance> find(Request request) {
        if (request.program().isPresent()) {
            return owner(request.program().get(), request).stream().toList();
        }
        String wanted = request.nameOrPath();
        List<Provenance> matching = toolCatalog.matching(wanted).stream()
                .flatMap(tool -> tool.provenance().isPresent() ? tool.provenance().stream() : replacements(tool))
                .filter(provenance ->
                        request.installer().isEmpty() || request.installer().get() == provenance.installer())
                .toList();
        if (matching.size() == 1) {
            return matching;
        }
        if (wanted.contains("/") && !wanted.startsWith("@")) {
            try {
                return owner(Path.of(wanted), request).stream().toList();
            } catch (InvalidPathException e) {
                return List.of();
            }
        }
        return runner.find(wanted)
                .flatMap(program -> owner(program, request))
                .filter(first -> matching.isEmpty()
                        || matching.stream()
                                .anyMatch(other -> other.environment().equals(first.environment())))
                .map(List::of)
                .orElse(matching);
    }

    /// The installations of the package of a managed tool whose own one is gone.
    private Stream<Provenance> replacements(Tool gone) {
        return gone.manifest().map(Manifest::install).stream()
                .flatMap(install -> toolCatalog.tools().stream()
                        .filter(tool -> !tool.managed())
                        .flatMap(tool -> tool.provenance().stream())
                        .filter(other -> Recipes.sharesPackages(install.installer(), other.installer())
                                && Recipes.samePackage(
                                        install.installer(), install.packageName(), other.packageName())));
    }

    private Optional<Provenance> owner(Path program, Request request) {
        Path absolute = program.toAbsolutePath().normalize();
        return request.installer()
                .map(kind -> toolCatalog.installer(kind).flatMap(installer -> installer.owner(absolute)))
                .orElseGet(() -> toolCatalog.owner(absolute));
    }

    private Proposal notFound(Request request) {
        String wanted = request.nameOrPath();
        Optional<Provenance> other = request.installer()
                .flatMap(_ ->
                        find(request.withInstaller(Optional.empty())).stream().findFirst());
        if (other.isPresent()) {
            return new Proposal.Refused("%s was installed with %s, not with %s."
                    .formatted(
                            directories.display(other.get().program()),
                            other.get().installer().word(),
                            request.installer().orElseThrow().word()));
        }
        Optional<Path> program = request.program()
                .or(() -> wanted.contains("/") ? Optional.of(Path.of(wanted)) : runner.find(wanted))
                .filter(Files::exists);
        if (program.isPresent()) {
            return new Proposal.Refused("%s was not installed with uv, pipx, npm or in a virtual environment."
                    .formatted(
                            directories.display(program.get().toAbsolutePath().normalize())));
        }
        return new Proposal.NotFound(toolCatalog
                .suggestion(wanted)
                .map(suggestion -> "There is no tool %s. Did you mean %s?".formatted(wanted, suggestion))
                .orElseGet(() ->
                        "There is no tool %s: not installed with uv, pipx or npm -g, and not on PATH. For a virtual environment, use the path of the program."
                                .formatted(wanted)));
    }

    private static Optional<String> refusal(Request request, Provenance provenance) {
        Optional<String> from =
                provenance.origin() instanceof Origin.Git git ? Optional.of(git.url()) : Optional.empty();
        if (request.origin().isPresent()
                && !isUnrecorded(provenance)
                && !request.origin().equals(from)) {
            return Optional.of("%s was installed from %s, not from %s. To change the source, reinstall it."
                    .formatted(
                            provenance.packageName(),
                            from.orElse("an index or a folder"),
                            request.origin().get()));
        }
        if (provenance.installer() == InstallerKind.SELF) {
            return Optional.of("Lamplighter already manages itself.");
        }
        return Optional.empty();
    }
}
