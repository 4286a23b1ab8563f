package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.installer.Provenance.Runtime;
import io.github.lamplighter.process.Answer;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.tool.Manifest.RequiredProgram;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.Version.Scheme;
import io.github.lamplighter.version.VersionRange;
import java.io.IOException;
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
                // A shim that stands for a program that is not there says so with a status.
                case Answer.Exited exited when exited.status() != 0 -> "";
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

    /// What the shell finds and the service does not: the commonest reason why a tool works by hand only. For each
    /// program it is said where both find it.
    static Optional<Result> servicePath(Subject subject) {
        List<RequiredProgram> required = subject.manifest().requires().programs();
        if (required.isEmpty() || !subject.isService() || subject.servicePath().isEmpty()) {
            return Optional.empty();
        }
        String path = subject.servicePath().get();
        List<Evidence> proof = new ArrayList<>();
        List<RequiredProgram> lacking = new ArrayList<>();
        List<RequiredProgram> differing = new ArrayList<>();
        for (RequiredProgram program : required) {
            Optional<Path> there = subject.around().programs().find(program.name(), path);
            Optional<Path> shell =
                    there.isPresent() ? inShell(subject, program.name()) : anywhere(subject, program.name());
            if (there.isEmpty() && shell.isEmpty()) {
                // What is found nowhere is the program's own finding.
                continue;
            }
            proof.add(new Evidence(
                    program.name(), "service: %s; shell: %s".formatted(place(subject, there), place(subject, shell))));
            if (there.isEmpty()) {
                lacking.add(program);
                proof.add(new Evidence(
                        subject.unit(),
                        "its PATH lacks " + subject.display(shell.get().resolveSibling(""))));
            } else if (shell.isPresent() && !isSame(there.get(), shell.get())) {
                differing.add(program);
            }
        }
        if (!lacking.isEmpty()) {
            return subject.remedyOfServiceFile(
                            Result.of(Severity.FAILURE, "service-path.lacks", names(lacking))
                                    .proof(proof),
                            "remedy.service-path")
                    .found();
        }
        if (!differing.isEmpty()) {
            return subject.remedyOfServiceFile(
                            Result.of(Severity.INFO, "service-path.other", names(differing))
                                    .proof(proof),
                            "remedy.service-path")
                    .found();
        }
        return proof.isEmpty()
                ? Optional.empty()
                : Result.of(Severity.OK, "service-path.well").proof(proof).found();
    }

    private static String names(List<RequiredProgram> programs) {
        return programs.size() == 1 ? programs.getFirst().name() : programs.size() + " programs";
    }

    private static String place(Subject subject, Optional<Path> found) {
        return found.map(subject::display).orElse("not found");
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException _) {
            return one.equals(other);
        }
    }

    /// Where the shell finds it, by what it said when it was last asked; nobody is asked anew.
    private static Optional<Path> inShell(Subject subject, String name) {
        return subject.around()
                .shell()
                .kept()
                .flatMap(answer -> subject.around().programs().find(name, answer.value()));
    }

    private static Optional<Path> anywhere(Subject subject, String name) {
        return subject.servicePath()
                .flatMap(path -> subject.around().programs().find(name, path))
                .or(() -> inShell(subject, name))
                .or(() -> subject.around().programs().find(name))
                .or(() -> subject.around().programs().find(name, subject.shellPath()));
    }

    private static Remedy install(Subject subject, RequiredProgram program) {
        String system = subject.around().system();
        Optional<String> installer = switch (system) {
            case "macos" -> Optional.of("brew install ");
            case "debian" -> Optional.of("sudo apt install ");
            case "fedora" -> Optional.of("sudo dnf install ");
            case "arch" -> Optional.of("sudo pacman -S ");
            case "alpine" -> Optional.of("sudo apk add ");
            case "suse" -> Optional.of("sudo zypper install ");
            default -> Optional.empty();
        };
        return Optional.ofNullable(program.hints().get(system))
                .map(Foreign::clean)
                .or(() -> installer.map(start -> start + program.name()))
                .<Remedy>map(command ->
                        new Remedy.CopyCommand(command, Messages.text("remedy.install-program", program.name())))
                .orElseGet(() -> new Remedy.Wait(Messages.text("remedy.install-yourself", program.name())));
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
