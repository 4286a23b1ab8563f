package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.service.ServiceStart;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Auth;
import io.github.lamplighter.tool.Manifest.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.toml.TomlMapper;

/// The group *Configuration and access*: settings files, reachability, sign-in and the environment file.
final class ConfigurationChecks {

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private ConfigurationChecks() {}

    static Optional<Result> settings(DiagnosisContext context) {
        List<Path> files = context.manifest().settings();
        if (files.isEmpty()) {
            return Optional.empty();
        }
        List<Evidence> well = new ArrayList<>();
        List<Evidence> absent = new ArrayList<>();
        List<Evidence> commented = new ArrayList<>();
        for (Path file : files) {
            String shown = context.display(file);
            if (Files.notExists(file)) {
                absent.add(new Evidence(shown, "file does not exist"));
            } else if (!Files.isReadable(file)) {
                return damaged(context, file, 0, 0, "not readable");
            } else if (file.toString().endsWith(".json")
                    && JsonFile.read(file) instanceof JsonFile.Content.Damaged(int line, int column, String message)) {
                JsonFile.Content more = mayTakeMore(context)
                        ? JsonFile.read(file, JsonFile.Form.COMMENTED)
                        : new JsonFile.Content.Damaged(line, column, message);
                if (more instanceof JsonFile.Content.Damaged worse) {
                    return damaged(context, file, worse.line(), worse.column(), worse.message());
                }
                commented.add(new Evidence("%s:%d:%d".formatted(shown, line, column), message));
            } else if (file.toString().endsWith(".toml")
                    && toml(file) instanceof Toml.Damaged(int line, String message)) {
                return damaged(context, file, line, 1, message);
            } else {
                well.add(new Evidence(
                        shown,
                        file.toString().matches(".*\\.(?:json|toml)")
                                ? "valid"
                                : "readable; only JSON and TOML are parsed"));
            }
        }
        if (!commented.isEmpty()) {
            return Result.of(Severity.INFO, "settings.commented", context.name())
                    .proof(commented)
                    .proof(well)
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        return absent.isEmpty()
                ? Result.of(Severity.OK, "settings.well").proof(well).found()
                : Result.of(Severity.INFO, "settings.absent")
                        .proof(absent)
                        .proof(well)
                        .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                        .found();
    }

    /// Python's own JSON is strict; a program for Node often brings a reader that takes comments.
    private static boolean mayTakeMore(DiagnosisContext context) {
        return context.manifest().install().installer() == InstallerKind.NPM;
    }

    private sealed interface Toml {
        record Read() implements Toml {}

        record Damaged(int line, String message) implements Toml {}
    }

    private static Toml toml(Path file) {
        try {
            new TomlMapper().readTree(file);
            return new Toml.Read();
        } catch (JacksonException e) {
            int line = Optional.ofNullable(e.getLocation())
                    .map(TokenStreamLocation::getLineNr)
                    .orElse(0);
            return new Toml.Damaged(
                    Math.max(0, line),
                    e.getOriginalMessage().lines().findFirst().orElse("not TOML"));
        }
    }

    private static Optional<Result> damaged(DiagnosisContext context, Path file, int line, int column, String message) {
        Result result = line > 0
                ? Result.of(Severity.FAILURE, "settings.damaged", line)
                : Result.of(Severity.FAILURE, "settings.unreadable");
        String shown = context.display(file);
        return result.proof(
                        line > 0 ? "%s:%d:%d".formatted(shown, line, column) : shown,
                        message + "; the file was not changed")
                .remedy(new Remedy.Open(
                        file.toString(),
                        line > 0 ? Messages.text("remedy.open-line", line) : Messages.text("remedy.open")))
                .found();
    }

    /// Whether other computers can reach it without signing in.
    static Optional<Result> address(DiagnosisContext context) {
        Optional<Integer> port = context.endpoint().flatMap(EndpointChecks::portOf);
        if (port.isEmpty()
                || !context.hasProcess()
                || context.identityResult().orElse(null) instanceof IdentityResult.No) {
            return Optional.empty();
        }
        List<Listener> all = context.around().listeningSockets().on(port.get());
        // Another program may have the same port on another address.
        List<Listener> own = EndpointChecks.own(context, all);
        List<Listener> listeners = own.isEmpty() ? all : own;
        if (listeners.isEmpty()) {
            return Optional.empty();
        }
        List<Evidence> where = listeners.stream()
                .map(Listener::address)
                .distinct()
                .map(address -> new Evidence("port " + port.get(), "listens on " + address))
                .toList();
        if (listeners.stream().map(Listener::address).allMatch(ConfigurationChecks::isLoopback)) {
            return Result.of(Severity.OK, "address.here").proof(where).found();
        }
        boolean secure = context.endpoint().get().url().startsWith("https:");
        boolean signIn = signIns(context).stream()
                .anyMatch(found -> found.state() == SignIn.State.PRIVATE || found.state() == SignIn.State.OPEN);
        if (secure && signIn) {
            return Result.of(Severity.OK, "address.guarded").proof(where).found();
        }
        String key = signIn ? "address.readable" : "address.open";
        return Result.of(signIn ? Severity.INFO : Severity.WARNING, key)
                .proof(where)
                .proof(
                        context.endpoint().get().url(),
                        secure
                                ? "no sign-in in the manifest"
                                : signIn ? "no TLS" : "no TLS, and no sign-in in the manifest")
                .remedy(new Remedy.Open(context.description(), Messages.text("remedy.narrow")))
                .found();
    }

    /// An address of this computer alone (RFC 1122 3.2.1.3, RFC 4291 2.5.3).
    static boolean isLoopback(String address) {
        String bare = address.replaceFirst("^\\[(.*)]$", "$1").toLowerCase(Locale.ROOT);
        return bare.startsWith("127.")
                || bare.equals("::1")
                || bare.equals("0:0:0:0:0:0:0:1")
                || bare.startsWith("::ffff:127.")
                || bare.equals("localhost");
    }

    /// Whether one of the ways to sign in is in use. The secret itself is never read.
    static Optional<Result> signIn(DiagnosisContext context) {
        if (context.manifest().auth().isEmpty() || !context.isService()) {
            return Optional.empty();
        }
        List<SignIn> all = signIns(context);
        List<Evidence> proof = all.stream()
                .map(found -> new Evidence(found.source(), found.detail()))
                .toList();
        Optional<SignIn> open =
                all.stream().filter(found -> found.state() == SignIn.State.OPEN).findFirst();
        if (open.isPresent()) {
            return Result.of(Severity.WARNING, "sign-in.open")
                    .proof(proof)
                    .remedy(new Remedy.CopyCommand(
                            "chmod 600 " + quoted(open.get().source()), Messages.text("remedy.make-private")))
                    .found();
        }
        if (all.stream().anyMatch(found -> found.state() == SignIn.State.PRIVATE)) {
            return Result.of(Severity.OK, "sign-in.well").proof(proof).found();
        }
        if (all.stream().anyMatch(found -> found.state() == SignIn.State.UNSEEN)) {
            return Result.of(Severity.UNKNOWN, "sign-in.unknown")
                    .proof(proof)
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        return Result.of(Severity.WARNING, "sign-in.none", context.name())
                .proof(proof)
                .remedy(new Remedy.Open(context.description(), Messages.text("remedy.sign-in")))
                .found();
    }

    /// One way to keep strangers out, as it is now.
    ///
    /// @param source the file or variable
    private record SignIn(String source, String detail, State state) {
        enum State {
            PRIVATE,
            OPEN,
            ABSENT,
            /// It may exist; this user may not read its folder.
            UNSEEN
        }
    }

    private static List<SignIn> signIns(DiagnosisContext context) {
        return context.manifest().auth().stream()
                .map(auth -> switch (auth) {
                    case Auth.SecretFile(Path file) -> secretFile(context, file);
                    case Auth.Variable(String name) -> variable(context, name);
                })
                .toList();
    }

    private static SignIn secretFile(DiagnosisContext context, Path file) {
        String shown = context.display(file);
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            if (attributes.size() == 0) {
                return new SignIn(shown, "empty", SignIn.State.ABSENT);
            }
            Privacy privacy = Privacy.of(file);
            return new SignIn(
                    shown,
                    detail(context, attributes, privacy),
                    privacy instanceof Privacy.ReadableByOthers ? SignIn.State.OPEN : SignIn.State.PRIVATE);
        } catch (NoSuchFileException _) {
            return new SignIn(shown, "file does not exist", SignIn.State.ABSENT);
        } catch (IOException _) {
            return new SignIn(shown, "cannot be read", SignIn.State.UNSEEN);
        }
    }

    /// Set in the service's own file, or in the file with its secrets; only the name is looked for.
    private static SignIn variable(DiagnosisContext context, String name) {
        Optional<Path> secrets = context.manifest().service().flatMap(Service::environmentFile);
        if (secrets.filter(file -> names(file, name)).isPresent()) {
            return new SignIn(name, "set in " + context.display(secrets.get()), SignIn.State.PRIVATE);
        }
        if (context.file().isEmpty()) {
            return new SignIn(name, "not set for the service", SignIn.State.ABSENT);
        }
        return context.variables()
                .map(given -> given.by(name)
                        .map(by -> new SignIn(name, "set in " + by, SignIn.State.PRIVATE))
                        .orElseGet(() -> new SignIn(name, "not set for the service", SignIn.State.ABSENT)))
                .orElseGet(() -> new SignIn(name, "could not check the service's environment", SignIn.State.UNSEEN));
    }

    private static boolean names(Path file, String name) {
        Pattern assignment =
                Pattern.compile("^\\s*(?:export\\s+)?" + Pattern.quote(name) + "=\\s*(?!(?:\"\"|'')\\s*$)\\S.*");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.anyMatch(line -> assignment.matcher(line).matches());
        } catch (IOException | UncheckedIOException _) {
            return false;
        }
    }

