package io.github.lamplighter.service;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.FileProblem;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.NodeVersionFolder;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.Shebang;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Makes the definition of a tool's background service from its manifest.
public final class ServiceDefinitionFactory {

    private static final Manifest.Service PLAIN = new Manifest.Service(
            List.of(), Map.of(), List.of(), Optional.empty(), 20, Optional.empty(), Optional.empty(), Optional.empty());

    private static final String NODE = "node";

    private final AppDirectories directories;

    public ServiceDefinitionFactory(AppDirectories directories) {
        this.directories = directories;
    }

    public sealed interface Result {
        /// @param notes sentences about variables of the shell that were left out
        record Made(ServiceDefinition definition, List<String> notes) implements Result {
            public Made {
                notes = List.copyOf(notes);
            }

            public Made(ServiceDefinition definition) {
                this(definition, List.of());
            }
        }

        /// `why` is a sentence that says what to change.
        record Refused(String why) implements Result {}
    }

    /// @param path the cleaned `PATH` of the login shell
    /// @param shell values of variables of the login shell; those that [InheritedVariables] names are taken
    public Result of(Manifest manifest, String path, Map<String, String> shell) {
        return of(manifest, path, path, shell);
    }

    /// @param nodePath the `PATH` that decides whether its Node has to be named: that of the service file on disk,
    ///     because another default of the shell changes nothing of a service that finds its own
    Result of(Manifest manifest, String path, String nodePath, Map<String, String> shell) {
        if (manifest.service().isEmpty() && manifest.expected() == Manifest.Expected.COMMAND) {
            return new Result.Refused(
                    "%s is managed as a command: its manifest describes no service. To run it as a service, use `lamplighter add %s --argument …` or set `service.arguments` in %s."
                            .formatted(
                                    manifest.name(),
                                    manifest.name(),
                                    directories.display(directories
                                            .manifests()
                                            .resolve(manifest.name().value() + ".json"))));
        }
        Manifest.Service service = manifest.service().orElse(PLAIN);
        Optional<String> gone = gone(manifest);
        if (gone.isPresent()) {
            return new Result.Refused(gone.get());
        }
        InheritedVariables inheritedVariables = InheritedVariables.of(manifest, shell);
        Map<String, String> environment = new TreeMap<>(inheritedVariables.variables());
        environment.putAll(service.environment());
        Optional<String> refused = secret(manifest, service)
                .or(() -> value(manifest, environment))
                .or(() -> argument(manifest, service))
                .or(() -> service.environmentFile().flatMap(this::openFile))
                .or(() -> service.workingDirectory()
                        .filter(folder -> !isOwnFolder(manifest, folder))
                        .flatMap(this::noFolder));
        if (refused.isPresent()) {
            return new Result.Refused(refused.get());
        }
        SearchPath search = new SearchPath(path, List.of());
        Optional<Path> node = node(manifest);
        List<String> argv = new ArrayList<>(List.of(manifest.install().program().toString()));
        // A folder that is not only Node's would hide other programs if it came first.
        SearchPath looked = new SearchPath(nodePath, List.of());
        boolean named = node.filter(folder -> isForeignTo(looked, folder) && isStartedByEnv(manifest))
                .isPresent();
        if (named) {
            argv.addFirst(node.get().resolve(NODE).toString());
        }
        argv.addAll(service.arguments());
        // A PATH of the manifest replaces the shell's; it must not be set twice.
        Optional<String> ownPath = Optional.ofNullable(environment.remove("PATH"));
        ServiceDefinition definition = new ServiceDefinition(
                manifest.name().value(),
                manifest.name() + " (managed by Lamplighter)",
                argv,
                environment,
                ownPath.orElseGet(() -> node.filter(_ -> !named)
                        .map(folder -> search.finding(NODE, folder))
                        .orElse(search)
                        .value()),
                service.workingDirectory().orElseGet(() -> emptyFolder(manifest)),
                service.environmentFile(),
                service.killMode(),
                service.stopTimeoutSeconds());
        return definition
                .problem()
                .<Result>map(Result.Refused::new)
                .orElseGet(() -> new Result.Made(definition, inheritedVariables.notes()));
    }

    /// Why its program can no longer start, as a sentence.
    Optional<String> gone(Manifest manifest) {
        Manifest.Install install = manifest.install();
        if (install.installer() == InstallerKind.NPM) {
            Optional<NodeVersionFolder> node =
                    NodeVersionFolder.of(install.program()).filter(NodeVersionFolder::isGone);
            if (node.isPresent()) {
                return Optional.of(
                        "Its Node %s was removed (%s is missing). To see how to fix that, run `lamplighter doctor %s`."
                                .formatted(
                                        node.get().version(),
                                        directories.display(node.get().node()),
                                        manifest.name()));
            }
        }
        return Files.isExecutable(install.program())
                ? Optional.empty()
                : Optional.of("%s is missing or not executable.".formatted(directories.display(install.program())));
    }

