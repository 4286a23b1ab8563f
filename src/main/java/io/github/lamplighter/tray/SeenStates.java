package io.github.lamplighter.tray;

import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.SeenState;
import io.github.lamplighter.status.StateHistory;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.tray.TrayState.WatchedService;
import io.github.lamplighter.tray.TrayView.ToolView;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Records what the tray sees between two runs of the doctor: that a service failed, and that it is running again.
/// Whether the user stopped it only the doctor knows.
final class SeenStates {

    private final StateHistory history;

    /// By tool: what was recorded last, so that a drawing of the icon reads no file.
    private final Map<String, SeenState> recorded = new HashMap<>();

    SeenStates(StateHistory history) {
        this.history = history;
    }

    void record(TrayState trayState, List<ToolView> tools) {
        Map<String, ToolGlance> glances = new HashMap<>();
        trayState.glance().map(Glance::tools).orElse(List.of()).forEach(tool -> glances.put(tool.name(), tool));
        for (ToolView tool : tools) {
            boolean isRunning = Optional.ofNullable(glances.get(tool.name()))
                    .flatMap(ToolGlance::unit)
                    .map(trayState.services()::get)
                    .map(WatchedService::state)
                    .filter(state -> state.phase() == Phase.RUNNING)
                    .isPresent();
            SeenState.of(tool.state())
                    .filter(seen -> isRunning || seen == SeenState.FAILED)
                    .filter(seen -> recorded.put(tool.name(), seen) != seen)
                    .ifPresent(seen -> record(tool.name(), seen, trayState.now()));
        }
    }

    private void record(String name, SeenState seen, Instant now) {
        ToolName.of(name).ifPresent(tool -> {
            try {
                history.record(tool, seen, now);
            } catch (IOException _) {
                // A day without data is shown as one.
            }
        });
    }
}
