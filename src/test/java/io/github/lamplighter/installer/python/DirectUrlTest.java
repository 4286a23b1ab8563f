package io.github.lamplighter.installer.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DirectUrlTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String URL = "https://example.org/ada/clock";

    @TempDir
    Path folder;

    @Test
    void withoutTheFileItCameFromAnIndex() {
        assertThat(DirectUrl.read(folder.resolve("nowhere"), "x").origin()).isEqualTo(new Origin.Index());
    }

    @Test
    void aRepositoryWithoutARevisionFollowsItsDefaultBranch() throws IOException {
        assertThat(read(git("")).origin())
                .isEqualTo(new Origin.Git(URL, Optional.empty(), RevisionKind.DEFAULT, COMMIT));
    }

    @ParameterizedTest
    @CsvSource({
        "v1.0.0, UNRESOLVED",
        "main, UNRESOLVED",
        "refs/tags/v1, TAG",
        "refs/heads/main, BRANCH",
        "0123456789abcdef0123456789abcdef01234567, COMMIT",
        "0123456, COMMIT",
        "0123, UNRESOLVED"
    })
    void whatTheFileSaysOfARevisionIsTakenAndNoMore(String revision, RevisionKind kind) throws IOException {
        assertThat(read(git(",\"requested_revision\":\"%s\"".formatted(revision)))
                        .origin())
                .isEqualTo(new Origin.Git(URL, Optional.of(revision), kind, COMMIT));
    }

    @Test
    void thePartOfARepositoryAndKeysOfOthersAreRead() throws IOException {
        DirectUrl read = read("""
            {"url":"%s","vcs_info":{"vcs":"git","commit_id":"%s","git_lfs":true},"subdirectory":"tools/clock","path":"x"}
            """.formatted(URL, COMMIT));
        assertThat(read.origin()).isInstanceOf(Origin.Git.class);
        assertThat(read.subdirectory()).contains("tools/clock");
        assertThat(read.detail()).contains(COMMIT, "tools/clock");
    }

    @Test
    void foldersCheckoutsAndArchives() throws IOException {
        Path place = Path.of("/home/jürgen x/clock");
        String url = place.toUri().toString().replaceFirst("/$", "");
        assertThat(read("{\"url\":\"%s\",\"dir_info\":{}}".formatted(url)).origin())
                .isEqualTo(new Origin.LocalDirectory(place));
        assertThat(read("{\"url\":\"%s\",\"dir_info\":{\"editable\":false}}".formatted(url))
                        .origin())
                .isEqualTo(new Origin.LocalDirectory(place));
        assertThat(read("{\"url\":\"%s\",\"dir_info\":{\"editable\":true}}".formatted(url))
                        .origin())
                .isEqualTo(new Origin.Editable(place));
        assertThat(read("{\"url\":\"file://localhost/c\",\"dir_info\":{}}").origin())
                .isEqualTo(new Origin.LocalDirectory(Path.of("/c")));
        assertThat(read("{\"url\":\"https://h/c.tar.gz\",\"archive_info\":{}}").origin())
                .isEqualTo(new Origin.Archive("https://h/c.tar.gz"));
        assertThat(read("{\"url\":\"https://h/c.whl\",\"archive_info\":{\"hash\":\"sha256=1\",\"hashes\":{}}}")
                        .origin())
                .isEqualTo(new Origin.Archive("https://h/c.whl"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://ada:geheim@h/c.git | https://h/c.git",
                "https://token@h/c.git | https://h/c.git",
                "https://${TOKEN}@h/c.git | https://h/c.git",
                "https://ada:p@ss@h/c.git | https://h/c.git",
                "ssh://git@h/c.git | ssh://git@h/c.git",
                "ssh://ada@h/c.git | ssh://h/c.git",
                "git+https://ada:geheim@h/c.git@v1 | git+https://h/c.git@v1",
                "https://h/@scope/c.git | https://h/@scope/c.git"
            })
    void credentialsAreNotKept(String written, String kept) {
        assertThat(DirectUrl.masked(written)).isEqualTo(kept);
    }

    static Stream<String> senseless() {
        return Stream.of(
                "",
                "[]",
                "7",
                "{",
                "{\"url\":\"%s\"}".formatted(URL),
                "{\"dir_info\":{}}",
                "{\"url\":7,\"dir_info\":{}}",
                "{\"url\":\"%s\",\"dir_info\":{}}".formatted(URL),
                "{\"url\":\"%s\",\"dir_info\":[]}".formatted(URL),
                "{\"url\":\"file:///c\",\"dir_info\":{},\"archive_info\":{}}",
                "{\"url\":\"file:///c\",\"dir_info\":{\"editable\":\"yes\"}}",
                "{\"url\":\"file:///c\",\"dir_info\":{\"editable\":1}}",
                "{\"url\":\"%s\",\"vcs_info\":{\"vcs\":\"git\"}}".formatted(URL),
                "{\"url\":\"%s\",\"vcs_info\":{\"vcs\":\"git\",\"commit_id\":\"main\"}}".formatted(URL),
                "{\"url\":\"%s\",\"vcs_info\":{\"commit_id\":\"%s\"}}".formatted(URL, COMMIT),
                "{\"url\":\"%s\",\"vcs_info\":{\"vcs\":\"hg\",\"commit_id\":\"%s\"}}".formatted(URL, COMMIT));
    }

    @ParameterizedTest
    @MethodSource("senseless")
    void whatMakesNoSenseIsUnknownAndNamesTheFile(String text) throws IOException {
        assertThat(read(text).origin()).isInstanceOfSatisfying(Origin.Unknown.class, unknown -> {
            assertThat(unknown.why()).contains("~/direct_url.json").endsWith(".");
            assertThat(unknown.cause())
                    .isEqualTo(
                            text.contains("\"hg\"")
                                    ? Origin.Unknown.Cause.NOT_FOLLOWED
                                    : Origin.Unknown.Cause.NOT_READ);
        });
    }

    @Test
    void noDamageIsReadAsAnInstallOfSomethingElse() throws IOException {
        Random random = new Random(42);
        String whole = git(",\"requested_revision\":\"v1.0.0\"");
        Origin right = read(whole).origin();
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
            int at = random.nextInt(bytes.length);
            if (random.nextBoolean()) {
                bytes = java.util.Arrays.copyOf(bytes, at);
            } else {
                bytes[at] = (byte) random.nextInt(256);
            }
            Path file = folder.resolve("direct_url.json");
            Files.write(file, bytes);
            Origin origin = DirectUrl.read(file, "~/direct_url.json").origin();
            // A letter within a value cannot be noticed; the shape has to hold.
            assertThat(origin)
                    .satisfiesAnyOf(
                            read -> assertThat(read).isEqualTo(right),
                            read -> assertThat(read).isInstanceOf(Origin.Unknown.class),
                            read -> assertThat(((Origin.Git) read).commit()).matches("[0-9a-f]{40}"));
        }
    }

    private static String git(String more) {
        return "{\"url\":\"%s\",\"vcs_info\":{\"vcs\":\"git\",\"commit_id\":\"%s\"%s}}".formatted(URL, COMMIT, more);
    }

    private DirectUrl read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("direct_url.json"), text);
        return DirectUrl.read(file, "~/direct_url.json");
    }
}
