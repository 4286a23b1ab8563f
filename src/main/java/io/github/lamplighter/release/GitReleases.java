package io.github.lamplighter.release;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.Reason;
import io.github.lamplighter.release.Verdict.SkippedRelease;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.version.OpaqueVersion;
import io.github.lamplighter.version.Pep440;
import io.github.lamplighter.version.SemVer;
import io.github.lamplighter.version.Version;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Update checks of a git repository, with `git ls-remote` (git-ls-remote(1)).
final class GitReleases {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{4,64}");
    private static final Pattern SERVER_TROUBLE = Pattern.compile("requested URL returned \\w+: (?:5[0-9]{2}|429)");
    private static final Pattern REF = Pattern.compile("refs/(heads|tags)/[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+");

    /// The largest repositories have some ten megabytes of branches and tags.
    private static final int MOST_BYTES = 32 * 1024 * 1024;

    private final ProcessRunner runner;
    private final HostConcurrencyLimit hostConcurrencyLimit;
    private final Duration limit;
    private final Map<String, Refs.Known> told = new ConcurrentHashMap<>();

    GitReleases(ProcessRunner runner, HostConcurrencyLimit hostConcurrencyLimit, Duration limit) {
        this.runner = runner;
        this.hostConcurrencyLimit = hostConcurrencyLimit;
        this.limit = limit;
    }

    /// The branches and tags of the remote.
    private sealed interface Refs {
        /// @param names from `refs/tags/v1` to the commit, tags peeled
        /// @param head the current `HEAD`
        record Known(Map<String, String> names, Optional<String> head) implements Refs {
            Optional<String> tag(String name) {
                return Optional.ofNullable(names.get("refs/tags/" + name));
            }

            Optional<String> branch(String name) {
                return Optional.ofNullable(names.get("refs/heads/" + name));
            }
        }

        record NoAnswer(NotCheckable gap) implements Refs {
            NoAnswer(UncheckableReason uncheckableReason, String why) {
                this(new NotCheckable(uncheckableReason, why));
            }
        }
    }

    Verdict verdict(Origin.Git origin, Provenance provenance) {
        if (provenance.installRequest().pinned().isPresent()) {
            return new Verdict.Pinned(provenance.installRequest().pinned().get());
        }
        if (isExact(origin)) {
            return held(origin);
        }
        return switch (ask(origin.url())) {
            case Refs.NoAnswer(var gap) -> gap;
            case Refs.Known known -> compared(origin, provenance, known);
        };
    }

    /// @param wanted a tag, or the version in a tag with the prefix of the installed one
    Releases.Choice named(Origin.Git origin, Provenance provenance, String wanted) {
        String prefix = origin.requestedRevision()
                .map(GitReleases::plain)
                .flatMap(tag -> VersionTag.of(tag, scheme(provenance)))
                .map(VersionTag::prefix)
                .orElse("v");
        return switch (ask(origin.url())) {
            case Refs.NoAnswer(var gap) -> new Releases.Choice.NotThere(gap.sentence());
            case Refs.Known known ->
                Stream.of(wanted, prefix + wanted, "v" + wanted)
                        .flatMap(tag ->
                                known.tag(tag).stream().map(commit -> target(origin, tag, commit, scheme(provenance))))
                        .findFirst()
                        .<Releases.Choice>map(Releases.Choice.Found::new)
                        .orElseGet(() ->
                                new Releases.Choice.NotThere("%s has no tag %s.".formatted(wanted, origin.url())));
        };
    }

    /// The revision kind according to the last answer in this process; `UNRESOLVED` before that.
    RevisionKind toldKind(Origin.Git origin) {
        if (origin.kind() != RevisionKind.UNRESOLVED) {
            return origin.kind();
        }
        return Optional.ofNullable(told.get(origin.url()))
                .flatMap(known -> origin.requestedRevision().map(revision -> kind(origin, revision, known)))
                .orElse(RevisionKind.UNRESOLVED);
    }

    RevisionKind kind(Origin.Git origin) {
        if (origin.requestedRevision().filter(name -> !name.equals("HEAD")).isEmpty()) {
            return RevisionKind.DEFAULT;
        }
        if (isExact(origin)) {
            return RevisionKind.COMMIT;
        }
        String revision = origin.requestedRevision().get();
        return switch (ask(origin.url())) {
            case Refs.NoAnswer _ ->
                COMMIT.matcher(revision).matches() && origin.commit().startsWith(revision)
                        ? RevisionKind.COMMIT
                        : RevisionKind.UNRESOLVED;
            case Refs.Known known -> kind(origin, revision, known);
        };
    }

