package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.file.UnreadableFolders;
import io.github.lamplighter.installer.DatedPackage;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.Shebang;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.version.Version;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The group *Version*: the installed and the running version. [UpdateChecks] has its other part.
final class VersionChecks {

    /// So many of what is lacking are named.
    private static final int SOME = 5;

    private VersionChecks() {}

    /// What the user's shell would start: the launcher, followed to a program that can be run.
    static Optional<Result> launcher(DiagnosisContext context) {
        Path program = context.manifest().install().program();
        String shown = context.display(program);
        Shebang shebang = Shebang.of(program);
        Optional<String> lookedUp = shebang.program()
                .filter(name -> RequirementChecks.anywhere(context, name).isEmpty());
        boolean starts = shebang.missing().isEmpty() && lookedUp.isEmpty() && !shebang.carriageReturn();
        Optional<Result> another = starts ? startsAnother(context, program, shown) : Optional.empty();
        if (another.isPresent()) {
            return another;
        }
        if (Files.isRegularFile(program) && Files.isExecutable(program) && starts) {
            return Result.of(Severity.OK, "launcher.well", context.manifest().command())
                    .proof(shown, target(context, program))
                    .found();
        }
        Optional<Path> closed = UnreadableFolders.on(program);
        if (RequirementChecks.nodeThatIsGone(context).isPresent()) {
            return Optional.empty(); // it took this along, and is what is told
        }
        if (closed.isPresent()) {
            return unseen(
                    context, "launcher.unseen", closed.get(), context.manifest().command());
        }
        if (shebang.missing()
                .filter(interpreter -> runsWithWhatIsGone(context, interpreter))
                .isPresent()) {
            return Optional.empty(); // that its Python is gone says it
        }
        if (lookedUp.isPresent() && context.shell() instanceof LoginShell.Answer.Fallback(var _, String why)) {
            return Result.of(
                            Severity.UNKNOWN,
                            "launcher.unseen",
                            context.manifest().command())
                    .proof(
                            shown,
                            "its first line asks `env` for %s, which is not in Lamplighter's own PATH"
                                    .formatted(lookedUp.get()))
                    .proof("your shell", why)
                    .remedy(new Remedy.CopyCommand(
                            "command -v " + Command.quoted(lookedUp.get()), Messages.text("remedy.look-in-shell")))
                    .found();
        }
        Result result;
        if (shebang.carriageReturn()) {
            result = Result.of(
                            Severity.FAILURE,
                            "launcher.carriage-return",
                            context.manifest().command())
                    .proof(shown, "its first line ends in a carriage return, as on Windows");
        } else if (shebang.missing().isPresent() || lookedUp.isPresent()) {
            result = Result.of(
                            Severity.FAILURE,
                            "launcher.interpreter",
                            context.manifest().command())
                    .proof(
                            shown,
                            shebang.missing()
                                    .map("its interpreter %s does not exist"::formatted)
                                    .orElseGet(() -> "its first line asks `env` for %s, which is not in your PATH"
                                            .formatted(lookedUp.orElse(""))));
        } else if (!Files.exists(program, LinkOption.NOFOLLOW_LINKS)) {
            result = Result.of(
                            Severity.FAILURE,
                            "launcher.gone",
                            context.manifest().command())
                    .proof(shown, "file does not exist");
        } else if (!Files.exists(program)) {
            result = Result.of(
                            Severity.FAILURE,
                            "launcher.nowhere",
                            context.manifest().command())
                    .proof(shown, target(context, program) + ", which does not exist")
                    .proof(brokenLink(context, program));
        } else {
            result = Result.of(
                            Severity.FAILURE,
                            "launcher.not-runnable",
                            context.manifest().command())
                    .proof(shown, "not executable");
        }
        if (lookedUp.isPresent()) {
            result = result.remedy(RequirementChecks.install(
                    context, new Manifest.RequiredProgram(lookedUp.get(), Optional.empty(), List.of(), Map.of())));
        }
        return RepairRemedies.again(context, result).found();
    }

