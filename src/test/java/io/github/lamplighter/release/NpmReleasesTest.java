package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.Reason;
import io.github.lamplighter.release.Verdict.SkippedRelease;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry on loopback that speaks as npm's does.
class NpmReleasesTest {

    private static final String SHORT = """
        { "name": "x", "dist-tags": { "latest": "3.0.0", "next": "4.0.0-rc.2" },
          "versions": { "1.0.0": { "engines": { "node": ">=8" } },
                        "2.0.0": { "engines": { "node": ">=18" } },
                        "2.5.0": { "engines": { "node": ">=18" }, "deprecated": "it loses data" },
                        "3.0.0": { "engines": { "node": ">=24" } },
                        "3.1.0": { }, "4.0.0-beta.9": { }, "4.0.0-rc.1": { }, "4.0.0-rc.2": { }, "nonsense": { } } }\
        """;
    private static final String TIMES = """
        "time": { "created": "2020-01-01T00:00:00.000Z", "2.0.0": "2021-02-03T04:05:06.000Z",
                  "3.0.0": "2026-11-24T09:00:00.000Z" } }\
        """;

    private final IndexServer registry;

    @TempDir
    Path home;

    private Asking user;

    NpmReleasesTest() throws IOException {
        registry = new IndexServer();
    }