    /// The same, and also if only what its first line names was removed.
    Optional<String> unstartable(Manifest manifest) {
        return gone(manifest)
                .or(() -> Shebang.of(manifest.install().program())
                        .missing()
                        .map(interpreter ->
                                "%s cannot start, because %s is missing. To see how to fix that, run `lamplighter doctor %s`."
                                        .formatted(
                                                manifest.name(), directories.display(interpreter), manifest.name())));
    }

    Path home() {
        return directories.home();
    }

    /// A private empty directory: a server that runs in the home directory would publish it.
    public Path emptyFolder(Manifest manifest) {
        return directories.state().resolve("work").resolve(manifest.name().value());
    }

    /// Whether a working directory is the tool's alone, so that it is created where it is missing.
    boolean isOwnFolder(Manifest manifest, Path folder) {
        return folder.equals(emptyFolder(manifest)) || manifest.data().contains(folder);
    }

    /// Whether the name of a variable suggests a secret.
    public static boolean isSecret(String name) {
        return SecretDetector.isSecret(name);
    }

    /// Whether a `PATH` finds another Node, and this one shares its folder with other programs.
    private static boolean isForeignTo(SearchPath search, Path folder) {
        return NodeVersionFolder.of(folder.resolve(NODE)).isEmpty()
                && search.first(NODE)
                        .filter(found -> !SearchPath.isSame(found, folder.resolve(NODE)))
                        .isPresent();
    }

    private static boolean isStartedByEnv(Manifest manifest) {
        return Shebang.of(manifest.install().program())
                .program()
                .filter(NODE::equals)
                .isPresent();
    }

    /// The directory of the Node that an npm tool was installed with. Its launcher runs `env node`, so that must
    /// find this one, whatever the shell's default Node is.
    private static Optional<Path> node(Manifest manifest) {
        if (manifest.install().installer() != InstallerKind.NPM) {
            return Optional.empty();
        }
        return Optional.ofNullable(manifest.install().program().getParent())
                .filter(ServiceDefinitionFactory::hasNode)
                .or(() -> manifest.install()
                        .manager()
                        .flatMap(manager -> Optional.ofNullable(manager.getParent()))
                        .filter(ServiceDefinitionFactory::hasNode));
    }

    private static boolean hasNode(Path folder) {
        return Files.isExecutable(folder.resolve(NODE));
    }

    /// Checks the names only: the shell may set a missing variable later.
    private static Optional<String> secret(Manifest manifest, Manifest.Service service) {
        return Stream.concat(service.environment().keySet().stream().sorted(), service.inherit().stream())
                .filter(ServiceDefinitionFactory::isSecret)
                .findFirst()
                .map(name -> "%s looks like a secret. %s".formatted(name, instead(manifest, name)));
    }

    /// Finds passwords in URLs, and tokens, whatever the name of the variable.
    private static Optional<String> value(Manifest manifest, Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(entry -> SecretDetector.looksLikeOne(entry.getValue()))
                .findFirst()
                .map(entry -> (SecretDetector.inAddress(entry.getValue())
                                ? "The URL in %s contains a password. %s"
                                : "The value of %s looks like a token. %s")
                        .formatted(entry.getKey(), instead(manifest, entry.getKey())));
    }

    private static Optional<String> argument(Manifest manifest, Manifest.Service service) {
        return SecretDetector.argument(service.arguments())
                .map(found ->
                        "The value of %s in the arguments looks like a secret. Other programs can read service files and the process list. If %s reads it from an environment variable, put that in ~/.config/%s/env and run `chmod 600` on the file. Then set `service.environmentFile` in the manifest. If it reads it from a file, use that file."
                                .formatted(found.option(), manifest.name(), manifest.name()));
    }

    private static String instead(Manifest manifest, String name) {
        return "Other programs can read service files. Put `%s=…` in ~/.config/%s/env instead, run `chmod 600` on that file, and set `service.environmentFile` in the manifest."
                .formatted(name, manifest.name());
    }

    private Optional<String> openFile(Path file) {
        String shown = directories.display(file);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of("The environment file %s is missing, or is a symbolic link.".formatted(shown));
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            boolean others = permissions.stream()
                    .anyMatch(permission -> !permission.name().startsWith("OWNER"));
            if (others) {
                return Optional.of("Other users can read %s. To prevent that, run `chmod 600 %s`."
                        .formatted(shown, Command.quoted(file.toString())));
            }
            boolean own = Files.getOwner(file).equals(Files.getOwner(directories.home()));
            return own ? Optional.empty() : Optional.of("%s belongs to another user.".formatted(shown));
        } catch (IOException e) {
            return Optional.of("Could not read the permissions of %s: %s.".formatted(shown, FileProblem.why(e)));
        }
    }

    private Optional<String> noFolder(Path folder) {
        return Files.isDirectory(folder)
                ? Optional.empty()
                : Optional.of("Its working directory %s does not exist.".formatted(directories.display(folder)));
    }
}
