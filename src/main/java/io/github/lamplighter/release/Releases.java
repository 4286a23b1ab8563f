package io.github.lamplighter.release;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Fetches the releases that the source of an installation offers. Each request has a time limit; a missing
/// answer becomes [Verdict.NotCheckable], never a guess.
public final class Releases {

    /// The largest value of the setting `network.limit`.
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final HttpFetcher documents;
    private final NpmReleases npm;
    private final PythonReleases python;
    private final GitReleases git;
    private final GitCommits commits;
    private final OwnReleases own;

    public Releases(ProcessRunner runner, Access access) {
        HostConcurrencyLimit hostConcurrencyLimit = new HostConcurrencyLimit();
        this.documents = new HttpFetcher(
                new HttpCache(access.directories().cache().resolve("http"), access.clock(), access.maximumAge()),
                hostConcurrencyLimit);
        this.npm = new NpmReleases(runner, documents, access);
        this.python = new PythonReleases(runner, documents, access);
        this.git = new GitReleases(runner, hostConcurrencyLimit, access.limit());
        this.commits = new GitCommits(
                runner,
                hostConcurrencyLimit,
                access.limit(),
                access.directories().cache().resolve("git"),
                access.clock());
        this.own = new OwnReleases(documents, access);
    }

    /// Closes all connections; the next query opens new ones.
    public void disconnect() {
        documents.disconnect();
    }

    /// The environment and limits of update checks.
    ///
    /// @param environment of this process: proxies, certificates and the package managers' variables
    /// @param zone the user's time zone, for dates in the configuration of package managers
    /// @param limit for one check (the setting `network.limit`)
    /// @param minimumAge the minimum age of an offered release (`updates.minimumAge`)
    /// @param own whether Lamplighter's own releases are checked (`updates.lamplighter`)
    /// @param maximumAge of a response that is used again without asking its server; zero asks always
    public record Access(
            Map<String, String> environment,
            AppDirectories directories,
            InstantSource clock,
            ZoneId zone,
            Duration limit,
            Duration minimumAge,
            boolean own,
            Duration maximumAge) {
        public Access {
            environment = Map.copyOf(environment);
        }

        /// The clock in the user's time zone.
        Clock ownClock() {
            return clock.withZone(zone);
        }

        /// The environment with the variables recorded for a tool, because the tray's environment differs from
        /// the shell's.
        Map<String, String> with(Map<String, String> variables) {
            Map<String, String> all = new HashMap<>(environment);
            all.putAll(variables);
            return all;
        }
    }

    /// The result of choosing a version by name.
    public sealed interface Choice {
        record Found(UpgradeTarget upgradeTarget) implements Choice {}

        /// `why` is a sentence.
        record NotThere(String why) implements Choice {}
    }

    /// The verdict: whether the installed version is the newest one of its source.
    ///
    /// @param variables of the package manager, recorded when the tool was added
    public Verdict verdict(Provenance provenance, Map<String, String> variables) {
        return switch (provenance.origin()) {
            case Origin.Index() when provenance.installer() == InstallerKind.NPM -> npm.verdict(provenance, variables);
            case Origin.Index() -> python.verdict(provenance, variables);
            case Origin.Git origin -> git.verdict(origin, provenance);
            case Origin.Editable(var directory)
            when provenance.installer() == InstallerKind.SELF ->
                new Verdict.Pinned(
                        "It runs from the checkout %s. To update it, run `git pull` there.".formatted(directory));
            case Origin.Editable(var directory) ->
                new Verdict.Pinned(
                        "It is an editable install from %s. To update it, update that folder.".formatted(directory));
            case Origin.Linked(var directory) ->
                new Verdict.Pinned("It is a link to %s. To update it, update that folder.".formatted(directory));
            case Origin.LocalDirectory(var directory) ->
                new Verdict.NotCheckable(
                        UncheckableReason.NO_SOURCE, "It was installed from the folder %s.".formatted(directory));
            case Origin.Archive _
            when provenance.installer() == InstallerKind.SELF ->
                new Verdict.NotCheckable(
                        UncheckableReason.NO_FEED,
                        "This build of Lamplighter has no release feed, so it can't check for updates.");
            case Origin.SystemPackage(var manager, var command) ->
                new Verdict.NotCheckable(
                        UncheckableReason.SYSTEM_PACKAGE,
                        "It was installed with %s.".formatted(manager),
                        Optional.of(command));
            case Origin.ReleaseFeed feed -> own.verdict(feed, provenance);
            case Origin.Archive(var url) ->
                new Verdict.NotCheckable(UncheckableReason.NO_SOURCE, "It was installed from %s.".formatted(url));
            case Origin.Unknown(var why, var cause) ->
                new Verdict.NotCheckable(
                        switch (cause) {
                            case NOT_RECORDED -> UncheckableReason.NOT_RECORDED;
                            case NOT_FOLLOWED -> UncheckableReason.NO_SOURCE;
                            case NOT_AGREED -> UncheckableReason.NOT_AGREED;
                            case NOT_READ -> UncheckableReason.NOT_READ;
                        },
                        why);
        };
    }

