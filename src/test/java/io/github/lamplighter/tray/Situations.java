package io.github.lamplighter.tray;

import io.github.lamplighter.incident.Glance;
import io.github.lamplighter.incident.Glance.State;
import io.github.lamplighter.incident.Glance.ToolGlance;
import io.github.lamplighter.service.ServiceState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a tray may know, for tests.
final class Situations {

    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Situations() {}

    static ToolGlance tool(String name, State state, String headline) {
        return new ToolGlance(
                name,
                state,
                headline,
                "1.0.0",
                state == State.UPDATE ? Optional.of("1.1.0") : Optional.empty(),
                true,
                Optional.of(unit(name)),
                Optional.of("http://127.0.0.1:8080/"));
    }

    static String unit(String name) {
        return "lamplighter-" + name + ".service";
    }

    static Situation of(ToolGlance... tools) {
        return new Situation(
                Optional.of(new Glance(NOON.minusSeconds(240), NOON.plusSeconds(3600), List.of(tools))),
                Map.of(),
                Map.of(),
                Set.of(),
                false,
                false,
                NOON);
    }

    static Situation with(Situation before, String name, Situation.Watched watched) {
        return new Situation(
                before.glance(),
                Map.of(unit(name), watched),
                before.silent(),
                before.working(),
                before.checking(),
                before.startsAtLogin(),
                before.now());
    }

    static Situation at(Situation before, Instant now) {
        return new Situation(
                before.glance(),
                before.services(),
                before.silent(),
                before.working(),
                before.checking(),
                before.startsAtLogin(),
                now);
    }

    static Situation working(Situation before, String... names) {
        return new Situation(
                before.glance(),
                before.services(),
                before.silent(),
                Set.of(names),
                before.checking(),
                before.startsAtLogin(),
                before.now());
    }

    static Situation silent(Situation before, String name, Situation.Silence silence) {
        return new Situation(
                before.glance(),
                before.services(),
                Map.of(name, silence),
                before.working(),
                before.checking(),
                before.startsAtLogin(),
                before.now());
    }

    static ServiceState service(String name, ServiceState.Phase phase, Instant since) {
        return new ServiceState(
                unit(name),
                phase,
                Optional.of(true),
                Optional.empty(),
                Optional.of(since),
                0,
                Optional.of("exit status 1"),
                Optional.empty(),
                ServiceState.Owner.OURS,
                phase.word(),
                Optional.empty(),
                Optional.empty());
    }
}
