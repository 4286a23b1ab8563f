package io.github.lamplighter.release;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the source of an install offers, asked now. Each question ends within the limit that it was given,
/// and an answer that did not come is [Verdict.NotCheckable], never a guess.
public final class Releases {

    /// The longest that the setting `network.limit` takes.
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final NpmRegistry npm;
    private final PythonReleases python;
    private final GitRemote git;

    public Releases(ProcessRunner runner, Access access) {
        HostConcurrencyLimit hostConcurrencyLimit = new HostConcurrencyLimit();
        HttpFetcher documents = new HttpFetcher(
                new HttpCache(access.directories().cache().resolve("http"), access.clock()), hostConcurrencyLimit);
        this.npm = new NpmRegistry(runner, documents, access);
        this.python = new PythonReleases(documents, access);
        this.git = new GitRemote(runner, hostConcurrencyLimit, access.limit());
    }

    /// What questions are asked with.
    ///
    /// @param environment of this process: proxies, certificates and the package managers' variables
    /// @param zone the user's: days in the configuration of package managers are on their calendar
    /// @param limit for one whole answer (the setting `network.limit`)
    /// @param minimumAge how long a version has to be out before it is offered (`updates.minimumAge`)
    public record Access(
            Map<String, String> environment,
            AppDirectories directories,
            InstantSource clock,
            ZoneId zone,
            Duration limit,
            Duration minimumAge) {
        public Access {
            environment = Map.copyOf(environment);
        }

        /// The user's: what time it is, where they are.
        Clock ownClock() {
            return clock.withZone(zone);
        }

        /// The environment with the variables that were recorded for a tool: the tray's is not the shell's.
        Map<String, String> with(Map<String, String> variables) {
            Map<String, String> all = new HashMap<>(environment);
            all.putAll(variables);
            return all;
        }
    }

    /// What can be installed when a person names a version.
    public sealed interface Choice {
        record Found(UpgradeTarget upgradeTarget) implements Choice {}

        /// `why` is a sentence.
        record NotThere(String why) implements Choice {}
    }

    /// Whether the install is the newest that its own source has for it.
    ///
    /// @param variables of the package manager, as they were recorded when the tool was added
    public Verdict verdict(Provenance provenance, Map<String, String> variables) {
        return switch (provenance.origin()) {
            case Origin.Index() when provenance.installer() == InstallerKind.NPM -> npm.verdict(provenance, variables);
            case Origin.Index()
            when provenance.installer() == InstallerKind.SELF ->
                new Verdict.NotCheckable(UncheckableReason.NO_SOURCE, "Lamplighter is not published on an index.");
            case Origin.Index() -> python.verdict(provenance, variables);
            case Origin.Git origin -> git.verdict(origin, provenance);
            case Origin.Editable(var directory) ->
                new Verdict.Pinned("It is the checkout in %s; it moves when that does.".formatted(directory));
            case Origin.Linked(var directory) ->
                new Verdict.Pinned("It is a link to %s; it moves when that does.".formatted(directory));
            case Origin.LocalDirectory(var directory) ->
                new Verdict.NotCheckable(
                        UncheckableReason.NO_SOURCE, "It was built from the folder %s.".formatted(directory));
            case Origin.Archive(var url) ->
                new Verdict.NotCheckable(UncheckableReason.NO_SOURCE, "It came from %s.".formatted(url));
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

    /// The target for a version or tag that a person named.
    public Choice named(Provenance provenance, Map<String, String> variables, String wanted) {
        return switch (provenance.origin()) {
            case Origin.Index()
            when provenance.installer() == InstallerKind.NPM -> npm.named(provenance, variables, wanted);
            case Origin.Index()
            when provenance.installer() != InstallerKind.SELF -> python.named(provenance, variables, wanted);
            case Origin.Git origin -> git.named(origin, provenance, wanted);
            default -> new Choice.NotThere("Its source does not offer versions to choose from.");
        };
    }

    /// The target that is installed now, for a reinstall.
    public Choice same(Provenance provenance) {
        return switch (provenance.origin()) {
            case Origin.Index() -> new Choice.Found(new UpgradeTarget.IndexVersion(provenance.version()));
            case Origin.Git origin ->
                new Choice.Found(new UpgradeTarget.GitCommit(
                        origin.url(),
                        origin.requestedRevision().orElse(origin.commit()),
                        origin.commit(),
                        provenance.version()));
            default -> new Choice.NotThere("Its source is not one that it can be installed from again.");
        };
    }

    /// The kind of what a git install was asked for; `UNRESOLVED` when the remote did not say.
    public RevisionKind revisionKind(Origin.Git origin) {
        return git.kind(origin);
    }

    /// The same as it was told with the last verdict of this process, without asking: `UNRESOLVED` before.
    public RevisionKind toldKind(Origin.Git origin) {
        return git.toldKind(origin);
    }

    /// A limit that ran out, and how to have a longer one.
    static Verdict.NotCheckable late(String whom, Duration limit) {
        Duration longer = limit.multipliedBy(2);
        return new Verdict.NotCheckable(
                UncheckableReason.TOO_SLOW,
                "%s did not answer in %s s.".formatted(whom, limit.toSeconds()),
                Optional.of("lamplighter settings set network.limit %ds".formatted(longer.toSeconds()))
                        .filter(_ -> longer.compareTo(LONGEST) <= 0));
    }

    /// The command with which a person says where an install came from that its package manager keeps no record of.
    static Optional<String> declaring(Provenance provenance) {
        return Optional.of("lamplighter add %s --origin URL".formatted(provenance.packageName()));
    }

    static String lastLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((_, last) -> last)
                .map(line -> line.length() > 200 ? line.substring(0, 200) + "…" : line)
                .orElse("it said nothing");
    }

    static Optional<String> nonEmpty(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }
}
