package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.Provenance.Runtime;
import io.github.lamplighter.process.Answer;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.tool.Manifest.RequiredProgram;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.Version.Scheme;
import io.github.lamplighter.version.VersionRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The group *Needs*: the runtime that a tool is tied to, and the programs that it calls.
final class NeedsChecks {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private NeedsChecks() {}

    static Optional<Result> runtime(Subject subject) {
        if (subject.provenance().isEmpty()) {
            return Optional.empty();
        }
        Runtime runtime = subject.provenance().get().runtime();
        String name = title(runtime.name());
        String called = (name + " " + runtime.version()).strip();
        String shown = subject.display(runtime.program());
        if (!Files.isExecutable(runtime.program())) {
            Result result = Result.of(Severity.FAILURE, "runtime.gone", called, subject.name())
                    .proof(shown, "there is no such program");
            return VersionChecks.reinstall(subject)
                    .map(result::remedy)
                    .orElseGet(() -> result.action(subject, "remedy.forget", "forget"))
                    .found();
        }
        String floor = runtime.requires().isBlank()
                ? subject.manifest().requires().runtime().orElse("")
                : runtime.requires();
        if (runtime.version().isBlank()) {
            return Result.of(Severity.UNKNOWN, "runtime.unknown", name)
                    .proof(shown, "it did not say its version")
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        if (floor.isBlank()) {
            return Result.of(Severity.OK, "runtime.well", called)
                    .proof(shown, "version " + runtime.version())
                    .found();
        }
        Scheme scheme = runtime.name().equals("python") ? Scheme.PEP440 : Scheme.SEMVER;
        Optional<VersionRange> range = scheme == Scheme.PEP440 ? VersionRange.pep440(floor) : VersionRange.npm(floor);
        if (range.isEmpty()) {
            return Result.of(Severity.UNKNOWN, "runtime.unclear", called)
                    .proof(shown, "needs " + floor)
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        boolean fits =
                range.get().accepts(Version.parse(scheme, runtime.version().replaceFirst("^v", "")));
        String proof = "version %s; needs %s".formatted(runtime.version(), floor);
        if (fits) {
            return Result.of(Severity.OK, "runtime.well", called)
                    .proof(shown, proof)
                    .found();
        }
        Result result = Result.of(Severity.FAILURE, "runtime.below", subject.name(), name, floor, runtime.version())
                .proof(shown, proof);
        return VersionChecks.reinstall(subject)
                .map(remedy -> result.remedy(new Remedy.CopyCommand(
                        ((Remedy.CopyCommand) remedy).command(), Messages.text("remedy.reinstall-under", name, floor))))
                .orElseGet(() -> result.action(subject, "remedy.forget", "forget"))
                .found();
    }

    /// Whether one required program is there at all; where it is found decides nothing here.
    static Check program(RequiredProgram required) {
        return subject -> {
            Optional<Path> found = anywhere(subject, required.name());
            if (found.isEmpty()) {
                return Result.of(Severity.FAILURE, "program.missing", required.name(), subject.name())
                        .proof(required.name(), "in no folder of the service's PATH or of your shell's")
                        .remedy(install(subject, required))
                        .found();
            }
            String shown = subject.display(found.get());
            if (required.version().isEmpty()) {
                return Result.of(Severity.OK, "program.there", required.name())
                        .proof(shown, "a program")
                        .found();
            }
            List<String> argv = new ArrayList<>(List.of(found.get().toString()));
            argv.addAll(required.versionArguments().isEmpty() ? List.of("--version") : required.versionArguments());
            Answer answer =
                    subject.around().programs().run(Command.of(LIMIT, argv).keeping(4096));
            String said = switch (answer) {
                case Answer.Exited exited -> exited.out().isBlank() ? exited.err() : exited.out();
                case Answer.TimedOut _, Answer.NotStarted _ -> "";
            };
            String floor = required.version().get();
            Optional<Boolean> fits = NumericRange.contains(floor, said);
            String line = said.lines().findFirst().orElse("no answer");
            String source = "%s %s".formatted(shown, String.join(" ", argv.subList(1, argv.size())));
            if (fits.isEmpty()) {
                return Result.of(Severity.UNKNOWN, "program.unclear", required.name())
                        .proof(source, line)
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                        .found();
            }
            return fits.get()
                    ? Result.of(Severity.OK, "program.there", required.name())
                            .proof(source, line)
                            .found()
                    : Result.of(Severity.FAILURE, "program.old", subject.name(), required.name(), floor)
                            .proof(source, line)
                            .remedy(install(subject, required))
                            .found();
        };
    }

    /// What the shell finds and the service does not: the commonest reason why a tool works by hand only.
    static Optional<Result> servicePath(Subject subject) {
        List<RequiredProgram> required = subject.manifest().requires().programs();
        if (required.isEmpty() || !subject.isService() || subject.servicePath().isEmpty()) {
            return Optional.empty();
        }
        String path = subject.servicePath().get();
        Result well = Result.of(Severity.OK, "service-path.well");
        for (RequiredProgram program : required) {
            Optional<Path> there = subject.around().programs().find(program.name(), path);
            if (there.isPresent()) {
                well = well.proof(subject.display(there.get()), "found on the service's PATH");
                continue;
            }
            Optional<Path> elsewhere = anywhere(subject, program.name());
            if (elsewhere.isPresent()) {
                String folder = subject.display(elsewhere.get().resolveSibling(""));
                return Result.of(Severity.FAILURE, "service-path.lacks", program.name())
                        .proof("your shell", subject.display(elsewhere.get()))
                        .proof(subject.unit(), "its PATH lacks " + folder)
                        .action(subject, "remedy.service-path", "service", "install")
                        .found();
            }
        }
        // What is found nowhere is the program's own finding.
        return well.evidence().isEmpty() ? Optional.empty() : well.found();
    }

    private static Optional<Path> anywhere(Subject subject, String name) {
        return subject.servicePath()
                .flatMap(path -> subject.around().programs().find(name, path))
                .or(() -> subject.around().programs().find(name))
                .or(() -> subject.around().programs().find(name, subject.shellPath()));
    }

    private static Remedy install(Subject subject, RequiredProgram program) {
        String system = subject.around().system();
        String command = Optional.ofNullable(program.hints().get(system))
                .map(Foreign::clean)
                .orElseGet(() -> system.equals("macos")
                        ? "brew install " + program.name()
                        : "sudo apt install " + program.name());
        return new Remedy.CopyCommand(command, Messages.text("remedy.install-program", program.name()));
    }

    private static String title(String runtime) {
        return switch (runtime) {
            case "node" -> "Node";
            case "python" -> "Python";
            case "java" -> "Java";
            default -> runtime;
        };
    }
}
