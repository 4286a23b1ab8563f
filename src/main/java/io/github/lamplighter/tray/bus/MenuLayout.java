package io.github.lamplighter.tray.bus;

import org.freedesktop.dbus.Tuple;
import org.freedesktop.dbus.annotations.Position;

/// `u(ia{sv}av)`: the result of `GetLayout`. The library requires a tuple's members as type parameters.
public final class MenuLayout<A, B> extends Tuple {
    @Position(0)
    public final A revision;

    @Position(1)
    public final B root;

    public MenuLayout(A revision, B root) {
        this.revision = revision;
        this.root = root;
    }
}