    private static String detail(DiagnosisContext context, PosixFileAttributes attributes, Privacy privacy) {
        String permissions = PosixFilePermissions.toString(attributes.permissions());
        return privacy instanceof Privacy.PrivateFolder(Path folder)
                ? "%s; other users cannot enter %s".formatted(permissions, context.display(folder))
                : permissions;
    }

    /// Who can access a file.
    private sealed interface Privacy {
        /// Only its owner may read or write it.
        record OwnerOnly() implements Privacy {}

        /// Others may, if they got to it; a folder above it keeps them out.
        record PrivateFolder(Path folder) implements Privacy {}

        /// Others may read or write it.
        record ReadableByOthers() implements Privacy {}

        static Privacy of(Path file) throws IOException {
            Path real = file.toRealPath();
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(real);
            if (permissions.stream().noneMatch(OTHERS::contains)) {
                return new OwnerOnly();
            }
            boolean group = permissions.contains(PosixFilePermission.GROUP_READ)
                    || permissions.contains(PosixFilePermission.GROUP_WRITE);
            for (Path folder = real.getParent(); folder != null; folder = folder.getParent()) {
                Set<PosixFilePermission> passage = Files.getPosixFilePermissions(folder);
                // The groups of file and folder may differ; this assumes the worst.
                boolean passes = passage.contains(PosixFilePermission.OTHERS_EXECUTE)
                        || (group && passage.contains(PosixFilePermission.GROUP_EXECUTE));
                if (!passes) {
                    return new PrivateFolder(folder);
                }
            }
            return new ReadableByOthers();
        }
    }

