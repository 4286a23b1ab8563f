package io.github.lamplighter.tray;

import static io.github.lamplighter.tray.TrayStates.NOON;
import static io.github.lamplighter.tray.TrayStates.at;
import static io.github.lamplighter.tray.TrayStates.notResponding;
import static io.github.lamplighter.tray.TrayStates.of;
import static io.github.lamplighter.tray.TrayStates.service;
import static io.github.lamplighter.tray.TrayStates.tool;
import static io.github.lamplighter.tray.TrayStates.upgrading;
import static io.github.lamplighter.tray.TrayStates.with;
import static io.github.lamplighter.tray.TrayStates.withoutServices;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.tray.TrayState.FailedProbes;
import io.github.lamplighter.tray.TrayState.WatchedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The table *Tray icon* of the style guide: what the icon shows in which situation.
class TrayStateTableTest {

    private static final Path STYLE_GUIDE = Path.of("docs/dev/style.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|");
    private static final ToolGlance OK = tool("alpha", State.OK, "OK");

    static Stream<Arguments> situations() {
        WatchedService failed = TrayStates.watched(service("alpha", Phase.FAILED, NOON), Optional.of(NOON));
        WatchedService crashing = TrayStates.watched(service("alpha", Phase.RESTARTING, NOON), Optional.of(NOON));
        WatchedService gone = TrayStates.watched(service("alpha", Phase.NOT_INSTALLED, NOON), Optional.empty());
        WatchedService stopped = TrayStates.watched(service("alpha", Phase.STOPPED, NOON), Optional.empty());
        WatchedService unavailable = TrayStates.watched(service("alpha", Phase.UNKNOWN, NOON), Optional.empty());
        Duration grace = TrayModel.GRACE;
        return Stream.of(
                row("well", "no problems", of(OK)),
                row("well", "stopped by the user", of(tool("alpha", State.OK, "Stopped by you"))),
                row("well", "restarting for less than the grace period", with(of(OK), "alpha", crashing)),
                row("update", "an update is available", of(OK, tool("beta", State.UPDATE, ""))),
                row("attention", "a warning", of(tool("alpha", State.ATTENTION, "Certificate expires in 3 days"))),
                row(
                        "attention",
                        "a warning, and an update of another tool",
                        of(tool("alpha", State.ATTENTION, ""), tool("beta", State.UPDATE, ""))),
                row("failure", "a problem in the report", of(tool("alpha", State.FAILURE, ""))),
                row("failure", "stopped unexpectedly", with(of(OK), "alpha", failed)),
                row("failure", "keeps crashing", at(with(of(OK), "alpha", crashing), NOON.plus(grace))),
                row("attention", "without its service", with(of(OK), "alpha", gone)),
                row(
                        "failure",
                        "not responding",
                        at(notResponding(of(OK), "alpha", new FailedProbes(NOON, 2, "")), NOON.plus(grace))),
                row(
                        "failure",
                        "a problem during the upgrade of another tool",
                        upgrading(of(OK, tool("beta", State.FAILURE, "")), "alpha")),
                row("working", "an upgrade is in progress", upgrading(of(OK), "alpha")),
                row(
                        "unknown",
                        "never checked",
                        new TrayState(Optional.empty(), Map.of(), Map.of(), Set.of(), false, false, NOON)),
                row("unknown", "not checked recently", at(of(OK), NOON.plus(Duration.ofDays(1)))),
                row("unknown", "could not be checked", of(tool("alpha", State.UNKNOWN, ""))),
                row("unknown", "service not queried yet", withoutServices(of(OK))),
                row("unknown", "service manager not available", with(of(OK), "alpha", unavailable)),
                row("unknown", "stopped since the last report", with(of(OK), "alpha", stopped)));
    }

    private static Arguments row(String state, String situation, TrayState trayState) {
        return Arguments.of(state, situation, trayState);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("situations")
    void theIconShows(String state, String situation, TrayState trayState) {
        assertThat(new TrayModel(ZoneOffset.UTC).view(trayState).state().word()).isEqualTo(state);
    }

    @Test
    void theTableOfTheStyleGuideHasTheSameStates() throws IOException {
        String guide = Files.readString(STYLE_GUIDE);
        String table = guide.substring(guide.indexOf("## Tray icon")).split("\n## ")[0];
        List<String> documented = ROW.matcher(table)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(State.values()).map(State::word).distinct().toList())
                .containsAll(situations()
                        .map(arguments -> (String) arguments.get()[0])
                        .toList());
    }
}
