package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.RepairCommands.Need;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Remedies for a broken install: the package manager's own command, to copy. The doctor reinstalls nothing.
/// Each installer builds the command from its records; if it has none, a sentence describes the repair.
final class RepairRemedies {

    private RepairRemedies() {}

    /// The same again.
    static Result again(DiagnosisContext context, Result result) {
        Optional<RepairCommands> way = byHand(context, new Need.Reinstall());
        Result told = offer(context, result, way, Messages.text("remedy.reinstall"));
        return way.orElse(null) instanceof RepairCommands.Commands ? told : orForget(context, told);
    }

    /// The same under another Python or Node.
    ///
    /// @param runtime `Node`, `Python`
    /// @param range which versions of it do; empty when any does
    static Result under(DiagnosisContext context, Result result, String runtime, String range) {
        Optional<RepairCommands> way = byHand(context, new Need.UnsuitableRuntime(range));
        Result told = offer(
                context,
                result,
                way,
                Messages.text("remedy.reinstall-under", runtime, range).strip());
        return way.isPresent() ? told : orForget(context, told);
    }

    private static Result offer(DiagnosisContext context, Result result, Optional<RepairCommands> way, String text) {
        return way.map(commands -> result.remedy(told(context, commands, text))).orElse(result);
    }

    /// What is gone may be gone on purpose.
    private static Result orForget(DiagnosisContext context, Result result) {
        return result.action(context, "remedy.forget", "forget");
    }

    /// Adds what makes the managed installation the one that a launcher starts, and what gives the launcher back.
    static Result follow(DiagnosisContext context, Result result, Path launcher) {
        Path own = context.provenance()
                .map(Provenance::environment)
                .orElse(context.manifest().install().environment())
                .resolve("bin")
                .resolve(String.valueOf(launcher.getFileName()));
        Result told = result.remedy(moveTo(context, launcher, "that installation"));
        return Files.isExecutable(own) && Files.isSymbolicLink(launcher)
                ? told.remedy(new Remedy.CopyCommand(
                        Command.of(Duration.ZERO, "ln", "-sfn", own.toString(), launcher.toString())
                                .line(),
                        Messages.text("remedy.link-back")))
                : told;
    }

    /// The manifest keeps everything but the installation.
    static Remedy moveTo(DiagnosisContext context, Path program, String where) {
        return new Remedy.CopyCommand(movedTo(context, program), Messages.text("remedy.move-to", where));
    }

    /// Adds the command that unpins it, if there is one.
    static Result following(DiagnosisContext context, Result result) {
        String key = context.provenance().map(Provenance::origin).orElse(null) instanceof Origin.Git
                ? "remedy.follow-branch"
                : "remedy.follow";
        return byHand(context, new Need.Unpin())
                .map(remedy -> result.remedy(told(context, remedy, Messages.text(key))))
                .orElse(result);
    }

    /// What moves it to the Node or Python that a newer version needs.
    static Optional<Remedy> move(DiagnosisContext context, Verdict.SkippedRelease newer) {
        String runtime = context.provenance()
                .map(found -> RequirementChecks.title(found.runtime().name()))
                .orElse("");
        return newer.needs().isEmpty()
                ? Optional.empty()
                : byHand(context, new Need.NewerNeedsRuntime(newer.version(), newer.needs()))
                        .map(remedy ->
                                told(context, remedy, Messages.text("remedy.plan-move", runtime, newer.needs())));
    }

    private static Remedy told(DiagnosisContext context, RepairCommands way, String text) {
        return switch (way) {
            case RepairCommands.NoCommand(String what) -> new Remedy.Wait(what);
            case RepairCommands.Commands commands ->
                new Remedy.CopyCommand(
                        commands.with(recorded(context.manifest().install())).text()
                                + commands.program()
                                        .map(program -> " && " + movedTo(context, program))
                                        .orElse(""),
                        text);
        };
    }

    /// Its description has to follow where its launcher goes.
    private static String movedTo(DiagnosisContext context, Path program) {
        return Command.of(Duration.ZERO, "lamplighter", "add", context.name(), "--program", program.toString())
                .line();
    }

    /// What decides where it comes from. Where it goes, the command says itself.
    private static Map<String, String> recorded(Manifest.Install install) {
        Map<String, String> kept = new TreeMap<>();
        install.variables().forEach((name, value) -> {
            String plain = name.toLowerCase(Locale.ROOT);
            if (!plain.contains("cache") && !plain.equals("npm_config_prefix")) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    /// The commands to restore an install from its own source, never from an index that happens to have the
    /// name.
    private static Optional<RepairCommands> byHand(DiagnosisContext context, Need need) {
        Manifest.Install install = context.manifest().install();
        Optional<Provenance> found =
                context.provenance().or(() -> context.around().lastSeen().apply(context.manifest()));
        if (found.filter(known -> !(known.origin() instanceof Origin.Unknown)).isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> closed = notYours(found.get());
        return closed.<Optional<RepairCommands>>map(folder -> Optional.of(
                        new RepairCommands.NoCommand(Messages.text("remedy.not-yours", context.display(folder)))))
                .orElseGet(() -> context.around().installers().stream()
                        .filter(installer -> installer.kind() == install.installer())
                        .findFirst()
                        .map((Installer installer) -> installer.repairCommands(found.get(), need)));
    }

    /// The folder that would have to be written and may not be.
    private static Optional<Path> notYours(Provenance install) {
        Path at = install.environment();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return Files.isWritable(at) ? Optional.empty() : Optional.of(at);
    }
}
