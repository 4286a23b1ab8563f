package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real git repositories, asked by real git.
class GitReleasesTest {

    private final ProcessRunner runner = new LocalProcessRunner(System.getenv());

    private Releases releases;

    @TempDir
    Path home;

    @TempDir
    Path repository;

    @BeforeEach
    void makeRepository() throws IOException {
        releases = releases(System.getenv());
        git("init", "-q", "-b", "main");
        commit("one");
        git("tag", "v1.0.0");
        commit("two");
        git("tag", "-a", "v1.1.0", "-m", "annotated");
        commit("three");
        git("tag", "v2.0.0rc1");
        git("tag", "nightly");
        commit("four");
    }

    @Test
    void aTagIsComparedWithTheNewestFinalTag() throws IOException {
        assertThat(verdict(Optional.of("v1.0.0"), head("v1.0.0")))
                .isEqualTo(new Verdict.Outdated(
                        new UpgradeTarget.GitCommit(url(), "v1.1.0", head("v1.1.0^{commit}"), "1.1.0"),
                        Optional.empty()));
        assertThat(verdict(Optional.of("v1.1.0"), head("v1.1.0^{commit}"))).isEqualTo(new Verdict.Current("1.0.0"));
        assertThat(verdict(Optional.of("v2.0.0rc1"), head("v2.0.0rc1"))).isEqualTo(new Verdict.Ahead("v1.1.0"));
    }

    @Test
    void whatTheRemoteSaidOfARevisionIsKnownWithoutAskingAgain() throws IOException {
        Origin.Git tag = new Origin.Git(url(), Optional.of("v1.0.0"), Origin.RevisionKind.UNRESOLVED, head("v1.0.0"));
        Origin.Git branch = new Origin.Git(url(), Optional.of("main"), Origin.RevisionKind.UNRESOLVED, head("main"));
        assertThat(releases.toldKind(tag)).isEqualTo(Origin.RevisionKind.UNRESOLVED);
        verdict(Optional.of("v1.0.0"), head("v1.0.0"));
        assertThat(releases.toldKind(tag)).isEqualTo(Origin.RevisionKind.TAG);
        assertThat(releases.toldKind(branch)).isEqualTo(Origin.RevisionKind.BRANCH);
    }

    @Test
    void aBranchAndTheDefaultFollowTheirHead() {
        assertThat(verdict(Optional.of("main"), head("v1.0.0"))).isInstanceOf(Verdict.Outdated.class);
        assertThat(verdict(Optional.empty(), head("main"))).isInstanceOf(Verdict.Current.class);
    }

    @Test
    void anExactCommitIsHeld() {
        String commit = head("v1.0.0");
        assertThat(verdict(Optional.of(commit), commit)).isInstanceOf(Verdict.Pinned.class);
        assertThat(releases.revisionKind(new Origin.Git(url(), Optional.of(commit), RevisionKind.UNRESOLVED, commit)))
                .isEqualTo(RevisionKind.COMMIT);
    }

    @Test
    void aTagThatIsNoVersionAndARevisionThatIsGoneAreNeverOutdated() {
        assertThat(verdict(Optional.of("nightly"), head("nightly"))).isInstanceOf(Verdict.Pinned.class);
        assertThat(verdict(Optional.of("gone"), head("v1.0.0"))).isInstanceOf(NotCheckable.class);
    }

    @Test
    void aNamedVersionIsFoundByItsTag() {
        assertThat(releases.named(
                        provenance(new Origin.Git(url(), Optional.of("v1.0.0"), RevisionKind.TAG, "0")),
                        Map.of(),
                        "2.0.0rc1"))
                .isEqualTo(new Releases.Choice.Found(
                        new UpgradeTarget.GitCommit(url(), "v2.0.0rc1", head("v2.0.0rc1"), "2.0.0rc1")));
    }