    static Optional<Result> environmentFile(DiagnosisContext context) {
        Optional<Path> file = context.manifest().service().flatMap(Service::environmentFile);
        if (file.isEmpty() || !context.isService()) {
            return Optional.empty();
        }
        String shown = context.display(file.get());
        if (Files.notExists(file.get())) {
            return Result.of(Severity.FAILURE, "environment-file.gone", context.name())
                    .proof(shown, "file does not exist")
                    .remedy(new Remedy.CopyCommand(
                            "install -m 600 /dev/null " + quoted(file.get().toString()),
                            Messages.text("remedy.make-private-file")))
                    .found();
        }
        try {
            PosixFileAttributes attributes = Files.readAttributes(file.get(), PosixFileAttributes.class);
            if (!attributes
                    .owner()
                    .equals(Files.getOwner(context.around().directories().home()))) {
                return Result.of(Severity.WARNING, "environment-file.not-yours")
                        .proof(shown, "belongs to " + attributes.owner().getName())
                        .remedy(new Remedy.CopyCommand(
                                "sudo chown \"$(id -un)\" " + quoted(file.get().toString()),
                                Messages.text("remedy.make-yours")))
                        .found();
            }
            Privacy privacy = Privacy.of(file.get());
            String detail = detail(context, attributes, privacy);
            Remedy close = new Remedy.CopyCommand(
                    "chmod 600 " + quoted(file.get().toString()), Messages.text("remedy.make-private"));
            return switch (privacy) {
                case Privacy.OwnerOnly _ ->
                    Result.of(Severity.OK, "environment-file.well")
                            .proof(shown, detail)
                            .found();
                case Privacy.PrivateFolder _ ->
                    Result.of(Severity.INFO, "environment-file.by-its-folder")
                            .proof(shown, detail)
                            .remedy(close)
                            .found();
                case Privacy.ReadableByOthers _ ->
                    Result.of(Severity.WARNING, "environment-file.open")
                            .proof(shown, detail)
                            .remedy(close)
                            .found();
            };
        } catch (IOException e) {
            return Result.of(Severity.UNKNOWN, "environment-file.unknown")
                    .proof(shown, "cannot be read")
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
    }

    /// Whether the folder that the service's arguments and variables set is among the data: the manifest, the unit or a
    /// drop-in may have changed since `data` was written.
    static Optional<Result> data(DiagnosisContext context) {
        Manifest manifest = context.manifest();
        Map<String, Path> outside = context.isService()
                ? ServiceStart.dataOutside(
                        context.around().services(),
                        manifest,
                        context.service(),
                        context.around().directories().home())
                : Map.of();
        if (outside.isEmpty()) {
            return Optional.empty();
        }
        Result result = Result.of(Severity.WARNING, "data.elsewhere", context.name());
        for (Map.Entry<String, Path> place : outside.entrySet()) {
            result = result.proof(place.getKey(), "sets " + context.display(place.getValue()));
        }
        return result.proof(
                        "manifest",
                        manifest.data().isEmpty()
                                ? "`data` lists no folder"
                                : "`data` lists "
                                        + manifest.data().stream()
                                                .map(context::display)
                                                .collect(Collectors.joining(", ")))
                .remedy(new Remedy.Open(context.description(), Messages.text("remedy.data")))
                .found();
    }

    /// The path quoted for a shell.
    private static String quoted(String path) {
        // A shell puts the home in the place of a bare `~` only.
        String line = Command.of(Duration.ZERO, path).line();
        return line.equals("'" + path + "'") && path.startsWith("~/")
                ? "~/" + Command.of(Duration.ZERO, path.substring(2)).line()
                : line;
    }
}
