package io.github.lamplighter.tray.bus;

import java.util.List;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;

/// `(ias)`: the properties of one item that have their defaults again.
public final class RemovedProperties extends Struct {
    @Position(0)
    public final int id;

    @Position(1)
    public final List<String> names;

    public RemovedProperties(int id, List<String> names) {
        this.id = id;
        this.names = names;
    }
}