    @Test
    void headByNameIsTheDefaultBranchAndOtherRefsAreSaidForWhatTheyAre() {
        assertThat(verdict(Optional.of("HEAD"), head("main"))).isEqualTo(new Verdict.Current("1.0.0"));
        assertThat(verdict(Optional.of("HEAD"), head("v1.0.0"))).isInstanceOf(Verdict.Outdated.class);
        git("update-ref", "refs/pull/1/head", head("v1.0.0"));
        assertThat(verdict(Optional.of("refs/pull/1/head"), head("v1.0.0")))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.NOTHING_FOLLOWED,
                        "It was installed from refs/pull/1/head, which is neither a tag nor a branch."));
        assertThat(verdict(Optional.of("gone"), head("v1.0.0")))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.NOTHING_FOLLOWED, "The repository has no tag or branch named gone."));
        String few = head("v1.0.0").substring(0, 5);
        assertThat(verdict(Optional.of(few), head("v1.0.0")))
                .as("few letters of a commit are a commit")
                .isInstanceOf(Verdict.Pinned.class);
    }

    @Test
    void aFolderOfThisComputerMayBeNamedWithItsHost() throws IOException {
        // What pip before 24 needs: it takes an address without a host for a name.
        String url = url().replaceFirst("^file:///", "file://localhost/");
        assertThat(url).startsWith("file://localhost/");
        assertThat(releases.verdict(
                        provenance(new Origin.Git(url, Optional.of("v1.0.0"), RevisionKind.TAG, head("v1.0.0"))),
                        Map.of()))
                .isInstanceOf(Verdict.Outdated.class);
    }

    @Test
    void aHostileAddressRunsNothing() throws IOException {
        Path mark = repository.resolve("mark");
        for (String url : List.of(
                "--upload-pack=touch " + mark,
                "ext::sh -c touch% " + mark,
                "ssh://-oProxyCommand=touch/x",
                "ssh://host/../-oProxyCommand=x\u0000y",
                "-oProxyCommand=touch " + mark + "@host:x",
                "git@host:-oProxyCommand=x",
                "https://ada:secret@-host/x",
                "http://example.org/x",
                "git://example.org/x",
                "file:///nowhere\n--upload-pack=touch " + mark)) {
            assertThat(releases.verdict(
                            provenance(new Origin.Git(url, Optional.empty(), RevisionKind.DEFAULT, "0")), Map.of()))
                    .as(url)
                    .isInstanceOfSatisfying(
                            NotCheckable.class,
                            not -> assertThat(not.uncheckableReason()).isEqualTo(UncheckableReason.NEVER_ASKED));
        }
        assertThat(Files.exists(mark)).isFalse();
    }

    @Test
    void whoRunsAPreReleaseIsOfferedTheNextOneAndThenTheFinalVersion() throws IOException {
        git("tag", "-d", "v1.0.0");
        git("tag", "-d", "v1.1.0");
        git("tag", "v2.0.0rc2");
        assertThat(verdict(Optional.of("v2.0.0rc1"), head("v2.0.0rc1"))).satisfies(goesTo("v2.0.0rc2"));
        commit("final");
        git("tag", "v2.0.0");
        git("tag", "v3.0.0a1");
        assertThat(verdict(Optional.of("v2.0.0rc1"), head("v2.0.0rc1"))).satisfies(goesTo("v2.0.0"));
    }

    @Test
    void onlyTagsOfTheSamePrefixAreCompared() {
        for (String tag : List.of("cli-v1.0", "cli-v1.2", "server-v9.0", "release/4.0", "5.0", "2026-nightly")) {
            git("tag", tag);
        }
        assertThat(verdict(Optional.of("cli-v1.0"), head("cli-v1.0"))).satisfies(goesTo("cli-v1.2"));
        assertThat(verdict(Optional.of("v1.0.0"), head("v1.0.0"))).satisfies(goesTo("v1.1.0"));
        assertThat(verdict(Optional.of("release/4.0"), head("release/4.0"))).isEqualTo(new Verdict.Current("1.0.0"));
    }

    @Test
    void aTagThatWasMovedIsSaidAndNotFollowed() throws IOException {
        String before = head("v1.1.0^{commit}");
        commit("five");
        git("tag", "-f", "-a", "v1.1.0", "-m", "moved");
        assertThat(verdict(Optional.of("v1.1.0"), before)).isInstanceOfSatisfying(Verdict.Current.class, current -> {
            assertThat(current.notTaken()).singleElement().satisfies(moved -> {
                assertThat(moved.reason()).isEqualTo(Verdict.Reason.TAG_MOVED);
                assertThat(moved.proof().detail())
                        .isEqualTo("v1.1.0 is now %s; installed: %s"
                                .formatted(head("v1.1.0^{commit}").substring(0, 7), before.substring(0, 7)));
            });
        });
    }

    @Test
    void aNameThatIsBothATagAndABranchIsNotGuessed() {
        git("branch", "v1.0.0", "main");
        assertThat(verdict(Optional.of("v1.0.0"), head("refs/tags/v1.0.0")))
                .isInstanceOfSatisfying(
                        NotCheckable.class, not -> assertThat(not.why()).contains("both a tag and a branch"));
        assertThat(verdict(Optional.of("refs/tags/v1.0.0"), head("refs/tags/v1.0.0")))
                .satisfies(goesTo("v1.1.0"));
        assertThat(verdict(Optional.of("refs/heads/v1.0.0"), head("refs/heads/v1.0.0")))
                .isEqualTo(new Verdict.Current("1.0.0"));
    }

    @Test
    void anEmptyRepositoryAndOneThatIsGoneAreNotCheckable() throws IOException {
        Path empty = Files.createDirectories(home.resolve("empty"));
        runner.run(Command.of(Duration.ofSeconds(20), "git", "init", "-q", "--bare", empty.toString()));
        assertThat(ask("file://" + empty))
                .isEqualTo(
                        new NotCheckable(UncheckableReason.NOTHING_FOLLOWED, "The repository has no default branch."));
        assertThat(ask("file://" + home.resolve("nothing")))
                .isEqualTo(new NotCheckable(UncheckableReason.GONE, "The git repository no longer exists at its URL."));
    }

    @Test
    void aCommitInFullIsHeldWithoutAnybodyBeingAsked() {
        String commit = head("v1.0.0");
        assertThat(releases.verdict(
                        provenance(new Origin.Git(
                                "https://no-such-host.invalid/x",
                                Optional.of(commit),
                                RevisionKind.UNRESOLVED,
                                commit)),
                        Map.of()))
                .isEqualTo(new Verdict.Pinned("It is pinned to commit %s and isn't upgraded automatically."
                        .formatted(commit.substring(0, 7))));
    }

    @Test
    void whatIsInTheWayOfARepositoryIsToldApart() throws IOException {
        try (IndexServer host = new IndexServer()) {
            host.on("/503", 503).on("/404", 404);
            assertThat(gap(host.url() + "503/x.git")).isEqualTo(UncheckableReason.IN_TROUBLE);
            assertThat(gap(host.url() + "404/x.git")).isEqualTo(UncheckableReason.SIGN_IN);
        }
        assertThat(gap("https://no-such-host.invalid/x")).isEqualTo(UncheckableReason.NOT_REACHED);
        assertThat(gap("ssh://git@127.0.0.1:1/x")).isEqualTo(UncheckableReason.NOT_REACHED);
        assertThat(gap("http://example.org/x")).isEqualTo(UncheckableReason.NEVER_ASKED);
        assertThat(gap("git+http://example.org/x")).isEqualTo(UncheckableReason.NEVER_ASKED);
    }

    @Test
    void aHostIsAskedAtMostFourThingsAtATime() throws Exception {
        try (IndexServer host = new IndexServer();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IndexServer.Held held = host.hold("/", 503);
            List<Future<Verdict>> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String url = host.url() + i + "/x.git";
                all.add(threads.submit(() -> ask(url)));
            }
            Await.until("four at once", Duration.ofSeconds(20), () -> held.waiting() == 4);
            held.letGo();
            for (Future<Verdict> one : all) {
                assertThat(one.get()).isInstanceOf(NotCheckable.class);
            }
            assertThat(held.most()).isEqualTo(4);
        }
    }

    private UncheckableReason gap(String url) {
        return ask(url) instanceof NotCheckable not ? not.uncheckableReason() : UncheckableReason.NO_SOURCE;
    }

    @Test
    void aRepositoryThatWantsAPasswordDoesNotAskForOne() throws IOException {
        try (IndexServer host = new IndexServer()) {
            host.on("/", exchange -> {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=x");
                IndexServer.answer(exchange, 401, "text/plain", "");
            });
            Path mark = home.resolve("asked");
            Path asker = Files.writeString(home.resolve("asker"), "#!/bin/sh\ntouch '%s'\n".formatted(mark));
            Files.setPosixFilePermissions(asker, PosixFilePermissions.fromString("rwx------"));
            Map<String, String> environment = new HashMap<>(System.getenv());
            environment.put("GIT_ASKPASS", asker.toString());
            environment.put("SSH_ASKPASS", asker.toString());
            releases = releases(environment);
            assertThat(ask(host.url() + "x.git"))
                    .isEqualTo(new NotCheckable(
                            UncheckableReason.SIGN_IN,
                            "The repository requires sign-in, or doesn't exist.",
                            Optional.of("git ls-remote %sx.git".formatted(host.url()))));
            assertThat(mark).doesNotExist();
        }
    }

    @Test
    void theConfigurationOfAHostileRepositoryIsNotRead() throws IOException {
        Path mark = home.resolve("mark");
        Path hostile = Files.createDirectories(home.resolve("hostile"));
        runner.run(Command.of(Duration.ofSeconds(20), "git", "init", "-q", hostile.toString()));
        Files.writeString(
                hostile.resolve(".git/config"),
                """
                [protocol "ext"]
                    allow = always
                [core]
                    sshCommand = touch %s
                    fsmonitor = touch %s
                [url "ext::sh -c touch%% %s"]
                    insteadOf = %s
                """.formatted(mark, mark, mark, url()),
                java.nio.file.StandardOpenOption.APPEND);
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("GIT_DIR", hostile.resolve(".git").toString());
        environment.put("GIT_CONFIG_PARAMETERS", "'core.sshCommand=touch %s'".formatted(mark));
        releases = releases(environment);
        assertThat(verdict(Optional.of("v1.0.0"), head("v1.0.0"))).satisfies(goesTo("v1.1.0"));
        assertThat(ask("ssh://git@127.0.0.1:1/x")).isInstanceOf(NotCheckable.class);
        assertThat(mark).doesNotExist();
    }

    private static java.util.function.Consumer<Verdict> goesTo(String tag) {
        return verdict -> assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Outdated.class,
                        outdated -> assertThat(((UpgradeTarget.GitCommit) outdated.upgradeTarget()).revision())
                                .isEqualTo(tag));
    }

    private Verdict ask(String url) {
        return releases.verdict(provenance(new Origin.Git(url, Optional.empty(), RevisionKind.DEFAULT, "0")), Map.of());
    }

    private Releases releases(Map<String, String> environment) {
        return new Releases(
                new Inheriting(environment),
                new Releases.Access(
                        environment,
                        AppDirectories.linux(Map.of(), home),
                        InstantSource.system(),
                        ZoneOffset.UTC,
                        Duration.ofSeconds(20),
                        Duration.ofHours(24),
                        true,
                        Duration.ZERO));
    }

    @Test
    void theCommitsOfAnUpgradeAreListedWithTheNewestFirst() throws IOException {
        CommitList changes = changes("v1.0.0", "main");

        assertThat(changes).isEqualTo(new CommitList(List.of("four", "three", "two"), true));
        assertThat(Files.list(home.resolve(".cache/lamplighter/git"))).isEmpty();
    }

    @Test
    void aRepositoryThatAKilledRunLeftIsDeleted() throws IOException {
        Path scratch = Files.createDirectories(home.resolve(".cache/lamplighter/git"));
        Path left = Files.createDirectory(scratch.resolve("changes1"));
        Files.createFile(left.resolve("HEAD"));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path inUse = Files.createDirectory(scratch.resolve("changes2"));

        changes("v1.0.0", "main");

        assertThat(scratch).isDirectoryNotContaining(left::equals);
        assertThat(inUse).isDirectory();
    }

    /// A template may contain hooks, and a configuration.
    @Test
    void theUsersTemplateOfRepositoriesIsNotUsed() throws IOException {
        Path template = Files.createDirectory(home.resolve("template"));
        Files.writeString(template.resolve("config"), "[url \"file:///nowhere/\"]\n    insteadOf = file:///\n");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("GIT_TEMPLATE_DIR", template.toString());
        releases = releases(environment);

        assertThat(changes("v1.0.0", "main").messages()).containsExactly("four", "three", "two");
    }

    /// Both parents of a merge count, and nothing that the installed version has.
    @Test
    void theCommitsOfAMergedBranchAreListed() throws IOException {
        git("checkout", "-q", "-b", "side", "v1.0.0");
        Files.writeString(repository.resolve("other"), "side");
        git("add", "other");
        git("-c", "user.name=ada", "-c", "user.email=ada@example.org", "commit", "-q", "-m", "side");
        git("checkout", "-q", "main");
        git("-c", "user.name=ada", "-c", "user.email=ada@example.org", "merge", "-q", "side", "-m", "merge");

        assertThat(changes("v1.1.0^{commit}", "main").messages())
                .containsExactlyInAnyOrder("merge", "side", "four", "three");
    }

    @Test
    void manyCommitsAreCutAndAForeignOneIsNeverMissed() throws IOException {
        for (int at = 0; at < 40; at++) {
            commit("commit " + at);
        }

        CommitList all = changes("v1.0.0", "main");
        CommitList fromElsewhere =
                changes(new Origin.Git(url(), Optional.of("main"), RevisionKind.BRANCH, "a".repeat(40)));

        assertThat(all.messages()).hasSize(30).startsWith("commit 39");
        assertThat(all.isComplete()).isFalse();
        assertThat(fromElsewhere.isComplete()).isFalse();
    }

    @Test
    void aMessageIsPlainTextOnOneShortLine() throws IOException {
        commit("<b>bold</b>\u202e\u001b[31m " + "x".repeat(300));

        assertThat(changes("main~1", "main").messages())
                .singleElement()
                .asString()
                .startsWith("<b>bold</b>[31m xxx")
                .hasSize(120);
    }

    @Test
    void aRepositoryThatIsGoneHasNoCommitsToShow() throws IOException {
        Origin.Git origin =
                new Origin.Git("file:///nowhere/at/all", Optional.of("main"), RevisionKind.BRANCH, head("v1.0.0"));

        assertThat(changes(origin)).isEqualTo(CommitList.NONE);
    }

    private CommitList changes(String from, String to) {
        return changes(new Origin.Git(url(), Optional.of(to), RevisionKind.BRANCH, head(from)));
    }

    private CommitList changes(Origin.Git origin) {
        return releases.changes(
                provenance(origin), new UpgradeTarget.GitCommit(origin.url(), "main", head("main"), "new"));
    }

    private Verdict verdict(Optional<String> revision, String commit) {
        return releases.verdict(provenance(new Origin.Git(url(), revision, RevisionKind.UNRESOLVED, commit)), Map.of());
    }

    private static Provenance provenance(Origin origin) {
        Path nowhere = Path.of("/nowhere");
        return new Provenance(
                InstallerKind.VENV,
                "lamp-clock",
                nowhere,
                nowhere,
                "1.0.0",
                origin,
                new Provenance.Runtime("python", nowhere, "3.11.2", ""),
                List.of());
    }

    private String url() {
        return "file://" + repository;
    }

    private String head(String revision) {
        return git("rev-parse", revision).strip();
    }

    private void commit(String text) throws IOException {
        Files.writeString(repository.resolve("file"), text);
        git("add", "file");
        git("-c", "user.name=ada", "-c", "user.email=ada@example.org", "commit", "-q", "-m", text);
    }

    private String git(String... arguments) {
        Command command = Command.of(
                        Duration.ofSeconds(20),
                        Stream.concat(Stream.of("git"), Stream.of(arguments)).toList())
                .in(repository)
                .with("GIT_COMMITTER_NAME", "ada")
                .with("GIT_COMMITTER_EMAIL", "ada@example.org");
        if (runner.run(command) instanceof ProcessResult.Exited exited && exited.status() == 0) {
            return exited.out();
        }
        throw new AssertionError(runner.run(command));
    }

    /// Runs programs as a process with this environment would.
    private record Inheriting(Map<String, String> inherited, ProcessRunner runner) implements ProcessRunner {

        Inheriting(Map<String, String> inherited) {
            this(inherited, new LocalProcessRunner(inherited));
        }

        @Override
        public ProcessResult run(Command command) {
            return run(command, _ -> {});
        }

        @Override
        public ProcessResult run(Command command, Consumer<String> line) {
            Command all = command;
            for (Map.Entry<String, String> variable : inherited.entrySet()) {
                if (!command.environment().containsKey(variable.getKey())) {
                    all = all.with(variable.getKey(), variable.getValue());
                }
            }
            return runner.run(all, line);
        }

        @Override
        public Optional<String> launch(List<String> argv, Map<String, Optional<String>> changes) {
            return runner.launch(argv, changes);
        }

        @Override
        public Optional<String> launch(List<String> argv, Duration limit) {
            return runner.launch(argv, limit);
        }

        @Override
        public Optional<Path> find(String name) {
            return runner.find(name);
        }

        @Override
        public Optional<Path> find(String name, String path) {
            return runner.find(name, path);
        }
    }
}
