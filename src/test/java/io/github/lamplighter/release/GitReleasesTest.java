package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.Target;
import io.github.lamplighter.process.Answer;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.LocalPrograms;
import io.github.lamplighter.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real git repositories, asked by real git.
class GitReleasesTest {

    private final Programs programs = new LocalPrograms(System.getenv());
    private final Releases releases = new Releases(programs, Duration.ofSeconds(10));

    @TempDir
    Path repository;

    @BeforeEach
    void makeRepository() throws IOException {
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
                        new Target.GitCommit(url(), "v1.1.0", head("v1.1.0^{commit}"), "1.1.0"), Optional.empty()));
        assertThat(verdict(Optional.of("v1.1.0"), head("v1.1.0^{commit}"))).isEqualTo(new Verdict.Current("1.0.0"));
        assertThat(verdict(Optional.of("v2.0.0rc1"), head("v2.0.0rc1"))).isEqualTo(new Verdict.Ahead("v1.1.0"));
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
        assertThat(verdict(Optional.of("gone"), head("v1.0.0"))).isInstanceOf(Verdict.NotCheckable.class);
    }

    @Test
    void aNamedVersionIsFoundByItsTag() {
        assertThat(releases.named(
                        provenance(new Origin.Git(url(), Optional.of("v1.0.0"), RevisionKind.TAG, "0")), "2.0.0rc1"))
                .isEqualTo(new Releases.Choice.Found(
                        new Target.GitCommit(url(), "v2.0.0rc1", head("v2.0.0rc1"), "2.0.0rc1")));
    }

    @Test
    void aHostileAddressRunsNothing() throws IOException {
        Path mark = repository.resolve("mark");
        for (String url : List.of(
                "--upload-pack=touch " + mark,
                "ext::sh -c touch% " + mark,
                "ssh://-oProxyCommand=touch/x",
                "file:///nowhere\n--upload-pack=touch " + mark)) {
            assertThat(releases.verdict(provenance(new Origin.Git(url, Optional.empty(), RevisionKind.DEFAULT, "0"))))
                    .isInstanceOf(Verdict.NotCheckable.class);
        }
        assertThat(Files.exists(mark)).isFalse();
    }

    private Verdict verdict(Optional<String> revision, String commit) {
        return releases.verdict(provenance(new Origin.Git(url(), revision, RevisionKind.UNRESOLVED, commit)));
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
        if (programs.run(command) instanceof Answer.Exited exited && exited.status() == 0) {
            return exited.out();
        }
        throw new AssertionError(programs.run(command));
    }
}
