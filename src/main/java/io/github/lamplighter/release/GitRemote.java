package io.github.lamplighter.release;

import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.Target;
import io.github.lamplighter.process.Answer;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.Programs;
import io.github.lamplighter.version.Pep440;
import io.github.lamplighter.version.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A git repository, asked by `git ls-remote` in a way that never prompts, reads no repository's configuration
/// and is
/// safe with a hostile address (git-ls-remote(1), git-config(1) `protocol.allow`, gitremote-helpers(7)).
final class GitRemote {

    private static final Pattern ADDRESS = Pattern.compile(
            "(https|ssh)://(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?/[^\\p{Cntrl}\\s]*");
    private static final Pattern LOOPBACK =
            Pattern.compile("http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::[0-9]+)?/[^\\p{Cntrl}\\s]*");
    private static final Pattern FILE = Pattern.compile("file:///[^\\p{Cntrl}]*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,40}");
    private static final Pattern REF = Pattern.compile("refs/(heads|tags)/[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+");

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
            "GIT_TRACE");

    private final Programs programs;
    private final Duration limit;

    GitRemote(Programs programs, Duration limit) {
        this.programs = programs;
        this.limit = limit;
    }

    /// What the remote has.
    private sealed interface Refs {
        /// @param names from `refs/tags/v1` to the commit, tags peeled
        /// @param head what `HEAD` is now
        record Known(Map<String, String> names, Optional<String> head) implements Refs {
            Optional<String> tag(String name) {
                return Optional.ofNullable(names.get("refs/tags/" + name));
            }

            Optional<String> branch(String name) {
                return Optional.ofNullable(names.get("refs/heads/" + name));
            }
        }

        record NoAnswer(String why) implements Refs {}
    }

    Verdict verdict(Origin.Git origin, String version) {
        return switch (ask(origin.url())) {
            case Refs.NoAnswer(var why) -> new Verdict.NotCheckable(why);
            case Refs.Known known -> compared(origin, version, known);
        };
    }

    Releases.Choice named(Origin.Git origin, String wanted) {
        return switch (ask(origin.url())) {
            case Refs.NoAnswer(var why) -> new Releases.Choice.NotThere(why);
            case Refs.Known known ->
                List.of(wanted, "v" + wanted).stream()
                        .flatMap(tag -> known.tag(tag).stream().map(commit -> target(origin, tag, commit)))
                        .findFirst()
                        .<Releases.Choice>map(Releases.Choice.Found::new)
                        .orElseGet(() -> new Releases.Choice.NotThere(
                                "There is no tag %s in %s.".formatted(wanted, origin.url())));
        };
    }

    RevisionKind kind(Origin.Git origin) {
        if (origin.requestedRevision().isEmpty()) {
            return RevisionKind.DEFAULT;
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

    private static RevisionKind kind(Origin.Git origin, String revision, Refs.Known known) {
        String plain = revision.replaceFirst("^refs/(heads|tags)/", "");
        if (known.tag(plain).isPresent()) {
            return RevisionKind.TAG;
        }
        if (known.branch(plain).isPresent()) {
            return RevisionKind.BRANCH;
        }
        return COMMIT.matcher(revision).matches() && origin.commit().startsWith(revision)
                ? RevisionKind.COMMIT
                : RevisionKind.UNRESOLVED;
    }

    private static Verdict compared(Origin.Git origin, String version, Refs.Known known) {
        if (origin.requestedRevision().isEmpty()) {
            return known.head()
                    .map(head -> moved(origin, "HEAD", head, version))
                    .orElseGet(() -> new Verdict.NotCheckable("The repository has no default branch."));
        }
        String revision = origin.requestedRevision().get().replaceFirst("^refs/(heads|tags)/", "");
        return switch (kind(origin, origin.requestedRevision().get(), known)) {
            case TAG -> tagged(origin, revision, version, known);
            case BRANCH -> moved(origin, revision, known.branch(revision).orElseThrow(), version);
            case COMMIT ->
                new Verdict.Pinned(
                        "It is held at commit %s and never moves by itself.".formatted(shortened(origin.commit())));
            case DEFAULT, UNRESOLVED ->
                new Verdict.NotCheckable("The repository no longer has %s.".formatted(revision));
        };
    }

    private static Verdict tagged(Origin.Git origin, String tag, String version, Refs.Known known) {
        Optional<Map.Entry<String, Pep440>> newest = known.names().keySet().stream()
                .filter(name -> name.startsWith("refs/tags/"))
                .map(name -> name.substring("refs/tags/".length()))
                .flatMap(name -> version(name).filter(Pep440::isFinal).map(found -> Map.entry(name, found)).stream())
                .max(Comparator.comparing(Map.Entry::getValue));
        Optional<Pep440> installed = version(tag);
        if (installed.isEmpty() || newest.isEmpty()) {
            return new Verdict.Pinned("It is held at the tag %s, which is not a version.".formatted(tag));
        }
        int order = newest.get().getValue().compareTo(installed.get());
        if (order < 0) {
            return new Verdict.Ahead(newest.get().getKey());
        }
        if (order == 0) {
            return new Verdict.Current(version);
        }
        String name = newest.get().getKey();
        return new Verdict.Outdated(target(origin, name, known.tag(name).orElseThrow()), Optional.empty());
    }

    private static Verdict moved(Origin.Git origin, String revision, String head, String version) {
        return head.equals(origin.commit())
                ? new Verdict.Current(version)
                : new Verdict.Outdated(
                        new Target.GitCommit(origin.url(), revision, head, shortened(head)), Optional.empty());
    }

    private static Target.GitCommit target(Origin.Git origin, String tag, String commit) {
        return new Target.GitCommit(
                origin.url(), tag, commit, version(tag).map(Pep440::text).orElse(tag));
    }

    /// The version that a tag stands for: `v1.2`, `1.2`, `name-1.2`.
    private static Optional<Pep440> version(String tag) {
        String number = tag.replaceFirst("^(?:[A-Za-z][A-Za-z._]*[-/_])?[vV]?(?=[0-9])", "");
        return Version.parse(Version.Scheme.PEP440, number) instanceof Pep440 parsed
                ? Optional.of(parsed)
                : Optional.empty();
    }

    static String shortened(String commit) {
        return commit.substring(0, Math.min(7, commit.length()));
    }

    private Refs ask(String url) {
        if (!ADDRESS.matcher(url).matches()
                && !LOOPBACK.matcher(url).matches()
                && !FILE.matcher(url).matches()) {
            return new Refs.NoAnswer("Its address is not one that is safe to ask (%s).".formatted(cleaned(url)));
        }
        Command command = Command.of(
                        limit,
                        "git",
                        "-c",
                        "protocol.allow=never",
                        "-c",
                        "protocol.https.allow=always",
                        "-c",
                        "protocol.ssh.allow=always",
                        "-c",
                        "protocol.http.allow=always",
                        "-c",
                        "protocol.file.allow=always",
                        "-c",
                        "http.followRedirects=initial",
                        "-c",
                        "core.fsmonitor=false",
                        "ls-remote",
                        "--symref",
                        "--",
                        url)
                .in(Path.of("/"))
                .with("LC_ALL", "C")
                .with("GIT_TERMINAL_PROMPT", "0")
                .with("GIT_ASKPASS", "")
                .with("SSH_ASKPASS", "")
                .with("GCM_INTERACTIVE", "never")
                .with("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=5")
                .with("GIT_CEILING_DIRECTORIES", "/")
                .with("GIT_ALLOW_PROTOCOL", "https:ssh:http:file");
        for (String name : INHERITED) {
            command = command.without(name);
        }
        return switch (programs.run(command)) {
            case Answer.NotStarted(var reason) -> new Refs.NoAnswer(reason + ".");
            case Answer.TimedOut _ -> new Refs.NoAnswer(Releases.late("The repository", limit));
            case Answer.Exited exited when exited.status() == 0 -> parsed(exited.out());
            case Answer.Exited exited ->
                new Refs.NoAnswer("The repository was not reached: " + cleaned(Releases.lastLine(exited.err())));
        };
    }

    /// Foreign text enters a sentence: no control characters, no user information of an address.
    private static String cleaned(String text) {
        return text.replaceAll("\\p{Cntrl}", " ").replaceAll("//[^/@\\s]+@", "//");
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
                // The commit that an annotated tag stands for; it follows the tag itself.
                names.put(parts[1].substring(0, parts[1].length() - 3), parts[0]);
            } else if (REF.matcher(parts[1]).matches()) {
                names.put(parts[1], parts[0]);
            }
        }
        return new Refs.Known(names, head);
    }
}
