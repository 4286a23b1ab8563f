package io.github.lamplighter.doctor;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a service would start that is certainly not the managed copy. A script or a shell may start anything,
/// so they are left out.
sealed interface ServiceTarget {

    /// Nothing: the program that its file names is not there.
    record NoProgram(Path program) implements ServiceTarget {}

    /// @param program as its file names it
    /// @param copy the install that this program belongs to
    record OtherInstallation(Path program, Provenance copy) implements ServiceTarget {}

    Pattern INTERPRETER = Pattern.compile("(?:.*/)?(?:(?:python|pypy)[0-9.]*|node|nodejs)");

    /// As far as wrappers (`env X=y`, an interpreter and its options) reach.
    int WORDS = 5;

    static Optional<ServiceTarget> of(DiagnosisContext context) {
        List<String> argv = context.around().services().command(context.unit());
        return argv.isEmpty() ? Optional.empty() : missing(argv).or(() -> another(context, argv));
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

    private static Optional<ServiceTarget> another(DiagnosisContext context, List<String> argv) {
        Manifest.Install install = context.manifest().install();
        for (String word : argv.subList(0, Math.min(WORDS, argv.size()))) {
            Optional<Path> program = path(word).filter(Files::exists);
            Optional<Provenance> owner = program.flatMap(path -> context.around().installers().stream()
                    .flatMap(installer -> installer.owner(path).stream())
                    .findFirst());
            if (owner.filter(found -> found.packageName().equals(install.packageName()))
                    .isPresent()) {
                Path mine = context.provenance().map(Provenance::environment).orElse(install.environment());
                return owner.get().environment().equals(mine)
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
