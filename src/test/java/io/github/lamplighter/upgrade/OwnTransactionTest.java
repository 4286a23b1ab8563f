package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.self.AppBundle;
import io.github.lamplighter.release.FeedServer;
import io.github.lamplighter.upgrade.OwnUpgradeFixture.Fault;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import io.github.lamplighter.upgrade.UpgradeOutcome.StepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Upgrades of Lamplighter itself, from a feed of the test's own.
class OwnTransactionTest {

    @TempDir
    Path temporary;

    private OwnUpgradeFixture lamplighter;

    @BeforeEach
    void install() throws IOException, GeneralSecurityException {
        lamplighter = new OwnUpgradeFixture(temporary);
        lamplighter.tray = Optional.of(lamplighter.folders.folder("0.1.0"));
    }

    @AfterEach
    void stop() {
        lamplighter.close();
    }

    @Test
    void theNewVersionIsUsedAndTheOldOneKept() throws Exception {
        lamplighter.publish("0.2.0", Fault.NONE);

        UpgradeOutcome outcome = lamplighter.upgrade();

        assertThat(outcome.reason()).isEmpty();
        assertThat(outcome.result()).isEqualTo(Result.UPGRADED);
        assertThat(outcome.steps().stream().map(StepResult::step))
                .containsExactly(
                        Step.BASELINE,
                        Step.DOWNLOAD,
                        Step.STAGE,
                        Step.TEST,
                        Step.PREPARE_ROLLBACK,
                        Step.SWITCH,
                        Step.VERIFY,
                        Step.HAND_OVER,
                        Step.DOCTOR_CHECKS,
                        Step.COMMIT);
        assertThat(outcome.downtimeMillis()).isZero();
        assertThat(lamplighter.inUse()).isEqualTo("0.2.0");
        assertThat(Files.readSymbolicLink(lamplighter.folders.current())).isEqualTo(Path.of("versions/0.2.0"));
        assertThat(lamplighter.trayVersion()).contains("0.2.0");
        assertThat(lamplighter.versions()).containsExactly("0.1.0", "0.2.0");
        assertThat(lamplighter.armed).isFalse();
        assertThat(lamplighter.upgrade().result()).isEqualTo(Result.CURRENT);
    }

