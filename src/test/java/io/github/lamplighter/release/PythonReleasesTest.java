package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.SearchOptions;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.Reason;
import io.github.lamplighter.release.Verdict.SkippedRelease;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import io.github.lamplighter.settings.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real index on loopback, asked over HTTP.
class PythonReleasesTest {

    private final IndexServer index;

    @TempDir
    Path home;

    private Asking user;

    PythonReleasesTest() throws IOException {
        index = new IndexServer();
    }

    @BeforeEach
    void makeUser() {
        user = new Asking(home);
        user.environment.put("PIP_INDEX_URL", index.url() + "simple");
    }

    @AfterEach
    void stop() {
        index.close();
    }

    @Test
    void theNewestFinalVersionIsOfferedWithItsTime() {
        serve(file("1.0.0", ""), file("1.10.0", ""), file("1.9.0", ""), file("2.0.0rc1", ""), file("2.0.0.dev1", ""));
        assertThat(user.verdict("1.0.0"))
                .isEqualTo(new Verdict.Outdated(
                        new UpgradeTarget.IndexVersion("1.10.0"),
                        Optional.of(OffsetDateTime.parse("2026-01-02T03:04:05Z"))));
        assertThat(user.verdict("1.10.0")).isEqualTo(new Verdict.Current("1.10.0"));
        assertThat(index.asked.getFirst().accept())
                .hasValueSatisfying(accept -> assertThat(accept).startsWith(IndexServer.PYTHON_JSON));
        assertThat(index.asked.getFirst().address().getPath()).isEqualTo("/simple/lamp-clock/");
    }

    @Test
    void anOlderIndexThatSpeaksHtmlIsUnderstoodAsWell() {
        index.on("/simple/lamp-clock/", "text/html; charset=utf-8", """
            <!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"></head><body>
            <a href="../../f/lamp_clock-1.0-py3-none-any.whl#sha256=00">lamp_clock-1.0-py3-none-any.whl</a><br>
            <A HREF='/f/Lamp.Clock-1.2.tar.gz' data-requires-python="&gt;=3.9,&lt;4">Lamp.Clock-1.2.tar.gz</A>
            <a href="/f/lamp_clock-1.3%2Blocal-py3-none-any.whl">local</a>
            <a href="/f/lamp_clock-1.4-1-py3-none-any.whl" data-requires-python="&gt;=3.12">1.4</a>
            <a href="/f/lamp_clock-1.5-py3-none-any.whl" data-yanked>1.5</a>
            <a href="/f/other-9.0.tar.gz">other-9.0.tar.gz</a><a href="/f/lamp-clock-9.0.exe">9</a>
            </body></html>\
            """);
        assertThat(user.verdict("1.0"))
                .isEqualTo(new Verdict.Outdated(
                        new UpgradeTarget.IndexVersion("1.2"),
                        Optional.empty(),
                        List.of(
                                withdrawn("1.5", "no reason given"),
                                new SkippedRelease(
                                        "1.4",
                                        Reason.RUNTIME,
                                        "1.4 needs Python >=3.12 (installed: 3.11.2)",
                                        ">=3.12",
                                        proof("requires-python of 1.4 is >=3.12")))));
    }

    @Test
    void whatThisPythonCannotRunIsNamedAndNotOffered() {
        serve(file("1.0", ""), file("2.0", "\"requires-python\": \">=3.12\","));
        assertThat(user.verdict("1.0"))
                .isEqualTo(new Verdict.Current(
                        "1.0",
                        List.of(new SkippedRelease(
                                "2.0",
                                Reason.RUNTIME,
                                "2.0 needs Python >=3.12 (installed: 3.11.2)",
                                ">=3.12",
                                proof("requires-python of 2.0 is >=3.12")))));
        user.runtime = "3.12.0";
        assertThat(user.verdict("1.0")).isInstanceOf(Verdict.Outdated.class);
    }

