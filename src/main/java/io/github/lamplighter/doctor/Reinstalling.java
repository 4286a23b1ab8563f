package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.ByHand;
import io.github.lamplighter.installer.ByHand.Need;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
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

/// What is offered where the install itself has to be put right: the package manager's own command, for a
/// person to copy. The doctor reinstalls nothing. Each installer makes the command of what it recorded;
/// where it makes none, what is to be done is said instead.
final class Reinstalling {

    private Reinstalling() {}

    /// The same again.
    static Result again(Subject subject, Result result) {
        return offer(subject, result, new Need.Again(), Messages.text("remedy.reinstall"));
    }

    /// The same under another Python or Node.
    ///
    /// @param runtime `Node`, `Python`
    /// @param range which versions of it do; empty when any does
    static Result under(Subject subject, Result result, String runtime, String range) {
        return offer(
                subject,
                result,
                new Need.Under(range),
                Messages.text("remedy.reinstall-under", runtime, range).strip());
    }

    /// What moves it again; nothing where it is as it is because somebody wanted it so and no command says otherwise.
    static Result following(Subject subject, Result result) {
        String key = subject.provenance().map(Provenance::origin).orElse(null) instanceof Origin.Git
                ? "remedy.follow-branch"
                : "remedy.follow";
        return byHand(subject, new Need.Following())
                .map(remedy -> result.remedy(told(subject, remedy, Messages.text(key))))
                .orElse(result);
    }

    /// What moves it to the Node or Python that a newer version needs.
    static Optional<Remedy> move(Subject subject, Verdict.NotTaken newer) {
        String runtime = subject.provenance()
                .map(found -> NeedsChecks.title(found.runtime().name()))
                .orElse("");
        return newer.needs().isEmpty()
                ? Optional.empty()
                : byHand(subject, new Need.Newer(newer.version(), newer.needs()))
                        .map(remedy ->
                                told(subject, remedy, Messages.text("remedy.plan-move", runtime, newer.needs())));
    }

    private static Result offer(Subject subject, Result result, Need need, String text) {
        Optional<ByHand> remedy = byHand(subject, need);
        Result told = remedy.map(way -> result.remedy(told(subject, way, text))).orElse(result);
        return remedy.orElse(null) instanceof ByHand.Commands ? told : told.action(subject, "remedy.forget", "forget");
    }

    private static Remedy told(Subject subject, ByHand way, String text) {
        return switch (way) {
            case ByHand.NoCommand(String what) -> new Remedy.Wait(what);
            case ByHand.Commands commands ->
                new Remedy.CopyCommand(
                        commands.with(recorded(subject.manifest().install())).text()
                                + commands.program()
                                        .map(program -> " && " + movedTo(subject, program))
                                        .orElse(""),
                        text);
        };
    }

    /// Its description has to follow where its launcher goes.
    private static String movedTo(Subject subject, Path program) {
        return Command.of(Duration.ZERO, "lamplighter", "add", subject.name(), "--program", program.toString())
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

    /// One that is gone comes back from where it came, never from an index that happens to have the name.
    private static Optional<ByHand> byHand(Subject subject, Need need) {
        Manifest.Install install = subject.manifest().install();
        Optional<Provenance> found =
                subject.provenance().or(() -> subject.around().lastSeen().apply(subject.manifest()));
        if (found.filter(known -> !(known.origin() instanceof Origin.Unknown)).isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> closed = notYours(found.get());
        return closed.<Optional<ByHand>>map(folder ->
                        Optional.of(new ByHand.NoCommand(Messages.text("remedy.not-yours", subject.display(folder)))))
                .orElseGet(() -> subject.around().installers().stream()
                        .filter(installer -> installer.kind() == install.installer())
                        .findFirst()
                        .map((Installer installer) -> installer.byHand(found.get(), need)));
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
