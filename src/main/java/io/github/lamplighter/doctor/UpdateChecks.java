package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The part of the group *Version* that is about the source of a tool, and the updates that it offers.
final class UpdateChecks {

    private UpdateChecks() {}

    static Optional<Result> update(DiagnosisContext context) {
        return context.verdict().flatMap(verdict -> switch (verdict) {
            case Verdict.Current current ->
                Result.of(Severity.OK, current.notTaken().isEmpty() ? "update.current" : "update.current-here")
                        .proof(sourceOf(context), "newest is " + current.newest())
                        .found();
            case Verdict.Outdated outdated -> outdated(context, outdated).found();
            case Verdict.Ahead ahead ->
                Result.of(Severity.OK, "update.ahead")
                        .proof(sourceOf(context), "newest is " + ahead.newest())
                        .found();
            case Verdict.Pinned _ -> Optional.<Result>empty();
            case Verdict.NotCheckable gap -> notCheckable(context, gap).found();
        });
    }

    private static Result outdated(DiagnosisContext context, Verdict.Outdated outdated) {
        String label = UntrustedText.masked(outdated.upgradeTarget().label());
        String published = outdated.publishedAt()
                .map(at -> ", published "
                        + FindingTimes.day(
                                at.toInstant(), context.around().zone().get()))
                .orElse("");
        String what = switch (outdated.upgradeTarget()) {
            case UpgradeTarget.IndexVersion version -> "newest is " + version.version();
            case UpgradeTarget.GitCommit commit ->
                "%s is commit %s".formatted(commit.revision(), shortened(commit.commit()));
            case UpgradeTarget.ReleaseArchive archive -> "newest is " + archive.version();
        };
        if (context.rolledBack().isPresent()) {
            return rolledBack(context, label, context.rolledBack().get()).proof(sourceOf(context), what + published);
        }
        return Result.of(Severity.INFO, "update.ready", label)
                .proof(sourceOf(context), what + published)
                .remedy(new Remedy.Action(
                        "upgrade",
                        List.of("lamplighter", "upgrade", context.name()),
                        Messages.text("remedy.upgrade", label)));
    }

    /// A version that did not work here is not offered again as if nothing had been.
    private static Result rolledBack(DiagnosisContext context, String label, Report.RolledBack tried) {
        String when = FindingTimes.minute(tried.at(), context.around().zone().get());
        return Result.of(Severity.INFO, "update.rolled-back", label, when)
                .proof(tried.reason().stream()
                        .map(reason -> new Evidence("upgrade to " + label, UntrustedText.masked(reason)))
                        .toList())
                .remedy(new Remedy.CopyCommand(
                        "lamplighter upgrade %s --to %s".formatted(context.name(), tried.version()),
                        Messages.text("remedy.try-again", label)));
    }

    /// `INFO` if the verdict can never be known, `UNKNOWN` if it could be.
    private static Result notCheckable(DiagnosisContext context, Verdict.NotCheckable not) {
        return Result.of(
                        not.uncheckableReason().isHowItIs() ? Severity.INFO : Severity.UNKNOWN,
                        "update." + not.uncheckableReason().word())
                .proof(sourceOf(context), not.why())
                .remedy(helping(not));
    }

    /// What helps against a gap, which no other remedy would.
    static Remedy helping(Verdict.NotCheckable not) {
        return not.command()
                .<Remedy>map(command -> new Remedy.CopyCommand(command, not.help()))
                .orElseGet(() -> new Remedy.Wait(not.help()));
    }

    static Optional<Result> source(DiagnosisContext context) {
        return context.provenanceAsTold().map(found -> {
            List<Evidence> proof = found.evidence();
            String installer = found.installer().word();
            return switch (found.origin()) {
                // npm keeps no record: that it came from the registry is the rule, and for `update` to compare.
                case Origin.Index _ ->
                    (found.installer() == InstallerKind.NPM
                                    ? Result.of(Severity.OK, "source.npm")
                                    : Result.of(Severity.OK, "source.index", installer))
                            .proof(proof);
                case Origin.Git git ->
                    Result.of(
                                    Severity.OK,
                                    "source.git-" + git.kind().name().toLowerCase(Locale.ROOT),
                                    git.requestedRevision()
                                            .map(UntrustedText::masked)
                                            .orElse("the default branch"),
                                    shortened(git.commit()))
                            .proof(proof)
                            .proof(UntrustedText.masked(git.url()), "commit " + git.commit());
                case Origin.Editable(Path directory) ->
                    Result.of(Severity.OK, "source.editable").proof(context.display(directory), "the folder in use");
                case Origin.LocalDirectory(Path directory) ->
                    Result.of(Severity.OK, "source.folder")
                            .proof(context.display(directory), "installed from this folder");
                case Origin.Archive(String url) ->
                    Result.of(Severity.OK, "source.archive")
                            .proof(UntrustedText.masked(url), "installed from this archive");
                case Origin.Linked(Path directory) ->
                    Result.of(Severity.OK, "source.linked").proof(context.display(directory), "linked by npm");
                case Origin.SystemPackage(String manager, var _) ->
                    Result.of(Severity.OK, "source.system", manager).proof(proof);
                case Origin.ReleaseFeed feed ->
                    Result.of(Severity.OK, "source.feed")
                            .proof(UntrustedText.masked(feed.url()), "release feed of this build")
                            .proof(proof);
                case Origin.Unknown unknown -> {
                    Result result = Result.of(
                                    VersionChecks.isInDoubt(unknown) ? Severity.WARNING : Severity.INFO,
                                    "source." + unknown.cause().word())
                            .proof(installer, unknown.why())
                            .proof(proof);
                    yield result.remedy(
                            VersionChecks.isInDoubt(unknown)
                                    ? VersionChecks.folder(found)
                                    : new Remedy.Wait(Messages.text("remedy.nothing")));
                }
            };
        });
    }

