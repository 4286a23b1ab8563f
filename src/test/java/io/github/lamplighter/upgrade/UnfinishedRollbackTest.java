package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lamplighter.file.Digest;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.platform.linux.RenameSwap;
import io.github.lamplighter.upgrade.PlanUpgrade.UpgradeOptions;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rollbacks on a real disk that is full, read-only or a mount point. Data are never left behind: the
/// transaction stays open, nothing is started on them, and recovery continues once the disk is well again.
class UnfinishedRollbackTest {

    private static final UpgradeOptions NEWEST = new UpgradeOptions(Optional.empty(), false, false);
    private static final int ROWS = 600_000;

    @TempDir
    private Path folder;

    private final List<Path> mounted = new ArrayList<>();
    private TransactionFixture fixture;
    private Path rows;
    private String before;

    @BeforeEach
    void aToolWithDataOnADiskOfItsOwn() throws IOException {
        fixture = new TransactionFixture(folder, true, true);
        fixture.copiesForReal = true;
        fixture.newestServes = false;
        rows = fixture.data.resolve("rows");
    }

    @AfterEach
    void unmount() {
        mounted.reversed()
                .forEach(point -> Child.run(
                        Map.of("PATH", System.getenv("PATH")), Duration.ofSeconds(20), "umount", point.toString()));
    }

    @Test
    void aDiskThatTheNewVersionFilledNeedsNoRoomForAThirdCopy() throws IOException {
        data("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs");
        whenTheNewVersionStarts(() -> Files.write(rows, new byte[3 * ROWS]));
        assertThat(upgrade().result()).isEqualTo(Result.ROLLED_BACK);
        isRestored();
    }

    /// The copy is on the disk that is full, and takes the place of the data.
    @Test
    void aFullDiskNeedsNoRoomAtAllForACopyOnTheSameDisk() throws IOException {
        mount(fixture.home, "mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs");
        Path elsewhere = Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-state"));
        Files.createDirectories(folder.resolve(".local"));
        Files.createSymbolicLink(folder.resolve(".local/state"), elsewhere);
        fixture = new TransactionFixture(folder, true, true);
        fixture.copiesForReal = true;
        fixture.newestServes = false;
        rows();
        whenTheNewVersionStarts(() -> {
            Files.delete(rows);
            Files.write(folder.resolve("other"), new byte[8_000_000]);
        });
        assertThat(upgrade().result()).isEqualTo(Result.ROLLED_BACK);
        isRestored();
        DirectoryTrees.delete(elsewhere);
    }

    @Test
    void aDiskThatSomethingElseFillsKeepsTheTransactionOpen() throws IOException {
        Path disk = folder.resolve("disk");
        mount(disk, "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs");
        DirectoryTrees.delete(fixture.data);
        Files.createSymbolicLink(fixture.data, Files.createDirectories(disk.resolve("data")));
        Files.writeString(fixture.data.resolve("file"), "written by 1.0.0");
        rows();
        Path other = disk.resolve("other");
        whenTheNewVersionStarts(() -> {
            Files.write(rows, new byte[0]);
            Files.write(other, new byte[1_800_000]);
        });
        UpgradeOutcome outcome = upgrade();
        staysOpen(outcome, " is full.");

        assertThat(recover()).singleElement().satisfies(again -> staysOpen(again, " is full."));
        Files.delete(other);
        assertThat(recover())
                .singleElement()
                .satisfies(last -> assertThat(last.result()).isEqualTo(Result.ROLLED_BACK));
        isRestored();
    }

    @Test
    void aDiskThatIsReadOnlyForAMomentKeepsTheTransactionOpen() throws IOException {
        data("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs");
        whenTheNewVersionStarts(() -> {
            Files.write(rows, new byte[100]);
            well("mount", "-o", "remount,ro", fixture.data.toString());
        });
        staysOpen(upgrade(), "is read-only.");

        // `lamplighter start` holds the lock while the service manager runs the recovery.
        UpgradeContext context = fixture.context(new RenameSwap());
        try (EnvironmentLock.Held _ = (EnvironmentLock.Held) context.locks().take(fixture.environment, "Starting x.")) {
            assertThat(new RecoverUpgrades(context, _ -> Optional.of(fixture.manifest))
                            .recover(RecoverUpgrades.Occasion.LOGIN))
                    .singleElement()
                    .satisfies(busy -> assertThat(busy.result()).isEqualTo(Result.NEEDS_ATTENTION));
        }

        well("mount", "-o", "remount,rw", fixture.data.toString());
        assertThat(recover())
                .singleElement()
                .satisfies(last -> assertThat(last.result()).isEqualTo(Result.ROLLED_BACK));
        isRestored();
    }

