package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A signed feed on loopback.
class OwnReleasesTest {

    private static final String SUM = "ab".repeat(32);

    private final IndexServer server = new IndexServer();
    private final SigningKey key = new SigningKey();

    @TempDir
    Path home;

    private Asking user;

    OwnReleasesTest() throws IOException, GeneralSecurityException {}

    @BeforeEach
    void makeUser() {
        user = new Asking(home);
        user.installer = InstallerKind.SELF;
        user.name = "lamplighter";
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theNewestPackageForThisPlatformIsOffered() throws GeneralSecurityException {
        publish(feed(release("0.9.0", "0.9.0.tar.gz"), release("0.10.0", "packages/0.10.0.tar.gz"), """
            { "version": "2.0.0", "files": [ { "kind": "deb", "platform": "linux-x86_64", "url": "../x" },
                                             { "kind": "tar", "platform": "linux-aarch64" } ] }\
            """));

        assertThat(verdict("0.1.0"))
                .isEqualTo(new Verdict.Outdated(
                        new UpgradeTarget.ReleaseArchive("0.10.0", server.url() + "packages/0.10.0.tar.gz", 123, SUM),
                        Optional.of(OffsetDateTime.parse("2026-11-24T10:00:00Z"))));
        assertThat(verdict("0.10.0")).isEqualTo(new Verdict.Current("0.10.0"));
    }

    /// An attacker could serve an old feed with its right signature.
    @Test
    void anOlderFeedIsNoDowngrade() throws GeneralSecurityException {
        publish(feed(release("0.9.0", "x")));
        assertThat(verdict("0.10.0")).isEqualTo(new Verdict.Ahead("0.9.0"));
        assertThat(named("0.9.0", "0.10.0"))
                .isEqualTo(new Releases.Choice.NotThere(
                        "0.9.0 is not newer than 0.10.0. To go back, run `lamplighter rollback lamplighter`."));
        assertThat(named("0.9.0", "0.8.0")).isInstanceOf(Releases.Choice.Found.class);
        assertThat(named("0.9.5", "0.8.0"))
                .isEqualTo(new Releases.Choice.NotThere("The release feed has no version 0.9.5 for linux-x86_64."));
    }

    @Test
    void aPreReleaseIsOfferedToPreReleasesOnly() throws GeneralSecurityException {
        publish(feed(release("0.9.0", "x"), release("0.10.0-rc.1", "x")));
        assertThat(verdict("0.9.0")).isEqualTo(new Verdict.Current("0.9.0"));
        assertThat(verdict("0.10.0-beta.1"))
                .isInstanceOfSatisfying(
                        Verdict.Outdated.class,
                        outdated -> assertThat(outdated.upgradeTarget().label()).isEqualTo("0.10.0-rc.1"));
    }

    @Test
    void aReleaseOfTodayIsNotOfferedYet() throws GeneralSecurityException {
        user.minimumAge = Duration.ofHours(24);
        publish(feed(release("0.9.0", "x")));
        assertThat(verdict("0.1.0"))
                .isInstanceOfSatisfying(
                        Verdict.Current.class,
                        current -> assertThat(current.notTaken())
                                .extracting(Verdict.SkippedRelease::title)
                                .containsExactly("0.9.0 was released 2 h ago and is offered after 24 h"));
    }

    @Test
    void aWrongSignatureIsSeenBeforeTheFeedIsRead() throws GeneralSecurityException {
        server.on("/releases.json", "application/json", "{ not even JSON");
        server.on("/releases.json.sig", "text/plain", key.sign(feed(release("0.9.0", "x"))));
        assertGap(UncheckableReason.WRONG_SIGNATURE, "The signature of the release feed at 127.0.0.1 is wrong.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not base64 at all!", "AAAA"})
    void aMalformedSignatureIsWrong(String signature) {
        server.on("/releases.json", "application/json", feed(release("0.9.0", "x")));
        server.on("/releases.json.sig", "text/plain", signature);
        assertGap(UncheckableReason.WRONG_SIGNATURE, "The signature of the release feed at 127.0.0.1 is wrong.");
    }

    @Test
    void aFeedWithoutSignatureIsNotBelieved() {
        server.on("/releases.json", "application/json", feed(release("0.9.0", "x")));
        server.on("/releases.json.sig", 404);
        assertGap(UncheckableReason.WRONG_SIGNATURE, "The release feed at 127.0.0.1 is not signed.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../0.9.0.tar.gz",
                "a/../../b",
                "/etc/passwd",
                "file:///etc/passwd",
                "http://example.org/x.tar.gz",
                "http://localhost/x.tar.gz",
                "https://user:secret@example.org/x.tar.gz",
                "//example.org/x",
                "a%2f..%2fb",
                "x?y",
                ""
            })
    void aUrlThatLeadsOutsideIsRefused(String url) throws GeneralSecurityException {
        publish(feed(release("0.9.0", url)));
        assertThat(gap("0.1.0").why())
                .startsWith("The release feed at 127.0.0.1 is damaged: the package of 0.9.0 has a URL");
    }

    @Test
    void anotherHostWithHttpsIsAllowed() throws GeneralSecurityException {
        publish(feed(release("0.9.0", "https://example.org/lamplighter-0.9.0.tar.gz")));
        assertThat(verdict("0.1.0")).isInstanceOf(Verdict.Outdated.class);
    }

    @ParameterizedTest
    @CsvSource({"10000000000,10000 MB", "0,no valid size", "-1,no valid size", "\"12\",no valid size"})
    void anImpossibleSizeIsRefused(String size, String why) throws GeneralSecurityException {
        publish(feed(release("0.9.0", "x").replace("123", size)));
        assertThat(gap("0.1.0").why()).contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../1.0.0", "v1.0.0", "1.0", "", "1.0.0/../.."})
    void aVersionThatIsNoneIsRefused(String version) throws GeneralSecurityException {
        publish(feed(release(version, "x")));
        assertThat(gap("0.1.0").why()).endsWith("is not a version.");
    }

    @Test
    void anotherSchemaIsNotGuessed() throws GeneralSecurityException {
        publish(feed(release("0.9.0", "x")).replace("releases/1", "releases/2"));
        assertGap(
                UncheckableReason.NO_SENSE,
                "The release feed at 127.0.0.1 is damaged: it is not in the form `lamplighter.releases/1`.");
    }

    @Test
    void theCheckCanBeTurnedOff() throws GeneralSecurityException {
        publish(feed(release("0.9.0", "x")));
        user.own = false;
        assertThat(gap("0.1.0").sentence())
                .isEqualTo("Update checks for Lamplighter are turned off. Turn them on:"
                        + " `lamplighter settings set updates.lamplighter on`.");
        assertThat(server.asked).isEmpty();
    }

    @Test
    void onlyHttpsIsAsked() {
        Origin.ReleaseFeed feed =
                new Origin.ReleaseFeed("http://example.org/releases.json", key.publicKey(), "tar", "linux-x86_64");
        assertThat(user.releases().verdict(user.provenance("0.1.0", feed), Map.of()))
                .isInstanceOfSatisfying(
                        NotCheckable.class,
                        gap -> assertThat(gap.uncheckableReason()).isEqualTo(UncheckableReason.NEVER_ASKED));
    }

    @Test
    void aBuildWithoutFeedSaysSo() {
        assertThat(user.releases().verdict(user.provenance("0.1.0", new Origin.Archive("lamplighter-0.1.0")), Map.of()))
                .isInstanceOfSatisfying(
                        NotCheckable.class,
                        gap -> assertThat(gap.sentence())
                                .isEqualTo("This build of Lamplighter has no release feed, so it can't check for"
                                        + " updates."));
    }

    @Test
    void aSystemPackageIsUpdatedByItsPackageManager() {
        Origin apt = new Origin.SystemPackage("apt", "sudo apt install --only-upgrade lamplighter");
        assertThat(user.releases().verdict(user.provenance("0.1.0", apt), Map.of()))
                .isInstanceOfSatisfying(
                        NotCheckable.class,
                        gap -> assertThat(gap.sentence())
                                .isEqualTo("It was installed with apt. Update it with the system's package manager:"
                                        + " `sudo apt install --only-upgrade lamplighter`."));
    }

    private void assertGap(UncheckableReason reason, String why) {
        assertThat(gap("0.1.0").uncheckableReason()).isEqualTo(reason);
        assertThat(gap("0.1.0").why()).isEqualTo(why);
    }

    private NotCheckable gap(String installed) {
        return (NotCheckable) verdict(installed);
    }

    private Verdict verdict(String installed) {
        return user.releases().verdict(user.provenance(installed, origin()), Map.of());
    }

    private Releases.Choice named(String wanted, String installed) {
        return user.releases().named(user.provenance(installed, origin()), Map.of(), wanted);
    }

    private Origin.ReleaseFeed origin() {
        return new Origin.ReleaseFeed(server.url() + "releases.json", key.publicKey(), "tar", "linux-x86_64");
    }

    private void publish(String feed) throws GeneralSecurityException {
        server.on("/releases.json", "application/json", feed);
        server.on("/releases.json.sig", "text/plain", key.sign(feed));
    }

    private static String feed(String... releases) {
        return "{ \"schema\": \"lamplighter.releases/1\", \"releases\": [ %s ] }".formatted(String.join(",", releases));
    }

    private static String release(String version, String url) {
        return """
            { "version": "%s", "published": "2026-11-24T10:00:00Z", "notes": "https://example.org/notes",
              "files": [ { "kind": "tar", "platform": "linux-x86_64", "url": "%s", "size": 123, "sha256": "%s" } ] }\
            """.formatted(version, url, SUM);
    }
}