    /// Another package manager took the name: what is managed is not what the user's shell starts.
    private static Optional<Result> startsAnother(DiagnosisContext context, Path program, String shown) {
        Optional<Provenance> owner = context.around().installers().stream()
                .flatMap(installer -> installer.owner(program).stream())
                .findFirst();
        Optional<Provenance> managed = context.provenance();
        if (owner.isEmpty()
                || managed.isEmpty()
                || owner.get().environment().equals(managed.get().environment())) {
            return Optional.empty();
        }
        Result result = Result.of(
                        Severity.WARNING,
                        "launcher.another-copy",
                        context.manifest().command())
                .proof(
                        shown,
                        "%s, which is %s %s, installed with %s"
                                .formatted(
                                        target(context, program),
                                        owner.get().packageName(),
                                        owner.get().version(),
                                        owner.get().installer().word()))
                .proof(
                        context.description(),
                        "describes the installation in %s"
                                .formatted(context.display(managed.get().environment())));
        return RepairRemedies.follow(context, result, program).found();
    }

    private static boolean runsWithWhatIsGone(DiagnosisContext context, Path interpreter) {
        return context.provenance()
                .filter(found -> interpreter.startsWith(found.environment())
                        && Files.notExists(found.runtime().program()))
                .isPresent();
    }

    static Optional<Result> installedVersion(DiagnosisContext context) {
        return context.provenance()
                .map(found -> found.version().isBlank()
                        ? unread(context, found)
                        : Result.of(Severity.OK, "installed-version.known", found.version())
                                .proof(found.evidence()))
                .or(() -> UnreadableFolders.on(context.manifest().install().environment())
                        .flatMap(closed -> unseen(context, "installed-version.unknown", closed)))
                .or(() -> {
                    if (RequirementChecks.nodeThatIsGone(context).isPresent()) {
                        return Optional.empty(); // it took this along, and is what is told
                    }
                    Optional<Provenance> successor = successor(context);
                    Result result = Result.of(Severity.FAILURE, "installed-version.gone")
                            .proof(
                                    context.display(context.manifest().install().environment()),
                                    "no installation of %s found"
                                            .formatted(
                                                    context.manifest().install().packageName()));
                    return successor
                            .map(there -> result.proof(
                                            context.display(there.program()),
                                            "%s %s".formatted(there.packageName(), there.version()))
                                    .remedy(RepairRemedies.moveTo(
                                            context, there.program(), context.display(there.environment()))))
                            .orElseGet(() -> RepairRemedies.again(context, result))
                            .found();
                });
    }

    /// The installation that took the place of one that is gone, such as the next version of a version manager: the
    /// one that the user's shell starts, or the only one.
    private static Optional<Provenance> successor(DiagnosisContext context) {
        Manifest.Install install = context.manifest().install();
        List<Provenance> others = context.around().installers().stream()
                .filter(installer -> installer.kind() == install.installer())
                .flatMap(installer -> installer.installed().stream())
                .filter(other -> other.packageName().equals(install.packageName()))
                .filter(other -> Files.isExecutable(
                        other.program().resolveSibling(install.program().getFileName())))
                .toList();
        Optional<Path> shell =
                RequirementChecks.anywhere(context, context.manifest().command());
        return others.stream()
                .filter(other -> shell.filter(found ->
                                found.startsWith(String.valueOf(other.program().getParent())))
                        .isPresent())
                .findFirst()
                .or(() -> others.size() == 1 ? Optional.of(others.getFirst()) : Optional.empty());
    }

    private static Optional<Result> unseen(DiagnosisContext context, String key, Path closed, Object... words) {
        return Result.of(Severity.UNKNOWN, key, words)
                .proof(context.display(closed), "you cannot read this folder")
                .remedy(new Remedy.CopyCommand(
                        Command.of(Duration.ZERO, "ls", "-ld", closed.toString())
                                .line(),
                        Messages.text("remedy.who-owns")))
                .found();
    }