    /// A full commit hash needs no request.
    private static boolean isExact(Origin.Git origin) {
        return origin.requestedRevision()
                .filter(revision -> revision.length() >= 40 && revision.equals(origin.commit()))
                .isPresent();
    }

    private static Verdict held(Origin.Git origin) {
        return new Verdict.Pinned(
                "It is pinned to commit %s and isn't upgraded automatically.".formatted(shortened(origin.commit())));
    }

    private static RevisionKind kind(Origin.Git origin, String revision, Refs.Known known) {
        String plain = plain(revision);
        if (isAmbiguous(revision, known)) {
            return RevisionKind.UNRESOLVED;
        }
        if (known.tag(plain).isPresent() && !revision.startsWith("refs/heads/")) {
            return RevisionKind.TAG;
        }
        if (known.branch(plain).isPresent() && !revision.startsWith("refs/tags/")) {
            return RevisionKind.BRANCH;
        }
        return COMMIT.matcher(revision).matches() && origin.commit().startsWith(revision)
                ? RevisionKind.COMMIT
                : RevisionKind.UNRESOLVED;
    }

    /// A name that is both a tag and a branch: git and uv resolve it differently.
    private static boolean isAmbiguous(String revision, Refs.Known known) {
        return !revision.startsWith("refs/")
                && known.tag(revision).isPresent()
                && known.branch(revision).isPresent();
    }

    private static String plain(String revision) {
        return revision.replaceFirst("^refs/(heads|tags)/", "");
    }

    private static Verdict compared(Origin.Git origin, Provenance provenance, Refs.Known known) {
        String version = provenance.version();
        if (origin.requestedRevision().filter(name -> !name.equals("HEAD")).isEmpty()) {
            return known.head()
                    .map(head -> moved(origin, "HEAD", head, version))
                    .orElseGet(() -> new NotCheckable(
                            UncheckableReason.NOTHING_FOLLOWED, "The repository has no default branch."));
        }
        String written = origin.requestedRevision().get();
        String revision = plain(written);
        return switch (kind(origin, written, known)) {
            case TAG -> tagged(origin, revision, provenance, known);
            case BRANCH -> moved(origin, revision, known.branch(revision).orElseThrow(), version);
            case COMMIT -> held(origin);
            case DEFAULT, UNRESOLVED ->
                new NotCheckable(UncheckableReason.NOTHING_FOLLOWED, unresolved(revision, known));
        };
    }

    private static String unresolved(String revision, Refs.Known known) {
        String name = UntrustedText.quotation(revision);
        if (isAmbiguous(revision, known)) {
            return "The repository has both a tag and a branch named %s, and the installation doesn't record which one it follows."
                    .formatted(name);
        }
        return revision.startsWith("refs/")
                ? "It was installed from %s, which is neither a tag nor a branch.".formatted(name)
                : "The repository has no tag or branch named %s.".formatted(name);
    }

    /// Only tags with the prefix of the installed one, since a repository can contain several programs.
    private static Verdict tagged(Origin.Git origin, String tag, Provenance provenance, Refs.Known known) {
        Version.Scheme scheme = scheme(provenance);
        List<SkippedRelease> movedTag = movedTag(origin, tag, known);
        Optional<VersionTag> installed = VersionTag.of(tag, scheme);
        if (installed.isEmpty()) {
            return new Verdict.Pinned("It is pinned to the tag %s, which is not a version.".formatted(tag), movedTag);
        }
        boolean isFinal = installed.get().version().isFinal();
        List<VersionTag> others = known.names().keySet().stream()
                .filter(name -> name.startsWith("refs/tags/"))
                .flatMap(name -> VersionTag.of(name.substring("refs/tags/".length()), scheme).stream())
                .filter(versionTag -> versionTag.prefix().equals(installed.get().prefix()))
                .sorted(Comparator.comparing(VersionTag::version, GitReleases::compared)
                        .reversed())
                .toList();
        Optional<VersionTag> newestFinal = others.stream()
                .filter(versionTag -> versionTag.version().isFinal())
                .findFirst();
        Optional<VersionTag> better = newestFinal
                .filter(versionTag ->
                        compared(versionTag.version(), installed.get().version()) > 0)
                // An installed pre-release gets the next one until there is a final version.
                .or(() -> others.stream()
                        .findFirst()
                        .filter(versionTag -> !isFinal
                                && compared(
                                                versionTag.version(),
                                                installed.get().version())
                                        > 0));
        if (better.isPresent()) {
            String name = better.get().tag();
            return new Verdict.Outdated(
                    target(origin, name, known.tag(name).orElseThrow(), scheme), Optional.empty(), movedTag);
        }
        return newestFinal.isPresent()
                        && compared(newestFinal.get().version(), installed.get().version()) < 0
                ? new Verdict.Ahead(newestFinal.get().tag())
                : new Verdict.Current(provenance.version(), movedTag);
    }

