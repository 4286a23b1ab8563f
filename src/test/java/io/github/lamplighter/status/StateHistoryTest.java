package io.github.lamplighter.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateHistoryTest {

    private static final ToolName TOOL = new ToolName("greeter");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path home;

    private AppDirectories directories;
    private StateHistory history;

    @BeforeEach
    void open() {
        directories = AppDirectories.linux(Map.of(), home);
        history = new StateHistory(directories);
    }

    @Test
    void aDayIsAsBadAsItsWorstState() throws IOException {
        record("2026-11-21T10:00:00Z", SeenState.OK);
        record("2026-11-21T10:05:00Z", SeenState.FAILED);
        record("2026-11-21T10:09:00Z", SeenState.OK);
        record("2026-11-22T23:30:00Z", SeenState.WARNING);
        record("2026-11-23T12:00:00Z", SeenState.OK);

        assertThat(last(4)).containsExactly(SeenState.UNKNOWN, SeenState.FAILED, SeenState.WARNING, SeenState.OK);
    }

    @Test
    void aDayWithoutALineHasNoDataHoweverGoodTheDaysBesideIt() throws IOException {
        record("2026-11-20T10:00:00Z", SeenState.OK);
        record("2026-11-23T10:00:00Z", SeenState.OK);

        assertThat(last(4)).containsExactly(SeenState.OK, SeenState.UNKNOWN, SeenState.UNKNOWN, SeenState.OK);
        assertThat(days().sentence()).isEqualTo("Last 30 days: 2 OK, 28 without data");
    }

    @Test
    void aDayOnWhichNothingCouldBeCheckedHasNoData() throws IOException {
        record("2026-11-23T10:00:00Z", SeenState.UNKNOWN);

        assertThat(days().isEmpty()).isTrue();
        assertThat(days().brief()).isEqualTo("no data yet");
    }

    @Test
    void aFailureThatIsNotOverAtMidnightCountsForBothDays() throws IOException {
        record("2026-11-22T23:50:00Z", SeenState.FAILED);
        record("2026-11-23T08:00:00Z", SeenState.OK);

        assertThat(last(2)).containsExactly(SeenState.FAILED, SeenState.FAILED);
    }

    @Test
    void aFailureBeforeTheComputerWasOffForLongCountsForItsDay() throws IOException {
        record("2026-11-22T18:00:00Z", SeenState.FAILED);
        record("2026-11-23T09:00:00Z", SeenState.OK);

        assertThat(last(2)).containsExactly(SeenState.FAILED, SeenState.OK);
    }

    @Test
    void aDayBelongsToTheTimeZoneOfTheUser() throws IOException {
        record("2026-11-22T23:30:00Z", SeenState.FAILED);

        StateDays days = history.days(TOOL, NOON, ZoneId.of("Europe/Berlin"));

        assertThat(days.days().getLast().worst()).isEqualTo(SeenState.FAILED);
    }

    @Test
    void aFileThatDidNotChangeIsNotReadAgain() throws IOException {
        record("2026-11-23T10:00:00Z", SeenState.FAILED);
        StateDays before = days();
        Path file = file();
        FileTime at = Files.getLastModifiedTime(file);
        Files.writeString(file, "x".repeat((int) Files.size(file)));
        Files.setLastModifiedTime(file, at);
        assertThat(days()).isSameAs(before);
        record("2026-11-23T12:00:00Z", SeenState.OK);
        assertThat(days()).isNotEqualTo(before);
    }

    @Test
    void theSameStateIsWrittenOnceAnHour() throws IOException {
        record("2026-11-23T10:00:00Z", SeenState.OK);
        record("2026-11-23T10:30:00Z", SeenState.OK);
        record("2026-11-23T11:00:01Z", SeenState.OK);

        assertThat(lines()).hasSize(2);
    }

    @Test
    void linesOlderThanFiveWeeksAreDeleted() throws IOException {
        record("2026-10-10T10:00:00Z", SeenState.FAILED);
        record("2026-10-20T10:00:00Z", SeenState.OK);
        record("2026-11-23T10:00:00Z", SeenState.OK);

        assertThat(lines()).hasSize(2).noneMatch(line -> line.contains("2026-10-10"));
    }

    /// A service that fails every few seconds for a month.
    @Test
    void theFileOfAServiceThatNeverRestsStaysSmallAndKeepsItsDays() throws IOException {
        List<String> many = new ArrayList<>();
        for (Instant at = NOON.minus(Duration.ofDays(20)); at.isBefore(NOON); at = at.plusSeconds(300)) {
            many.add("{\"at\":\"%s\",\"state\":\"failed\"}".formatted(at));
            many.add("{\"at\":\"%s\",\"state\":\"ok\"}".formatted(at.plusSeconds(60)));
        }
        Files.createDirectories(directories.states());
        Files.write(file(), many);

        record("2026-11-23T12:00:00Z", SeenState.WARNING);

        assertThat(lines()).hasSizeLessThan(1000).last().asString().contains("warning");
        assertThat(last(21)).containsOnly(SeenState.FAILED);
    }

    @Test
    void aTornLineIsSkippedAndTheNextOneStandsOnALineOfItsOwn() throws IOException {
        record("2026-11-22T10:00:00Z", SeenState.FAILED);
        Files.writeString(file(), Files.readString(file()) + "{\"at\":\"2026-11-2");

        record("2026-11-23T10:00:00Z", SeenState.OK);

        assertThat(last(2)).containsExactly(SeenState.FAILED, SeenState.OK);
    }

    @Test
    void aForeignFileIsKeptNextToTheNewOne() throws IOException {
        Files.createDirectories(directories.states());
        byte[] foreign = {(byte) 0xff, (byte) 0xfe, 'x', '\n', '{', '}'};
        Files.write(file(), foreign);
        assertThat(days().isEmpty()).isTrue();

        record("2026-11-23T10:00:00Z", SeenState.OK);

        assertThat(Files.readAllBytes(directories.states().resolve("greeter.jsonl.damaged")))
                .isEqualTo(foreign);
        assertThat(last(1)).containsExactly(SeenState.OK);
    }

    @Test
    void aFolderInPlaceOfTheFileIsADayWithoutData() throws IOException {
        Files.createDirectories(file().resolve("x"));

        assertThat(days().isEmpty()).isTrue();
        assertThat(days().days()).hasSize(30);
    }

    @Test
    void theFileIsOfTheUserAlone() throws IOException {
        record("2026-11-23T10:00:00Z", SeenState.OK);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void manyAtOnceLoseNoLine() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int at = 0; at < 40; at++) {
                Instant hour = NOON.minus(Duration.ofHours(2L * at));
                SeenState state = at % 2 == 0 ? SeenState.OK : SeenState.FAILED;
                all.add(threads.submit(() -> {
                    new StateHistory(directories).record(TOOL, state, hour);
                    return true;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        assertThat(lines()).hasSize(40);
    }

    @Test
    void aSentenceNamesTheWorstDaysFirst() throws IOException {
        record("2026-11-12T10:00:00Z", SeenState.FAILED);
        record("2026-11-14T10:00:00Z", SeenState.STOPPED);
        record("2026-11-23T10:00:00Z", SeenState.OK);

        assertThat(days().sentence()).isEqualTo("Last 30 days: 1 failed (12 Nov), 1 OK, 1 stopped, 27 without data");
        assertThat(days().brief()).isEqualTo("failed on 12 Nov");
        assertThat(days().days().get(18).title()).isEqualTo("Thu 12 Nov: failed");
    }

    private void record(String at, SeenState state) throws IOException {
        history.record(TOOL, state, Instant.parse(at));
    }

    private StateDays days() {
        return history.days(TOOL, NOON, ZoneOffset.UTC);
    }

    private List<SeenState> last(int count) {
        List<StateDays.Day> all = days().days();
        return all.subList(all.size() - count, all.size()).stream()
                .map(StateDays.Day::worst)
                .toList();
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file());
    }

    private Path file() {
        return directories.states().resolve("greeter.jsonl");
    }
}
