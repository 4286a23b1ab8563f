package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.upgrade.JournalEntry.RollbackPoint;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import io.github.lamplighter.upgrade.UpgradeOutcome.StepResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalsTest {

    private static final Instant AT = Instant.parse("2026-11-23T11:00:00Z");

    @TempDir
    private Path home;

    private Journals journals;
    private Path file;

    @BeforeEach
    void place() {
        journals = new Journals(AppDirectories.linux(Map.of(), home));
        file = journals.of("x", "t1");
    }

    @Test
    void everyEntryIsReadBackAsItWasWritten() throws IOException {
        List<JournalEntry> entries = List.of(
                new JournalEntry.Started(AT, "t1", "x", 42, 1),
                new JournalEntry.Planned(
                        AT, "1.0.0", "1.1.0", "1.1.0", List.of(Step.STOP, Step.SWITCH), List.of("npm i")),
                new JournalEntry.RollbackPointRecorded(
                        AT,
                        new RollbackPoint(
                                Path.of("/e"),
                                Path.of("/p"),
                                77,
                                78,
                                Optional.of(Path.of("/s")),
                                Path.of("/k"),
                                Map.of(Path.of("/bin/x"), Optional.of("../e/x"), Path.of("/bin/y"), Optional.empty()),
                                Optional.of("lamplighter-x.service"),
                                true,
                                false,
                                Optional.of("[Unit]\nDescription=x\n"))),
                new JournalEntry.DataCopied(
                        AT,
                        List.of(
                                new DataCopy(Path.of("/d"), Optional.of(Path.of("/k/data/0")), 3, 512, 9),
                                new DataCopy(Path.of("/none"), Optional.empty(), 0, 0, 0)),
                        true),
                new JournalEntry.StepStarted(AT, Step.STOP),
                new JournalEntry.Output(AT, "added 1 package “ü”"),
                new JournalEntry.StepEnded(AT, Step.STOP, StepOutcome.DONE, 12, "a detail"),
                new JournalEntry.Restored(AT, "data"),
                new JournalEntry.Ended(AT, outcome(Result.UPGRADED), false));
        try (Journal journal = Journal.create(file)) {
            entries.forEach(journal::write);
        }

        assertThat(journals.entries(file)).isEqualTo(entries);
        assertThat(journals.history(Optional.of("x"))).containsExactly(outcome(Result.UPGRADED));
        assertThat(journals.open()).isEmpty();
    }

    @Test
    void aJournalThatCannotBeWrittenIsNoticedBeforeAWorkerIsStarted() throws IOException {
        assertThat(journals.whyNotWritable("x")).isEmpty();
        assertThat(file.getParent()).isEmptyDirectory();
        Path attempt = file.resolveSibling("attempt-" + ProcessHandle.current().pid());
        Path noReserve = Files.createDirectory(attempt.resolveSibling(attempt.getFileName() + ".reserve"));
        assertThat(journals.whyNotWritable("x"))
                .as("room for a byte is not enough")
                .isPresent();
        assertThat(attempt).doesNotExist();
        Files.deleteIfExists(noReserve);
        Files.delete(file.getParent());
        Files.writeString(file.getParent(), "in the way");
        assertThat(journals.whyNotWritable("x"))
                .contains("Could not write the upgrade's journal: %s is not a folder.".formatted(file.getParent()));
    }

    @Test
    void onlyAFailedCheckMarksAVersionAndNoCancelledUpgrade() {
        assertThat(tried("t1", "It exited soon after its start.")).isTrue();
        assertThat(tried("t2", StepSequence.CANCELLED)).isFalse();
    }

    private boolean tried(String id, String why) {
        try (Journal journal = Journal.create(journals.of(id, id))) {
            journal.write(new JournalEntry.Started(AT, id, id, 42, 1));
            journal.write(
                    new JournalEntry.Planned(AT, "1.0.0", "1.1.0", "1.1.0", List.of(Step.READY), List.of("npm i")));
            journal.write(new JournalEntry.StepEnded(AT, Step.READY, StepOutcome.FAILED, 12, why));
            journal.write(new JournalEntry.Ended(AT, outcome(Result.ROLLED_BACK), false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FailedUpgrades(journals)
                .of(id, new UpgradeTarget.IndexVersion("1.1.0"))
                .isPresent();
    }

    /// Recovery follows these paths, and deletes the stage.
    @Test
    void pathsOfAnUpgradeOfLamplighterLieAmongItsVersions() {
        Path versions = home.resolve("versions");
        Path old = versions.resolve("0.1.0");
        Path fresh = versions.resolve("0.2.0");
        Path stage = versions.resolve(".0.2.0.partial");
        assertThat(RecordedPaths.stray(change(old, fresh, stage), versions)).isEmpty();
        assertThat(RecordedPaths.stray(change(home, fresh, stage), versions)).contains(home);
        assertThat(RecordedPaths.stray(change(old, home, stage), versions)).contains(home);
        assertThat(RecordedPaths.stray(change(old, fresh, home), versions)).contains(home);
    }

    private static JournalEntry.LinkSwitch change(Path from, Path to, Path stage) {
        return new JournalEntry.LinkSwitch("versions/0.1.0", "versions/0.2.0", from, to, Optional.of(stage), false);
    }

    @Test
    void aTornLastLineIsSkippedAndTheNextWriterStartsANewLine() throws IOException {
        try (Journal journal = Journal.create(file)) {
            journal.write(new JournalEntry.Started(AT, "t1", "x", 42, 1));
        }
        Files.writeString(file, "{\"at\":\"2026-11-2", StandardOpenOption.APPEND);
        assertThat(journals.open())
                .singleElement()
                .satisfies(open -> assertThat(open.worker()).isEqualTo(42));

        try (Journal journal = Journal.open(file)) {
            journal.write(new JournalEntry.Ended(AT, outcome(Result.FAILED), false));
        }
        assertThat(journals.entries(file)).hasSize(2);
        assertThat(journals.open()).isEmpty();
    }

    /// Recovery deletes the stage of an id.
    @Test
    void theIdOfATransactionIsTheNameOfItsJournal() throws IOException {
        try (Journal journal = Journal.create(file)) {
            journal.write(new JournalEntry.Started(AT, "../../../elsewhere", "../y", 42, 1));
        }
        assertThat(journals.open()).singleElement().satisfies(open -> {
            assertThat(open.id()).isEqualTo("t1");
            assertThat(open.name()).isEqualTo("x");
        });
    }

    @Test
    void aFollowerThatStartsFirstReceivesEveryStepOnceAndReturnsTheOutcome() throws Exception {
        List<StepProgress> seen = new ArrayList<>();
        CompletableFuture<Optional<UpgradeOutcome>> followed = new CompletableFuture<>();
        Thread follower = Thread.ofVirtual().start(() -> {
            try {
                followed.complete(new JournalFollower(file, seen::add).follow(() -> true));
            } catch (InterruptedException e) {
                followed.completeExceptionally(e);
            }
        });
        try (Journal journal = Journal.create(file)) {
            journal.write(new JournalEntry.Started(
                    Instant.now(), "t1", "x", ProcessHandle.current().pid(), 1));
            journal.write(new JournalEntry.Planned(AT, "1.0.0", "1.1.0", "1.1.0", List.of(Step.STAGE), List.of()));
            for (int line = 0; line < 200; line++) {
                journal.write(new JournalEntry.StepEnded(AT, Step.STAGE, StepOutcome.DONE, line, "zeile ü " + line));
            }
            journal.write(new JournalEntry.Ended(AT, outcome(Result.UPGRADED), false));
        }

        assertThat(followed.get(10, TimeUnit.SECONDS)).contains(outcome(Result.UPGRADED));
        follower.join();
        assertThat(seen).hasSize(200).doesNotHaveDuplicates();
        assertThat(seen.getFirst().label()).isEqualTo("Installed 1.1.0 (staged)");
    }

    @Test
    void aFollowerOfADeadWorkerReturnsWithoutAnOutcome() throws Exception {
        try (Journal journal = Journal.create(file)) {
            journal.write(new JournalEntry.Started(AT, "t1", "x", 42, 1));
            journal.write(new JournalEntry.Planned(AT, "1.0.0", "1.1.0", "1.1.0", List.of(Step.STAGE), List.of()));
            journal.write(new JournalEntry.StepStarted(AT, Step.STAGE));
        }
        List<StepProgress> seen = new ArrayList<>();
        assertThat(new JournalFollower(file, seen::add).follow(() -> true)).isEmpty();
        assertThat(seen).hasSize(1);
    }

    private UpgradeOutcome outcome(Result result) {
        return new UpgradeOutcome(
                "x",
                UpgradeOutcome.Asked.UPGRADE,
                result,
                "1.0.0",
                "1.1.0",
                Optional.of("1.1.0 answers"),
                310,
                UpgradeOutcome.DataRisk.NONE,
                Optional.of(file),
                List.of(new StepResult(Step.STOP, StepOutcome.DONE, 12)),
                AT);
    }
}
