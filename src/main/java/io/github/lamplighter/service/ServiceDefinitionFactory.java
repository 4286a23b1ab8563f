package io.github.lamplighter.service;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.NodeVersionFolder;
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

/// What the background service of a tool shall be, from its manifest.
public final class ServiceDefinitionFactory {

    private static final Manifest.Service PLAIN = new Manifest.Service(
            List.of(), Map.of(), List.of(), Optional.empty(), 20, Optional.empty(), Optional.empty(), Optional.empty());

    private final AppDirectories directories;

    public ServiceDefinitionFactory(AppDirectories directories) {
        this.directories = directories;
    }

    public sealed interface Result {
        /// @param notes sentences about what of the shell's was left out
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
        if (manifest.service().isEmpty() && manifest.expected() == Manifest.Expected.COMMAND) {
            return new Result.Refused(
                    "%s is looked after as a command: its description says nothing of a service. How it is started in the background can be said with `lamplighter add %s --argument …`, or as `service.arguments` in %s."
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
                .or(() -> service.workingDirectory().flatMap(this::noFolder));
        if (refused.isPresent()) {
            return new Result.Refused(refused.get());
        }
        List<String> argv = new ArrayList<>(List.of(manifest.install().program().toString()));
        argv.addAll(service.arguments());
        SearchPath search = new SearchPath(path, List.of());
        // A PATH of the description's own is the user's word; it must not stand there twice.
        Optional<String> ownPath = Optional.ofNullable(environment.remove("PATH"));
        ServiceDefinition definition = new ServiceDefinition(
                manifest.name().value(),
                manifest.name() + ", looked after by Lamplighter",
                argv,
                environment,
                ownPath.orElseGet(() ->
                        node(manifest).map(search::startingWith).orElse(search).value()),
                service.workingDirectory().orElseGet(() -> emptyFolder(manifest)),
                service.environmentFile(),
                service.killMode(),
                service.stopTimeoutSeconds());
        return definition
                .problem()
                .<Result>map(Result.Refused::new)
                .orElseGet(() -> new Result.Made(definition, inheritedVariables.notes()));
    }

    /// Why its program cannot be started any more, as a sentence.
    Optional<String> gone(Manifest manifest) {
        Manifest.Install install = manifest.install();
        if (install.installer() == InstallerKind.NPM) {
            Optional<NodeVersionFolder> node =
                    NodeVersionFolder.of(install.program()).filter(NodeVersionFolder::isGone);
            if (node.isPresent()) {
                return Optional.of("Its Node %s was removed (%s is gone); `lamplighter doctor %s` says how to go on."
                        .formatted(
                                node.get().version(),
                                directories.display(node.get().node()),
                                manifest.name()));
            }
        }
        return Files.isExecutable(install.program())
                ? Optional.empty()
                : Optional.of(
                        "%s is not there, or cannot be started.".formatted(directories.display(install.program())));
    }

    Path home() {
        return directories.home();
    }

    /// A private empty folder: a server that is started in the home would publish it.
    public Path emptyFolder(Manifest manifest) {
        return directories.state().resolve("work").resolve(manifest.name().value());
    }

    /// Whether a variable's name says that its value is a secret.
    public static boolean isSecret(String name) {
        return SecretDetector.isSecret(name);
    }

    /// An npm tool belongs to the Node that it was installed under: its launcher says `env node`, so that
    /// this Node must be found first, whatever the shell's default has become.
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
        return Files.isExecutable(folder.resolve("node"));
    }

    /// By the names alone: a variable that the shell does not have today may be there tomorrow.
    private static Optional<String> secret(Manifest manifest, Manifest.Service service) {
        return Stream.concat(service.environment().keySet().stream().sorted(), service.inherit().stream())
                .filter(ServiceDefinitionFactory::isSecret)
                .findFirst()
                .map(name -> "%s looks like a secret. %s".formatted(name, instead(manifest, name)));
    }

    /// A password in an address and a token are secrets, whatever the variable is called.
    private static Optional<String> value(Manifest manifest, Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(entry -> SecretDetector.looksLikeOne(entry.getValue()))
                .findFirst()
                .map(entry -> (SecretDetector.inAddress(entry.getValue())
                                ? "The address in %s has a password in it. %s"
                                : "The value of %s looks like a token. %s")
                        .formatted(entry.getKey(), instead(manifest, entry.getKey())));
    }

    private static Optional<String> argument(Manifest manifest, Manifest.Service service) {
        return SecretDetector.argument(service.arguments())
                .map(found ->
                        "The value of %s among the arguments looks like a secret. Other programs can read a service file and the list of processes: where %s takes it from a variable, put that into ~/.config/%s/env, close the file with `chmod 600`, and name it as `service.environmentFile` in the description; where it takes it from a file, name that file."
                                .formatted(found.option(), manifest.name(), manifest.name()));
    }

    private static String instead(Manifest manifest, String name) {
        return "Other programs can read a service file, so it goes into a file that only you can read: put `%s=…` into"
                        .formatted(name)
                + " ~/.config/%s/env, close that with `chmod 600`, and name it as `service.environmentFile` in the"
                        .formatted(manifest.name())
                + " description instead.";
    }

    private Optional<String> openFile(Path file) {
        String shown = directories.display(file);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of("The file of variables %s is not there, or is a link.".formatted(shown));
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            boolean others = permissions.stream()
                    .anyMatch(permission -> !permission.name().startsWith("OWNER"));
            if (others) {
                return Optional.of("Others may read %s: `chmod 600 %s` closes it.".formatted(shown, shown));
            }
            boolean own = Files.getOwner(file).equals(Files.getOwner(directories.home()));
            return own ? Optional.empty() : Optional.of("%s belongs to somebody else.".formatted(shown));
        } catch (IOException e) {
            return Optional.of("%s cannot be looked at: %s.".formatted(shown, e.getMessage()));
        }
    }

    private Optional<String> noFolder(Path folder) {
        return Files.isDirectory(folder)
                ? Optional.empty()
                : Optional.of(
                        "The folder %s, in which it shall run, is not there.".formatted(directories.display(folder)));
    }
}
