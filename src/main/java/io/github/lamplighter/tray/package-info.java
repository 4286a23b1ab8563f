/// The tray icon with its menu and its notifications, over D-Bus.
@NullMarked
package io.github.lamplighter.tray;

import org.jspecify.annotations.NullMarked;