    @Test
    void aWithdrawnVersionIsNeverOfferedAndItsReasonIsSaid() {
        serve(file("1.0", ""), file("1.1", "\"yanked\": \"eats data\","), file("1.2", "\"yanked\": true,"));
        assertThat(user.verdict("1.0"))
                .isEqualTo(new Verdict.Current("1.0", List.of(withdrawn("1.2", "no reason given"))));
    }

    @Test
    void whatWasAskedForBoundsWhatIsOffered() {
        serve(file("1.0", ""), file("1.4", ""), file("2.0", ""));
        assertThat(user.asked("<2").verdict("1.0")).isInstanceOfSatisfying(Verdict.Outdated.class, outdated -> {
            assertThat(outdated.upgradeTarget()).isEqualTo(new UpgradeTarget.IndexVersion("1.4"));
            assertThat(outdated.notTaken()).singleElement().satisfies(newer -> {
                assertThat(newer.reason()).isEqualTo(Reason.CONSTRAINT);
                assertThat(newer.proof().detail()).isEqualTo("installed as lamp-clock<2");
            });
        });
        assertThat(user.asked("==1.0").verdict("1.0")).isInstanceOfSatisfying(Verdict.Pinned.class, pinned -> {
            assertThat(pinned.why()).contains("==1.0");
            assertThat(pinned.notTaken()).extracting(SkippedRelease::version).containsExactly("2.0");
        });
        assertThat(user.asked("==1.*").verdict("1.0")).isInstanceOf(Verdict.Outdated.class);
        assertThat(user.asked("~=1.0").verdict("1.4")).isInstanceOf(Verdict.Current.class);
        assertThat(user.asked(">>1").verdict("1.4")).isInstanceOf(NotCheckable.class);
    }

    @Test
    void ofWhatIsHeldAnotherPythonIsSaidFirst() {
        serve(file("1.0", ""), file("1.4", ""), file("2.0", "\"requires-python\": \">=3.12\","));
        assertThat(user.asked("==1.0").verdict("1.0"))
                .isInstanceOfSatisfying(
                        Verdict.Pinned.class,
                        pinned -> assertThat(pinned.notTaken())
                                .extracting(SkippedRelease::version, SkippedRelease::reason)
                                .containsExactly(tuple("2.0", Reason.RUNTIME), tuple("1.4", Reason.CONSTRAINT)));
        assertThat(user.asked("<2").verdict("1.4"))
                .isInstanceOfSatisfying(
                        Verdict.Current.class,
                        current -> assertThat(current.notTaken())
                                .extracting(SkippedRelease::reason)
                                .containsExactly(Reason.CONSTRAINT));
    }

    @Test
    void preReleasesAreForThoseWhoRunOneOrWhereThereIsNothingElse() {
        serve(file("1.0", ""), file("2.0rc1", ""), file("2.0rc2", ""));
        assertThat(user.verdict("1.0")).isEqualTo(new Verdict.Current("1.0"));
        assertThat(target("2.0rc1")).isEqualTo("2.0rc2");
        assertThat(user.verdict("2.0rc2")).isEqualTo(new Verdict.Ahead("1.0"));
        user.environment.put("PIP_PRE", "1");
        assertThat(target("1.0")).isEqualTo("2.0rc2");
    }

    @Test
    void whoRunsAPreReleaseGoesToTheFinalVersionNotToTheNextPreRelease() {
        serve(file("2.0rc1", ""), file("2.0", ""), file("3.0a1", ""));
        assertThat(target("2.0rc1")).isEqualTo("2.0");
    }

    @Test
    void whereOnlyPreReleasesExistTheyAreOffered() {
        serve(file("0.1a1", ""), file("0.1a2", ""));
        assertThat(target("0.1a1")).isEqualTo("0.1a2");
    }

    @Test
    void aNewerLocalVersionIsAheadAndNeverADowngrade() {
        serve(file("1.0", ""), file("1.1", ""));
        assertThat(user.verdict("1.2.dev3+gabc")).isEqualTo(new Verdict.Ahead("1.1"));
        assertThat(user.verdict("1.1+local")).isEqualTo(new Verdict.Ahead("1.1"));
        assertThat(target("1.0+local")).isEqualTo("1.1");
    }