    /// The target for a requested version or tag.
    public Choice named(Provenance provenance, Map<String, String> variables, String wanted) {
        return switch (provenance.origin()) {
            case Origin.Index()
            when provenance.installer() == InstallerKind.NPM -> npm.named(provenance, variables, wanted);
            case Origin.Index() -> python.named(provenance, variables, wanted);
            case Origin.Git origin -> git.named(origin, provenance, wanted);
            case Origin.ReleaseFeed feed -> own.named(feed, provenance, wanted);
            default -> new Choice.NotThere("Its source has no versions to choose from.");
        };
    }

    /// The installed version as a target, for a reinstall.
    public Choice same(Provenance provenance) {
        return switch (provenance.origin()) {
            case Origin.Index() -> new Choice.Found(new UpgradeTarget.IndexVersion(provenance.version()));
            case Origin.Git origin ->
                new Choice.Found(new UpgradeTarget.GitCommit(
                        origin.url(),
                        origin.requestedRevision().orElse(origin.commit()),
                        origin.commit(),
                        provenance.version()));
            default -> new Choice.NotThere("It can't be reinstalled from its source.");
        };
    }

    /// The commits that an upgrade to `target` would bring; nothing for a source without commits. Asks the source.
    public CommitList changes(Provenance provenance, UpgradeTarget target) {
        return provenance.origin() instanceof Origin.Git origin && target instanceof UpgradeTarget.GitCommit commit
                ? commits.changes(origin, commit)
                : CommitList.NONE;
    }

    /// Downloads a package of Lamplighter's own release, or continues a download.
    ///
    /// @param target in a folder that exists
    /// @param progress receives the bytes that are stored
    public ArchiveDownload.Result download(UpgradeTarget.ReleaseArchive archive, Path target, LongConsumer progress)
            throws InterruptedException {
        return own.download(archive, target, progress);
    }

    /// The revision kind of a git installation; `UNRESOLVED` if the remote didn't respond.
    public RevisionKind revisionKind(Origin.Git origin) {
        return git.kind(origin);
    }

    /// The revision kind of the last verdict in this process, without a request; `UNRESOLVED` before that.
    public RevisionKind toldKind(Origin.Git origin) {
        return git.toldKind(origin);
    }

    /// The gap of a time limit that was exceeded, with the command to increase it.
    static Verdict.NotCheckable late(String whom, Duration limit) {
        Duration longer = limit.multipliedBy(2);
        return new Verdict.NotCheckable(
                UncheckableReason.TOO_SLOW,
                "%s did not respond within %s s.".formatted(whom, limit.toSeconds()),
                Optional.of("lamplighter settings set network.limit %ds".formatted(longer.toSeconds()))
                        .filter(_ -> longer.compareTo(LONGEST) <= 0));
    }

    /// The command to set the origin of an installation, if its package manager doesn't record it.
    static Optional<String> declaring(Provenance provenance) {
        return Optional.of("lamplighter add %s --origin URL".formatted(provenance.packageName()));
    }

    static String lastLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((_, last) -> last)
                .map(line -> line.length() > 200 ? line.substring(0, 200) + "…" : line)
                .orElse("no message");
    }

    static Optional<String> nonEmpty(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }
}
