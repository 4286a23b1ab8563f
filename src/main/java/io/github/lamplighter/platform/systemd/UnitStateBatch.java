package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.platform.systemd.UserManagerClient.Properties;
import io.github.lamplighter.service.ForeignUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The states of units at one moment, each read once: the units of a run together at the first access, others
/// when they are needed.
final class UnitStateBatch {

    private final UserManagerClient userManagerClient;
    private final Supplier<Optional<String>> unreachable;
    private final Supplier<List<String>> units;
    private final Map<String, Properties> known = new ConcurrentHashMap<>();
    private Optional<String> unavailable = Optional.empty();
    private boolean isRead;

    /// @param unreachable why the user's manager cannot be queried at all
    UnitStateBatch(
            UserManagerClient userManagerClient, Supplier<Optional<String>> unreachable, Supplier<List<String>> units) {
        this.userManagerClient = userManagerClient;
        this.unreachable = unreachable;
        this.units = units;
    }

    /// Why the user's manager cannot be queried or did not respond; determined once, because a manager that
    /// hangs delays every query.
    synchronized Optional<String> unavailable() {
        readAll();
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

    private void readAll() {
        if (isRead) {
            return;
        }
        isRead = true;
        unavailable = unreachable.get();
        if (unavailable.isPresent()) {
            return;
        }
        // System units have another manager, and are few.
        List<String> own = units.get().stream()
                .filter(unit -> !ForeignUnit.isOfTheSystem(unit))
                .toList();
        switch (userManagerClient.showAll(own, UnitStateParser.PROPERTIES)) {
            case UserManagerClient.BatchAnswer.Shown(Map<String, Properties> all) -> known.putAll(all);
            case UserManagerClient.BatchAnswer.NoAnswer(String why) -> unavailable = Optional.of(why);
        }
    }
}