    @Test
    void aVersionThatTheIndexDoesNotHaveCameFromSomewhereElse() {
        serve(file("1.0", ""), file("2.0", ""));
        assertThat(user.verdict("1.5"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.ELSEWHERE,
                        "127.0.0.1 doesn't have version 1.5. It may have been removed, or installed from another"
                                + " index.",
                        "To get update checks, add its index to the package manager's configuration",
                        Optional.empty()));
    }

    @Test
    void aYoungVersionWaitsUntilItIsOldEnough() {
        user.minimumAge = Duration.ofHours(24);
        serve(file("1.0", ""), file("1.1", ""), """
            { "filename": "lamp_clock-1.2.tar.gz", "upload-time": "2026-11-24T09:00:00Z" }\
            """);
        assertThat(user.verdict("1.0")).isInstanceOfSatisfying(Verdict.Outdated.class, outdated -> {
            assertThat(outdated.upgradeTarget().label()).isEqualTo("1.1");
            assertThat(outdated.notTaken())
                    .containsExactly(new SkippedRelease(
                            "1.2",
                            Reason.TOO_YOUNG,
                            "1.2 was released 3 h ago and is offered after 24 h",
                            proof("1.2 was published 2026-11-24T09:00:00Z")));
        });
        user.minimumAge = Duration.ofHours(3);
        assertThat(target("1.0")).isEqualTo("1.2");
    }

    @Test
    void theCutOffOfTheManagerIsKept() {
        user.installer = InstallerKind.UV;
        user.installRequest = new InstallRequest(
                "",
                List.of(),
                List.of(),
                new SearchOptions(
                        List.of(),
                        Optional.of(index.url() + "simple"),
                        List.of(),
                        false,
                        Optional.empty(),
                        Optional.of("P3W"),
                        Optional.empty(),
                        false),
                false,
                Optional.empty());
        serve(file("1.0", ""), """
            { "filename": "lamp_clock-1.2.tar.gz", "upload-time": "2026-11-10T09:00:00Z" }\
            """);
        assertThat(user.verdict("1.0").notTaken())
                .extracting(SkippedRelease::reason)
                .containsExactly(Reason.CUT_OFF);
        user.installRequest = new InstallRequest(
                "",
                List.of(),
                List.of(),
                new SearchOptions(
                        List.of(),
                        Optional.of(index.url() + "simple"),
                        List.of(),
                        false,
                        Optional.empty(),
                        Optional.of("P1W"),
                        Optional.empty(),
                        false),
                false,
                Optional.empty());
        assertThat(target("1.0")).isEqualTo("1.2");
    }

    @Test
    void aVersionThatCannotBeInstalledIsNotChosenByName() {
        user.installer = InstallerKind.UV;
        user.asked("<1.2", index.url() + "simple");
        serve("""
            { "filename": "lamp_clock-1.0.tar.gz" }\
            """, file("1.2", ""), file("2.0", "\"requires-python\": \">=3.12\","));
        assertThat(chosen("2.0"))
                .isEqualTo(new Releases.Choice.NotThere("lamp-clock 2.0 needs Python >=3.12 (installed: 3.11.2)."));
        assertThat(chosen("1.2")).as("a range can be left").isInstanceOf(Releases.Choice.Found.class);
        user.environment.put("UV_EXCLUDE_NEWER", "2026-01-01");
        assertThat(chosen("1.2"))
                .isEqualTo(new Releases.Choice.NotThere("lamp-clock 1.2 is newer than the configured cutoff."));
        assertThat(chosen("1.0"))
                .as("uv takes nothing without a date then")
                .isEqualTo(
                        new Releases.Choice.NotThere("lamp-clock 1.0 has no date, which the configured cutoff needs."));
    }