    /// A version that cannot be read is no version that agrees with another.
    private static Result unread(DiagnosisContext context, Provenance found) {
        Result result = Result.of(Severity.UNKNOWN, "installed-version.unknown");
        // Where its record is in doubt, what to install again is as well.
        return found.origin() instanceof Origin.Unknown unknown && isInDoubt(unknown)
                ? result.proof(found.installer().word(), unknown.why())
                        .proof(found.evidence())
                        .remedy(folder(found))
                : RepairRemedies.again(context, result.proof(found.evidence()));
    }

    /// Whether there is a record of where it came from that cannot be believed.
    static boolean isInDoubt(Origin.Unknown unknown) {
        return switch (unknown.cause()) {
            case NOT_RECORDED, NOT_FOLLOWED -> false;
            case NOT_AGREED, NOT_READ -> true;
        };
    }

    static Remedy folder(Provenance found) {
        return new Remedy.Open(found.environment().toString(), Messages.text("remedy.open-folder"));
    }

    /// What is installed by its record, and does not start: nothing else on disk tells.
    static Optional<Result> parts(DiagnosisContext context) {
        return context.provenance().flatMap(found -> {
            MissingParts missingParts = context.around().installers().stream()
                    .filter(installer -> installer.kind() == found.installer())
                    .findFirst()
                    .map(installer -> installer.missingParts(found))
                    .orElse(MissingParts.NOTHING);
            if (!missingParts.files().isEmpty()) {
                return RepairRemedies.again(
                                context,
                                Result.of(Severity.FAILURE, "parts.files", context.name())
                                        .proof(missingParts.files()))
                        .found();
            }
            List<Evidence> packages = missingParts.packages();
            return packages.isEmpty()
                    ? Optional.empty()
                    : RepairRemedies.again(
                                    context,
                                    Result.of(
                                                    Severity.WARNING,
                                                    packages.size() == 1 ? "parts.package" : "parts.packages",
                                                    packages.size())
                                            .proof(packages.stream().limit(SOME).toList()))
                            .found();
        });
    }

    static Optional<Result> runningVersion(DiagnosisContext context) {
        if (context.provenance().isEmpty()
                || !context.hasProcess()
                // Another process that responds there has its own version.
                || context.identityResult().orElse(null) instanceof IdentityResult.No) {
            return Optional.empty();
        }
        Provenance found = context.provenance().get();
        Optional<Manifest.JsonAnswer> asked = context.endpoint().flatMap(Manifest.Endpoint::version);
        if (asked.isEmpty()) {
            return older(context, found).or(() -> replaced(context));
        }
        String installed = found.version();
        String source = asked.get().path();
        Optional<String> running =
                context.around().endpoints().version(context.endpoint().get()).map(UntrustedText::masked);
        if (running.filter(version -> !isSame(context, version, installed)).isPresent()) {
            return other(context, found, plain(running.get()))
                    .proof(source, "version " + running.get())
                    .proof(found.evidence())
                    .found();
        }
        return older(context, found)
                .or(() -> replaced(context))
                .or(() -> running.map(version -> Result.of(Severity.OK, "running-version.same", installed)
                        .proof(source, "version " + version)))
                .or(() -> Result.of(Severity.UNKNOWN, "running-version.unknown")
                        .proof(source, "the response contains no version")
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                        .found());
    }

    /// A process that began after its files were put in place would say the same again after a restart.
    private static Result other(DiagnosisContext context, Provenance found, String running) {
        Optional<Instant> installed = later(context, found, Instant.EPOCH).stream()
                .filter(one -> one.name().equals(found.packageName()))
                .findFirst()
                .map(DatedPackage::installedAt);
        boolean hasBegunSince = context.service()
                .since()
                .filter(since -> installed.filter(since::isAfter).isPresent())
                .isPresent();
        return hasBegunSince
                ? Result.of(Severity.WARNING, "running-version.reported", running, found.version())
                        .remedy(new Remedy.Open(context.description(), Messages.text("remedy.check-version")))
                : Result.of(Severity.WARNING, "running-version.other", running, found.version())
                        .action(context, "remedy.restart", "restart");
    }

