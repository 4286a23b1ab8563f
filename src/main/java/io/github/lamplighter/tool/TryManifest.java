package io.github.lamplighter.tool;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Applies a manifest file that is being written to the installation it describes, managed or not. Nothing is saved.
public final class TryManifest {

    private final ToolCatalog toolCatalog;
    private final ManifestBuilder builder;
    private final ProcessRunner runner;
    private final AppDirectories directories;

    public TryManifest(
            ToolCatalog toolCatalog, ManifestBuilder builder, ProcessRunner runner, AppDirectories directories) {
        this.toolCatalog = toolCatalog;
        this.builder = builder;
        this.runner = runner;
        this.directories = directories;
    }

    public AddTool.Proposal propose(Path file) {
        JsonFile.Content content = JsonFile.read(file);
        if (content instanceof JsonFile.Content.Damaged(int line, int column, String message)) {
            return new AddTool.Proposal.Refused("Could not read %s%s: %s."
                    .formatted(
                            directories.display(file),
                            line == 0 ? "" : " (line %d, column %d)".formatted(line, column),
                            message));
        }
        if (!(content instanceof JsonFile.Content.Present(ObjectNode json))) {
            return new AddTool.Proposal.NotFound("%s is not a manifest.".formatted(directories.display(file)));
        }
        String name = json.path("name").asString("");
        JsonNode install = json.path("install");
        String packageName = install.path("package").asString(name);
        Optional<ToolName> toolName = ToolName.of(name);
        Optional<InstallerKind> kind =
                InstallerKind.of(install.path("installer").asString(""));
        List<Provenance> candidates = kind.map(installer -> candidates(install, installer, packageName))
                .orElse(List.of());
        if (candidates.isEmpty() || toolName.isEmpty()) {
            return new AddTool.Proposal.NotFound(notInstalled(file, install, packageName));
        }
        Optional<Provenance> chosen = candidates.size() == 1
                ? Optional.of(candidates.getFirst())
                : onPath(json.path("command").asString(name), candidates);
        if (chosen.isEmpty()) {
            return new AddTool.Proposal.Refused(
                    "%s describes %s, which has %d installations: %s. Choose one with `install.environment`."
                            .formatted(
                                    directories.display(file),
                                    packageName,
                                    candidates.size(),
                                    candidates.stream()
                                            .map(candidate -> directories.display(candidate.program()))
                                            .collect(Collectors.joining(", "))));
        }
        Provenance provenance = chosen.get();
        AddTool.Request request =
                AddTool.Request.of(name).withProgram(path(install, "program").map(_ -> provenance.program()));
        return builder.build(
                request,
                provenance,
                toolName.get(),
                new ManifestBases.Found(
                        Optional.of(new ManifestBase(ManifestBase.From.AUTHOR, directories.display(file), json)),
                        List.of(evidence(provenance, kind.get(), candidates.size() - 1))));
    }

    private String notInstalled(Path file, JsonNode install, String packageName) {
        return packageName.isEmpty()
                ? "%s doesn't name a tool.".formatted(directories.display(file))
                : "%s describes %s%s, which is not installed."
                        .formatted(
                                directories.display(file),
                                packageName,
                                location(install)
                                        .map(path -> " in " + directories.display(path))
                                        .orElse(""));
    }

    private Evidence evidence(Provenance provenance, InstallerKind written, int others) {
        return new Evidence(
                directories.display(provenance.program()),
                "the installation that is checked, installed with %s%s%s"
                        .formatted(
                                provenance.installer().word(),
                                written == provenance.installer() ? "" : "; the manifest says " + written.word(),
                                others == 0
                                        ? ""
                                        : "; first on PATH, before %d other%s"
                                                .formatted(others, others == 1 ? "" : "s")));
    }

    /// The installations that a manifest can describe: the one at its path; else those of its package manager; else
    /// those of a package manager with the same packages, since an author writes one file for all.
    private List<Provenance> candidates(JsonNode install, InstallerKind kind, String packageName) {
        List<Provenance> same = Stream.concat(
                        path(install, "program").flatMap(toolCatalog::owner).stream(),
                        toolCatalog.tools().stream().flatMap(tool -> tool.provenance().stream()))
                .filter(found -> Recipes.sharesPackages(kind, found.installer())
                        && Recipes.samePackage(kind, packageName, found.packageName()))
                .distinct()
                .toList();
        if (location(install).isPresent()) {
            return same.stream()
                    .filter(found -> path(install, "environment")
                                    .map(found.environment()::equals)
                                    .orElse(true)
                            && path(install, "program")
                                    .map(program -> toolCatalog.owner(program).stream()
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

    /// The path of the installation according to the manifest.
    private Optional<Path> location(JsonNode install) {
        return path(install, "environment").or(() -> path(install, "program"));
    }

    private Optional<Path> path(JsonNode install, String key) {
        try {
            return Optional.of(install.path(key).asString(""))
                    .map(text -> Path.of(builder.atHome(text)))
                    .filter(Path::isAbsolute);
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// The installation whose command the shell would run.
    private Optional<Provenance> onPath(String command, List<Provenance> candidates) {
        return runner.find(command)
                .flatMap(toolCatalog::owner)
                .flatMap(owner -> candidates.stream()
                        .filter(candidate -> candidate.environment().equals(owner.environment()))
                        .findFirst());
    }
}