    static Optional<Result> held(DiagnosisContext context) {
        return context.verdict().filter(Verdict.Pinned.class::isInstance).map(verdict -> {
            String why = ((Verdict.Pinned) verdict).why();
            Remedy nothing = new Remedy.Wait(Messages.text("remedy.nothing"));
            return switch (context.provenance().map(Provenance::origin).orElse(new Origin.Index())) {
                // Nobody holds it: it is whatever lies there.
                case Origin.Editable _, Origin.Linked _ ->
                    Result.of(Severity.INFO, "held.checkout")
                            .proof(sourceOf(context), why)
                            .remedy(nothing);
                case Origin.Git git ->
                    RepairRemedies.following(
                            context, heldGit(git).proof(sourceOf(context), why).remedy(nothing));
                case Origin.Index _,
                        Origin.LocalDirectory _,
                        Origin.Archive _,
                        Origin.SystemPackage _,
                        Origin.ReleaseFeed _,
                        Origin.Unknown _ ->
                    RepairRemedies.following(
                            context,
                            Result.of(Severity.INFO, "held.version")
                                    .proof(sourceOf(context), why)
                                    .remedy(nothing));
            };
        });
    }

    private static Result heldGit(Origin.Git git) {
        return git.requestedRevision().filter(git.commit()::startsWith).isPresent()
                ? Result.of(Severity.INFO, "held.commit", shortened(git.commit()))
                : Result.of(
                        Severity.INFO,
                        "held.tag",
                        UntrustedText.masked(git.requestedRevision().orElse(shortened(git.commit()))));
    }

    static Optional<Result> whyNotNewer(DiagnosisContext context) {
        List<Verdict.SkippedRelease> newer =
                context.verdict().map(Verdict::notTaken).orElse(List.of());
        if (newer.isEmpty()) {
            return Optional.empty();
        }
        Verdict.SkippedRelease first = newer.getFirst();
        Result result = Result.of(Severity.INFO, "why-not-newer.is", UntrustedText.masked(first.title()));
        for (Verdict.SkippedRelease one : newer) {
            result = result.proof(one.proof().source(), one.proof().detail());
        }
        boolean isOffered = context.verdict().get() instanceof Verdict.Outdated;
        return (first.reason() == Verdict.Reason.TOO_YOUNG && !isOffered
                        ? result.remedy(new Remedy.Action(
                                "upgrade",
                                List.of("lamplighter", "upgrade", context.name()),
                                Messages.text("remedy.upgrade", UntrustedText.masked(first.version()))))
                        : result.remedy(Optional.of(first)
                                .filter(one -> one.reason() == Verdict.Reason.RUNTIME)
                                // What is held stays as it is under another Python too.
                                .filter(_ -> !(context.verdict().get() instanceof Verdict.Pinned))
                                .flatMap(one -> RepairRemedies.move(context, one))
                                .orElseGet(() -> new Remedy.Wait(Messages.text("remedy.nothing")))))
                .found();
    }

    private static String sourceOf(DiagnosisContext context) {
        return context.provenance()
                .map(found -> switch (found.origin()) {
                    case Origin.Index _ ->
                        found.installer() == InstallerKind.NPM
                                ? "npm view " + found.packageName()
                                : "package index, " + found.packageName();
                    case Origin.Git git -> UntrustedText.masked(git.url());
                    case Origin.Editable(Path directory) -> context.display(directory);
                    case Origin.LocalDirectory(Path directory) -> context.display(directory);
                    case Origin.Archive(String url) -> UntrustedText.masked(url);
                    case Origin.Linked(Path directory) -> context.display(directory);
                    case Origin.SystemPackage(String manager, var _) -> manager;
                    case Origin.ReleaseFeed feed -> UntrustedText.masked(feed.url());
                    case Origin.Unknown _ -> found.installer().word();
                })
                .orElse(context.name());
    }

    private static String shortened(String commit) {
        return commit.length() > 7 ? commit.substring(0, 7) : commit;
    }
}
