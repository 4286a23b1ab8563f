package io.github.lamplighter.tray;

import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.status.Glance;
import io.github.lamplighter.status.Glance.ToolGlance;
import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.status.ToolStatus.Update;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// States of the tray for tests.
final class TrayStates {

    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private TrayStates() {}

    static ToolGlance tool(String name, State state, String headline) {
        return new ToolGlance(
                name,
                state,
                headline,
                "1.0.0",
                state == State.UPDATE ? Optional.of(new Update("1.1.0", Optional.empty())) : Optional.empty(),
                true,
                Optional.of(unit(name)),
                Optional.of("http://127.0.0.1:8080/"),
                Set.of());
    }

    /// A tool of which all problems are about how its service ran.
    static ToolGlance failedRun(String name, Instant reported) {
        ToolGlance tool = tool(name, State.FAILURE, "Stopped unexpectedly");
        return new ToolGlance(
                tool.name(),
                tool.state(),
                tool.headline(),
                tool.version(),
                tool.update(),
                tool.expectedRunning(),
                tool.unit(),
                tool.endpoint(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.of(new Glance.ServiceLook(reported, true)));
    }

    /// The same tool, at whose service the doctor looked then.
    static ToolGlance looked(ToolGlance tool, Instant then) {
        return new ToolGlance(
                tool.name(),
                tool.state(),
                tool.headline(),
                tool.version(),
                tool.update(),
                tool.expectedRunning(),
                tool.unit(),
                tool.endpoint(),
                tool.ignoredChecks(),
                tool.rolledBack(),
                tool.upgraded(),
                tool.timedOut(),
                Optional.of(new Glance.ServiceLook(then, false)));
    }

    /// The same tool with an ignored check.
    static ToolGlance ignoring(ToolGlance tool, String check) {
        return new ToolGlance(
                tool.name(),
                tool.state(),
                tool.headline(),
                tool.version(),
                tool.update(),
                tool.expectedRunning(),
                tool.unit(),
                tool.endpoint(),
                Set.of(check));
    }

    static TrayState.WatchedService watched(ServiceState state, Optional<Instant> unstableSince) {
        return new TrayState.WatchedService(state, unstableSince, Optional.empty());
    }

    static String unit(String name) {
        return "lamplighter-" + name + ".service";
    }

    /// All services are running.
    static TrayState of(ToolGlance... tools) {
        return new TrayState(
                Optional.of(new Glance(NOON.minusSeconds(240), NOON.plusSeconds(3600), List.of(tools))),
                Stream.of(tools)
                        .collect(Collectors.toMap(
                                tool -> unit(tool.name()),
                                tool -> watched(
                                        service(tool.name(), ServiceState.Phase.RUNNING, NOON.minusSeconds(7200)),
                                        Optional.empty()))),
                Map.of(),
                Set.of(),
                false,
                false,
                NOON);
    }

    /// The service manager has not answered yet.
    static TrayState withoutServices(TrayState before) {
        return new TrayState(
                before.glance(),
                Map.of(),
                before.failedProbes(),
                before.upgrading(),
                before.checking(),
                before.startsAtLogin(),
                before.now());
    }

    static TrayState with(TrayState before, String name, TrayState.WatchedService watched) {
        Map<String, TrayState.WatchedService> services = new HashMap<>(before.services());
        services.put(unit(name), watched);
        return new TrayState(
                before.glance(),
                services,
                before.failedProbes(),
                before.upgrading(),
                before.checking(),
                before.startsAtLogin(),
                before.now());
    }

    static TrayState at(TrayState before, Instant now) {
        return new TrayState(
                before.glance(),
                before.services(),
                before.failedProbes(),
                before.upgrading(),
                before.checking(),
                before.startsAtLogin(),
                now);
    }

    static TrayState upgrading(TrayState before, String... names) {
        return new TrayState(
                before.glance(),
                before.services(),
                before.failedProbes(),
                Set.of(names),
                before.checking(),
                before.startsAtLogin(),
                before.now());
    }

    static TrayState notResponding(TrayState before, String name, TrayState.FailedProbes failedProbes) {
        return new TrayState(
                before.glance(),
                before.services(),
                Map.of(name, failedProbes),
                before.upgrading(),
                before.checking(),
                before.startsAtLogin(),
                before.now());
    }

    static ServiceState service(String name, ServiceState.Phase phase, Instant since) {
        return new ServiceState(
                unit(name),
                phase,
                ServiceState.Load.USABLE,
                new AtLogin.Starts(),
                Optional.empty(),
                Optional.of(since),
                0,
                Optional.of(LastExit.of(new LastExit.Status(1))),
                Optional.empty(),
                ServiceState.Owner.OURS,
                phase.word(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// The same state after the service manager itself started it so often.
    static ServiceState restarted(ServiceState state, int restarts) {
        return new ServiceState(
                state.unit(),
                state.phase(),
                state.load(),
                state.atLogin(),
                state.pid(),
                state.since(),
                restarts,
                state.lastExit(),
                state.file(),
                state.owner(),
                state.words(),
                state.controlGroup(),
                state.invocation(),
                state.sentence());
    }
}
