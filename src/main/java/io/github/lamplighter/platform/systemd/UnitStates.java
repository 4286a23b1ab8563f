package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.platform.systemd.Session.Properties;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The states of units at one moment: those of all units that the look is about are asked for together by the first who
/// asks for one, others when they are asked for; each once.
final class UnitStates {

    private final Session session;
    private final Supplier<List<String>> units;
    private final Map<String, Properties> known = new ConcurrentHashMap<>();
    private boolean asked;

    UnitStates(Session session, Supplier<List<String>> units) {
        this.session = session;
        this.units = units;
    }

    Properties of(String unit) {
        askAll();
        return Optional.ofNullable(known.get(unit)).orElseGet(() -> {
            Properties shown = session.show(unit, UnitState.PROPERTIES);
            known.put(unit, shown);
            return shown;
        });
    }

    private synchronized void askAll() {
        if (asked) {
            return;
        }
        asked = true;
        // Those of the system have a manager of their own, and are few.
        List<String> own = units.get().stream()
                .filter(unit -> !Session.isOfTheSystem(unit))
                .toList();
        known.putAll(session.showAll(own, UnitState.PROPERTIES));
    }
}
