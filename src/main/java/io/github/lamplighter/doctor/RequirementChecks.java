package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.NodeVersionFolder;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.Provenance.Runtime;
import io.github.lamplighter.installer.python.PythonInterpreters;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.Shebang;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.RequiredProgram;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.Version.Scheme;
import io.github.lamplighter.version.VersionRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The group *Requirements*: the runtime of a tool and the programs that it depends on.
final class RequirementChecks {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private RequirementChecks() {}

    static Optional<Result> runtime(DiagnosisContext context) {
        if (context.provenance().isEmpty()) {
            return nodeThatIsGone(context).map(node -> gone(context, node));
        }
        Runtime runtime = context.provenance().get().runtime();
        String name = title(runtime.name());
        String called = (name + " " + runtime.version()).strip();
        String shown = context.display(runtime.program());
        if (!Files.isExecutable(runtime.program())) {
            Result result = Result.of(Severity.FAILURE, "runtime.gone", called, context.name())
                    .proof(shown, "program does not exist");
            return RepairRemedies.under(context, result, name, runtime.requires())
                    .found();
        }
        Optional<String> moved = PythonInterpreters.became(context.provenance().get());
        if (moved.isPresent()) {
            Result result = Result.of(Severity.FAILURE, "runtime.moved", called, moved.get())
                    .proof(
                            context.display(
                                    context.provenance().get().environment().resolve("bin/python")),
                            "links to Python %s; the packages were installed for %s"
                                    .formatted(moved.get(), runtime.version()));
            return RepairRemedies.again(context, result).found();
        }
        String floor = runtime.requires().isBlank()
                ? context.manifest().requires().runtime().orElse("")
                : runtime.requires();
        if (runtime.version().isBlank()) {
            return Result.of(Severity.UNKNOWN, "runtime.unknown", name)
                    .proof(shown, "reported no version")
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        if (floor.isBlank()) {
            return Result.of(Severity.OK, "runtime.well", called)
                    .proof(shown, "version " + runtime.version())
                    .found();
        }
        Optional<Boolean> fits = fits(runtime, floor);
        String proof = "version %s; needs %s".formatted(runtime.version(), floor);
        if (fits.isEmpty()) {
            return Result.of(Severity.UNKNOWN, "runtime.unclear", called)
                    .proof(shown, proof)
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        if (fits.get()) {
            return Result.of(Severity.OK, "runtime.well", called)
                    .proof(shown, proof)
                    .found();
        }
        Result result = Result.of(Severity.FAILURE, "runtime.below", context.name(), name, floor, runtime.version())
                .proof(shown, proof);
        return RepairRemedies.under(context, result, name, floor).found();
    }

    /// Whether the Python or Node of the tool was removed, or replaced by a Python that does not find its packages.
    static boolean isRuntimeGone(DiagnosisContext context) {
        return context.provenance()
                .map(install -> !Files.isExecutable(install.runtime().program())
                        || PythonInterpreters.became(install).isPresent())
                .orElseGet(() -> nodeThatIsGone(context).isPresent());
    }

    /// Compares a version with `floor` by the rules of the runtime; empty if either cannot be read.
    private static Optional<Boolean> fits(Runtime runtime, String floor) {
        String version = runtime.version().replaceFirst("^v", "");
        return switch (runtime.name()) {
            case "python" ->
                VersionRange.pep440(floor).flatMap(range -> range.contains(Version.parse(Scheme.PEP440, version)));
            case "node" ->
                VersionRange.engines(floor).flatMap(range -> range.contains(Version.parse(Scheme.SEMVER, version)));
            case "java" ->
                VersionRange.numeric(floor).flatMap(range -> range.contains(Version.parse(Scheme.JAVA, version)));
            default -> fits(version, floor);
        };
    }

    private static Optional<Boolean> fits(String said, String floor) {
        return VersionRange.numeric(floor).flatMap(range -> range.contains(Version.parse(Scheme.NUMERIC, said)));
    }

    /// The Node of a package that was removed with it: version managers (nvm, fnm, mise) delete the global
    /// packages of a Node together with it.
    static Optional<NodeVersionFolder> nodeThatIsGone(DiagnosisContext context) {
        Manifest.Install install = context.manifest().install();
        return context.provenance().isPresent() || install.installer() != InstallerKind.NPM
                ? Optional.empty()
                : NodeVersionFolder.of(install.program()).filter(NodeVersionFolder::isGone);
    }

    /// Under another one the tool can be had again: first it is installed there, then its description follows.
    private static Result gone(DiagnosisContext context, NodeVersionFolder node) {
        Manifest.Install install = context.manifest().install();
        Optional<Provenance> last = context.around().lastSeen().apply(context.manifest());
        Result result = Result.of(Severity.FAILURE, "runtime.node-gone", node.version(), context.name())
                .proof(
                        context.display(node.folder()),
                        "removed, together with %s"
                                .formatted((install.packageName() + " "
                                                + last.map(Provenance::version).orElse(""))
                                        .strip()))
                .proof(context.hasProcess() ? ProcessChecks.evidence(context.service()) : List.of());
        Path launcher = Path.of("bin").resolve(install.program().getFileName());
        return node.others().stream()
                .filter(other -> Files.isExecutable(other.folder().resolve(launcher)))
                .findFirst()
                .map(other -> result.remedy(new Remedy.CopyCommand(
                        Command.of(
                                        Duration.ZERO,
                                        "lamplighter",
                                        "add",
                                        context.name(),
                                        "--program",
                                        other.folder().resolve(launcher).toString())
                                .line(),
                        Messages.text("remedy.move", context.name(), other.version()))))
                .orElseGet(() -> RepairRemedies.under(
                        context,
                        result,
                        title("node"),
                        last.map(seen -> seen.runtime().requires()).orElse("")));
    }

    /// Whether one required program is there at all; where it is found decides nothing here.
    static Check program(RequiredProgram required) {
        return context -> {
            Optional<Path> found = anywhere(context, required.name());
            if (found.isEmpty() && context.shell() instanceof LoginShell.Answer.Fallback(var _, String why)) {
                // Where the shell looks is not known, so neither is whether it is there.
                return Result.of(Severity.UNKNOWN, "program.unseen", required.name())
                        .proof(required.name(), "not found in the service's PATH or Lamplighter's own")
                        .proof("your shell", why)
                        .remedy(new Remedy.CopyCommand(
                                "command -v " + Command.quoted(required.name()), Messages.text("remedy.look-in-shell")))
                        .found();
            }
            if (found.isEmpty()) {
                return Result.of(Severity.FAILURE, "program.missing", required.name(), context.name())
                        .proof(required.name(), "not found in the service's PATH or your shell's PATH")
                        .remedy(install(context, required))
                        .found();
            }
            String shown = context.display(found.get());
            if (required.version().isEmpty()) {
                return Result.of(Severity.OK, "program.there", required.name())
                        .proof(shown, "executable")
                        .found();
            }
            List<String> argv = new ArrayList<>(List.of(found.get().toString()));
            argv.addAll(required.versionArguments().isEmpty() ? List.of("--version") : required.versionArguments());
            ProcessResult result =
                    context.around().runner().run(Command.of(LIMIT, argv).keeping(4096));
            String said = switch (result) {
                // A shim that stands for a program that is not there says so with a status.
                case ProcessResult.Exited exited when exited.status() != 0 -> "";
                case ProcessResult.Exited exited -> exited.out().isBlank() ? exited.err() : exited.out();
                case ProcessResult.TimedOut _, ProcessResult.NotStarted _ -> "";
            };
            String floor = required.version().get();
            Optional<Boolean> fits = fits(said, floor);
            String line = said.lines()
                    .filter(text -> !text.isBlank())
                    .findFirst()
                    .orElseGet(() -> switch (result) {
                        case ProcessResult.Exited exited ->
                            "exited with code %d and printed no version".formatted(exited.status());
                        case ProcessResult.TimedOut _ -> "timed out after %d s".formatted(LIMIT.toSeconds());
                        case ProcessResult.NotStarted notStarted -> notStarted.reason();
                    });
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
                    : Result.of(Severity.FAILURE, "program.old", context.name(), required.name(), floor)
                            .proof(source, line)
                            .remedy(install(context, required))
                            .found();
        };
    }

    /// Compares where the shell and the service find each program: the most common reason why a tool works in
    /// a terminal only.
    static Optional<Result> servicePath(DiagnosisContext context) {
        if (!context.isService() || context.file().isEmpty()) {
            return Optional.empty();
        }
        List<RequiredProgram> required =
                new ArrayList<>(context.manifest().requires().programs());
        // A service that is started by a program of its own, such as a wrapper, needs none of this.
        List<String> argv = context.around().services().command(context.unit());
        Path launcher = context.manifest().install().program();
        Optional<String> interpreter = !argv.isEmpty() && argv.getFirst().equals(launcher.toString())
                ? Shebang.of(launcher)
                        .program()
                        .filter(name -> required.stream()
                                .noneMatch(program -> program.name().equals(name)))
                : Optional.empty();
        interpreter.ifPresent(name -> required.add(new RequiredProgram(name, Optional.empty(), List.of(), Map.of())));
        if (required.isEmpty()) {
            return Optional.empty();
        }
        if (context.servicePath().isEmpty()) {
            return Result.of(Severity.UNKNOWN, "service-path.unknown")
                    .proof(context.unit(), "the PATH of the service is unknown")
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
        String path = context.servicePath().get();
        List<Evidence> proof = new ArrayList<>();
        List<RequiredProgram> lacking = new ArrayList<>();
        List<RequiredProgram> differing = new ArrayList<>();
        for (RequiredProgram program : required) {
            Optional<Path> there = context.around().runner().find(program.name(), path);
            ProgramLookup shell = inShell(context, program.name(), there.isEmpty());
            if (there.isEmpty() && shell.found().isEmpty()) {
                // The check of the program itself reports one that is missing everywhere.
                continue;
            }
            proof.add(new Evidence(
                    program.name(),
                    "service: %s; %s: %s"
                            .formatted(place(context, there), shell.where(), place(context, shell.found()))));
            if (there.isEmpty()) {
                lacking.add(program);
                proof.add(new Evidence(
                        context.unit(),
                        whyNot(context, program.name(), path, shell.found().get())));
            } else if (shell.found().isPresent()
                    // A tool keeps the Node that it was installed with.
                    && interpreter.filter(program.name()::equals).isEmpty()
                    && !isSame(there.get(), shell.found().get())) {
                differing.add(program);
            }
        }
        if (!lacking.isEmpty()) {
            return ServiceRemedies.path(
                            context,
                            Result.of(Severity.FAILURE, "service-path.lacks", names(lacking))
                                    .proof(proof),
                            "remedy.service-path")
                    .found();
        }
        if (!differing.isEmpty()) {
            return ServiceRemedies.path(
                            context,
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

    private static String place(DiagnosisContext context, Optional<Path> found) {
        return found.map(context::display).orElse("not found");
    }

    /// What keeps a service from finding what lies elsewhere.
    private static String whyNot(DiagnosisContext context, String name, String path, Path elsewhere) {
        for (String folder : path.split(":", -1)) {
            if (folder.startsWith("/")) {
                Path candidate = Path.of(folder, name);
                if (Files.exists(candidate, LinkOption.NOFOLLOW_LINKS)) {
                    return context.display(candidate)
                            + (Files.exists(candidate) ? " is not executable" : " is a broken link");
                }
            }
        }
        return "the service's PATH lacks " + context.display(elsewhere.resolveSibling(""));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException _) {
            return one.equals(other);
        }
    }

    /// Where a program is found outside the service.
    ///
    /// @param where `shell`, or why another source was used
    private record ProgramLookup(Optional<Path> found, String where) {}

    /// Starts the shell only if there is no earlier result, or if that one would report a missing program:
    /// start-up files take time and have effects.
    private static ProgramLookup inShell(DiagnosisContext context, String name, boolean decides) {
        Optional<LoginShell.Answer> kept = context.around().shell().kept();
        Optional<ProgramLookup> earlier = kept.map(answer -> sight(context, name, answer));
        return earlier.filter(programLookup -> !decides || programLookup.found().isPresent())
                .orElseGet(() -> sight(context, name, context.shell()));
    }

    private static ProgramLookup sight(DiagnosisContext context, String name, LoginShell.Answer answer) {
        return new ProgramLookup(
                context.around().runner().find(name, answer.value()),
                switch (answer) {
                    case LoginShell.Answer.Found _ -> "shell";
                    case LoginShell.Answer.Fallback(var _, String why) ->
                        "here (%s)".formatted(why.replaceFirst("\\.$", ""));
                });
    }

    static Optional<Path> anywhere(DiagnosisContext context, String name) {
        return context.servicePath()
                .flatMap(path -> context.around().runner().find(name, path))
                .or(() -> context.around()
                        .shell()
                        .kept()
                        .flatMap(answer -> context.around().runner().find(name, answer.value())))
                .or(() -> context.around().runner().find(name))
                .or(() -> context.around().runner().find(name, context.shell().value()));
    }

    /// The hint of the manifest for this system; otherwise a package of this system, in a sufficient version.
    static Remedy install(DiagnosisContext context, RequiredProgram program) {
        SystemPackages packages = context.around().packages();
        Optional<Remedy> install = Optional.ofNullable(
                        program.hints().get(context.around().system().hints()))
                .map(UntrustedText::masked)
                .or(() -> packages.of(program.name())
                        .filter(packageOffer -> program.version()
                                .map(floor -> packageOffer
                                        .version()
                                        .flatMap(version -> fits(version, floor))
                                        .orElse(false))
                                .orElse(true))
                        .map(SystemPackages.PackageOffer::command))
                .map(command ->
                        new Remedy.CopyCommand(command, Messages.text("remedy.install-program", program.name())));
        String look = Messages.text(
                program.version().isPresent() ? "remedy.look-up-version" : "remedy.look-up",
                program.name(),
                program.version().orElse(""));
        return install.or(() -> packages.search(program.name()).map(search -> new Remedy.CopyCommand(search, look)))
                .orElseGet(() -> new Remedy.Wait(look));
    }

    static String title(String runtime) {
        return switch (runtime) {
            case "node" -> "Node";
            case "python" -> "Python";
            case "java" -> "Java";
            default -> runtime;
        };
    }
}