    /// A tag that was moved to another commit: reported, never followed automatically.
    private static List<SkippedRelease> movedTag(Origin.Git origin, String tag, Refs.Known known) {
        return known.tag(tag).filter(commit -> !commit.equals(origin.commit())).stream()
                .map(commit -> new SkippedRelease(
                        tag,
                        Reason.TAG_MOVED,
                        "The tag %s was moved to another commit".formatted(UntrustedText.quotation(tag)),
                        new Evidence(
                                UntrustedText.quotation(origin.url()),
                                "%s is now %s; installed: %s"
                                        .formatted(tag, shortened(commit), shortened(origin.commit())))))
                .toList();
    }

    private static Verdict moved(Origin.Git origin, String revision, String head, String version) {
        return head.equals(origin.commit())
                ? new Verdict.Current(version)
                : new Verdict.Outdated(
                        new UpgradeTarget.GitCommit(origin.url(), revision, head, shortened(head)), Optional.empty());
    }

    private static UpgradeTarget.GitCommit target(Origin.Git origin, String tag, String commit, Version.Scheme scheme) {
        return new UpgradeTarget.GitCommit(
                origin.url(),
                tag,
                commit,
                VersionTag.of(tag, scheme)
                        .map(versionTag -> versionTag.version().text())
                        .orElse(tag));
    }

    private static Version.Scheme scheme(Provenance provenance) {
        return provenance.installer() == InstallerKind.NPM ? Version.Scheme.SEMVER : Version.Scheme.PEP440;
    }

    /// Both versions have the same scheme, and neither is opaque.
    private static int compared(Version one, Version other) {
        if (one instanceof Pep440 a && other instanceof Pep440 b) {
            return a.compareTo(b);
        }
        return one instanceof SemVer a && other instanceof SemVer b ? a.compareTo(b) : 0;
    }

    /// A tag that stands for a version.
    ///
    /// @param prefix the text before the version: `v`, `cli-v`, `name@`, `release/`
    private record VersionTag(String tag, String prefix, Version version) {

        static Optional<VersionTag> of(String tag, Version.Scheme scheme) {
            // The shortest prefix that is followed by a version.
            for (int i = 0; i < tag.length(); i++) {
                boolean isStart = i == 0
                        || !Character.isLetterOrDigit(tag.charAt(i - 1))
                        || tag.substring(0, i).matches("(?:.*[^0-9A-Za-z])?[A-Za-z]+");
                if (Character.isDigit(tag.charAt(i)) && isStart) {
                    Version version = Version.parse(scheme, tag.substring(i));
                    if (!(version instanceof OpaqueVersion)) {
                        return Optional.of(new VersionTag(tag, tag.substring(0, i), version));
                    }
                }
            }
            return Optional.empty();
        }
    }

    static String shortened(String commit) {
        return commit.substring(0, Math.min(7, commit.length()));
    }