    /// Data that were restored under a running server would be changed by it again.
    @Test
    void nothingIsRestoredUnderAProcessThatCannotBeStopped() throws IOException {
        rows();
        whenTheNewVersionStarts(() -> {
            Files.write(rows, new byte[100]);
            fixture.managerResponds = false;
        });
        UpgradeOutcome outcome = upgrade();
        assertThat(outcome.result()).isEqualTo(Result.NEEDS_ATTENTION);
        assertThat(outcome.reason().orElseThrow()).contains(TransactionFixture.SILENT);
        assertThat(fixture.whole()).isEqualTo("1.1.0");
        assertThat(rows).hasBinaryContent(new byte[100]);

        fixture.managerResponds = true;
        assertThat(recover())
                .singleElement()
                .satisfies(last -> assertThat(last.result()).isEqualTo(Result.ROLLED_BACK));
        isRestored();
    }

    @Test
    void aServiceThatASilentManagerDidNotStartIsStartedByTheRecovery() throws IOException {
        rows();
        whenTheNewVersionStarts(() -> fixture.whileStopping = () -> fixture.managerResponds = false);
        UpgradeOutcome outcome = upgrade();
        assertThat(outcome.result()).isEqualTo(Result.NEEDS_ATTENTION);
        assertThat(outcome.reason().orElseThrow())
                .endsWith("Could not check whether the service is running."
                        + " When this is repaired, run `lamplighter recover` to continue.");
        assertThat(fixture.running).isFalse();

        fixture.managerResponds = true;
        assertThat(recover())
                .singleElement()
                .satisfies(last -> assertThat(last.result()).isEqualTo(Result.ROLLED_BACK));
        isRestored();
    }

    @Test
    void dataThatWereNotRestoredAlthoughNoErrorWasReportedKeepTheTransactionOpen() throws IOException {
        data("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs");
        whenTheNewVersionStarts(() -> fixture.copies = false);
        staysOpen(upgrade(), "was not restored completely");

        fixture.copies = true;
        assertThat(recover())
                .singleElement()
                .satisfies(last -> assertThat(last.result()).isEqualTo(Result.ROLLED_BACK));
        isRestored();
    }

