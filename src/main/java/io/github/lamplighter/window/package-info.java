/// The window, in JavaFX: views, view models, and their ports to the rest.
@NullMarked
package io.github.lamplighter.window;

import org.jspecify.annotations.NullMarked;
