package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.platform.linux.RenameSwap;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.upgrade.PlanUpgrade.UpgradeOptions;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradeTransactionTest {

    private static final UpgradeOptions NEWEST = new UpgradeOptions(Optional.empty(), false, false);
    private static final DirectorySwap AT_ONCE = new RenameSwap();
    private static final StopImpactAssessor.StopImpact TMUX =
            new StopImpactAssessor.StopImpact(Set.of(977L), 1, "Another program would also stop: tmux (pid 977).");
    private static final DirectorySwap WITH_GAP = new DirectorySwap.Renames();

    @TempDir
    private Path folder;

    @Test
    void theNewVersionRunsAndTheOldOneIsKept() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);

        assertThat(outcome.result()).isEqualTo(Result.UPGRADED);
        assertThat(outcome.downtimeMillis()).isPositive();
        assertThat(outcome.dataMayHaveChanged()).isFalse();
        assertThat(fixture.whole()).isEqualTo("1.1.0");
        assertThat(fixture.unitFile).isEqualTo("version 1.1.0\n");
        settled(fixture, true);
        assertThat(new UpgradeWorker(fixture.context(AT_ONCE)).kept(fixture.manifest))
                .singleElement()
                .satisfies(kept -> assertThat(kept.version()).isEqualTo("1.0.0"));
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.CURRENT);
        assertThat(new ActivityLog(fixture.directories).all())
                .singleElement()
                .satisfies(change -> assertThat(change.back()).isEqualTo("lamplighter rollback x --to 1.0.0"));
    }

    @Test
    void aVersionThatFailsACheckThatPassedBeforeIsRolledBack() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.newestPassesItsCheck = false;
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        settled(fixture, true);
    }

    /// A manager that does not respond is no service that is stopped: its process would go on in another version.
    @Test
    void aRunningServiceOfASilentManagerIsLeftAlone() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.managerResponds = false;
        assertThat(upgrade(fixture, AT_ONCE))
                .satisfies(outcome -> assertThat(outcome.result()).isEqualTo(Result.FAILED))
                .satisfies(outcome ->
                        assertThat(outcome.reason().orElseThrow()).contains("systemctl did not respond within 3 s."));
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        fixture.running = false;
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
    }

    @Test
    void aVersionThatDoesNotRespondIsRolledBackWithItsDataAndSkippedAfterwards() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.newestServes = false;
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);

        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.reason()).contains("It ended at once.");
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        assertThat(fixture.data.resolve("file")).hasContent("written by 1.0.0");
        assertThat(fixture.data.resolve("migrated-by-1.1.0")).doesNotExist();
        assertThat(fixture.unitFile).isEqualTo("version 1.0.0\n");
        settled(fixture, true);

        assertThat(upgrade(fixture, AT_ONCE))
                .satisfies(again -> assertThat(again.result()).isEqualTo(Result.CURRENT))
                .satisfies(again -> assertThat(again.reason().orElseThrow()).contains("--to 1.1.0"));
        fixture.newestServes = true;
        assertThat(new UpgradeWorker(fixture.context(AT_ONCE))
                        .upgrade(
                                fixture.manifest,
                                new UpgradeOptions(Optional.of("1.1.0"), false, false),
                                "to",
                                Optional.empty(),
                                new CancellationToken())
                        .result())
                .isEqualTo(Result.UPGRADED);
    }

    @Test
    void aYoungVersionIsInstalledOnRequestButNotByAll() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.young = Optional.of(new Verdict.SkippedRelease(
                "1.1.0",
                Verdict.Reason.TOO_YOUNG,
                "1.1.0 was released 3 h ago and is offered after 24 h",
                new Evidence("the index", "published today")));
        PlanUpgrade plans = new PlanUpgrade(fixture.context(AT_ONCE));
        assertThat(plans.plan(fixture.manifest, new UpgradeOptions(Optional.empty(), false, true), "all"))
                .isInstanceOfSatisfying(
                        PlanResult.Current.class,
                        current -> assertThat(current.toString()).contains("1.1.0 was released 3 h ago"));
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        assertThat(fixture.whole()).isEqualTo("1.1.0");
    }

    @Test
    void aSourceThatTimesOutNamesTheSettingForTheTimeout() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.silent = Optional.of(new Verdict.NotCheckable(
                Verdict.UncheckableReason.TOO_SLOW,
                "x.example did not respond within 5 s.",
                Optional.of("lamplighter settings set network.limit 10s")));
        assertThat(new PlanUpgrade(fixture.context(AT_ONCE)).plan(fixture.manifest, NEWEST, "slow"))
                .isEqualTo(new PlanResult.Refused(
                        "1.0.0",
                        "x.example did not respond within 5 s. Increase the time limit: `lamplighter settings set"
                                + " network.limit 10s`."));
    }

    @Test
    void dataThatTheManifestDoesNotListMayHaveChanged() throws IOException {
        TransactionFixture fixture = fixture("w", true, false);
        fixture.newestServes = false;
        assertThat(upgrade(fixture, AT_ONCE).dataMayHaveChanged()).isTrue();
    }

    @Test
    void aToolThatHasNoDataCannotLoseAny() throws IOException {
        TransactionFixture fixture = fixture("w", true, false);
        fixture.manifest = fixture.withoutData();
        assertThat(upgrade(fixture, AT_ONCE).dataMayHaveChanged()).isFalse();
    }

    @Test
    void whatTheStopOfTheServiceInterruptsNeedsConfirmation() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        PlanUpgrade plans = new PlanUpgrade(fixture.context(AT_ONCE));
        String unharmed = hash(plans, fixture, "late");
        fixture.stopImpact = _ -> TMUX;
        String agreed = hash(plans, fixture, "agreed");
        UpgradeWorker tool = new UpgradeWorker(fixture.context(AT_ONCE));

        // It was not there when the plan was shown.
        assertThat(tool.upgrade(fixture.manifest, NEWEST, "late", Optional.of(unharmed), new CancellationToken())
                        .reason()
                        .orElseThrow())
                .contains("Something changed since you confirmed.");

        Files.delete(fixture.journals.of("x", "late"));
        // It came between the plan and the stop, under the worker's hands.
        fixture.stopImpact = beforeTheStop -> beforeTheStop ? StopImpactAssessor.StopImpact.NONE : TMUX;
        UpgradeOutcome late =
                tool.upgrade(fixture.manifest, NEWEST, "late", Optional.of(unharmed), new CancellationToken());
        assertThat(late.result()).isEqualTo(Result.NEEDS_CONSENT);
        assertThat(late.reason()).contains(TMUX.sentence());
        assertThat(late.downtimeMillis()).isZero();
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        settled(fixture, true);

        // What went away by itself asks for nothing, and what was agreed to is done.
        fixture.stopImpact = beforeTheStop -> beforeTheStop ? TMUX : StopImpactAssessor.StopImpact.NONE;
        assertThat(tool.upgrade(fixture.manifest, NEWEST, "agreed", Optional.of(agreed), new CancellationToken())
                        .result())
                .isEqualTo(Result.UPGRADED);

        // The way back stops it too.
        fixture.stopImpact = _ -> TMUX;
        assertThat(tool.rollBack(
                                fixture.manifest,
                                tool.kept(fixture.manifest).getFirst(),
                                "back",
                                Optional.of(UpgradeImpact.NONE.hash()),
                                new CancellationToken())
                        .result())
                .isEqualTo(Result.NEEDS_CONSENT);
        assertThat(fixture.whole()).isEqualTo("1.1.0");
    }

    private static String hash(PlanUpgrade plans, TransactionFixture fixture, String id) {
        return plans.plan(fixture.manifest, NEWEST, id) instanceof PlanResult.Ready(UpgradePlan plan)
                ? plan.hash()
                : "no plan";
    }

    /// A backup that is gone, or a part of it, says nothing about what there was.
    @ParameterizedTest
    @ValueSource(strings = {"0", "0/file"})
    void aRollbackWhoseBackupIsGoneIsRefusedAndLeavesTheData(String lost) throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        upgrade(fixture, AT_ONCE);
        UpgradeWorker tool = new UpgradeWorker(fixture.context(AT_ONCE));
        Snapshot kept = tool.kept(fixture.manifest).getFirst();
        DirectoryTrees.delete(kept.folder().resolve("data").resolve(lost));
        UpgradeOutcome back = tool.rollBack(fixture.manifest, kept, "back", Optional.empty(), new CancellationToken());

        assertThat(back.result()).isEqualTo(Result.REFUSED);
        assertThat(back.reason().orElseThrow())
                .contains("The backup of", "is missing or incomplete", "lamplighter upgrade x --to 1.0.0");
        assertThat(fixture.data.resolve("file")).hasContent("written by 1.1.0");
        assertThat(fixture.whole()).isEqualTo("1.1.0");

        fixture.origin = new Origin.Unknown("METADATA contains no version.");
        assertThat(tool.obstacle(fixture.manifest, kept).orElseThrow())
                .contains("is missing or incomplete", "lamplighter doctor x")
                .doesNotContain("lamplighter upgrade x");
        settled(fixture, true);
    }

    /// The backup disappears while the new version starts.
    @Test
    void anAutomaticRollbackWithoutItsBackupLeavesTheDataAndSaysSo() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.newestServes = false;
        fixture.whileStarting = () -> fixture.deleteBackups();
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);

        assertThat(outcome.result()).isEqualTo(Result.NEEDS_ATTENTION);
        assertThat(outcome.reason().orElseThrow()).contains("Could not restore the data", "is missing or incomplete");
        assertThat(fixture.data.resolve("file")).exists();
    }

    @Test
    void dataThatDidNotExistBeforeAreRemovedByTheRollback() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        DirectoryTrees.delete(fixture.data);
        fixture.newestServes = false;
        fixture.whileStarting = () -> fixture.makeData();
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(fixture.data.resolve("migrated-by-1.1.0")).doesNotExist();
    }

    /// A declared path means what it leads to: data on another disk, or a database that lies elsewhere.
    @ParameterizedTest
    @ValueSource(strings = {"data", "data/store"})
    void whatALinkInTheDataLeadsToIsBackedUp(String link) throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path disk = fixture.moveToAnotherDisk(link);
        fixture.newestServes = false;
        fixture.whileStarting = () -> fixture.write(disk.resolve("rows"), "migrated");
        Files.writeString(disk.resolve("rows"), "3 rows");
        fixture.readsRowsFrom(disk);
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);

        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.dataMayHaveChanged()).isFalse();
        assertThat(fixture.rowsAtLastStart).isEqualTo("3 rows");
        assertThat(fixture.home.resolve(link)).isSymbolicLink();
        assertThat(fixture.data.resolve("migrated-by-1.1.0")).doesNotExist();
        settled(fixture, true);
    }

    /// A mount point cannot be renamed.
    @Test
    void dataThatCannotBeReplacedAreRestoredInPlace() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path disk = fixture.moveToAnotherDisk("data");
        Object before = Files.getAttribute(disk, "unix:ino");
        fixture.newestServes = false;
        DirectorySwap busy = new DirectorySwap() {
            @Override
            public void exchange(Path one, Path other) throws IOException {
                if (one.equals(disk)) {
                    throw new FileSystemException(one.toString(), other.toString(), "Device or resource busy");
                }
                AT_ONCE.exchange(one, other);
            }

            @Override
            public boolean hasGap() {
                return false;
            }
        };
        assertThat(upgrade(fixture, busy).result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(Files.getAttribute(disk, "unix:ino")).isEqualTo(before);
        assertThat(disk.resolve("file")).hasContent("written by 1.0.0");
        assertThat(disk.resolve("migrated-by-1.1.0")).doesNotExist();
    }

    /// The journal names what the link led to before.
    @ParameterizedTest
    @ValueSource(strings = {"data", "data/store"})
    void aLinkThatTheNewVersionChangedIsRestoredByTheRecovery(String link) throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path disk = fixture.moveToAnotherDisk(link);
        Files.writeString(disk.resolve("rows"), "3 rows");
        Path elsewhere = Files.createDirectories(fixture.home.resolve("elsewhere"));
        fixture.whileStarting = () -> {
            fixture.write(disk.resolve("rows"), "migrated");
            fixture.relink(fixture.home.resolve(link), elsewhere);
            throw new TransactionFixture.Killed();
        };
        assertThatThrownBy(() -> upgrade(fixture, AT_ONCE)).isInstanceOf(TransactionFixture.Killed.class);
        fixture.whileStarting = () -> {};
        fixture.readsRowsFrom(disk);
        assertThat(recover(fixture, AT_ONCE))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK));
        assertThat(fixture.home.resolve(link).toRealPath()).isEqualTo(disk.toRealPath());
        assertThat(fixture.rowsAtLastStart).isEqualTo("3 rows");
    }

    @Test
    void aLinkToADiskThatIsNotThereIsReportedBeforeTheUpgrade() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        DirectoryTrees.delete(fixture.moveToAnotherDisk("data"));
        assertThat(new PlanUpgrade(fixture.context(AT_ONCE)).plan(fixture.manifest, NEWEST, "no disk"))
                .isInstanceOfSatisfying(
                        PlanResult.Refused.class,
                        refused -> assertThat(refused.reason())
                                .isEqualTo("Could not back up the data: ~/data is a link to ~/disk, which can't be"
                                        + " found. Possible cause: a disk that is not mounted."));
    }

    @Test
    void dataThatContainTheInstallationAreRefused() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.declares(fixture.home.resolve("tools"));
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);
        assertThat(outcome.result()).isEqualTo(Result.REFUSED);
        assertThat(outcome.reason().orElseThrow()).contains("~/tools contains the installation itself");
    }

    @Test
    void aDataFolderThatTheManifestDoesNotListIsNamedAndAskedAbout() throws IOException {
        TransactionFixture fixture = fixture("outside", true, true);
        Manifest manifest = fixture.withDataIn(fixture.home.resolve("elsewhere"));
        assertThat(new PlanUpgrade(fixture.context(AT_ONCE))
                        .impact(
                                manifest,
                                fixture.context(AT_ONCE).provenance(manifest).orElseThrow())
                        .sentences())
                .containsExactly("Not backed up: ~/elsewhere, which `--data` sets. Its manifest doesn't list it under"
                        + " `data`.");
        fixture.newestServes = false;
        fixture.manifest = manifest;
        UpgradeOutcome outcome = new UpgradeWorker(fixture.context(AT_ONCE))
                .upgrade(
                        manifest,
                        NEWEST,
                        "o",
                        Optional.of(hash(new PlanUpgrade(fixture.context(AT_ONCE)), fixture, "o")),
                        new CancellationToken());
        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.dataRisk()).isEqualTo(UpgradeOutcome.DataRisk.PART);
    }

    @Test
    void aLinkThatLeadsTooFarIsNamedAndAskedAbout() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        PlanUpgrade plans = new PlanUpgrade(fixture.context(AT_ONCE));
        String without = hash(plans, fixture, "t");
        Files.createSymbolicLink(fixture.data.resolve("everything"), fixture.home);
        assertThat(plans.impact(
                                fixture.manifest,
                                fixture.context(AT_ONCE)
                                        .provenance(fixture.manifest)
                                        .orElseThrow())
                        .sentences())
                .containsExactly("Not backed up: ~, to which ~/data/everything is a link.");
        UpgradeWorker tool = new UpgradeWorker(fixture.context(AT_ONCE));
        assertThat(tool.upgrade(fixture.manifest, NEWEST, "t", Optional.of(without), new CancellationToken())
                        .result())
                .isEqualTo(Result.NEEDS_CONSENT);
        fixture.newestServes = false;
        UpgradeOutcome outcome = tool.upgrade(
                fixture.manifest, NEWEST, "u", Optional.of(hash(plans, fixture, "u")), new CancellationToken());
        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.dataRisk()).isEqualTo(UpgradeOutcome.DataRisk.PART);
    }

    @Test
    void dataThatDidNotChangeAreNotReplaced() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path other = Files.createDirectories(fixture.home.resolve("other"));
        Files.writeString(other.resolve("file"), "used by others, too");
        Files.createSymbolicLink(fixture.data.resolve("link"), other);
        Object before = Files.getAttribute(other, "unix:ino");
        fixture.newestServes = false;
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(Files.getAttribute(other, "unix:ino")).isEqualTo(before);
        assertThat(fixture.data.resolve("migrated-by-1.1.0")).doesNotExist();
    }

    /// The newest rows of a database in WAL mode are in the file next to it, until somebody closes it.
    @ParameterizedTest
    @ValueSource(strings = {"rows.db", "data", "link.db"})
    void aDatabaseIsRestoredWithAllItsRows(String declared) throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path database = fixture.home.resolve(declared.equals("data") ? "data/rows.db" : "rows.db");
        if (declared.equals("link.db")) {
            Files.createSymbolicLink(fixture.home.resolve(declared), database);
        }
        fixture.declares(fixture.home.resolve(declared));
        insert(database, 3, "c.execute('pragma wal_checkpoint(truncate)')");
        insert(database, 47, "");
        assertThat(database.resolveSibling("rows.db-wal")).isNotEmptyFile();
        fixture.newestServes = false;
        fixture.whileStarting = () -> {
            if (fixture.isNewestInstalled()) {
                insert(database, 1000, "c.execute('pragma wal_checkpoint(truncate)'); c.execute('delete from r')");
            }
        };
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);

        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(python(database, "print(c.execute('select count(*) from r').fetchone()[0])"))
                .isEqualTo("50");
        assertThat(python(database, "print(c.execute('pragma integrity_check').fetchone()[0])"))
                .isEqualTo("ok");
    }

    /// What is left next to a database by another version does not belong to it.
    @Test
    void aDatabaseThatDidNotExistBeforeIsRemovedWithAllItsFiles() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path database = fixture.home.resolve("rows.db");
        fixture.declares(database);
        fixture.newestServes = false;
        fixture.whileStarting = () -> {
            if (fixture.isNewestInstalled()) {
                insert(database, 5, "");
            }
        };
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(database).doesNotExist();
        assertThat(database.resolveSibling("rows.db-wal")).doesNotExist();
        assertThat(database.resolveSibling("rows.db-shm")).doesNotExist();
    }

    @Test
    void aDatabaseThatAnotherProcessKeepsChangingIsNotCopied() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path database = fixture.home.resolve("rows.db");
        fixture.declares(database);
        insert(database, 3, "");
        int[] copies = {0};
        fixture.whileCopying = () -> {
            if (copies[0]++ < 1) {
                insert(database, 1, "");
            }
        };
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);

        fixture.newest = "1.2.0";
        fixture.whileCopying = () -> insert(database, 1, "");
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason().orElseThrow()).contains("changed while it was copied. Another process uses it.");
        assertThat(fixture.whole()).isEqualTo("1.1.0");
        settled(fixture, true);
    }

    /// Adds rows, and ends without closing the database, as a killed process does.
    private static void insert(Path database, int rows, String then) {
        String _ = python(
                database,
                "c.execute('pragma journal_mode=wal'); c.execute('create table if not exists r(x)');"
                        + " c.executemany('insert into r values(?)', [(i,) for i in range(%d)]); c.commit(); %s; c.commit(); os._exit(0)"
                                .formatted(rows, then.isEmpty() ? "0" : then));
    }

    private static String python(Path database, String program) {
        return Child.run(
                        Map.of("PATH", System.getenv("PATH")),
                        Duration.ofSeconds(20),
                        "python3",
                        "-c",
                        "import os,sqlite3; c=sqlite3.connect('%s'); %s".formatted(database, program))
                .well()
                .out()
                .strip();
    }

    @Test
    void aFailedInstallChangesNothing() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.installs = false;
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);

        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason().orElseThrow()).contains("no such version");
        assertThat(outcome.downtimeMillis()).isZero();
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        settled(fixture, true);
    }

    @Test
    void aBackupThatWasNotMadeAlthoughNoErrorWasReportedStopsTheUpgrade() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.copies = false;
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason()).hasValue("The backup of ~/data is incomplete: ~/data/file was not copied.");
        assertThat(fixture.data.resolve("file")).hasContent("written by 1.0.0");
        settled(fixture, true);
    }

    @Test
    void anInstallThatDoesNothingAndReportsNoErrorChangesNothing() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.installs = false;
        fixture.exitCode = 0;
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason()).hasValue("make reported no error, but did not install 1.1.0.");
        settled(fixture, true);
    }

    @Test
    void aPreviousVersionIsDeletedOnRequest() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        UpgradeWorker tool = new UpgradeWorker(fixture.context(AT_ONCE));
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        Snapshot kept = tool.kept(fixture.manifest).getFirst();
        assertThat(kept.folder()).isDirectory();
        assertThat(tool.discard(fixture.manifest, kept)).isEmpty();
        assertThat(kept.folder()).doesNotExist();
        assertThat(tool.kept(fixture.manifest)).isEmpty();
        assertThat(fixture.whole()).as("the installed version stays").isEqualTo("1.1.0");
    }

    /// Two tools in one virtual environment.
    @Test
    void aSnapshotBelongsToTheToolThatWasUpgraded() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        UpgradeWorker tool = new UpgradeWorker(fixture.context(AT_ONCE));
        Manifest other = fixture.named("y");
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        assertThat(tool.kept(other)).isEmpty();
        Snapshot first = tool.kept(fixture.manifest).getFirst();
        assertThat(tool.alsoRolledBack(fixture.manifest, first)).isEmpty();

        fixture.newest = "1.2.0";
        assertThat(tool.upgrade(other, NEWEST, "y", Optional.empty(), new CancellationToken())
                        .result())
                .isEqualTo(Result.UPGRADED);
        assertThat(tool.kept(other))
                .singleElement()
                .satisfies(kept -> assertThat(kept.version()).isEqualTo("1.1.0"));
        assertThat(tool.kept(fixture.manifest))
                .singleElement()
                .satisfies(kept -> assertThat(kept.version()).isEqualTo("1.0.0"));
        assertThat(tool.alsoRolledBack(fixture.manifest, first)).containsExactly("y");
    }

    @Test
    void aClockThatWasAheadDoesNotDecideWhatIsKept() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.kept = 1;
        fixture.setClock(Instant.parse("2099-01-01T00:00:00Z"));
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        fixture.setClock(Instant.parse("2026-12-01T00:00:00Z"));
        fixture.newest = "1.2.0";
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        assertThat(new UpgradeWorker(fixture.context(AT_ONCE)).kept(fixture.manifest))
                .singleElement()
                .satisfies(kept -> assertThat(kept.version()).isEqualTo("1.1.0"));
        assertThat(fixture.journals.history(Optional.of("x")))
                .extracting(UpgradeOutcome::to)
                .containsExactly("1.2.0", "1.1.0");
    }

    /// Whoever can write there decides which program runs next.
    @Test
    void aFolderForStagesThatOthersCanChangeIsRefused() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path made = Files.createDirectories(fixture.home.resolve("tools/.lamplighter"));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        isRefused(fixture, "~/tools/.lamplighter can be changed by other users");
        Files.delete(made);
        Path elsewhere = Files.createDirectories(fixture.home.resolve("elsewhere"));
        Files.createSymbolicLink(made, elsewhere);
        isRefused(fixture, "~/tools/.lamplighter is not a folder");
        assertThat(elsewhere).isEmptyDirectory();
        Files.delete(made);
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);

        UpgradeWorker tool = new UpgradeWorker(fixture.context(AT_ONCE));
        Snapshot kept = tool.kept(fixture.manifest).getFirst();
        Files.setPosixFilePermissions(kept.folder().getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(tool.rollBack(fixture.manifest, kept, "back", Optional.empty(), new CancellationToken())
                        .reason()
                        .orElseThrow())
                .contains("can be changed by other users");
    }

    /// The service file of the user starts another program of the package.
    @Test
    void aVersionWithoutTheProgramOfTheServiceIsRefusedBeforeTheStop() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path server = Files.writeString(fixture.environment.resolve("bin/x-serve"), "#!/bin/sh\n");
        fixture.command = List.of(server.toString(), "8080");
        boolean[] isStopped = {false};
        fixture.whileStopping = () -> isStopped[0] = true;
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason()).contains("1.1.0 does not contain the program x-serve, which the service starts.");
        assertThat(isStopped[0]).isFalse();
        assertThat(fixture.whole()).isEqualTo("1.0.0");
    }

    /// A disk image, or a database that reserves space.
    @Test
    void aFileWithHolesNeedsTheSpaceThatItOccupies() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        try (RandomAccessFile image =
                new RandomAccessFile(fixture.data.resolve("image").toFile(), "rw")) {
            image.setLength(8L << 40);
        }
        assertThat(new PlanUpgrade(fixture.context(AT_ONCE)).plan(fixture.manifest, NEWEST, "sparse"))
                .isInstanceOfSatisfying(
                        PlanResult.Ready.class,
                        ready -> assertThat(ready.plan().megabytes()).isLessThan(10));
    }

    private static void isRefused(TransactionFixture fixture, String why) {
        assertThat(new PlanUpgrade(fixture.context(AT_ONCE)).plan(fixture.manifest, NEWEST, "refused"))
                .isInstanceOfSatisfying(
                        PlanResult.Refused.class,
                        refused -> assertThat(refused.reason()).startsWith(why));
    }

    /// The stage of a transaction whose journal is gone.
    @Test
    void aFolderWhoseJournalWasPrunedIsDeleted() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path stages = fixture.home.resolve("tools/.lamplighter/x/stages");
        Path old = Files.createDirectories(stages.resolve("20200101-000000-000-1"));
        Path ofAnother = Files.createDirectories(stages.resolve("30000101-000000-000-1"));
        LeftOvers leftOvers = new LeftOvers(fixture.context(AT_ONCE));
        for (int version = 1; version <= 21; version++) {
            assertThat(leftOvers.of(fixture.manifest)).isEmpty();
            fixture.newest = "1.%d.0".formatted(version);
            assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        }
        assertThat(old).doesNotExist();
        assertThat(ofAnother).exists();
    }

    /// A log under `sys.prefix`, a plugin's settings: whatever no record names.
    @Test
    void filesThatWereAddedToTheInstallationAreCarriedOver() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Files.writeString(fixture.environment.resolve("package.json"), "{}");
        Files.setLastModifiedTime(fixture.environment.resolve("package.json"), FileTime.from(Instant.EPOCH));
        Path log = fixture.environment.resolve("var/log/x.log");
        Files.createDirectories(log.getParent());
        Files.writeString(log, "written by 1.0.0");
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        assertThat(log).hasContent("written by 1.0.0");
        assertThat(fixture.whole()).isEqualTo("1.1.0");
    }

    @Test
    void theTestOfTheNewVersionDoesNotReachTheData() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.newestServes = false;
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(fixture.data.resolve("file")).hasContent("written by 1.0.0");
    }

    /// In the empty home, a shim would not find its settings.
    @Test
    void theNewVersionIsTestedWithTheNodeThatAShimStarts() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        assertThat(fixture.testedWith).hasValue("/opt/node/bin:/home/shims:/usr/bin");
    }

    /// The stage has a copy from before, so that it would be lost.
    @Test
    void aPackageThatIsInstalledDuringTheUpgradeCancelsIt() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path packages = fixture.environment.resolve("lib/python3.13/site-packages");
        Path there = Files.createDirectories(packages.resolve("h11-0.16.0.dist-info"));
        fixture.write(there.resolve("METADATA"), "Name: h11\nVersion: 0.16.0\n");
        fixture.whileArming = () -> fixture.write(there.resolve("METADATA"), "Name: h11\nVersion: 0.17.0\n");
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);
        assertThat(outcome.result()).isEqualTo(Result.NEEDS_CONSENT);
        assertThat(outcome.reason())
                .hasValueSatisfying(why -> assertThat(why).startsWith("h11 0.17.0 was installed while"));
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
    }

    @Test
    void outputIsBoundedInTheJournal() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.outputLines = 50_000;
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        Path journal = fixture.journals.all(Optional.of("x")).getFirst().journal();
        assertThat(Files.size(journal)).isBetween(1_000_000L, 4_000_000L);
        assertThat(Files.readString(journal)).contains("More output was not recorded");
    }

    @Test
    void theConfiguredNumberOfVersionsIsKept() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        for (int kept : List.of(2, 1)) {
            fixture.kept = kept;
            for (int minor = 1; minor <= 3; minor++) {
                fixture.newest = "%d.%d.0".formatted(4 - kept, minor);
                assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
            }
            assertThat(new UpgradeWorker(fixture.context(AT_ONCE)).kept(fixture.manifest))
                    .hasSize(kept)
                    .first()
                    .satisfies(snapshot -> assertThat(snapshot.version()).isEqualTo("%d.2.0".formatted(4 - kept)));
        }
    }

    @Test
    void aPreviousVersionWhosePythonWasRemovedIsNotRestored() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        UpgradeWorker worker = new UpgradeWorker(fixture.context(AT_ONCE));
        Snapshot kept = worker.kept(fixture.manifest).getFirst();
        assertThat(worker.obstacle(fixture.manifest, kept)).isEmpty();
        fixture.write(kept.environment().resolve("pyvenv.cfg"), "home = /gone\n");
        Files.createSymbolicLink(kept.environment().resolve("bin/python"), Path.of("/gone/python3"));
        assertThat(worker.obstacle(fixture.manifest, kept))
                .contains("1.0.0 can't run: its Python is missing (/gone/python3). To install 1.0.0 with its current"
                        + " data, run `lamplighter upgrade x --to 1.0.0`.");
    }

    @Test
    void theUserCanRollBackLaterAndUpgradeAgain() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        upgrade(fixture, AT_ONCE);
        UpgradeWorker tool = new UpgradeWorker(fixture.context(AT_ONCE));
        UpgradeOutcome back = tool.rollBack(
                fixture.manifest,
                tool.kept(fixture.manifest).getFirst(),
                "back",
                Optional.empty(),
                new CancellationToken());

        assertThat(back.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        assertThat(fixture.unitFile).isEqualTo("version 1.0.0\n");
        settled(fixture, true);
        assertThat(tool.kept(fixture.manifest))
                .singleElement()
                .satisfies(kept -> assertThat(kept.version()).isEqualTo("1.1.0"));
        tool.rollBack(
                fixture.manifest,
                tool.kept(fixture.manifest).getFirst(),
                "forth",
                Optional.empty(),
                new CancellationToken());
        assertThat(fixture.whole()).isEqualTo("1.1.0");
    }

    @Test
    void cancellingBeforeTheStartChangesNothing() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        CancellationToken cancellationToken = new CancellationToken();
        cancellationToken.request();
        UpgradeOutcome outcome = new UpgradeWorker(fixture.context(AT_ONCE))
                .upgrade(fixture.manifest, NEWEST, "t", Optional.empty(), cancellationToken);
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason().orElseThrow()).isEqualTo("Cancelled.");
        assertThat(outcome.isCancelled()).isTrue();
        settled(fixture, true);
    }

    /// Its manager need not respond for that.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServiceThatWasNotStoppedYetIsLeftAloneByTheRollback(boolean isCancelled) throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        CancellationToken cancellationToken = new CancellationToken();
        fixture.whileArming = () -> {
            if (isCancelled) {
                cancellationToken.request();
            }
            fixture.managerResponds = false;
        };
        UpgradeOutcome outcome = new UpgradeWorker(fixture.context(AT_ONCE))
                .upgrade(fixture.manifest, NEWEST, "t", Optional.empty(), cancellationToken);
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason())
                .hasValue(
                        isCancelled
                                ? "Cancelled."
                                : "The service is running, but could not be checked. " + TransactionFixture.SILENT);
        fixture.managerResponds = true;
        settled(fixture, true);
    }

    /// It ends when the user logs out, for example.
    @Test
    void aManagerThatEndsWhileTheNewVersionStartsIsNotItsFault() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.newestServes = false;
        fixture.whileStarting = () -> fixture.managerResponds = false;
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.NEEDS_ATTENTION);
        fixture.managerResponds = true;
        fixture.whileStarting = () -> {};
        assertThat(new RecoverUpgrades(fixture.context(AT_ONCE), _ -> Optional.of(fixture.manifest))
                        .recover(RecoverUpgrades.Occasion.COMMAND))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK));
        isOfferedAgain(fixture);
    }

    @Test
    void cancellingWhileTheNewVersionStartsRollsBack() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        CancellationToken cancellationToken = new CancellationToken();
        fixture.whileStarting = cancellationToken::request;
        UpgradeOutcome outcome = new UpgradeWorker(fixture.context(AT_ONCE))
                .upgrade(fixture.manifest, NEWEST, "t", Optional.empty(), cancellationToken);
        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.reason()).contains("Cancelled.");
        assertThat(fixture.journals.transaction(outcome.journal().orElseThrow()).flatMap(Journals.Transaction::ended))
                .get()
                .matches(UpgradeOutcome::isCancelled);
        isOfferedAgain(fixture);
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        assertThat(fixture.data.resolve("file")).hasContent("written by 1.0.0");
        assertThat(fixture.data.resolve("migrated-by-1.1.0")).doesNotExist();
        settled(fixture, true);
    }

    /// The service manager recovers a few seconds after a kill, often just when somebody runs `lamplighter recover`.
    @Test
    void aRecoveryWaitsForAnotherOneAndHasItsOutcome() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.whileStarting = () -> {
            throw new TransactionFixture.Killed();
        };
        assertThatThrownBy(() -> upgrade(fixture, AT_ONCE)).isInstanceOf(TransactionFixture.Killed.class);
        List<UpgradeOutcome> second = new CopyOnWriteArrayList<>();
        Thread other = Thread.ofPlatform().unstarted(() -> second.addAll(recover(fixture, AT_ONCE)));
        fixture.whileStarting = () -> {
            other.start();
            Await.until(
                    "the second recovery waits or is over",
                    Duration.ofSeconds(20),
                    () -> other.getState() == Thread.State.TIMED_WAITING || !other.isAlive());
        };

        List<UpgradeOutcome> first = recover(fixture, AT_ONCE);

        Await.until("the second recovery", Duration.ofSeconds(20), () -> !other.isAlive());
        assertThat(first)
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK));
        assertThat(second).usingRecursiveComparison().isEqualTo(first);
    }

    /// Nobody saw whether the new version works.
    @Test
    void aVersionWhoseUpgradeWasKilledIsOfferedAgain() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.whileStarting = () -> {
            throw new TransactionFixture.Killed();
        };
        assertThatThrownBy(() -> upgrade(fixture, AT_ONCE)).isInstanceOf(TransactionFixture.Killed.class);
        fixture.whileStarting = () -> {};
        assertThat(recover(fixture, AT_ONCE))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK));
        isOfferedAgain(fixture);
    }

    private static void isOfferedAgain(TransactionFixture fixture) {
        assertThat(new PlanUpgrade(fixture.context(AT_ONCE)).plan(fixture.manifest, NEWEST, "again"))
                .isInstanceOf(PlanResult.Ready.class);
    }

    /// The new version passed every check before.
    @Test
    void aCleanupThatFailsDoesNotUndoTheNewVersion() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.disarms = false;
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);
        assertThat(outcome.result()).isEqualTo(Result.UPGRADED);
        assertThat(outcome.reason()).contains("Could not turn off recovery at login: the bus is gone.");
        assertThat(fixture.whole()).isEqualTo("1.1.0");
        assertThat(fixture.running).isTrue();
        assertThat(fixture.journals.open()).isEmpty();
        assertThat(new UpgradeWorker(fixture.context(AT_ONCE)).kept(fixture.manifest))
                .hasSize(1);
    }

    /// A full disk, for example. The folder in which it still is must not be called a left-over.
    @Test
    void aVersionThatCouldNotBeKeptIsKeptLater() throws IOException {
        TransactionFixture fixture = fixture("w", true, false);
        Path snapshots = Files.createDirectories(fixture.home.resolve("tools/.lamplighter/x"))
                .resolve("snapshots");
        fixture.whileStarting = () -> fixture.write(snapshots, "in the way");
        UpgradeOutcome outcome = upgrade(fixture, AT_ONCE);
        assertThat(outcome.result()).isEqualTo(Result.UPGRADED);
        assertThat(outcome.reason().orElseThrow()).contains("Could not keep 1.0.0 for rollback");
        LeftOvers leftOvers = new LeftOvers(fixture.context(AT_ONCE));
        assertThat(leftOvers.of(fixture.manifest))
                .singleElement()
                .satisfies(left ->
                        assertThat(leftOvers.isNeeded(fixture.manifest, left)).isTrue());

        Files.delete(snapshots);
        assertThat(recover(fixture, AT_ONCE)).isEmpty();
        assertThat(new UpgradeWorker(fixture.context(AT_ONCE)).kept(fixture.manifest))
                .hasSize(1);
        settled(fixture, true);
    }

    /// A journal that somebody else wrote, or a damaged one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"snapshot\":\"[^\"]*\"|\"snapshot\":\"PRECIOUS\"",
                "\"stage\":\"[^\"]*\"|\"stage\":\"PRECIOUS\"",
                "/x/snapshots/[^/\"]*|/x/snapshots/../../../../precious",
                "\"path\":\"[^\"]*\",\"copy\":\"[^\"]*\"|\"path\":\"PRECIOUS\",\"copy\":null",
                "\"links\":\\{[^}]*}|\"links\":{\"PRECIOUS/link\":\"/etc/passwd\"}"
            })
    void recoveryTouchesNothingOutsideOfTheInstallation(String tampering) throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path precious = Files.createDirectories(fixture.home.resolve("precious"));
        Path file = Files.writeString(precious.resolve("file"), "of the user");
        Files.createSymbolicLink(precious.resolve("link"), file);
        fixture.whileStarting = () -> {
            throw new TransactionFixture.Killed();
        };
        assertThatThrownBy(() -> upgrade(fixture, AT_ONCE)).isInstanceOf(TransactionFixture.Killed.class);
        fixture.whileStarting = () -> {};
        Path journal = fixture.journals.open().getFirst().journal();
        String[] change = tampering.replace("PRECIOUS", precious.toString()).split("\\|");
        String text = Files.readString(journal);
        String tampered = text.replaceAll(change[0], change[1]);
        assertThat(tampered).isNotEqualTo(text);
        Files.writeString(journal, tampered);

        assertThat(recover(fixture, AT_ONCE)).singleElement().satisfies(outcome -> {
            assertThat(outcome.result()).isEqualTo(Result.NEEDS_ATTENTION);
            assertThat(outcome.reason().orElseThrow()).contains("is not part of this upgrade: ~/");
        });
        assertThat(file).hasContent("of the user");
        assertThat(Files.readSymbolicLink(precious.resolve("link"))).isEqualTo(file);
    }

    /// Nobody can delete it, not even root.
    @Test
    void whatCannotBeDeletedNeitherFailsTheRollbackNorTheNextUpgrade() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        Path pinned = fixture.environment.resolve("lib/pinned");
        fixture.newestServes = false;
        fixture.whileStarting = () -> {
            if (fixture.isNewestInstalled() && Files.notExists(pinned)) {
                fixture.write(pinned, "");
                immutable(pinned, true);
            }
        };
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.ROLLED_BACK);
        fixture.whileStarting = () -> {};
        LeftOvers leftOvers = new LeftOvers(fixture.context(AT_ONCE));
        assertThat(leftOvers.of(fixture.manifest)).hasSize(1);
        Path left = leftOvers.of(fixture.manifest).getFirst();
        assertThat(leftOvers.isNeeded(fixture.manifest, left)).isFalse();
        Path stillPinned = left.resolve("tools/x/lib/pinned");
        assertThat(stillPinned).exists();
        try {
            assertThat(left.resolve("tools/x/lib/a")).doesNotExist();
            fixture.newest = "1.2.0";
            fixture.newestServes = true;
            assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
            assertThat(recover(fixture, AT_ONCE)).isEmpty();
            assertThat(leftOvers.of(fixture.manifest)).containsExactly(left);
        } finally {
            immutable(stillPinned, false);
        }
        assertThat(recover(fixture, AT_ONCE)).isEmpty();
        assertThat(left).doesNotExist();
        settled(fixture, true);
    }

    private static void immutable(Path file, boolean on) {
        Assumptions.assumeTrue(
                Child.run(
                                        Map.of("PATH", System.getenv("PATH")),
                                        Duration.ofSeconds(20),
                                        "chattr",
                                        on ? "+i" : "-i",
                                        file.toString())
                                .exitCode()
                        == 0,
                "needs root and a file system with immutable files");
    }

    @Test
    void aTransactionThatCannotBeRecoveredStaysOpenAndStopsOnlyItsOwnTool() throws IOException {
        TransactionFixture fixture = fixture("w", true, true);
        fixture.whileStarting = () -> {
            throw new TransactionFixture.Killed();
        };
        assertThatThrownBy(() -> upgrade(fixture, AT_ONCE)).isInstanceOf(TransactionFixture.Killed.class);
        fixture.whileStarting = () -> {};
        fixture.listsProcesses = false;
        assertThat(recover(fixture, AT_ONCE)).singleElement().satisfies(outcome -> {
            assertThat(outcome.result()).isEqualTo(Result.NEEDS_ATTENTION);
            assertThat(outcome.reason()).contains("Could not finish the interrupted upgrade: /proc is not mounted.");
        });
        assertThat(upgrade(fixture, AT_ONCE)).satisfies(refused -> {
            assertThat(refused.result()).isEqualTo(Result.REFUSED);
            assertThat(refused.reason().orElseThrow()).contains("Run `lamplighter recover`");
        });
        fixture.listsProcesses = true;
        assertThat(recover(fixture, AT_ONCE))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK));
        settled(fixture, true);
        assertThat(upgrade(fixture, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
    }

    static Stream<Arguments> machines() {
        return Stream.of(
                Arguments.of("runs", AT_ONCE, true, true),
                Arguments.of("does not serve", AT_ONCE, true, false),
                Arguments.of("runs, two renames", WITH_GAP, true, true),
                Arguments.of("does not serve, two renames", WITH_GAP, true, false),
                Arguments.of("does not run", AT_ONCE, false, true));
    }

    /// The promise: killed anywhere, an upgrade ends in the old version or the new one, running if it ran
    /// before.
    @ParameterizedTest(name = "{0}")
    @MethodSource("machines")
    void recoveryAfterAKillAnywhereLeavesAWorkingTool(
            String name, DirectorySwap directorySwap, boolean runs, boolean serves) throws IOException {
        int points = points(directorySwap, runs, serves);
        assertThat(points).isGreaterThan(100);
        for (int point = 1; point <= points; point++) {
            TransactionFixture fixture = fixture(name + point, runs, true);
            fixture.newestServes = serves;
            assertThat(killedAt(fixture, directorySwap, point))
                    .as("point %d", point)
                    .isTrue();
            if (directorySwap == AT_ONCE) {
                assertThat(fixture.whole())
                        .as("before recovery, point %d", point)
                        .isIn("1.0.0", "1.1.0");
            }
            recover(fixture, directorySwap);
            ends(fixture, runs, point);
            DirectoryTrees.delete(fixture.home);
        }
    }

    /// The recovery may itself be killed.
    @Test
    void recoveryThatIsKilledCanBeRepeated() throws IOException {
        int points = points(WITH_GAP, true, false);
        for (int point = points / 2; point <= points; point += 7) {
            for (int second = 1; ; second += 3) {
                TransactionFixture fixture = fixture("r" + point + "-" + second, true, true);
                fixture.newestServes = false;
                killedAt(fixture, WITH_GAP, point);
                fixture.killAt(second);
                boolean killed = false;
                try {
                    recover(fixture, WITH_GAP);
                } catch (TransactionFixture.Killed e) {
                    killed = true;
                }
                fixture.killAt(-1);
                recover(fixture, WITH_GAP);
                ends(fixture, true, point);
                DirectoryTrees.delete(fixture.home);
                if (!killed) {
                    break;
                }
            }
        }
    }

    private int points(DirectorySwap directorySwap, boolean runs, boolean serves) throws IOException {
        TransactionFixture fixture = fixture("count", runs, true);
        fixture.newestServes = serves;
        fixture.killAt(-1);
        upgrade(fixture, directorySwap);
        int calls = fixture.calls();
        DirectoryTrees.delete(fixture.home);
        return calls;
    }

    private static boolean killedAt(TransactionFixture fixture, DirectorySwap directorySwap, int point) {
        fixture.killAt(point);
        try {
            upgrade(fixture, directorySwap);
            return false;
        } catch (TransactionFixture.Killed e) {
            return true;
        } finally {
            fixture.killAt(-1);
        }
    }

    private static void ends(TransactionFixture fixture, boolean runs, int point) throws IOException {
        String version = fixture.whole();
        assertThat(version).as("point %d", point).isIn("1.0.0", "1.1.0");
        assertThat(fixture.unitFile).as("point %d", point).isEqualTo("version " + version + "\n");
        if (runs) {
            assertThat(fixture.data.resolve("file")).as("point %d", point).hasContent("written by " + version);
            assertThat(Files.exists(fixture.data.resolve("migrated-by-1.1.0")))
                    .as("the data is of the same version at point %d", point)
                    .isEqualTo(version.equals("1.1.0"));
        }
        settled(fixture, runs);
        assertThat(recover(fixture, AT_ONCE)).as("point %d", point).isEmpty();
    }

    private static void settled(TransactionFixture fixture, boolean runs) throws IOException {
        assertThat(fixture.running).isEqualTo(runs);
        assertThat(fixture.armed).isFalse();
        assertThat(fixture.journals.open()).isEmpty();
        Path stages = fixture.home.resolve("tools/.lamplighter/x/stages");
        if (Files.exists(stages)) {
            try (Stream<Path> left = Files.list(stages)) {
                assertThat(left).isEmpty();
            }
        }
    }

    private static UpgradeOutcome upgrade(TransactionFixture fixture, DirectorySwap directorySwap) {
        UpgradeContext context = fixture.context(directorySwap);
        return new UpgradeWorker(context)
                .upgrade(
                        fixture.manifest,
                        NEWEST,
                        new PlanUpgrade(context).newId(),
                        Optional.empty(),
                        new CancellationToken());
    }

    private static List<UpgradeOutcome> recover(TransactionFixture fixture, DirectorySwap directorySwap) {
        return new RecoverUpgrades(fixture.context(directorySwap), _ -> Optional.of(fixture.manifest))
                .recover(RecoverUpgrades.Occasion.COMMAND);
    }

    private TransactionFixture fixture(String name, boolean running, boolean declaresData) throws IOException {
        return new TransactionFixture(
                Files.createDirectories(folder.resolve(name.replaceAll("[^a-z0-9-]", "_"))), running, declaresData);
    }
}
