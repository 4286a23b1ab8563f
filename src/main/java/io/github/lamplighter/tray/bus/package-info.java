/// The D-Bus interfaces of the tray, with the names of their specifications. The D-Bus library reads these
/// types by reflection.
@NullMarked
package io.github.lamplighter.tray.bus;

import org.jspecify.annotations.NullMarked;