    /// This much is sure, whatever version a tool tells: a process that began before a package was put in place runs
    /// what was there before.
    private static Optional<Result> older(DiagnosisContext context, Provenance found) {
        // What cannot be named is told by the check of the installed version.
        Optional<Instant> began =
                context.service().since().filter(_ -> !found.version().isBlank());
        // systemd reports whole seconds.
        List<DatedPackage> later =
                began.map(since -> later(context, found, since.plusSeconds(2))).orElse(List.of());
        if (later.isEmpty()) {
            return Optional.empty();
        }
        DatedPackage first = later.getFirst();
        boolean isTool = first.name().equals(found.packageName());
        Result result = isTool
                ? Result.of(Severity.WARNING, "running-version.older", found.version())
                : later.size() == 1
                        ? Result.of(Severity.WARNING, "running-version.package", first.name())
                        : Result.of(Severity.WARNING, "running-version.packages", later.size());
        return result.proof(context.unit(), "running since " + context.second(began.get()))
                .proof(later.stream()
                        .limit(isTool ? 1 : SOME)
                        .map(one -> new Evidence(
                                "%s %s".formatted(one.name(), one.version()).strip(),
                                "installed on " + context.second(one.installedAt())))
                        .toList())
                .action(context, "remedy.restart", "restart")
                .found();
    }

    /// The interpreter, or a program of its own, that an upgrade of the system or of uv's Python replaced.
    private static Optional<Result> replaced(DiagnosisContext context) {
        return context.service()
                .pid()
                .flatMap(pid -> context.around().processTable().replacedProgram(pid))
                .map(program -> Result.of(Severity.WARNING, "running-version.replaced", context.display(program))
                        .proof(context.display(program), "deleted or replaced since the start")
                        .action(context, "remedy.restart", "restart"));
    }

    private static List<DatedPackage> later(DiagnosisContext context, Provenance found, Instant moment) {
        return context.around().installers().stream()
                .filter(installer -> installer.kind() == found.installer())
                .findFirst()
                .map(installer -> installer.installedAfter(found, moment))
                .orElse(List.of());
    }

    /// `v0.9.4` is 0.9.4, and 1.1.0-rc1 is 1.1.0rc1 to Python.
    private static boolean isSame(DiagnosisContext context, String running, String installed) {
        Version.Scheme scheme = context.manifest().install().installer() == InstallerKind.NPM
                ? Version.Scheme.SEMVER
                : Version.Scheme.PEP440;
        return running.equals(installed)
                || Version.parse(scheme, plain(running)).isSameAs(Version.parse(scheme, plain(installed)));
    }

    private static String plain(String version) {
        return version.replaceFirst("^[vV](?=[0-9])", "");
    }

    /// The link on the way to a program that leads nowhere, such as the folder of `npm link`.
    private static List<Evidence> brokenLink(DiagnosisContext context, Path program) {
        Path place = program;
        try {
            place = program.resolveSibling(Files.readSymbolicLink(program)).normalize();
        } catch (java.io.IOException e) {
            return List.of();
        }
        for (Path at = place; at != null; at = at.getParent()) {
            if (Files.isSymbolicLink(at)) {
                return List.of(new Evidence(context.display(at), target(context, at) + ", which does not exist"));
            }
        }
        return List.of();
    }

    private static String target(DiagnosisContext context, Path program) {
        try {
            return Files.isSymbolicLink(program)
                    ? "links to "
                            + context.display(program.resolveSibling(Files.readSymbolicLink(program))
                                    .normalize())
                    : "executable";
        } catch (java.io.IOException e) {
            return "the link cannot be read";
        }
    }
}