    private Refs ask(String url) {
        List<String> protocols = GitCommands.protocols(url);
        if (protocols.isEmpty()) {
            return new Refs.NoAnswer(
                    UncheckableReason.NEVER_ASKED,
                    "Updates are not checked over this type of URL, for security reasons (%s)."
                            .formatted(UntrustedText.quotation(url)));
        }
        Deadline deadline = Deadline.in(limit);
        try (HostConcurrencyLimit.Permit _ = hostConcurrencyLimit.acquire(GitCommands.host(url), deadline)) {
            Refs answer = ask(url, protocols, deadline);
            if (answer instanceof Refs.Known known) {
                told.put(url, known);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Refs.NoAnswer(UncheckableReason.INTERRUPTED, "The request to the repository was interrupted.");
        }
    }

    private Refs ask(String url, List<String> protocols, Deadline deadline) {
        Command command = GitCommands.of(
                        deadline, protocols, "ls-remote", "--symref", "--", url, "HEAD", "refs/heads/*", "refs/tags/*")
                .keeping(MOST_BYTES);
        return switch (runner.run(command)) {
            case ProcessResult.NotStarted(var reason) -> new Refs.NoAnswer(UncheckableReason.NO_PROGRAM, reason + ".");
            case ProcessResult.TimedOut _ -> new Refs.NoAnswer(deadline.late("The repository"));
            case ProcessResult.Exited exited
            when exited.out().length() >= MOST_BYTES ->
                new Refs.NoAnswer(UncheckableReason.NO_SENSE, "The repository has too many branches and tags.");
            case ProcessResult.Exited exited when exited.status() == 0 -> parsed(exited.out());
            case ProcessResult.Exited exited -> new Refs.NoAnswer(gap(exited.err(), url));
        };
    }

    /// Derives the reason from git's message, because its exit code is always 128 (git-ls-remote(1)).
    private static NotCheckable gap(String words, String url) {
        if (words.contains("could not read Username")
                || words.contains("could not read Password")
                || words.contains("Authentication failed")) {
            return signIn("The repository requires sign-in, or doesn't exist.", url);
        }
        if (words.contains("Permission denied") || words.contains("Host key verification failed")) {
            return signIn(
                    "ssh could not connect to the repository: %s."
                            .formatted(UntrustedText.quotation(Releases.lastLine(words.lines()
                                    .filter(line -> line.contains("ermission denied") || line.contains("Host key"))
                                    .reduce("", (_, last) -> last)))),
                    url);
        }
        if (words.toLowerCase(Locale.ROOT).contains("repository") && words.contains("not found")) {
            return signIn("The repository doesn't exist, or you have no access to it.", url);
        }
        if (words.contains("does not appear to be a git repository") || words.contains("does not exist")) {
            return new NotCheckable(UncheckableReason.GONE, "The git repository no longer exists at its URL.");
        }
        if (words.contains("Could not resolve host")) {
            return new NotCheckable(
                    UncheckableReason.NOT_REACHED, "Could not reach the repository: host not found, or no network.");
        }
        if (words.contains("SSL certificate problem") || words.contains("server certificate verification")) {
            return new NotCheckable(
                    UncheckableReason.NOT_TRUSTED, "The certificate of the repository's host is not trusted.");
        }
        if (words.contains("Operation too slow")) {
            return new NotCheckable(UncheckableReason.IN_TROUBLE, "The repository responds too slowly.");
        }
        String last = UntrustedText.quotation(Releases.lastLine(words));
        return new NotCheckable(
                SERVER_TROUBLE.matcher(words).find() ? UncheckableReason.IN_TROUBLE : UncheckableReason.NOT_REACHED,
                "Could not reach the repository: %s.".formatted(last));
    }

    /// Offers to run the command in a terminal, where git prompts for what the host requires and stores it.
    private static NotCheckable signIn(String why, String url) {
        return new NotCheckable(
                UncheckableReason.SIGN_IN,
                why,
                Optional.of(Command.of(Duration.ZERO, "git", "ls-remote", UntrustedText.quotation(url))
                        .line()));
    }

    private static Refs parsed(String out) {
        Map<String, String> names = new LinkedHashMap<>();
        Optional<String> head = Optional.empty();
        for (String line : out.split("\n", -1)) {
            String[] parts = line.split("\t", -1);
            if (parts.length != 2 || parts[0].startsWith("ref:")) {
                continue;
            }
            if (parts[1].equals("HEAD")) {
                head = Optional.of(parts[0]);
            } else if (parts[1].endsWith("^{}")) {
                // The commit of an annotated tag; it follows the tag itself.
                names.put(parts[1].substring(0, parts[1].length() - 3), parts[0]);
            } else if (REF.matcher(parts[1]).matches()) {
                names.put(parts[1], parts[0]);
            }
        }
        return new Refs.Known(names, head);
    }
}
