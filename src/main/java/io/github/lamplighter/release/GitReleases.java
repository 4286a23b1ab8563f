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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Update checks of a git repository, with `git ls-remote` run so that it never prompts, reads no repository's
/// configuration and is safe with a hostile URL (git-ls-remote(1), git-config(1) `protocol.allow`,
/// gitremote-helpers(7)).
final class GitReleases {

    private static final Pattern ADDRESS = Pattern.compile(
            "(https|ssh)://(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?/[^\\p{Cntrl}\\s]*");
    private static final Pattern SCP = Pattern.compile(
            "[A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?!:)[^-:\\p{Cntrl}\\s][^\\p{Cntrl}\\s]*");
    private static final Pattern LOOPBACK =
            Pattern.compile("http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::[0-9]+)?/[^\\p{Cntrl}\\s]*");
    private static final Pattern FILE = Pattern.compile("file://(?:localhost)?/[^\\p{Cntrl}]*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{4,64}");
    private static final Pattern SERVER_TROUBLE = Pattern.compile("requested URL returned \\w+: (?:5[0-9]{2}|429)");
    private static final Pattern REF = Pattern.compile("refs/(heads|tags)/[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+");

    private static final Pattern FULL_COMMIT = Pattern.compile("[0-9a-f]{40,64}");

    /// The commits that are fetched to find the installed one among them, and those that are shown.
    private static final int DEPTH = 200;

    private static final int MOST_CHANGES = 30;
    private static final int LONGEST_MESSAGE = 120;

    private static final List<String> INHERITED = List.of(
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_EXEC_PATH",
            "GIT_PROXY_COMMAND",
            "GIT_EXTERNAL_DIFF",
            "GIT_CONFIG_COUNT",
            "GIT_CONFIG_PARAMETERS",
            "GIT_SSH",
            "GIT_COMMON_DIR",
            "GIT_OBJECT_DIRECTORY",
            "GIT_NAMESPACE",
            "GIT_TRACE",
            "GIT_TRACE_CURL",
            "GIT_TRACE_PACKET");

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

    /// The allowed protocols for a URL, also after a redirect or the user's `insteadOf`; empty if the URL is
    /// not safe.
    private static List<String> protocols(String url) {
        if (ADDRESS.matcher(url).matches() || SCP.matcher(url).matches()) {
            return List.of("https", "ssh");
        }
        if (LOOPBACK.matcher(url).matches()) {
            return List.of("http");
        }
        return FILE.matcher(url).matches() ? List.of("file") : List.of();
    }

    private Refs ask(String url) {
        List<String> protocols = protocols(url);
        if (protocols.isEmpty()) {
            return new Refs.NoAnswer(
                    UncheckableReason.NEVER_ASKED,
                    "Updates are not checked over this type of URL, for security reasons (%s)."
                            .formatted(UntrustedText.quotation(url)));
        }
        Deadline deadline = Deadline.in(limit);
        try (HostConcurrencyLimit.Permit _ = hostConcurrencyLimit.acquire(host(url), deadline)) {
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

    /// The host of a safe URL: `https://ada@host:443/x`, `git@host:x`.
    private static String host(String url) {
        return url.replaceFirst("^[a-z]+://", "").replaceFirst("[/:].*$", "").replaceFirst("^[^@]*@", "");
    }

    private Refs ask(String url, List<String> protocols, Deadline deadline) {
        Command command = git(
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

    /// A command of git that never prompts, and uses only these protocols.
    private static Command git(Deadline deadline, List<String> protocols, String... arguments) {
        List<String> argv = new ArrayList<>(List.of(
                "git",
                "-c",
                "protocol.allow=never",
                "-c",
                "http.followRedirects=initial",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "http.lowSpeedLimit=1000",
                "-c",
                "http.lowSpeedTime=10"));
        argv.addAll(List.of(arguments));
        Command command = Command.of(deadline.left(), argv)
                .in(Path.of("/"))
                .with("LC_ALL", "C")
                .with("GIT_TERMINAL_PROMPT", "0")
                .with("GIT_ASKPASS", "")
                .with("SSH_ASKPASS", "")
                .with("SSH_ASKPASS_REQUIRE", "never")
                .with("GCM_INTERACTIVE", "never")
                .with("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=5")
                .with("GIT_CEILING_DIRECTORIES", "/")
                .with("GIT_NO_LAZY_FETCH", "1")
                .with("GIT_ALLOW_PROTOCOL", String.join(":", protocols));
        for (String name : INHERITED) {
            command = command.without(name);
        }
        return command;
    }

    /// The commits between the installed one and `target`, from a fetch of the newest commits without their files.
    ///
    /// @param scratch the parent of a temporary repository
    CommitList changes(Origin.Git origin, UpgradeTarget.GitCommit target, Path scratch) {
        List<String> protocols = protocols(target.url());
        if (protocols.isEmpty() || !FULL_COMMIT.matcher(target.commit()).matches()) {
            return CommitList.NONE;
        }
        Deadline deadline = Deadline.in(limit);
        try (HostConcurrencyLimit.Permit _ = hostConcurrencyLimit.acquire(host(target.url()), deadline)) {
            Path repository = Files.createTempDirectory(Files.createDirectories(scratch), "changes");
            try {
                return changes(origin, target, repository, protocols, deadline);
            } finally {
                delete(repository);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CommitList.NONE;
        } catch (IOException e) {
            return CommitList.NONE;
        }
    }

    private CommitList changes(
            Origin.Git origin,
            UpgradeTarget.GitCommit target,
            Path repository,
            List<String> protocols,
            Deadline deadline) {
        String folder = "--git-dir=" + repository;
        boolean fetched = Stream.of(
                        git(deadline, protocols, folder, "init", "--quiet", "--bare"),
                        git(
                                deadline,
                                protocols,
                                folder,
                                "fetch",
                                "--quiet",
                                "--no-tags",
                                "--depth=" + DEPTH,
                                "--filter=tree:0",
                                "--",
                                target.url(),
                                target.revision()))
                .allMatch(command -> lines(command).isPresent());
        if (!fetched) {
            return CommitList.NONE;
        }
        // Without its name, git looks for no commit that it does not have.
        Optional<List<String>> all = lines(git(deadline, protocols, folder, "rev-list", target.commit()));
        boolean isKnown =
                all.filter(commits -> commits.contains(origin.commit())).isPresent();
        Optional<List<String>> listed = all.flatMap(_ -> lines(git(
                deadline,
                protocols,
                folder,
                "rev-list",
                "--max-count=" + (MOST_CHANGES + 1),
                "--format=%s",
                isKnown ? origin.commit() + ".." + target.commit() : target.commit())));
        return listed.map(lines -> changes(lines, isKnown)).orElse(CommitList.NONE);
    }

    /// @param lines `commit HASH`, then the first line of its message
    private static CommitList changes(List<String> lines, boolean isKnown) {
        List<String> messages = new ArrayList<>();
        for (int at = 1; at < lines.size(); at += 2) {
            messages.add(UntrustedText.visible(lines.get(at), LONGEST_MESSAGE));
        }
        return new CommitList(
                messages.stream().limit(MOST_CHANGES).toList(), isKnown && messages.size() <= MOST_CHANGES);
    }

    /// Empty if the command failed.
    private Optional<List<String>> lines(Command command) {
        return runner.run(command) instanceof ProcessResult.Exited exited && exited.status() == 0
                ? Optional.of(exited.out().lines().toList())
                : Optional.empty();
    }

    /// A folder that stays is deleted with the cache.
    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException _) {
            // Nothing reads it.
        }
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
