package io.github.lamplighter.app;

import io.github.lamplighter.settings.Autostart;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// The start at login that fits this session: a unit of its target where it has one, else an entry that the desktop
/// starts. Never both, since the second tray icon would only exit.
final class SessionAutostart implements Autostart {

    private final Autostart unit;
    private final Autostart entry;
    private final BooleanSupplier hasTarget;

    /// @param hasTarget whether this session starts units
    SessionAutostart(Autostart unit, Autostart entry, BooleanSupplier hasTarget) {
        this.unit = unit;
        this.entry = entry;
        this.hasTarget = hasTarget;
    }

    @Override
    public State state() {
        State byUnit = unit.state();
        return byUnit.on() ? byUnit : entry.state();
    }

    @Override
    public List<Path> files() {
        return Stream.concat(unit.files().stream(), entry.files().stream()).toList();
    }

    @Override
    public List<Path> places() {
        return Stream.concat(unit.places().stream(), entry.places().stream()).toList();
    }

    @Override
    public Change on() {
        boolean target = hasTarget.getAsBoolean();
        Autostart wanted = target ? unit : entry;
        Change change = wanted.on();
        return switch (change) {
            case Change.Done _, Change.Already _ -> {
                Change _ = (target ? entry : unit).off();
                yield change;
            }
            case Change.Refused _, Change.Failed _ -> change;
        };
    }

    /// Moves a start at login that another kind of session left, and changes nothing else.
    @Override
    public void settle() {
        boolean byUnit = unit.state().on();
        boolean byEntry = entry.state().on();
        if ((byUnit || byEntry) && (byUnit && byEntry || byUnit != hasTarget.getAsBoolean())) {
            Change _ = on();
        }
    }

    @Override
    public Change off() {
        Change first = unit.off();
        Change second = entry.off();
        return switch (first) {
            case Change.Refused _, Change.Failed _ -> first;
            case Change.Done _ -> second instanceof Change.Already ? first : second;
            case Change.Already _ -> second;
        };
    }
}