    @Test
    void aMountPointOfTheSameDiskIsRestoredInPlace() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("file"), "written by 1.0.0");
        data("mount", "--bind", elsewhere.toString());
        Object inode = Files.getAttribute(fixture.data, "unix:ino");
        whenTheNewVersionStarts(() -> Files.write(rows, new byte[100]));
        assertThat(upgrade().result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(Files.getAttribute(fixture.data, "unix:ino")).isEqualTo(inode);
        isRestored();
    }

    /// Whoever installs the tool again has decided; the version before is kept with its data.
    @Test
    void aToolThatTheUserInstalledAgainIsLeftAlone() throws IOException {
        rows();
        fixture.whileStarting = () -> {
            throw new TransactionFixture.Killed();
        };
        assertThatThrownBy(this::upgrade).isInstanceOf(TransactionFixture.Killed.class);
        fixture.whileStarting = () -> {};
        installAgain();
        Files.write(rows, new byte[100]);

        assertThat(recover()).singleElement().satisfies(last -> {
            assertThat(last.result()).isEqualTo(Result.FAILED);
            assertThat(last.reason().orElseThrow()).contains("installed again since", "lamplighter rollback x");
        });
        assertThat(rows).hasSize(100);
        assertThat(fixture.whole()).isEqualTo("1.1.0");
        assertThat(fixture.armed).isFalse();
        UpgradeWorker tool = worker();
        Snapshot kept = tool.kept(fixture.manifest).getFirst();
        assertThat(kept.version()).isEqualTo("1.0.0");
        assertThat(tool.rollBack(fixture.manifest, kept, "back", Optional.empty(), new CancellationToken())
                        .result())
                .isEqualTo(Result.ROLLED_BACK);
        isRestored();
    }

    @Test
    void theBackupStaysWhenTheUserInstalledAgainWhatWasRestoredInPart() throws IOException {
        data("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs");
        whenTheNewVersionStarts(() -> {
            Files.write(rows, new byte[100]);
            well("mount", "-o", "remount,ro", fixture.data.toString());
        });
        staysOpen(upgrade(), "is read-only.");
        well("mount", "-o", "remount,rw", fixture.data.toString());
        installAgain();

        Path[] backup = {folder};
        assertThat(recover()).singleElement().satisfies(last -> {
            assertThat(last.result()).isEqualTo(Result.NEEDS_ATTENTION);
            assertThat(last.reason().orElseThrow()).contains("installed again since");
            backup[0] = folder.resolve(last.reason().orElseThrow().replaceAll(".* ~/([^ ]*)\\. To finish.*", "$1"));
        });
        assertThat(Digest.hex(Files.readString(backup[0].resolve("0/rows")), 16))
                .isEqualTo(before);
        assertThat(rows).hasSize(100);
        DirectoryTrees.delete(backup[0]);
        assertThat(recover())
                .singleElement()
                .satisfies(last -> assertThat(last.result()).isEqualTo(Result.FAILED));
        assertThat(recover()).isEmpty();
    }

    private void installAgain() throws IOException {
        Path mine = folder.resolve("mine");
        well("cp", "-a", fixture.environment.toString(), mine.toString());
        DirectoryTrees.delete(fixture.environment);
        Files.move(mine, fixture.environment);
    }

    /// The worker must not die in the middle and leave a version that nobody has checked.
    @Test
    void aFullDiskOfTheJournalEndsInAClosedJournal() throws IOException {
        Path state = folder.resolve(".local/state");
        DirectoryTrees.delete(state);
        mount(state, "mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs");
        rows();
        whenTheNewVersionStarts(() -> Files.write(state.resolve("other"), new byte[400_000]));
        assertThat(upgrade().result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(fixture.journals.history(Optional.of("x")))
                .singleElement()
                .satisfies(past -> assertThat(past.result()).isEqualTo(Result.ROLLED_BACK));
        isRestored();
    }

    /// A step that cannot be announced is not done.
    @Test
    void aJournalThatCannotBeWrittenFailsTheStep() throws IOException {
        Path disk = folder.resolve("disk");
        mount(disk, "mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs");
        Path file = disk.resolve("t.jsonl");
        List<Step> done = new ArrayList<>();
        try (Journal journal = Journal.create(file)) {
            Files.delete(disk.resolve("t.jsonl.reserve"));
            for (int length = 20_000; length > 0; length /= 2) {
                for (int count = 0; count < 20; count++) {
                    journal.note(new JournalEntry.Output(Instant.EPOCH, "x".repeat(length)));
                }
            }
            StepRun last = new StepSequence(Instant::now, journal, new CancellationToken(), Step.COMMIT)
                    .run(Map.of(Step.STOP, () -> {
                        done.add(Step.STOP);
                        return StepRun.done("");
                    }));
            assertThat(last.outcome()).isEqualTo(StepOutcome.FAILED);
            assertThat(last.detail()).isEqualTo("Could not write the journal: the disk of %s is full.".formatted(disk));
        }
        assertThat(done).isEmpty();
        assertThat(Files.readString(file)).endsWith("}\n");
        assertThat(Files.readAllLines(file)).allSatisfy(line -> assertThat(line).endsWith("}"));
    }

    /// Whoever waits for a worker gives up after a while.
    @Test
    void aTransactionThatWasGivenUpDoesNothingLater() throws IOException {
        assertThat(fixture.journals.giveUp("x", "late", Instant.EPOCH)).isTrue();
        assertThat(worker().upgrade(fixture.manifest, NEWEST, "late", Optional.empty(), new CancellationToken()))
                .satisfies(outcome -> {
                    assertThat(outcome.result()).isEqualTo(Result.FAILED);
                    assertThat(outcome.reason()).contains("The upgrade did not start in time.");
                });
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        fixture.newestServes = true;
        assertThat(upgrade().result()).isEqualTo(Result.UPGRADED);
        String begun = fixture.journals
                .history(Optional.of("x"))
                .getFirst()
                .journal()
                .orElseThrow()
                .getFileName()
                .toString()
                .replace(".jsonl", "");
        assertThat(fixture.journals.giveUp("x", begun, Instant.EPOCH)).isFalse();
    }

    private interface Change {
        void run() throws IOException;
    }

    /// Only at its first start.
    private void whenTheNewVersionStarts(Change change) {
        fixture.whileStarting = () -> {
            if (fixture.isNewestInstalled()) {
                try {
                    change.run();
                } catch (IOException e) {
                    // The disk is full: that is the point.
                }
            }
        };
    }

    private void staysOpen(UpgradeOutcome outcome, String why) {
        assertThat(outcome.result()).isEqualTo(Result.NEEDS_ATTENTION);
        assertThat(outcome.reason().orElseThrow())
                .contains("Could not restore the data", why, "run `lamplighter recover` to continue");
        assertThat(fixture.running).as("started on data that were not restored").isFalse();
        assertThat(fixture.armed).isTrue();
        assertThat(fixture.journals.open()).hasSize(1);
        assertThat(fixture.journals.history(Optional.of("x")))
                .anySatisfy(past -> assertThat(past.result()).isEqualTo(Result.NEEDS_ATTENTION));
        // Nothing is thrown away, and no other upgrade begins on top of it.
        assertThat(new LeftOvers(fixture.context(new RenameSwap())).of(fixture.manifest))
                .isEmpty();
        assertThat(upgrade().reason().orElseThrow()).contains("lamplighter recover");
    }

    private void isRestored() throws IOException {
        assertThat(Digest.hex(Files.readString(rows), 16)).isEqualTo(before);
        assertThat(fixture.data.resolve("migrated-by-1.1.0")).doesNotExist();
        assertThat(fixture.data.resolve("file")).hasContent("written by 1.0.0");
        assertThat(fixture.whole()).isEqualTo("1.0.0");
        assertThat(fixture.running).isTrue();
        assertThat(fixture.armed).isFalse();
        assertThat(fixture.journals.open()).isEmpty();
        assertThat(recover()).isEmpty();
    }

    private void data(String... mount) throws IOException {
        mount(fixture.data, mount);
        Files.writeString(fixture.data.resolve("file"), "written by 1.0.0");
        rows();
    }

    private void rows() throws IOException {
        String text = "a row of the user\n".repeat(ROWS / 18);
        Files.writeString(rows, text);
        before = Digest.hex(text, 16);
    }

    private void mount(Path point, String... command) throws IOException {
        Files.createDirectories(point);
        List<String> argv = new ArrayList<>(List.of(command));
        argv.add(point.toString());
        Child.Ended ended = run(argv.toArray(String[]::new));
        Assumptions.assumeTrue(ended.exitCode() == 0, () -> "needs the right to mount: " + ended.err());
        mounted.add(point);
    }

    private static void well(String... command) {
        Child.Ended ended = run(command);
        assertThat(ended.exitCode()).as(ended.toString()).isZero();
    }

    private static Child.Ended run(String... command) {
        return Child.run(Map.of("PATH", System.getenv("PATH")), Duration.ofSeconds(20), command);
    }

    private UpgradeWorker worker() {
        return new UpgradeWorker(fixture.context(new RenameSwap()));
    }

    private UpgradeOutcome upgrade() {
        return worker().upgrade(
                        fixture.manifest,
                        NEWEST,
                        new PlanUpgrade(fixture.context(new RenameSwap())).newId(),
                        Optional.empty(),
                        new CancellationToken());
    }

    private List<UpgradeOutcome> recover() {
        return new RecoverUpgrades(fixture.context(new RenameSwap()), _ -> Optional.of(fixture.manifest))
                .recover(RecoverUpgrades.Occasion.COMMAND);
    }
}
