package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.platform.systemd.UserManagerClient.Properties;
import io.github.lamplighter.service.ForeignUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The states of units at one moment: those of all units that the look is about are asked for together by the first who
/// asks for one, others when they are asked for; each once.
final class UnitStateBatch {

    private final UserManagerClient userManagerClient;
    private final Supplier<Optional<String>> unreachable;
    private final Supplier<List<String>> units;
    private final Map<String, Properties> known = new ConcurrentHashMap<>();
    private Optional<String> unavailable = Optional.empty();
    private boolean asked;

    /// @param unreachable why the user's manager need not be asked at all
    UnitStateBatch(
            UserManagerClient userManagerClient, Supplier<Optional<String>> unreachable, Supplier<List<String>> units) {
        this.userManagerClient = userManagerClient;
        this.unreachable = unreachable;
        this.units = units;
    }

    /// Why the user's manager cannot be asked, or gave no answer: found out once, since a manager that hangs keeps
    /// everybody waiting who asks.
    synchronized Optional<String> unavailable() {
        askAll();
        return unavailable;
    }

    Properties of(String unit) {
        Optional<String> trouble = unavailable().filter(_ -> !ForeignUnit.isOfTheSystem(unit));
        if (trouble.isPresent()) {
            return new Properties(Map.of(), trouble);
        }
        return Optional.ofNullable(known.get(unit)).orElseGet(() -> {
            Properties shown = userManagerClient.show(unit, UnitStateParser.PROPERTIES);
            known.put(unit, shown);
            return shown;
        });
    }

    private void askAll() {
        if (asked) {
            return;
        }
        asked = true;
        unavailable = unreachable.get();
        if (unavailable.isPresent()) {
            return;
        }
        // Those of the system have a manager of their own, and are few.
        List<String> own = units.get().stream()
                .filter(unit -> !ForeignUnit.isOfTheSystem(unit))
                .toList();
        switch (userManagerClient.showAll(own, UnitStateParser.PROPERTIES)) {
            case UserManagerClient.BatchAnswer.Shown(Map<String, Properties> all) -> known.putAll(all);
            case UserManagerClient.BatchAnswer.NoAnswer(String why) -> unavailable = Optional.of(why);
        }
    }
}