    @Test
    void aRollbackGoesBackToTheVersionThatWasReplaced() throws Exception {
        lamplighter.publish("0.2.0", Fault.NONE);
        lamplighter.upgrade();

        UpgradeOutcome outcome = lamplighter.rollBack("0.1.0");

        assertThat(outcome.reason()).isEmpty();
        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.asked()).isEqualTo(UpgradeOutcome.Asked.ROLLBACK);
        assertThat(lamplighter.inUse()).isEqualTo("0.1.0");
        assertThat(lamplighter.trayVersion()).contains("0.1.0");
        assertThat(lamplighter.versions()).containsExactly("0.1.0", "0.2.0");
        // And forward again: the folder of the same name is replaced.
        assertThat(lamplighter.upgrade().result()).isEqualTo(Result.UPGRADED);
        assertThat(lamplighter.inUse()).isEqualTo("0.2.0");
    }

    @Test
    void olderVersionsArePruned() throws Exception {
        for (String version : List.of("0.2.0", "0.3.0", "0.4.0")) {
            lamplighter.publish(version, Fault.NONE);
            assertThat(lamplighter.upgrade().result()).isEqualTo(Result.UPGRADED);
        }
        assertThat(lamplighter.versions()).containsExactly("0.2.0", "0.3.0", "0.4.0");
        assertThat(lamplighter.worker().kept(lamplighter.manifest))
                .extracting(Snapshot::version)
                .containsExactly("0.3.0", "0.2.0");
    }

    /// A window that is open: it would miss what it has not loaded yet.
    @Test
    void aVersionThatIsStillRunningStaysOnDisk() throws Exception {
        lamplighter.kept = 1;
        lamplighter.publish("0.2.0", Fault.NONE);
        lamplighter.upgrade();
        Path window = lamplighter.folders.folder("0.2.0").resolve("lib/window");
        Files.copy(Path.of("/bin/sleep").toRealPath(), window, StandardCopyOption.COPY_ATTRIBUTES);
        Process running = new ProcessBuilder(window.toString(), "60").start();
        try {
            lamplighter.rollBack("0.1.0");
            assertThat(lamplighter.upgrade(Optional.of("0.2.0")).result()).isEqualTo(Result.UPGRADED);
            assertThat(window).as("the same build is not put there again").exists();
            for (String version : List.of("0.3.0", "0.4.0")) {
                lamplighter.publish(version, Fault.NONE);
                assertThat(lamplighter.upgrade().result()).isEqualTo(Result.UPGRADED);
            }
            assertThat(lamplighter.versions()).containsExactly("0.2.0", "0.3.0", "0.4.0");
        } finally {
            running.destroyForcibly().waitFor();
        }
        lamplighter.publish("0.5.0", Fault.NONE);
        lamplighter.upgrade();
        assertThat(lamplighter.versions()).containsExactly("0.4.0", "0.5.0");
    }

    @ParameterizedTest
    @CsvSource({
        "DOES_NOT_START,0.2.0 does not start.",
        "REPORTS_ANOTHER_VERSION,'The new program reports \"lamplighter 9.9.9\" instead of 0.2.0.'",
        "RECORDS_ANOTHER_VERSION,The package contains version 9.9.9 instead of 0.2.0.",
        "HAS_NO_DOCTOR,The doctor of 0.2.0 reported nothing (exit code 1).",
        "HAS_A_LINK_OUTSIDE,The package cannot be unpacked: the link lib/outside leads out of it."
    })
    void aVersionThatDoesNotPassItsTestIsNotUsed(Fault fault, String why) throws Exception {
        lamplighter.publish("0.2.0", fault);
        UpgradeOutcome outcome = lamplighter.upgrade();
        assertThat(outcome.reason()).contains(why);
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertUntouched();
    }

    @Test
    void aCheckThatFailsNowTakesItBack() throws Exception {
        lamplighter.publish("0.2.0", Fault.FAILS_A_CHECK);
        UpgradeOutcome outcome = lamplighter.upgrade();
        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.reason()).contains("Command found (launcher).");
        assertUntouched();
        // Not again, until there is a newer one.
        assertThat(lamplighter.upgrade().reason())
                .contains("0.2.0 was rolled back before, so it is skipped. To try it again, run"
                        + " `lamplighter upgrade lamplighter --to 0.2.0`.");
    }

    @Test
    void aTrayIconThatDoesNotStartTakesItBack() throws Exception {
        lamplighter.publish("0.2.0", Fault.NONE);
        lamplighter.darkTrays = List.of("0.2.0");
        UpgradeOutcome outcome = lamplighter.upgrade();
        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.reason()).contains("The new tray icon did not start.");
        assertUntouched();
    }

    @Test
    void aTrayIconThatDoesNotComeBackNeedsThePerson() throws Exception {
        lamplighter.publish("0.2.0", Fault.NONE);
        lamplighter.darkTrays = List.of("0.2.0", "0.1.0");
        assertThat(lamplighter.upgrade().result()).isEqualTo(Result.NEEDS_ATTENTION);
        assertThat(lamplighter.inUse()).isEqualTo("0.1.0");
    }

    @Test
    void noTrayIconIsStartedWhereNoneWas() throws Exception {
        lamplighter.tray = Optional.empty();
        lamplighter.publish("0.2.0", Fault.NONE);
        assertThat(lamplighter.upgrade().result()).isEqualTo(Result.UPGRADED);
        assertThat(lamplighter.trayVersion()).isEmpty();
    }

    /// Somebody runs the tray icon of a checkout; it is none of this installation's.
    @Test
    void aTrayIconOfAnotherInstallationIsLeftAlone() throws Exception {
        Path checkout = temporary.resolve("checkout");
        lamplighter.tray = Optional.of(checkout);
        lamplighter.publish("0.2.0", Fault.NONE);
        assertThat(lamplighter.upgrade().result()).isEqualTo(Result.UPGRADED);
        assertThat(lamplighter.tray).contains(checkout);
    }

    @Test
    void aDamagedDownloadIsNotInstalled() throws Exception {
        Path archive = lamplighter.archive("0.2.0", Fault.NONE);
        lamplighter.server.publish("0.2.0", archive, Files.size(archive), "ab".repeat(32));
        assertThat(lamplighter.upgrade().reason())
                .hasValueSatisfying(why -> assertThat(why).startsWith("The downloaded file is damaged"));
        assertThat(lamplighter.inUse()).isEqualTo("0.1.0");
    }

    /// 10 GB in the feed are refused when it is read; here the server sends more than the feed says.
    @Test
    void morePackageThanAnnouncedIsNotStored() throws Exception {
        Path archive = lamplighter.archive("0.2.0", Fault.NONE);
        lamplighter.server.publish("0.2.0", archive, 100, FeedServer.sum(archive));
        assertThat(lamplighter.upgrade().reason())
                .contains("127.0.0.1 sent more than the 0 kB that the release feed announces.");
        assertThat(lamplighter.inUse()).isEqualTo("0.1.0");
    }

    @Test
    void tenGigabytesAreRefusedBeforeTheDownload() throws Exception {
        Path archive = lamplighter.archive("0.2.0", Fault.NONE);
        lamplighter.server.publish("0.2.0", archive, 10_000_000_000L, FeedServer.sum(archive));
        UpgradeOutcome outcome = lamplighter.upgrade();
        assertThat(outcome.result()).isEqualTo(Result.REFUSED);
        assertThat(outcome.reason())
                .hasValueSatisfying(why -> assertThat(why).contains("10000 MB, and at most 1073 MB are allowed"));
        assertThat(lamplighter.server.ranges).isEmpty();
    }

    @Test
    void aNetworkThatIsGoneInTheMiddleIsContinuedByTheNextRun() throws Exception {
        Path archive = lamplighter.publish("0.2.0", Fault.NONE);
        lamplighter.server.breaks = 9;
        lamplighter.server.breaksAfter = Files.size(archive) / 10;

        UpgradeOutcome outcome = lamplighter.upgrade();
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason()).hasValueSatisfying(why -> assertThat(why).contains("was lost after"));
        assertThat(lamplighter.inUse()).isEqualTo("0.1.0");

        lamplighter.server.breaks = 0;
        assertThat(lamplighter.upgrade().result()).isEqualTo(Result.UPGRADED);
        assertThat(lamplighter.server.ranges.getLast()).isPresent();
        assertThat(lamplighter.versions()).containsExactly("0.1.0", "0.2.0");
    }

    @Test
    void aDownloadThatAnotherReleaseReplacedIsDeleted() throws Exception {
        Path archive = lamplighter.publish("0.2.0", Fault.NONE);
        lamplighter.server.breaks = 9;
        lamplighter.server.breaksAfter = Files.size(archive) / 10;
        lamplighter.upgrade();
        assertThat(lamplighter.versions()).contains(".0.2.0.partial");

        lamplighter.server.breaks = 0;
        lamplighter.publish("0.3.0", Fault.NONE);
        assertThat(lamplighter.upgrade().to()).isEqualTo("0.3.0");
        assertThat(lamplighter.versions()).containsExactly("0.1.0", "0.3.0");
    }

    @Test
    void aDowngradeIsRefused() throws Exception {
        lamplighter.publish("0.0.9", Fault.NONE);
        assertThat(lamplighter.upgrade().reason())
                .contains("0.1.0 is newer than 0.0.9, the latest release of its source.");
        UpgradeOutcome outcome = lamplighter.upgrade(Optional.of("0.0.9"));
        assertThat(outcome.result()).isEqualTo(Result.REFUSED);
        assertThat(outcome.reason())
                .contains("0.0.9 is not newer than 0.1.0. To go back, run `lamplighter rollback lamplighter`.");
        assertUntouched();
    }

    @Test
    void aPackageThatWasUnpackedSomewhereIsNotUpgraded() throws Exception {
        Files.delete(lamplighter.folders.current());
        Files.move(lamplighter.folders.versions(), temporary.resolve("elsewhere"));
        lamplighter.publish("0.2.0", Fault.NONE);
        assertThat(lamplighter.upgrade().result()).isEqualTo(Result.REFUSED);
    }

    @Test
    void aMacosAppIsUpgradedAndRolledBackAsAWhole() throws Exception {
        try (OwnUpgradeFixture app = new OwnUpgradeFixture(Files.createDirectory(temporary.resolve("mac")), "app")) {
            app.tray = Optional.of(app.folders.folder("0.1.0"));
            app.publish("0.2.0", Fault.NONE);
            assertThat(app.upgrade().result()).isEqualTo(Result.UPGRADED);
            assertThat(app.inUse()).isEqualTo("0.2.0");
            assertThat(app.trayVersion()).contains("0.2.0");
            assertThat(AppBundle.isAppBundle(AppBundle.in(app.folders.current())))
                    .isTrue();
            assertThat(app.rollBack("0.1.0").result()).isEqualTo(Result.ROLLED_BACK);
            assertThat(app.inUse()).isEqualTo("0.1.0");
            app.publish("0.3.0", Fault.FAILS_A_CHECK);
            assertThat(app.upgrade(Optional.of("0.3.0")).result()).isEqualTo(Result.ROLLED_BACK);
            assertThat(app.inUse()).isEqualTo("0.1.0");
            assertThat(app.versions()).containsExactly("0.1.0", "0.2.0");
        }
    }

    @Test
    void tooLittleSpaceIsSaidWithBothNumbers() {
        PlanOwnUpgrade plan = new PlanOwnUpgrade(lamplighter.context());
        assertThat(plan.space(300_000_000, 299_000_000))
                .contains("Not enough disk space in ~/.local/share/lamplighter/versions: 300 MB are needed, 299 MB are"
                        + " free.");
        assertThat(plan.space(300_000_000, 300_000_000)).isEmpty();
    }

    /// Whatever call the worker is killed at: recovery ends in one whole version, with the link, the tray icon and the
    /// recorded outcome in agreement, and with nothing left over.
    @Test
    void recoveryAfterAKillAnywhereLeavesOneWholeVersion() throws Exception {
        Path archive = lamplighter.publish("0.2.0", Fault.NONE);
        int all = callsOf(lamplighter);
        boolean kept = false;
        boolean undone = false;
        // Until the rollback point nothing is changed, so a third of those calls is enough.
        for (int point = 1; point <= all; point += point < all / 3 ? 3 : 1) {
            try (OwnUpgradeFixture killed = fresh("kill-" + point)) {
                killed.server.publish("0.2.0", archive);
                killed.killAt(point);
                try {
                    killed.upgrade();
                } catch (OwnUpgradeFixture.Killed _) {
                    // As wanted.
                }
                killed.killAt(-1);
                List<UpgradeOutcome> recovered = killed.recover();
                assertWhole(killed, recovered, point);
                kept |= killed.inUse().equals("0.2.0");
                undone |= killed.inUse().equals("0.1.0");
            }
        }
        assertThat(kept && undone).as("both ends were met").isTrue();
    }

    /// The recovery may itself be killed.
    @Test
    void recoveryThatIsKilledCanBeRepeated() throws Exception {
        Path archive = lamplighter.publish("0.2.0", Fault.NONE);
        int all = callsOf(lamplighter);
        // In the hand-over, where most is at stake, and in the commit.
        for (int point : new int[] {all * 2 / 3, all - 6}) {
            for (int second = 1; second < 24; second += 5) {
                try (OwnUpgradeFixture killed = fresh("twice-%d-%d".formatted(point, second))) {
                    killed.server.publish("0.2.0", archive);
                    killed.killAt(point);
                    try {
                        killed.upgrade();
                    } catch (OwnUpgradeFixture.Killed _) {
                        // As wanted.
                    }
                    killed.killAt(second);
                    try {
                        killed.recover();
                    } catch (OwnUpgradeFixture.Killed _) {
                        // As wanted.
                    }
                    killed.killAt(-1);
                    killed.recover();
                    assertWhole(killed, killed.journals.history(Optional.of("lamplighter")), point * 1000 + second);
                }
            }
        }
    }

    private static int callsOf(OwnUpgradeFixture fixture) {
        fixture.killAt(Integer.MAX_VALUE);
        assertThat(fixture.upgrade().result()).isEqualTo(Result.UPGRADED);
        return fixture.calls();
    }

    private OwnUpgradeFixture fresh(String name) throws IOException, GeneralSecurityException {
        OwnUpgradeFixture fixture = new OwnUpgradeFixture(Files.createDirectory(temporary.resolve(name)));
        fixture.tray = Optional.of(fixture.folders.folder("0.1.0"));
        return fixture;
    }

    private static void assertWhole(OwnUpgradeFixture fixture, List<UpgradeOutcome> outcomes, int point)
            throws IOException {
        String version = fixture.inUse();
        assertThat(version).as("point %d", point).isIn("0.1.0", "0.2.0");
        for (UpgradeOutcome outcome : outcomes) {
            assertThat(version)
                    .as("point %d, %s", point, outcome)
                    .isEqualTo(outcome.result() == Result.UPGRADED ? "0.2.0" : "0.1.0");
        }
        assertThat(fixture.trayVersion()).as("point %d, tray", point).contains(version);
        assertThat(fixture.versions())
                .as("point %d", point)
                .containsExactlyElementsOf(version.equals("0.1.0") ? List.of("0.1.0") : List.of("0.1.0", "0.2.0"));
        assertThat(fixture.journals.open()).as("point %d", point).isEmpty();
        assertThat(fixture.armed).as("point %d", point).isFalse();
    }

    private void assertUntouched() throws IOException {
        assertThat(lamplighter.inUse()).isEqualTo("0.1.0");
        assertThat(lamplighter.trayVersion()).contains("0.1.0");
        assertThat(lamplighter.versions()).containsExactly("0.1.0");
        assertThat(lamplighter.armed).isFalse();
        assertThat(lamplighter.journals.open()).isEmpty();
    }
}