    private Releases.Choice chosen(String version) {
        return user.releases().named(user.provenance("1.0", new Origin.Index()), Map.of(), version);
    }

    @Test
    void aFolderWithPackageFilesCountsWhateverAnIndexHas() throws IOException {
        serve(file("1.0", ""), file("1.1", ""));
        Path links = Files.createDirectories(home.resolve("wheels"));
        Files.createFile(links.resolve("lamp_clock-1.3.tar.gz"));
        Files.createFile(links.resolve("other-9.9.tar.gz"));
        try (ZipOutputStream wheel =
                new ZipOutputStream(Files.newOutputStream(links.resolve("lamp_clock-2.0-py3-none-any.whl")))) {
            wheel.putNextEntry(new ZipEntry("lamp_clock-2.0.dist-info/METADATA"));
            wheel.write("Name: lamp-clock\nRequires-Python: >=3.12\n\nText".getBytes(StandardCharsets.UTF_8));
        }
        user.environment.put("PIP_FIND_LINKS", links + " " + home.resolve("not-there"));
        assertThat(target("1.0")).isEqualTo("1.3");
        user.installer = InstallerKind.UV;
        user.asked("", index.url() + "simple");
        assertThat(target("1.0")).isEqualTo("1.1");
        user.environment.put("UV_FIND_LINKS", links.toString());
        user.environment.put("UV_EXCLUDE_NEWER", "2020-01-01");
        assertThat(target("1.0")).as("uv applies no cutoff there").isEqualTo("1.3");
        user.environment.put("UV_NO_INDEX", "1");
        assertThat(target("1.0")).isEqualTo("1.3");
    }

    @Test
    void pipMergesItsIndexesAndUvStopsAtTheFirstThatHasTheName() throws IOException {
        serve(file("1.0", ""), file("1.1", ""));
        index.on("/other/lamp-clock/", IndexServer.PYTHON_JSON, page(file("1.0", ""), file("3.0", "")));
        user.environment.put("PIP_EXTRA_INDEX_URL", index.url() + "none " + index.url() + "other/");
        index.on("/none/", 404);
        assertThat(target("1.0")).isEqualTo("3.0");
        Files.createDirectories(home.resolve(".config/uv"));
        Files.writeString(home.resolve(".config/uv/uv.toml"), """
            [[index]]
            url = "%ssimple"
            [[index]]
            url = "%sother"
            default = true
            """.formatted(index.url(), index.url()));
        user.installer = InstallerKind.UV;
        assertThat(target("1.0")).isEqualTo("1.1");
    }