    @BeforeEach
    void makeUser() throws IOException {
        user = new Asking(home);
        user.installer = InstallerKind.NPM;
        user.name = "x";
        user.runtime = "24.1.0";
        user.environment.put("npm_config_globalconfig", "/nowhere");
        Files.writeString(home.resolve(".npmrc"), "registry = " + registry.url() + "npm\n; a comment\n");
        registry.on("/npm/x", exchange -> {
            boolean isShort = exchange.getRequestHeaders().getFirst("Accept").contains("install-v1");
            IndexServer.answer(
                    exchange,
                    200,
                    "application/json",
                    isShort ? SHORT : SHORT.substring(0, SHORT.length() - 1) + ", " + TIMES);
        });
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void theNewestThatTheAuthorsCallTheLatestIsOffered() {
        assertThat(user.verdict("1.0.0"))
                .isEqualTo(new Verdict.Outdated(
                        new UpgradeTarget.IndexVersion("3.0.0"),
                        Optional.of(OffsetDateTime.parse("2026-11-24T09:00:00Z"))));
    }

    @Test
    void withoutAWordOfTheUserTheRegistryIsTheOneThatTheNpmBesideItsNodeNames() throws IOException {
        Files.delete(home.resolve(".npmrc"));
        user.environment.put("PATH", "/nowhere");
        Path npm = home.resolve("node/bin/npm");
        Files.createDirectories(npm.getParent());
        Files.writeString(npm, "#!/bin/sh\necho " + registry.url() + "npm/\n");
        assertThat(npm.toFile().setExecutable(true)).isTrue();
        assertThat(user.verdict("3.0.0")).isEqualTo(new Verdict.Current("3.0.0"));
    }

    @Test
    void whatThisNodeCannotRunIsNamedAndTheNewestThatItRunsIsOffered() {
        user.runtime = "20.2.0";
        SkippedRelease needs24 = new SkippedRelease(
                "3.0.0",
                Reason.RUNTIME,
                "3.0.0 needs Node >=24 (installed: 20.2.0)",
                ">=24",
                new Evidence("npm view x@3.0.0", "engines.node >=24"));
        SkippedRelease withdrawn = new SkippedRelease(
                "2.5.0",
                Reason.WITHDRAWN,
                "2.5.0 was withdrawn by its authors",
                new Evidence("npm view x@2.5.0", "deprecated: it loses data"));
        assertThat(user.verdict("1.0.0"))
                .isEqualTo(new Verdict.Outdated(
                        new UpgradeTarget.IndexVersion("2.0.0"),
                        Optional.of(OffsetDateTime.parse("2021-02-03T04:05:06Z")),
                        List.of(needs24, withdrawn)));
        assertThat(user.verdict("2.0.0")).isEqualTo(new Verdict.Current("2.0.0", List.of(needs24, withdrawn)));
    }

    @Test
    void theSameIsCurrentAndNewerIsAheadNeverADowngrade() {
        assertThat(user.verdict("3.0.0")).isEqualTo(new Verdict.Current("3.0.0"));
        assertThat(user.verdict("3.1.0")).isEqualTo(new Verdict.Ahead("3.0.0"));
        assertThat(user.verdict("9.0.0-mine.1")).isEqualTo(new Verdict.Ahead("3.0.0"));
    }

    @Test
    void whoRunsAPreReleaseIsOfferedTheNextOfItsKind() {
        assertThat(user.verdict("4.0.0-rc.1"))
                .isInstanceOfSatisfying(
                        Verdict.Outdated.class,
                        outdated -> assertThat(outdated.upgradeTarget())
                                .isEqualTo(new UpgradeTarget.IndexVersion("4.0.0-rc.2")));
        assertThat(user.verdict("4.0.0-rc.2")).isEqualTo(new Verdict.Ahead("3.0.0"));
        assertThat(user.verdict("4.0.0-beta.9")).isEqualTo(new Verdict.Ahead("3.0.0"));
    }

    @Test
    void aYoungVersionAndOneAfterTheCutOffWait() throws IOException {
        user.minimumAge = Duration.ofHours(24);
        assertThat(user.verdict("2.0.0").notTaken())
                .extracting(SkippedRelease::reason)
                .contains(Reason.TOO_YOUNG);
        user.minimumAge = Duration.ZERO;
        Files.writeString(home.resolve(".npmrc"), "registry=%snpm/\nbefore=2025-01-01\n".formatted(registry.url()));
        assertThat(user.verdict("2.0.0"))
                .isInstanceOfSatisfying(
                        Verdict.Current.class,
                        current -> assertThat(current.notTaken())
                                .extracting(SkippedRelease::reason)
                                .contains(Reason.CUT_OFF));
        // 3.0.0 is of this day, which npm takes as its first moment in UTC.
        Files.writeString(home.resolve(".npmrc"), "registry=%snpm/\nbefore=2026-11-24\n".formatted(registry.url()));
        assertThat(user.verdict("2.0.0")).isInstanceOf(Verdict.Current.class);
        Files.writeString(home.resolve(".npmrc"), "registry=%snpm/\nmin-release-age=3\n".formatted(registry.url()));
        assertThat(user.verdict("2.0.0")).isInstanceOf(Verdict.Current.class);
    }

    @Test
    void aVersionThatWasNeverPublishedIsNotCheckable() {
        assertThat(user.verdict("1.5.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.ELSEWHERE,
                        "The registry doesn't have version 1.5.0. It may have been unpublished, or installed from"
                                + " another source.",
                        Optional.of("lamplighter add x --origin URL")));
        user.name = "unheard-of";
        assertThat(user.verdict("1.5.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.NOT_THERE,
                        "127.0.0.1 has no package unheard-of. It may be private, removed, or installed from another"
                                + " source.",
                        Optional.of("lamplighter add unheard-of --origin URL")));
    }

    @Test
    void whatHasAPublishedNumberButOtherDependenciesOrProgramsCameFromSomewhereElse() throws IOException {
        user.name = "lamp";
        registry.on("/npm/lamp", exchange -> IndexServer.answer(exchange, 200, "application/json", """
            { "dist-tags": { "latest": "2.0.0" },
              "versions": { "2.0.0": {}, "1.0.0": { "bin": { "lamp": "cli.js" },
                            "dependencies": { "wick": "^1.0.0", "maybe": "1" }, "optionalDependencies": { "maybe": "1" } } } }\
            """));
        Path file = Files.createDirectories(home.resolve("environment")).resolve("package.json");
        Files.writeString(file, """
            { "bin": "./cli.js", "dependencies": { "wick": "^1.0.0" }, "optionalDependencies": { "maybe": "1" } }\
            """);
        assertThat(user.verdict("1.0.0")).isInstanceOf(Verdict.Outdated.class);
        Files.writeString(file, "{ \"bin\": \"./cli.js\", \"dependencies\": { \"wick\": \"^1.1.0\" } }");
        assertThat(user.verdict("1.0.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.ELSEWHERE,
                        "Version 1.0.0 in the registry differs from the installed one (`dependencies` in"
                                + " package.json). It may have been installed from another source, or changed locally.",
                        Optional.of("lamplighter add lamp --origin URL")));
        Files.writeString(file, """
            { "bin": { "y": "cli.js" }, "dependencies": { "wick": "^1.0.0", "maybe": "1" }, "optionalDependencies": { "maybe": "1" } }\
            """);
        assertThat(user.verdict("1.0.0"))
                .isInstanceOfSatisfying(
                        NotCheckable.class, not -> assertThat(not.why()).contains("`bin`"));
    }

    @Test
    void nonsenseIsNotCheckable() {
        registry.on("/npm/list", "application/json", "[ ]")
                .on("/npm/cut", "application/json", "{ \"versions\": { \"1.0");
        user.name = "list";
        assertThat(user.verdict("1.0.0"))
                .isEqualTo(new NotCheckable(UncheckableReason.NO_SENSE, "127.0.0.1 did not return package metadata."));
        user.name = "cut";
        assertThat(user.verdict("1.0.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.NO_SENSE, "127.0.0.1 sent a response that can't be parsed."));
    }

    @Test
    void aScopeHasItsOwnRegistryAndATokenGoesToItsOwnHostAlone() throws IOException {
        try (IndexServer own = new IndexServer()) {
            own.on("/deep/npm/@ada", exchange -> {
                boolean knows =
                        "Bearer t0ken".equals(exchange.getRequestHeaders().getFirst("Authorization"));
                IndexServer.answer(exchange, knows ? 200 : 401, "application/json", knows ? SHORT : "");
            });
            Files.writeString(home.resolve(".npmrc"), """
                registry=%snpm/
                @ada:registry=%sdeep/npm/
                //127.0.0.1:%d/deep/:_authToken=${NPM_TOKEN}
                """.formatted(registry.url(), own.url(), own.port()));
            user.environment.put("NPM_TOKEN", "t0ken");
            user.name = "@ada/x";
            assertThat(user.verdict("1.0.0")).isInstanceOf(Verdict.Outdated.class);
            assertThat(own.asked.getFirst().address().getRawPath()).isEqualTo("/deep/npm/@ada%2fx");
            user.name = "x";
            user.verdict("1.0.0");
            assertThat(registry.asked)
                    .isNotEmpty()
                    .allSatisfy(asked -> assertThat(asked.authorization()).isEmpty());
            user.environment.put("NPM_TOKEN", "wr0ng");
            user.name = "@ada/x";
            Verdict refused = user.verdict("1.0.0");
            assertThat(refused)
                    .isEqualTo(new NotCheckable(
                            UncheckableReason.SIGN_IN,
                            "127.0.0.1 requires sign-in (401).",
                            Optional.of("npm login --registry %sdeep/npm/".formatted(own.url()))));
        }
    }

    @Test
    void theVariablesThatWereRecordedForAToolWinOverTheFile() throws IOException {
        Files.writeString(home.resolve(".npmrc"), "registry=http://127.0.0.1:1/\n");
        assertThat(user.verdict("1.0.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.NOT_REACHED, "Could not reach 127.0.0.1: connection refused."));
        assertThat(user.releases()
                        .verdict(
                                user.provenance("1.0.0", new Origin.Index()),
                                Map.of("npm_config_registry", registry.url() + "npm/")))
                .isInstanceOf(Verdict.Outdated.class);
    }

    @Test
    void aVersionThatAPersonNamesIsLookedUp() {
        assertThat(named("2.0.0")).isEqualTo(new Releases.Choice.Found(new UpgradeTarget.IndexVersion("2.0.0")));
        assertThat(named("99.0.0")).isEqualTo(new Releases.Choice.NotThere("The registry has no version 99.0.0 of x."));
        assertThat(named("latest")).isEqualTo(new Releases.Choice.NotThere("latest is not a valid npm version."));
    }

    private Releases.Choice named(String version) {
        return user.releases().named(user.provenance("1.0.0", new Origin.Index()), Map.of(), version);
    }
}
