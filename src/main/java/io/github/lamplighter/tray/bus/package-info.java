/// The D-Bus interfaces that the tray speaks, as their specifications name them; the only types that the
/// D-Bus library sees by reflection.
@NullMarked
package io.github.lamplighter.tray.bus;

import org.jspecify.annotations.NullMarked;
