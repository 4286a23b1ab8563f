package io.github.lamplighter.service;

import io.github.lamplighter.file.UnreadableFolders;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What a service would start that is certainly not the managed copy. A script or a shell may start anything,
/// so they are left out.
public sealed interface ServiceTarget {

    /// Nothing: the program that its file names is not there.
    record NoProgram(Path program) implements ServiceTarget {}

    /// @param program as its file names it
    /// @param copy the install that this program belongs to
    record OtherInstallation(Path program, Provenance copy) implements ServiceTarget {}

    Pattern INTERPRETER = Pattern.compile("(?:.*/)?(?:(?:python|pypy)[0-9.]*|node|nodejs)");

    /// As far as wrappers (`env X=y`, an interpreter and its options) reach.
    int WORDS = 5;

    /// @param environment of the managed copy
    static Optional<ServiceTarget> of(
            ServiceManager manager,
            String unit,
            List<Installer> installers,
            Manifest.Install install,
            Path environment) {
        List<String> argv = manager.command(unit);
        return argv.isEmpty()
                ? Optional.empty()
                : missing(argv).or(() -> another(argv, installers, install, environment));
    }

    /// A process in the service's control group is no copy of the managed one if the service started it from another
    /// installation. A file that is newer than the process says nothing about it.
    ///
    /// @param files the service file and its drop-ins
    static IdentityResult confirmed(
            IdentityResult result,
            Optional<ServiceTarget> target,
            ServiceState state,
            List<Path> files,
            Function<Path, String> display) {
        return result instanceof IdentityResult.Yes yes
                        && target.orElse(null) instanceof OtherInstallation other
                        && isSince(state, files)
                ? new IdentityResult.No("%s, which starts %s".formatted(yes.detail(), display.apply(other.program())))
                : result;
    }

    /// systemd reports whole seconds.
    private static boolean isSince(ServiceState state, List<Path> files) {
        return state.since()
                .filter(began -> files.stream()
                        .allMatch(file -> changed(file)
                                .filter(began.plusSeconds(1)::isAfter)
                                .isPresent()))
                .isPresent();
    }

    private static Optional<Instant> changed(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Optional<ServiceTarget> missing(List<String> argv) {
        Optional<Path> first = path(argv.getFirst()).filter(ServiceTarget::isGone);
        // `node /usr/lib/node_modules/x/bin/x`
        return first.or(() ->
                        argv.size() > 1 && INTERPRETER.matcher(argv.getFirst()).matches()
                                ? path(argv.get(1)).filter(ServiceTarget::isGone)
                                : Optional.empty())
                .map(NoProgram::new);
    }

    private static boolean isGone(Path program) {
        return Files.notExists(program) && UnreadableFolders.on(program).isEmpty();
    }

    private static Optional<ServiceTarget> another(
            List<String> argv, List<Installer> installers, Manifest.Install install, Path environment) {
        for (String word : argv.subList(0, Math.min(WORDS, argv.size()))) {
            Optional<Path> program = path(word).filter(Files::exists);
            Optional<Provenance> owner = program.flatMap(path -> installers.stream()
                    .flatMap(installer -> installer.owner(path).stream())
                    .findFirst());
            if (owner.filter(found -> found.packageName().equals(install.packageName()))
                    .isPresent()) {
                return owner.get().environment().equals(environment)
                        ? Optional.empty()
                        : Optional.of(new OtherInstallation(program.get(), owner.get()));
            }
        }
        return Optional.empty();
    }

    /// A specifier of systemd's that is not put in by us (`%S`) could stand for anything.
    private static Optional<Path> path(String word) {
        try {
            return word.startsWith("/") && word.indexOf('%') < 0
                    ? Optional.of(Path.of(word).normalize())
                    : Optional.empty();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