    @Test
    void uvChoosesAmongItsIndexesAsItsReceiptSays() {
        user.installer = InstallerKind.UV;
        index.on("/first/lamp-clock/", IndexServer.PYTHON_JSON, page(file("1.0", ""), file("1.1", "")));
        index.on(
                "/second/lamp-clock/",
                IndexServer.PYTHON_JSON,
                page(file("2.0", ""), file("3.0", "\"requires-python\": \">=3.12\",")));
        assertThat(target("1.0", ">=1", Optional.empty())).isEqualTo("1.1");
        assertThat(target("1.0", ">=1", Optional.of("first-index"))).isEqualTo("1.1");
        assertThat(target("1.0", ">=1", Optional.of("unsafe-best-match"))).isEqualTo("2.0");
        assertThat(target("1.0", ">=1", Optional.of("unsafe-first-match")))
                .as("the first index has one that will do")
                .isEqualTo("1.1");
        assertThat(target("1.0", ">=2", Optional.of("unsafe-first-match")))
                .as("only the second has one that will do")
                .isEqualTo("2.0");
        user.environment.put("UV_INDEX_STRATEGY", "unsafe-best-match");
        assertThat(target("1.0", ">=1", Optional.of("first-index")))
                .as("as for uv, the variable wins")
                .isEqualTo("2.0");
        assertThat(target("1.0", ">=1", Optional.empty())).isEqualTo("2.0");
        user.environment.remove("UV_INDEX_STRATEGY");
        choosing(">=1", Optional.of("by-moonlight"));
        assertThat(user.verdict("1.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.SETTINGS, "uv's index strategy is not supported (by-moonlight)."));
    }

    private String target(String installed, String specifier, Optional<String> strategy) {
        choosing(specifier, strategy);
        return target(installed);
    }

    private void choosing(String specifier, Optional<String> strategy) {
        user.installRequest = new InstallRequest(
                specifier,
                List.of(),
                List.of(),
                new SearchOptions(
                        List.of(index.url() + "first"),
                        Optional.of(index.url() + "second"),
                        List.of(),
                        false,
                        strategy,
                        Optional.empty(),
                        Optional.empty(),
                        false),
                false,
                Optional.empty());
    }

    @Test
    void anIndexThatTakesTooLongSaysHowToWaitLonger() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        index.on("/slow/", _ -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        user.environment.put("PIP_INDEX_URL", index.url() + "slow");
        user.limit = Duration.ofSeconds(1);
        String sentence = "127.0.0.1 did not respond within 1 s. Increase the time limit: `lamplighter settings set"
                + " network.limit 2s`.";
        assertThat(user.verdict("1.0"))
                .isInstanceOfSatisfying(
                        NotCheckable.class, not -> assertThat(not.sentence()).isEqualTo(sentence));
        assertThat(named("2.0")).isEqualTo(new Releases.Choice.NotThere(sentence));
        over.countDown();
        assertThat(Releases.late("x.example", Duration.ofMinutes(1)).command())
                .contains("lamplighter settings set network.limit 120s");
        assertThat(Setting.NETWORK_LIMIT.objection("120s")).isEmpty();
        assertThat(Releases.late("x.example", Duration.ofMinutes(2)).command())
                .as("more than two minutes cannot be set")
                .isEmpty();
    }

    @Test
    void anIndexThatIsOutOfReachMakesItUncheckableEvenIfAnotherAnswers() {
        serve(file("1.0", ""));
        index.on("/broken/", 503);
        user.environment.put("PIP_EXTRA_INDEX_URL", index.url() + "broken");
        assertThat(user.verdict("1.0"))
                .isEqualTo(new NotCheckable(UncheckableReason.IN_TROUBLE, "127.0.0.1 responded with 503."));
    }

    @Test
    void whatIsNoIndexIsNotCheckableWithTheReason() {
        index.on("/simple/lamp-clock/", "text/html", "<html>Sign in to the hotel network</html>");
        assertThat(user.verdict("1.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.NO_SENSE, "127.0.0.1 returned a page that is not a list of files."));
        index.on("/nothing/lamp-clock/", 404);
        user.environment.put("PIP_INDEX_URL", index.url() + "nothing");
        assertThat(user.verdict("1.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.NOT_THERE,
                        "127.0.0.1 has no package lamp-clock. It may be private, removed, or installed from another"
                                + " index.",
                        "If it is private, sign in; otherwise add its index to the package manager's configuration",
                        Optional.empty()));
        index.on("/garbage/lamp-clock/", IndexServer.PYTHON_JSON, "{ \"files\": [ {");
        user.environment.put("PIP_INDEX_URL", index.url() + "garbage");
        assertThat(user.verdict("1.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.NO_SENSE, "127.0.0.1 sent a response that can't be parsed."));
        index.on(
                "/next/lamp-clock/",
                IndexServer.PYTHON_JSON,
                "{ \"meta\": { \"api-version\": \"2.0\" }, \"files\": [] }");
        user.environment.put("PIP_INDEX_URL", index.url() + "next");
        assertThat(user.verdict("1.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.NO_SENSE,
                        "127.0.0.1 uses an unsupported version of the index protocol (2.0)."));
        index.on(
                "/sick/lamp-clock/",
                IndexServer.PYTHON_JSON,
                "{ \"project-status\": { \"status\": \"quarantined\" }, \"files\": [] }");
        user.environment.put("PIP_INDEX_URL", index.url() + "sick");
        assertThat(user.verdict("1.0"))
                .isEqualTo(new NotCheckable(UncheckableReason.QUARANTINED, "127.0.0.1 has quarantined lamp-clock."));
    }

    @Test
    void credentialsOfTheIndexAreUsedAndNeverShown() {
        index.on("/simple/lamp-clock/", exchange -> {
            boolean knows =
                    "Basic YWRhOnMzY3JldCM=".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            IndexServer.answer(
                    exchange,
                    knows ? 200 : 401,
                    IndexServer.PYTHON_JSON,
                    knows ? page(file("1.0", ""), file("2.0", "")) : "");
        });
        user.environment.put("PIP_INDEX_URL", "http://ada:s3cret%23@127.0.0.1:" + index.port() + "/simple");
        assertThat(target("1.0")).isEqualTo("2.0");
        assertThat(user.verdict("1.7").toString()).doesNotContain("s3cret");
        user.environment.put("PIP_INDEX_URL", "http://ada:wr0ng@127.0.0.1:" + index.port() + "/simple");
        assertThat(user.verdict("1.0"))
                .isEqualTo(new NotCheckable(
                        UncheckableReason.SIGN_IN,
                        "127.0.0.1 requires sign-in (401); only credentials in the URL of the index are supported."));
    }

    @Test
    void aVersionThatAPersonNamesIsLookedUp() {
        serve(file("1.0", ""), file("2.0rc1", ""));
        assertThat(named("2.0-rc.1")).isEqualTo(new Releases.Choice.Found(new UpgradeTarget.IndexVersion("2.0rc1")));
        assertThat(named("7.0")).isEqualTo(new Releases.Choice.NotThere("127.0.0.1 has no version 7.0 of lamp-clock."));
        assertThat(named("newest")).isInstanceOf(Releases.Choice.NotThere.class);
    }

    @Test
    void aFolderOfFilesIsAnIndexToo() throws IOException {
        Path page = Files.createDirectories(home.resolve("mirror/lamp-clock")).resolve("index.html");
        Files.writeString(
                page, "<a href='lamp_clock-3.0.tar.gz'>lamp_clock-3.0.tar.gz</a> <a href='lamp_clock-1.0.zip'>x</a>");
        user.environment.put("PIP_INDEX_URL", home.resolve("mirror").toUri().toString());
        assertThat(target("1.0")).isEqualTo("3.0");
    }

    private String target(String installed) {
        Verdict verdict = user.verdict(installed);
        assertThat(verdict).isInstanceOf(Verdict.Outdated.class);
        return ((Verdict.Outdated) verdict).upgradeTarget().label();
    }

    private Releases.Choice named(String version) {
        return user.releases().named(user.provenance("1.0", new Origin.Index()), Map.of(), version);
    }

    private void serve(String... files) {
        index.on("/simple/lamp-clock/", IndexServer.PYTHON_JSON, page(files));
    }

    private static String page(String... files) {
        return """
            { "meta": { "api-version": "1.4", "_last-serial": 7 }, "name": "lamp-clock", "versions": [ "9.9.9" ],
              "files": [ %s ] }\
            """.formatted(String.join(",", files));
    }

    private static String file(String version, String more) {
        return """
            { "filename": "lamp_clock-%s-py3-none-any.whl", "url": "../x.whl", "hashes": { }, "size": 7, %s
              "upload-time": "2026-01-02T03:04:05Z" }\
            """.formatted(version, more);
    }

    private static SkippedRelease withdrawn(String version, String why) {
        return new SkippedRelease(
                version,
                Reason.WITHDRAWN,
                version + " was withdrawn by its authors",
                proof("%s was yanked: %s".formatted(version, why)));
    }

    private static io.github.lamplighter.text.Evidence proof(String detail) {
        return new io.github.lamplighter.text.Evidence("127.0.0.1", detail);
    }
}
