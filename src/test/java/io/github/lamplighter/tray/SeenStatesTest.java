package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.StateHistory;
import io.github.lamplighter.status.ToolStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenStatesTest {

    private static final TrayState RUNNING = TrayStates.of(TrayStates.tool("alpha", State.OK, "OK"));

    @TempDir
    Path home;

    private Path file;
    private SeenStates seenStates;

    @BeforeEach
    void open() {
        AppDirectories directories = AppDirectories.linux(Map.of(), home);
        file = directories.states().resolve("alpha.jsonl");
        seenStates = new SeenStates(new StateHistory(directories));
    }

    @Test
    void aFailureAndItsEndAreRecordedWithoutTheDoctor() throws IOException {
        record(RUNNING);
        record(TrayStates.at(in(Phase.FAILED), TrayStates.NOON.plusSeconds(60)));
        record(TrayStates.at(RUNNING, TrayStates.NOON.plusSeconds(90)));

        assertThat(lines())
                .containsExactly(
                        "{\"at\":\"2026-11-23T12:00:00Z\",\"state\":\"ok\"}",
                        "{\"at\":\"2026-11-23T12:01:00Z\",\"state\":\"failed\"}",
                        "{\"at\":\"2026-11-23T12:01:30Z\",\"state\":\"ok\"}");
    }

    /// The glance does not tell a tool that is OK from one that the user stopped.
    @Test
    void aStoppedServiceIsNeverRecordedAsRunning() {
        record(in(Phase.STOPPED));

        assertThat(file).doesNotExist();
    }

    @Test
    void aToolThatIsBeingUpgradedHasNoState() {
        record(TrayStates.upgrading(RUNNING, "alpha"));

        assertThat(file).doesNotExist();
    }

    private static TrayState in(Phase phase) {
        return TrayStates.with(
                RUNNING,
                "alpha",
                TrayStates.watched(
                        TrayStates.service("alpha", phase, TrayStates.NOON.minusSeconds(7200)), Optional.empty()));
    }

    private void record(TrayState trayState) {
        seenStates.record(
                trayState, new TrayModel(ZoneOffset.UTC).view(trayState).tools());
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file);
    }
}
